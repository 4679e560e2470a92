"""One-time links: made, found, spent and revoked. What they are for stands in :mod:`invitations` and :mod:`resets`.

The link's secret is 256 random bits, kept as a digest; it is shown once to whoever issued the link and sent by mail. A
link opens a form; only the form's sending spends it, because mail scanners open every link.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require, scope
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.parties.models import Account, OneTimeLink

APART = dt.timedelta(days=7)
"""So long, who issued a link to somebody's password does not reset their second factor, and the other way round."""


class Spent(DomainError):
    """The link was used, revoked, replaced or has run out, or there never was such a link."""

    def __init__(self) -> None:
        super().__init__(
            _("这个链接不能再用：可能已经用过、已撤销、已过期，或有更新的一封。请向发出链接的人再要一个。")
        )


@dataclass(frozen=True, slots=True)
class Issued:
    """A link just made: the row, and the secret that is shown this once."""

    link: OneTimeLink
    secret: str


def digest_of(secret: str) -> str:
    """What is kept of a link's secret. It is random enough that one round of SHA-256 does."""
    return hashlib.sha256(f"rongtong link {secret}".encode()).hexdigest()


def open_link(digest: str, purpose: str = "") -> OneTimeLink | None:
    """The link with this digest while it may be used."""
    found = OneTimeLink.objects.select_related("account", "party", "issued_by").filter(digest=digest).first()
    if found is None or not found.open or (found.account and not found.account.is_active):
        return None
    return found if purpose in ("", found.purpose) else None


def open_links(actor: Actor, purpose: str) -> QuerySet[OneTimeLink]:
    """The links for ``purpose`` that may still be used, as far as ``actor`` may see them; the newest first."""
    found = OneTimeLink.objects.filter(OneTimeLink.still_open(timezone.now()), purpose=purpose)
    return scope(actor, "view", found.select_related("party", "account"))


def issue(actor: Actor, holds: dt.timedelta, replaces: dict[str, Any], **columns: Any) -> Issued:
    """Make a link; the open ones that agree with ``replaces`` in every column end with it. Within an action."""
    now = timezone.now()
    secret = secrets.token_urlsafe(32)
    by = {"issued_by_id": actor.account, "issued_by_name": actor.name[:100]}
    link = OneTimeLink(digest=digest_of(secret), issued_at=now, expires_at=now + holds, **by, **columns)
    require(actor, "create", link)
    OneTimeLink.objects.filter(OneTimeLink.still_open(now), **replaces).update(revoked_at=now)
    link.save()
    return Issued(link, secret)


def spend(link: OneTimeLink) -> None:
    """Use ``link`` up, within the action that does what it is for. Of several at once one wins; others hear Spent."""
    now = timezone.now()
    if not OneTimeLink.objects.filter(OneTimeLink.still_open(now), pk=link.pk).update(used_at=now):
        raise Spent


def note_unusable(digest: str, address: str) -> None:
    """Note that somebody came with a link that does not open."""
    known = OneTimeLink.objects.filter(digest=digest).first()
    audit.note(VISITOR, "signing.link_refused", known, address=address)


@action("parties.revoke_link")
def revoke_link(*, actor: Actor, link: OneTimeLink) -> OneTimeLink:
    """End a link that was not used yet."""
    require(actor, "revoke", link)
    now = timezone.now()
    if not OneTimeLink.objects.filter(OneTimeLink.still_open(now), pk=link.pk).update(revoked_at=now):
        raise Spent
    audit.record(actor, "parties.revoke_link", link, purpose=link.purpose)
    return link


def lately_issued(issuer: int, account: Account) -> bool:
    """Whether ``issuer`` issued a link to the password of ``account`` these days."""
    since = timezone.now() - APART
    return account.links.filter(purpose=OneTimeLink.RESET, issued_by=issuer, issued_at__gte=since).exists()


def sweep() -> int:
    """Forget links that have been of no use for three months."""
    return OneTimeLink.objects.filter(expires_at__lt=timezone.now() - dt.timedelta(days=90)).delete()[0]
