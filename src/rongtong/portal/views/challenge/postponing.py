"""Moving the deadline of a topic to a later hour."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.programmes.actions.postponing import LONGEST_REASON, postpone_topic, require_postponable
from rongtong.portal import forms
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import frame, topic_or_404
from rongtong.portal.http import Request, done, page
from rongtong.portal.views.challenge.topics import as_read


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def postpone(request: Request, identifier: UUID) -> HttpResponse:
    """From which hour to which, and why: everybody reads it afterwards."""
    topic = topic_or_404(request, identifier)
    require(request.actor, "steer", topic)
    closes_at = require_postponable(topic)
    given, attempt = request.POST, Attempt(DomainError)
    if request.method == "POST":
        with attempt:
            postpone_topic(
                actor=request.actor,
                topic=topic,
                closes_at=forms.hour_in(given, "closes_at"),
                reason=given.get("reason", ""),
                seen=given.get("seen", ""),
            )
            return done(request, _("截止时间已延后，已公开。"), reverse("portal:topic", args=(topic.pk,)))
    context = frame(request.actor, topic, "topic") | as_read(request, topic)
    context |= {
        "given": given,
        "seen": closes_at.isoformat(),
        "failed": attempt.message,
        "wrong": attempt.wrong,
        "longest": LONGEST_REASON,
    }
    return page(request, "challenge/topic_postpone", context, status=attempt.status)
