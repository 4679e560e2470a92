"""Every write to who may act in which role: conferring and ending roles, suspending and restoring accounts."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.parties.conferring import check_left, check_reason, check_terms, current, lock, refuse_own
from rongtong.domain.parties.models import Account, Party, RoleGrant


@action("parties.grant_role")
def grant_role(
    *,
    actor: Actor,
    account: Account,
    role: Role,
    party: Party | None = None,
    region: str = "",
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> RoleGrant:
    """Let ``account`` act in ``role`` (for ``party``, within ``region``) from ``starts`` (today) to ``ends``.

    Both days are included. Raises AccessDenied when ``actor`` may not confer it (nobody does so to themselves), Invalid
    with everything that the terms of the role do not allow. A grant that holds already with the same end is answered as
    it is.
    """
    wanted = {"account": account, "role": role, "party": party, "region": region}
    grant = RoleGrant(**wanted, starts=starts or timezone.localdate(), ends=ends)
    grant.granted_by, grant.granted_by_account = actor.name, actor.account
    require(actor, "create", grant)
    refuse_own(actor, account, "create")
    check_terms(grant)
    known = current(RoleGrant.objects.filter(**wanted, ends=ends)).first()
    if known is None:
        grant.save()
    audit.record(actor, "parties.grant_role", known or grant, **_told(grant))
    return known or grant


@action("parties.end_role")
def end_role(*, actor: Actor, grant: RoleGrant, reason: str) -> RoleGrant:
    """End a grant at once; it is kept with by whom and why, and its holder no longer acts in it at the next request.

    Raises AccessDenied, and Invalid when it has ended already, without a reason, or when the role would have no holder.
    """
    why = check_reason(reason)
    (locked,) = lock([grant])
    require(actor, "end", locked)
    refuse_own(actor, locked.account, "end")
    if locked.ended_at is not None:
        raise Invalid(_("这个身份已经收回。"))
    check_left([locked])
    locked.ended_at, locked.ended_by, locked.ended_by_account = timezone.now(), actor.name, actor.account
    locked.end_reason = why
    locked.save()
    audit.record(actor, "parties.end_role", locked, **_told(locked), reason=why)
    return locked


@action("parties.suspend_account")
def suspend_account(*, actor: Actor, account: Account, reason: str) -> Account:
    """Let nobody act with an account until it is restored; its roles stay as they are.

    Raises AccessDenied, and Invalid without a reason or when the account is the last that holds a role which must be
    held.
    """
    why = check_reason(reason)
    locked = Account.objects.select_for_update().get(pk=account.pk)
    require(actor, "suspend", locked)
    refuse_own(actor, locked, "suspend")
    check_left(lock(current(locked.grants.all())))
    return _switch(actor, locked, "parties.suspend_account", active=False, reason=why)


@action("parties.restore_account")
def restore_account(*, actor: Actor, account: Account, reason: str) -> Account:
    """Let a suspended account act again, in the roles that still hold. Raises AccessDenied, Invalid."""
    why = check_reason(reason)
    locked = Account.objects.select_for_update().get(pk=account.pk)
    require(actor, "restore", locked)
    refuse_own(actor, locked, "restore")
    return _switch(actor, locked, "parties.restore_account", active=True, reason=why)


def _switch(actor: Actor, account: Account, what: str, *, active: bool, reason: str) -> Account:
    account.is_active = active
    account.save(update_fields=["is_active"])
    audit.record(actor, what, account, account=account.username, reason=reason)
    return account


def _told(grant: RoleGrant) -> dict[str, str]:
    """What an event keeps of a grant: enough to be read when its party and account have other names."""
    return {
        "account": grant.account.username,
        "role": str(grant.role),
        "party": grant.party.name if grant.party else "",
        "region": grant.region,
        "starts": grant.starts.isoformat(),
        "ends": grant.ends.isoformat() if grant.ends else "",
    }
