"""Names of what somebody may be, for people."""

from rongtong.domain.foundation.actors import Role
from rongtong.domain.foundation.words import Words

ROLE_LABELS: dict[Role, Words] = {
    Role.MEMBER: Words("单位成员", "Member of an organisation"),
    Role.MANAGER: Words("技术经理人", "Technology manager"),
    Role.OFFICER: Words("管理部门工作人员", "Bureau officer"),
    Role.SUPERVISOR: Words("监督人员", "Supervisor"),
    Role.SYSTEM: Words("平台", "The platform"),
}
