"""Invitations: an account for somebody who is to act for an organisation, or in an office."""

import datetime as dt
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, Role, system_actor
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.parties.actions import add_affiliation, create_account, grant_role, register_party
from rongtong.domain.parties.consent.actions import give_consent
from rongtong.domain.parties.models import Account, OneTimeLink, Party, RoleGrant
from rongtong.domain.parties.personal import notice
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.parties.roles import ROLE_LABELS
from rongtong.domain.parties.seats import seats
from rongtong.domain.parties.signing import identities, links, mail
from rongtong.domain.parties.signing.links import Issued
from rongtong.domain.parties.signing.policy import check_new_password

ToAddress = Callable[[str], str]
"""From a link's secret to the address that a person can open."""
SHORTEST_USERNAME, LONGEST_USERNAME = 3, 40


@action("parties.issue_invitation")
def issue_invitation(
    *,
    actor: Actor,
    to_address: ToAddress,
    role: Role,
    party: Party | None = None,
    region: str = "",
    name: str = "",
    email: str = "",
    ends: dt.date | None = None,
) -> Issued:
    """Invite somebody to act in ``role``: whoever may confer the role may invite to it.

    The letter goes to ``email`` when there is one; the link is answered in any case, this once. A newer invitation of
    the same person to the same ends the older one.
    """
    _check_addressee(name, email)
    require(actor, "create", RoleGrant(role=role, party=party, region=region))
    columns = {"purpose": OneTimeLink.INVITATION, "party": party, "role": role, "region": region}
    addressee = {"email": email} if email else {"email": "", "name": name}
    holds = dt.timedelta(hours=settings.ENVIRONMENT.invitation_hours)
    issued = links.issue(actor, holds, columns | addressee, **columns, name=name, email=email, ends=ends)
    audit.record(actor, "parties.issue_invitation", issued.link, role=str(role), party=party and str(party.pk))
    mail.post(email, _("邀请您使用融通"), _letter(issued, to_address))
    return issued


@action("parties.accept_invitation")
def accept_invitation(
    *,
    actor: Actor,
    link: OneTimeLink,
    username: str,
    display_name: str,
    password: str | None,
    identity: "identities.Identity | None" = None,
    language: str = "",
    told: bool | None = None,
) -> Account:
    """Make the account that an invitation is for: the person, their place in the organisation, the role.

    ``told`` says whether they confirm the notice on personal data, which is kept; None where nobody is asked.
    With ``identity`` (who they are to the region's identity provider, just proved there) the password may be None.
    Raises Invalid with every problem, Spent, AccessDenied when the inviter may no longer confer the role.
    """
    _check_choice(username, display_name, password, identity, told)
    links.spend(link)
    platform = system_actor(_("邀请"))
    person = register_party(actor=platform, kind="person", name=display_name)
    account = create_account(
        actor=platform,
        username=username,
        display_name=display_name,
        password=password,
        person=person,
        email=link.email,
        language=language,
    )
    if link.party and link.party.kind == "organisation":
        add_affiliation(
            actor=platform,
            member=person,
            organisation=link.party,
            role="employee",
            evidence=_("接受单位邀请时本人确认"),
        )
    if identity:
        identities.bind(platform, account, identity)
    if told:
        give_consent(actor=actor_of(account), subject=person, purpose=notice.PURPOSE, version=notice.VERSION)
    return _conferred(link, account)


@action("parties.join_by_invitation")
def join_by_invitation(*, actor: Actor, link: OneTimeLink, account: Account) -> Account:
    """Take an invitation with an account that one has already."""
    require(actor, "edit", account)
    links.spend(link)
    return _conferred(link, account, "parties.join_by_invitation")


def _conferred(link: OneTimeLink, account: Account, what: str = "parties.accept_invitation") -> Account:
    grant_role(
        actor=_inviter(link, account),
        account=account,
        role=Role(link.role),
        party=link.party,
        region=link.region,
        ends=link.ends,
    )
    audit.record(actor_of(account), what, account, link=str(link.pk), invited_by=link.issued_by_name)
    audit.note(actor_of(account), "signing.link_used", link, purpose=link.purpose)
    return account


def _inviter(link: OneTimeLink, account: Account) -> Actor:
    """Who invited, with the rights they have today: an invitation is worth what its inviter may still confer."""
    if link.issued_by is None:
        return system_actor(link.issued_by_name)
    grant = RoleGrant(account=account, role=link.role, party=link.party, region=link.region)
    for seat in seats(link.issued_by) if link.issued_by.is_active else ():
        if allows(actor := seat.actor(link.issued_by), "create", grant):
            return actor
    raise AccessDenied(_("发出邀请的人已不能授予这个身份，请向单位管理员再要一个邀请。"))


def _check_addressee(name: str, email: str) -> None:
    problems = []
    if not (name.strip() or email):
        problems.append(Problem("name", _("请写明邀请谁：姓名或邮箱。")))
    if email and not _is_email(email):
        problems.append(Problem("email", _("邮箱地址不完整。")))
    if problems:
        raise Invalid(_("邀请没有发出。"), problems)


def _is_email(written: str) -> bool:
    try:
        validate_email(written)
    except ValidationError:
        return False
    return True


def _check_choice(
    username: str, display_name: str, password: str | None, identity: object, told: bool | None = None
) -> None:
    problems = []
    if not SHORTEST_USERNAME <= len(username) <= LONGEST_USERNAME or not username.isprintable() or " " in username:
        problems.append(Problem("username", _("账号为 3 至 40 个字，不含空格。")))
    elif Account.objects.filter(username__iexact=username).exists():
        problems += _taken(username).problems
    if not display_name.strip():
        problems.append(Problem("display_name", _("请填写姓名。")))
    if password is not None:
        problems += _password_problems(password, Account(username=username, display_name=display_name))
    elif identity is None:
        problems.append(Problem("password", _("请设置密码。")))
    if told is False:
        problems.append(Problem("notice", _("请先阅读个人信息处理告知，再建立账号。")))
    if problems:
        raise Invalid(_("有 %(count)d 处需要修改，账号还没有建立。") % {"count": len(problems)}, problems)


def _password_problems(password: str, account: Account) -> list[Problem]:
    try:
        check_new_password(password, account)
    except Invalid as wrong:
        return list(wrong.problems)
    return []


def _taken(username: str) -> Invalid:
    message = _("账号“%(username)s”已有人使用，请换一个。") % {"username": username}
    return Invalid(message, [Problem("username", message)])


def _letter(issued: Issued, to_address: ToAddress) -> str:
    link = issued.link
    return _(
        "%(name)s，您好：\n\n%(issuer)s邀请您以“%(role)s”的身份使用%(region)s的融通平台%(party)s。"
        "请打开下面的链接，设置账号和密码：\n\n%(address)s\n\n链接在 %(until)s 前有效，只能用一次，请不要转发。"
        "如果您不知道这件事，不必理会这封信。\n"
    ) % {
        "name": link.name or link.email,
        "issuer": link.issued_by_name,
        "role": ROLE_LABELS[Role(link.role)],
        "region": settings.ENVIRONMENT.region_name,
        "party": _("，代表%(party)s") % {"party": link.party.name} if link.party else "",
        "address": to_address(issued.secret),
        "until": f"{timezone.localtime(link.expires_at):%Y-%m-%d %H:%M}",
    }
