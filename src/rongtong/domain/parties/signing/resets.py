"""A new password for somebody who forgot theirs, by a one-time link."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import VISITOR, Actor, Role, system_actor
from rongtong.domain.foundation.errors import AccessDenied
from rongtong.domain.parties.models import Account, OneTimeLink, SecondFactor
from rongtong.domain.parties.queries import actor_of, current
from rongtong.domain.parties.roles import conferrable_by
from rongtong.domain.parties.signing import links, mail
from rongtong.domain.parties.signing.ciphers import keyed_digest
from rongtong.domain.parties.signing.invitations import ToAddress
from rongtong.domain.parties.signing.links import APART, Issued
from rongtong.domain.parties.signing.passwords import put_password


@action("parties.issue_reset")
def issue_reset(*, actor: Actor, to_address: ToAddress, account: Account) -> Issued:
    """Let ``account`` choose a new password by a link: for an administrator of its organisation or of security.

    An organisation's reaches only those who act for it and nothing else, or they could become an officer. Who lately
    reset the second factor does not also issue the link to the password.
    """
    _check_apart(actor, account)
    party = _only_party(account)
    columns = {"purpose": OneTimeLink.RESET, "account": account}
    holds = dt.timedelta(minutes=settings.ENVIRONMENT.reset_minutes)
    issued = links.issue(actor, holds, columns, **columns, party_id=party, email=account.email)
    audit.record(actor, "parties.issue_reset", account, link=str(issued.link.pk))
    mail.post(account.email, _("重设融通平台的密码"), _letter(issued, to_address))
    return issued


def request_reset(*, to_address: ToAddress, username: str, address: str) -> None:
    """Somebody says they forgot the password of ``username``: a link goes to its confirmed e-mail address.

    Nothing is answered, and a name that does not exist or has no address leaves the same event.
    """
    account = Account.objects.filter(username=username.strip(), is_active=True).first()
    typed = keyed_digest("typed name", username.strip().casefold())[:16]
    audit.note(VISITOR, "signing.reset_requested", account, typed=typed, address=address)
    if account and account.email and mail.mail_is_sent():
        issue_reset(actor=system_actor(_("忘记密码")), to_address=to_address, account=account)


@action("parties.use_reset")
def use_reset(*, actor: Actor, link: OneTimeLink, password: str) -> Account:
    """Set the new password that the holder of ``link`` chose; every session ends. Raises Invalid, Spent."""
    account = link.account
    if account is None or link.purpose != OneTimeLink.RESET:
        raise links.Spent
    links.spend(link)
    own = actor_of(account)
    put_password(own, account, password)
    audit.record(own, "parties.use_reset", account, link=str(link.pk))
    audit.note(own, "signing.link_used", link, purpose=link.purpose)
    return account


def _check_apart(actor: Actor, account: Account) -> None:
    if actor.account is None:
        return
    since = timezone.now() - APART
    if SecondFactor.objects.filter(account=account, reset_by=actor.account, reset_at__gte=since).exists():
        raise AccessDenied(_("您近期重置过这个账号的第二因素，重设密码须由另一位管理员办理。"))


def _only_party(account: Account) -> UUID | None:
    """The one organisation that ``account`` acts for, when its administrators may confer all that it holds."""
    theirs = conferrable_by(Role.ADMINISTRATOR)
    held = {(grant.party_id, Role(grant.role) in theirs) for grant in current(account.grants.all())}
    return next(iter(held))[0] if len(held) == 1 and all(within for _party, within in held) else None


def _letter(issued: Issued, to_address: ToAddress) -> str:
    return _(
        "%(name)s，您好：\n\n有人请求重设您在%(region)s融通平台的密码。请打开下面的链接，设置新密码：\n\n%(address)s\n\n"
        "链接在 %(until)s 前有效，只能用一次。如果不是您本人，不必理会这封信，密码不会改变。\n"
    ) % {
        "name": issued.link.account,
        "region": settings.ENVIRONMENT.region_name,
        "address": to_address(issued.secret),
        "until": f"{timezone.localtime(issued.link.expires_at):%Y-%m-%d %H:%M}",
    }
