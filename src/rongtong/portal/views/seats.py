"""Choosing in which seat one acts."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rongtong.domain.foundation import audit
from rongtong.domain.parties.models import Account
from rongtong.portal.http import Request
from rongtong.portal.middleware import ACTING_FOR
from rongtong.portal.seating import described

YEAR = 365 * 24 * 3600


@login_required
@require_POST
def choose(request: Request) -> HttpResponse:
    """Act in another of one's seats from now on; this device remembers it for the next time one signs in."""
    seat = next((seat for seat in request.seats if seat.key == request.POST.get("seat")), None)
    if seat is None or not isinstance(request.user, Account):
        raise Http404
    actor = seat.actor(request.user)
    audit.note(actor, "parties.took_seat", request.user, seat=seat.key, roles=sorted(seat.roles))
    request.session[ACTING_FOR] = seat.key
    messages.success(request, _("现在以“%(seat)s”的身份办理。") % {"seat": described(seat)})
    response = HttpResponseRedirect(reverse("portal:workbench"))
    response.set_cookie(
        ACTING_FOR,
        seat.key,
        max_age=YEAR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response
