"""Who an account is to the region's unified identity provider.

An identity is bound to an account by an invitation that its holder accepts, or by a security administrator; never
because a provider says some e-mail address is theirs.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.conferring import same_person
from rongtong.domain.parties.models import Account, OutsideIdentity
from rongtong.domain.parties.signing.ciphers import keyed_digest


@dataclass(frozen=True, slots=True)
class Identity:
    """What a provider says of somebody who has just proved there who they are: its name for them, and how they did."""

    issuer: str
    subject: str
    name: str = ""
    two_factors: bool = False

    @property
    def mark(self) -> str:
        """Eight characters by which events tell one identity from another, and nobody who it is."""
        return keyed_digest("outside identity", self.issuer, self.subject)[:8]


def account_of(identity: Identity, address: str) -> Account | None:
    """The active account that ``identity`` is bound to."""
    found = OutsideIdentity.objects.select_related("account").filter(issuer=identity.issuer, subject=identity.subject)
    bound = found.filter(account__is_active=True).first()
    if bound is None:
        audit.note(VISITOR, "signing.identity_unknown", None, identity=identity.mark, address=address)
    return bound.account if bound else None


@action("parties.bind_identity")
def bind_identity(*, actor: Actor, account: Account, issuer: str, subject: str) -> OutsideIdentity:
    """Say which person of the provider ``account`` is (安全管理员)."""
    require(actor, "create", OutsideIdentity(account=account, issuer=issuer, subject=subject))
    if not issuer or not subject:
        raise Invalid(_("请填写本人在统一身份认证中的标识。"))
    if actor.account is not None and same_person(account).filter(pk=actor.account).exists():
        raise Invalid(_("不能给自己关联身份，请由另一位安全管理员办理。"))
    return bind(actor, account, Identity(issuer, subject))


@action("parties.release_identity")
def release_identity(*, actor: Actor, identity: OutsideIdentity) -> None:
    """End the binding of an identity; its holder can no longer sign in with it."""
    require(actor, "end", identity)
    audit.record(actor, "parties.release_identity", identity.account, issuer=identity.issuer)
    identity.delete()


def bind(actor: Actor, account: Account, identity: Identity) -> OutsideIdentity:
    """Bind within the action that has the right to. An identity belongs to one account."""
    bound = OutsideIdentity(
        account=account, issuer=identity.issuer, subject=identity.subject, bound_by=actor.name[:100]
    )
    try:
        with transaction.atomic():
            bound.save()
    except IntegrityError:
        raise Invalid(_("这个统一身份已关联另一个账号。请直接用它登录，或请安全管理员处理。")) from None
    audit.record(actor, "parties.bind_identity", account, issuer=identity.issuer, identity=identity.mark)
    return bound
