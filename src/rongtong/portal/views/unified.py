"""Signing in through the region's unified identity provider."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.addresses import address_of
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.parties.models import OneTimeLink
from rongtong.domain.parties.signing import identities, links, oidc
from rongtong.domain.parties.signing.identities import Identity
from rongtong.portal import door
from rongtong.portal.door import Shown
from rongtong.portal.http import Request, back_to, page

REFUSED = 422


@require_POST
def begin(request: Request) -> HttpResponse:
    """Send the browser to the provider."""
    if not oidc.is_configured():
        raise Http404
    try:
        begun = oidc.begin(request.build_absolute_uri(reverse("portal:unified-back")))
    except DomainError as error:
        return _not_signed_in(request, error)
    request.session[door.UNIFIED] = begun.memory | {"next": back_to(request, settings.LOGIN_REDIRECT_URL)}
    return HttpResponseRedirect(begun.address)


@require_safe
def back(request: Request) -> HttpResponse:
    """The browser comes back. What its session remembers is good for one return."""
    if not oidc.is_configured():
        raise Http404
    memory = request.session.pop(door.UNIFIED, {})
    try:
        identity, token = oidc.finish(memory, request.META["QUERY_STRING"])
    except DomainError as error:
        audit.note(VISITOR, "signing.unified_failed", None, address=address_of(request.META))
        return _not_signed_in(request, error)
    account = identities.account_of(identity, address_of(request.META))
    if account is None:
        return _unknown(request, identity)
    shown = Shown("unified", two_factors=identity.two_factors, next=memory["next"], outside_token=token)
    return door.go_on(request, account, shown)


def _unknown(request: Request, identity: Identity) -> HttpResponse:
    """Proved, but nobody here: an invitation that is open in this browser binds it; else it is said what to do."""
    if links.open_link(request.session.get(door.LINK, ""), OneTimeLink.INVITATION):
        request.session[door.IDENTITY] = [identity.issuer, identity.subject, identity.name]
        return HttpResponseRedirect(reverse("portal:invitation"))
    return page(request, "unified_unknown", {"identity": identity}, status=REFUSED)


def _not_signed_in(request: Request, error: DomainError) -> HttpResponse:
    return page(request, "unified_failed", {"reason": error.message}, status=REFUSED)
