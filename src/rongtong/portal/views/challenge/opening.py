"""The opening of a topic's submissions: what must hold before, two officers, and on to what was handed in."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.programmes.actions.opening import open_topic
from rongtong.domain.programmes.queries.submissions import box_of
from rongtong.portal.challenging import frame, topic_or_404
from rongtong.portal.http import Request, done, page, uuid_or_404
from rongtong.portal.views.sealing import ceremony, witness_of


@sensitive_post_parameters("passphrase", "witness_passphrase")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: Request, identifier: UUID) -> HttpResponse:
    """The ceremony of a topic; whoever runs it sees what is missing, its custodians open."""
    topic = topic_or_404(request, identifier)
    require(request.actor, "steer", topic)
    box, failed = box_of(topic), ""
    if box.state == "opened":
        return HttpResponseRedirect(reverse("portal:bids", args=(topic.pk,)))
    if request.method == "POST":
        try:
            open_topic(
                actor=request.actor,
                topic=topic,
                passphrase=request.POST.get("passphrase", ""),
                witness=witness_of(box, uuid_or_404(request.POST.get("witness", ""))),
                witness_passphrase=request.POST.get("witness_passphrase", ""),
            )
            return done(request, _("已启封。"), reverse("portal:bids", args=(topic.pk,)))
        except DomainError as refusal:
            failed = refusal.message
    context = ceremony(request, box, failed) | frame(request.actor, topic, "bids")
    context["custodian"] = bool(allows(request.actor, "open", box))
    return page(request, "challenge/opening", context, status=422 if failed else 200)
