"""Who calls: the account behind a key, whoever is signed in to the portal, or a visitor."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.addresses import address_of, neighbourhood
from rongtong.domain.foundation.limits import take
from rongtong.domain.parties.queries import actor_of_key

SCHEME = "bearer "
MATCHING = ("/match", "/matches")
"""Ends of the addresses where a call costs as much as a page of answers does."""


class Call(HttpRequest):
    """A request after :class:`Caller`: ``auth`` is who acts."""

    auth: Actor


class Caller(AuthBase):
    """Answers with the actor. A key that is not good is refused rather than taken for a visitor's."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor:
        header = request.headers.get("Authorization", "")
        actor = _of_key(request, header) if header else _of_session(request)
        _count(request, actor)
        return actor


def _count(request: HttpRequest, actor: Actor) -> None:
    """Whose calls are counted: an account's, else those of an address."""
    if actor.signed_in:
        take("api", f"account {actor.account}")
    else:
        near = neighbourhood(address_of(request.META))
        take("api-visitor", near)
        if request.path.endswith(MATCHING):
            take("match", near)


def _of_key(request: HttpRequest, header: str) -> Actor:
    secret = header[len(SCHEME) :].strip() if header.lower().startswith(SCHEME) else ""
    actor = actor_of_key(secret) if secret else None
    if actor is None:
        _count(request, VISITOR)
        raise HttpError(401, _("接口密钥无效、已停用或已过期。请在门户重新生成。"))
    return actor


def _of_session(request: HttpRequest) -> Actor:
    actor: Actor = getattr(request, "actor", VISITOR)
    if actor.signed_in and check_csrf(request):
        raise HttpError(403, _("缺少或不符的 CSRF 令牌。程序请改用接口密钥。"))
    return actor
