"""What somebody may be here: one table says what each role is for, what it bars, and who may confer it."""

from dataclasses import dataclass

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.words import Words

PARTY, REGION, PLATFORM = "party", "region", "platform"
"""What a role is bounded by: a party one acts for, a region, or nothing (the installation itself)."""


@dataclass(frozen=True, slots=True)
class RoleTerms:
    """The terms of a role.

    ``bound`` is PARTY, REGION or PLATFORM; ``conferred_by`` the roles that may confer and end it (an administrator only
    for their own party); ``excludes`` the roles that nobody may hold beside it; ``second_factor`` whether signing in
    needs a one-time code; ``kept`` whether the last holder must stay.
    """

    label: Words
    may: Words
    may_not: Words
    bound: str
    conferred_by: tuple[Role, ...] = ()
    excludes: tuple[Role, ...] = ()
    second_factor: bool = False
    kept: bool = False


_THREE = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
BYSTANDERS = (Role.ANALYST, Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
"""They sign in to run, guard or count; what members may see of each other is not for them."""
_BUSINESS = (Role.MEMBER, Role.ADMINISTRATOR, Role.MANAGER, Role.EXPERT)


def _others(role: Role) -> tuple[Role, ...]:
    return tuple(each for each in _THREE if each != role)


TERMS: dict[Role, RoleTerms] = {
    Role.MEMBER: RoleTerms(
        Words("单位成员", "Member of an organisation"),
        Words("填报、提交本单位的记录，处理本单位的线索", "Enter and submit the organisation's records, handle its leads"),
        Words("查看其他单位未公开的内容", "See what other organisations have not made public"),
        PARTY, (Role.ADMINISTRATOR, Role.SECADMIN), excludes=_THREE,
    ),
    Role.ADMINISTRATOR: RoleTerms(
        Words("单位管理员", "Administrator of an organisation"),
        Words("邀请、移除本单位成员，决定保密部分给谁看", "Invite and remove members, decide who reads the confidential part"),
        Words("替其他单位授权，悄悄改动已核实的数据", "Confer rights for others, silently change verified data"),
        PARTY, (Role.ADMINISTRATOR, Role.SECADMIN), excludes=_THREE, kept=True,
    ),
    Role.MANAGER: RoleTerms(
        Words("技术经理人", "Technology manager"),
        Words("牵线、引荐，记录经办的线索", "Introduce the two sides and keep the leads they look after"),
        Words("查看封存和评审材料", "See sealed or panel material"),
        PARTY, (Role.ADMINISTRATOR, Role.SECADMIN), excludes=_THREE,
    ),
    Role.EXPERT: RoleTerms(
        Words("评审专家", "Reviewer"),
        Words("在评审期内查看分派给自己的材料", "Read what is assigned to them while they review"),
        Words("查看其他人的评审，保留材料", "See other reviews, keep the material"),
        REGION, (Role.SECADMIN,), excludes=_THREE,
    ),
    Role.OFFICER: RoleTerms(
        Words("管理部门工作人员", "Bureau officer"),
        Words("核实、发布记录，办理程序，为双方牵线", "Verify and publish, run processes, bring the two sides together"),
        Words("单独开启封存的材料，核实自己填报的记录", "Open sealed material alone, verify what they wrote themselves"),
        REGION, (Role.SECADMIN,), excludes=(*_THREE, Role.SUPERVISOR, Role.EXPERT), second_factor=True, kept=True,
    ),
    Role.ANALYST: RoleTerms(
        Words("分析人员", "Analyst"),
        Words("查看统计与看板", "Read statistics and dashboards"),
        Words("查看个人信息和单位未公开的内容", "Read personal data or what organisations keep to themselves"),
        REGION, (Role.SECADMIN,), excludes=_THREE,
    ),
    Role.SUPERVISOR: RoleTerms(
        Words("监督人员", "Supervisor"),
        Words("查阅谁在何时凭什么看过、做过什么", "Read who saw or did what, when, on what ground"),
        Words("改动任何数据", "Change anything"),
        REGION, (Role.SECADMIN,), excludes=(*_THREE, Role.OFFICER, *_BUSINESS), second_factor=True,
    ),
    Role.SYSADMIN: RoleTerms(
        Words("系统管理员", "System administrator"),
        Words("运行、备份、检查平台", "Operate, back up and check the platform"),
        Words("授权、查阅业务内容和审计记录", "Confer rights, read records or the audit log"),
        PLATFORM, (Role.SECADMIN,), excludes=(*_others(Role.SYSADMIN), Role.OFFICER, Role.SUPERVISOR, Role.ANALYST, *_BUSINESS),
        second_factor=True, kept=True,
    ),
    Role.SECADMIN: RoleTerms(
        Words("安全管理员", "Security administrator"),
        Words("授予、收回身份，停用账号，重置第二因素", "Confer and end roles, suspend accounts, reset second factors"),
        Words("给自己授权，运行平台，查阅业务内容和审计记录", "Confer rights on themselves, operate, read records or the audit log"),
        PLATFORM, (Role.SECADMIN,), excludes=(*_others(Role.SECADMIN), Role.OFFICER, Role.SUPERVISOR, Role.ANALYST, *_BUSINESS),
        second_factor=True, kept=True,
    ),
    Role.AUDITOR: RoleTerms(
        Words("安全审计员", "Security auditor"),
        Words("查阅、导出审计记录，核对审计链", "Read and export the audit log, check its chain"),
        Words("授权、运行平台，查阅业务内容", "Confer rights, operate, read records"),
        PLATFORM, (Role.SECADMIN,), excludes=(*_others(Role.AUDITOR), Role.OFFICER, Role.SUPERVISOR, Role.ANALYST, *_BUSINESS),
        second_factor=True, kept=True,
    ),
    Role.SYSTEM: RoleTerms(
        Words("平台", "The platform"), Words("自动办理", "What is done automatically"), Words("", ""), PLATFORM
    ),
}  # fmt: skip
ROLE_LABELS: dict[Role, Words] = {role: terms.label for role, terms in TERMS.items()}


def conflicting(role: Role, held: set[Role]) -> set[Role]:
    """Which of the roles ``held`` nobody may hold beside ``role``."""
    barred = set(TERMS[role].excludes) | {other for other, terms in TERMS.items() if role in terms.excludes}
    return held & barred


def needs_second_factor(roles: frozenset[Role]) -> bool:
    """Whether somebody who may act in one of ``roles`` signs in with a one-time code as well."""
    return any(TERMS[role].second_factor for role in roles)


def acts_for_party(role: Role) -> bool:
    """Whether who holds ``role`` speaks for the party it names; officers may name the office they sit in."""
    return TERMS[role].bound == PARTY or role is Role.OFFICER


def conferrable_by(giver: Role) -> list[Role]:
    """The roles that a holder of ``giver`` may confer and end."""
    return [role for role, terms in TERMS.items() if giver in terms.conferred_by]
