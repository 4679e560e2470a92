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
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import frame, topic_or_404
from rongtong.portal.http import Request, done, page
from rongtong.portal.views.sealing import both_officers, ceremony


@sensitive_post_parameters("passphrase", "witness_passphrase")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: Request, identifier: UUID) -> HttpResponse:
    """The ceremony of a topic; whoever runs it sees what is missing, its custodians open."""
    topic = topic_or_404(request, identifier)
    require(request.actor, "steer", topic)
    box, attempt = box_of(topic), Attempt(DomainError)
    if box.state == "opened":
        return HttpResponseRedirect(reverse("portal:bids", args=(topic.pk,)))
    if request.method == "POST":
        with attempt:
            open_topic(actor=request.actor, topic=topic, **both_officers(request, box))
            return done(request, _("已启封。"), reverse("portal:bids", args=(topic.pk,)))
    context = ceremony(request, box, attempt.message) | frame(request.actor, topic, "bids")
    context["custodian"] = bool(allows(request.actor, "open", box))
    return page(request, "challenge/opening", context, status=attempt.status)
