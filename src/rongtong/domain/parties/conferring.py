"""Under which terms a role is conferred and ended: its bounds, what it bars, and that the last holder stays."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.parties.models import Account, RoleGrant
from rongtong.domain.parties.roles import PARTY, REGION, ROLE_LABELS, TERMS, acts_for_party, conflicting

_REGION_CODE = re.compile(r"\d{6}")


def current(grants: QuerySet[RoleGrant], on: dt.date | None = None) -> QuerySet[RoleGrant]:
    """The grants that hold on a day (today by default)."""
    day = on or timezone.localdate()
    return grants.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day, ended_at__isnull=True)


def same_person(account: Account) -> QuerySet[Account]:
    """The account and every other account of its person."""
    reach = Q(pk=account.pk) | Q(person=account.person_id) if account.person_id else Q(pk=account.pk)
    return Account.objects.filter(reach)


def refuse_own(actor: Actor, account: Account, needs: str) -> None:
    """Nobody confers, ends, suspends or restores for themselves, through whichever of their accounts."""
    if actor.account is not None and same_person(account).filter(pk=actor.account).exists():
        raise AccessDenied(_("不能给自己授予、收回身份或停用自己的账号，请由另一位管理员办理。"), needs, account)


def check_terms(grant: RoleGrant) -> None:
    """Raise Invalid with everything about ``grant``, not saved yet, that the terms of its role do not allow.

    Locks the accounts of the person, so that two roles which bar each other cannot be conferred at the same moment.
    """
    accounts = list(same_person(grant.account).select_for_update().order_by("pk"))
    problems = [*_bounds(grant), *_period(grant), *_account(accounts, grant)]
    if not problems:
        problems = list(_barred(accounts, grant))
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems)


def _bounds(grant: RoleGrant) -> Iterable[Problem]:
    role = Role(grant.role)
    names = {"role": ROLE_LABELS[role]}
    if role is Role.SYSTEM:
        yield Problem("role", _("“%(role)s”不是可以授予的身份。") % names)
        return
    bound = TERMS[role].bound
    if bound == PARTY and grant.party_id is None:
        yield Problem("party", _("“%(role)s”要写明代表哪家单位。") % names)
    if grant.party_id is not None and not acts_for_party(role):
        yield Problem("party", _("“%(role)s”不代表任何单位，单位一栏请留空。") % names)
    if bound != REGION and grant.region:
        yield Problem("region", _("“%(role)s”不分地区，地区一栏请留空。") % names)
    elif grant.region and not _REGION_CODE.fullmatch(grant.region):
        yield Problem("region", _("地区应为 6 位行政区划代码。"))


def _period(grant: RoleGrant) -> Iterable[Problem]:
    if grant.ends and grant.ends < grant.starts:
        yield Problem("ends", _("结束日期早于开始日期。"))
    elif grant.ends and grant.ends < timezone.localdate():
        yield Problem("ends", _("结束日期已经过去。"))


def _account(accounts: Sequence[Account], grant: RoleGrant) -> Iterable[Problem]:
    if any(account.pk == grant.account_id and not account.is_active for account in accounts):
        yield Problem("account", _("账号“%(name)s”已停用，恢复后才能授予身份。") % {"name": grant.account})


def _barred(accounts: Sequence[Account], grant: RoleGrant) -> Iterable[Problem]:
    """Roles held in the same time by the same person, whichever account: a suspended one counts as well."""
    beside = RoleGrant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gte=max(grant.starts, timezone.localdate())),
        account__in=accounts,
        ended_at__isnull=True,
    )
    if grant.ends:
        beside = beside.filter(starts__lte=grant.ends)
    held = {Role(role) for role in beside.values_list("role", flat=True)}
    against = conflicting(Role(grant.role), held)
    if against:
        names = _("、").join(f"“{ROLE_LABELS[role]}”" for role in sorted(against, key=list(Role).index))
        yield Problem(
            "role",
            _("“%(role)s”不能与%(others)s由同一人担任，请先收回原有身份或另选人。")
            % {"role": ROLE_LABELS[Role(grant.role)], "others": names},
        )


def lock(grants: Iterable[RoleGrant]) -> list[RoleGrant]:
    """Lock ``grants`` and every other grant of the roles among them that must keep a holder; answer the former anew.

    They are locked in one order by everybody: of two who end each other's the second finds the first one's work done.
    """
    wanted = {grant.pk for grant in grants}
    reach = Q(pk__in=wanted)
    for grant in grants:
        if TERMS[Role(grant.role)].kept:
            reach |= _peers(grant)
    locked = RoleGrant.objects.select_for_update().filter(reach).order_by("pk")
    return [grant for grant in locked if grant.pk in wanted]


def check_left(ending: Iterable[RoleGrant]) -> None:
    """Raise Invalid when one of the locked grants ``ending`` is the last that holds a role which must be held.

    Whoever stays must hold the role at least as long as the one who goes.
    """
    problems = [_missed(grant) for grant in ending if TERMS[Role(grant.role)].kept and _holds(grant)]
    messages = dict.fromkeys(problem for problem in problems if problem)
    if messages:
        raise Invalid(" ".join(messages), [Problem("", message) for message in messages])


def _missed(grant: RoleGrant) -> str | None:
    others = current(RoleGrant.objects.filter(_peers(grant), account__is_active=True)).exclude(account=grant.account_id)
    if any(_replaces(other, grant) for other in others):
        return None
    names = {"name": grant.account.display_name, "role": ROLE_LABELS[Role(grant.role)], "party": grant.party or ""}
    if grant.role == Role.ADMINISTRATOR:
        return _("%(name)s是“%(party)s”唯一的单位管理员。请先另设一位管理员，再办理。") % names
    return _("%(name)s是唯一的%(role)s。请先授予另一人，再办理。") % names


def _peers(grant: RoleGrant) -> Q:
    peers = Q(role=grant.role, ended_at__isnull=True)
    return peers & Q(party=grant.party_id) if grant.role == Role.ADMINISTRATOR else peers


def _replaces(other: RoleGrant, grant: RoleGrant) -> bool:
    as_long = other.ends is None or (grant.ends is not None and other.ends >= grant.ends)
    return as_long and grant.region.startswith(Actor(region=other.region).region_prefix)


def _holds(grant: RoleGrant) -> bool:
    return current(RoleGrant.objects.filter(pk=grant.pk, account__is_active=True)).exists()


def check_reason(reason: str) -> str:
    """``reason`` without blanks at its ends; Invalid when nothing is left."""
    written = reason.strip()
    if not written:
        message = _("请写明理由，它会留在审计记录里。")
        raise Invalid(message, [Problem("reason", message)])
    return written[:300]
