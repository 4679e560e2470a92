"""系统管理员、安全管理员、安全审计员: none of the three can do the others' part, and none reads business."""

from itertools import combinations

import pytest

from rongtong.domain.foundation.access import declared
from rongtong.domain.foundation.actors import Role
from tests.factories import holder

pytestmark = pytest.mark.django_db
THREE = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
BUSINESS = ("registry", "leads")


def part_of(role: Role) -> set[tuple[str, str]]:
    """What ``role`` may do that somebody who is merely signed in may not: kind of record and action."""
    return _allowed(role) - _allowed(Role.ANALYST)


def _allowed(role: Role) -> set[tuple[str, str]]:
    actor = holder(role)
    return {
        (model._meta.label, action)
        for model, actions in declared().items()
        for action, grants in actions.items()
        if any(grant.whom(actor) for grant in grants)
    }


def test_no_two_of_the_three_have_a_part_in_common() -> None:
    assert [pair for pair in combinations(THREE, 2) if part_of(pair[0]) & part_of(pair[1])] == []


def test_the_system_administrator_has_no_part_in_what_is_stored() -> None:
    assert part_of(Role.SYSADMIN) == set()


def test_the_security_administrator_keeps_accounts_and_roles_alone() -> None:
    part = part_of(Role.SECADMIN)
    assert {("parties.RoleGrant", "create"), ("parties.RoleGrant", "end"), ("parties.Account", "suspend")} <= part
    assert {label for label, _action in part} <= {
        "parties.RoleGrant", "parties.Account", "parties.SignIn", "parties.SecondFactor", "parties.OneTimeLink",
        "parties.OutsideIdentity", "foundation.SealKey",
    }  # fmt: skip


def test_the_auditor_reads_the_audit_alone() -> None:
    part = part_of(Role.AUDITOR)
    assert part
    assert {label.split(".")[0] for label, _action in part} == {"foundation"}


@pytest.mark.parametrize("role", THREE)
def test_none_of_the_three_sees_business_beyond_the_public(role: Role) -> None:
    actor = holder(role)
    beyond = {
        (model._meta.label, action, grant.because.zh)
        for model, actions in declared().items()
        if model._meta.app_label in BUSINESS
        for action, grants in actions.items()
        for grant in grants
        if grant.whom(actor) and action in {"view", "find", "create", "edit", "verify", "publish"}
    }
    assert {ground for _label, _action, ground in beyond} <= {"公开发布的记录"}
