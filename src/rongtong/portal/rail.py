"""The rail: what there is to do here, by task, for whoever acts now."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.asking import may_ask
from rongtong.domain.parties import access


@dataclass
class Task:
    """An entry of the rail as it is shown."""

    label: str
    icon: str
    address: str
    current: bool = False
    children: list["Task"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that the rail leads to: ``name`` of its address, whom it is for, the paths under which one is there."""

    label: str
    icon: str
    name: str
    whom: Callable[[Actor], bool]
    prefixes: tuple[str, ...]


THREE = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)


def in_business(actor: Actor) -> bool:
    """Everybody but the three who run, guard and audit the platform: those have their own pages and no others."""
    return not actor.is_any(*THREE)


def in_organisation(actor: Actor) -> bool:
    return actor.is_any(Role.MEMBER, Role.ADMINISTRATOR, Role.MANAGER) and access.has_party(actor)


def assessed(actor: Actor) -> bool:
    """Whoever is assessed or assesses: an organisation's people, the bureau, and who supervises it."""
    return in_organisation(actor) or actor.is_any(Role.OFFICER, Role.SUPERVISOR)


def reads_audit(actor: Actor) -> bool:
    return bool(may_ask(actor))


def holds(role: Role) -> Callable[[Actor], bool]:
    return lambda actor: actor.is_any(role)


WORK = (
    Entry(gettext_noop("工作台"), "layout-dashboard", "workbench",
          lambda actor: actor.signed_in and in_business(actor), ("/workbench", "/me/demands", "/me/leads", "/leads/")),
    Entry(gettext_noop("首页"), "home", "home", lambda actor: not actor.signed_in, ()),
    Entry(gettext_noop("找匹配"), "target-arrow", "describe", in_business, ("/demands/", "/match/")),
    Entry(gettext_noop("资源库"), "archive", "resources", in_business, ("/resources/", "/search")),
    Entry(gettext_noop("揭榜"), "trophy", "challenges", in_business,
          ("/challenges/", "/rounds/", "/decisions/", "/notices/", "/objections/", "/projects", "/milestones/",
           "/obligations/", "/bids/", "/me/bids", "/boxes/", "/envelopes/")),
    Entry(gettext_noop("我的评审"), "list-check", "my-reviews", holds(Role.EXPERT),
          ("/me/reviews", "/seats/", "/reviews/")),
    Entry(gettext_noop("测评"), "certificate", "assess", assessed, ("/assess/", "/runs/", "/rules/", "/points/")),
    Entry(gettext_noop("数据"), "chart-bar", "figures", in_business, ("/figures",)),
    Entry(gettext_noop("运行状况"), "report-analytics", "system", holds(Role.SYSADMIN), ("/admin/system",)),
    Entry(gettext_noop("账号与身份"), "users", "admin-accounts", access.guards, ("/admin/accounts", "/accounts/")),
    Entry(gettext_noop("审计"), "list-check", "audit", reads_audit, ("/audit/",)),
)  # fmt: skip
MANAGE = (
    Entry(gettext_noop("本单位成员"), "users", "members", in_organisation, ("/organisation/",)),
    Entry(gettext_noop("导入"), "database-import", "import", access.keeps_records, ("/import",)),
    Entry(gettext_noop("导出"), "database-export", "export", access.keeps_records, ("/export",)),
    Entry(
        gettext_noop("个人信息请求"), "user-circle", "personal-requests", holds(Role.OFFICER), ("/personal-requests/",)
    ),
)
MINE = (
    Entry(gettext_noop("消息"), "bell", "messages", access.has_account, ("/me/messages", "/me/calendar")),
    Entry(gettext_noop("我的需求"), "target-arrow", "my-demands", access.has_party, ("/me/demands",)),
    Entry(gettext_noop("我的线索"), "send", "my-leads", access.keeps_records, ("/me/leads",)),
    Entry(gettext_noop("开箱密钥"), "lock", "seal-key", access.staff, ("/me/seal-key",)),
    Entry(gettext_noop("披露"), "lock", "disclosures", access.has_party, ("/me/disclosures",)),
    Entry(gettext_noop("我能看什么、做什么"), "eye", "my-access", access.has_account, ("/me/access",)),
    Entry(gettext_noop("我的个人信息"), "user", "personal-data", access.has_account, ("/me/data/",)),
)


def tasks(actor: Actor, path: str) -> list[Task]:
    """What the rail shows: the tasks, and under 管理 what one keeps in order."""
    found = _shown(WORK, actor, path)
    managing = _shown(MANAGE, actor, path)
    if managing:
        current = any(task.current for task in managing)
        found.append(Task(_("管理"), "settings", managing[0].address, current, managing))
    return found


def own_menu(actor: Actor, path: str) -> list[Task]:
    """What stands in the menu under one's name."""
    return [*_shown(MINE, actor, path), *_shown(MANAGE, actor, path)]


def first_page(actor: Actor) -> str:
    """Where one begins: the workbench, or the own page of one of the three administrators."""
    found = tasks(actor, "")
    return found[0].address if found else reverse("portal:my-access")


def _shown(entries: tuple[Entry, ...], actor: Actor, path: str) -> list[Task]:
    return [_task(entry, path) for entry in entries if entry.whom(actor)]


def _task(entry: Entry, path: str) -> Task:
    address = reverse(f"portal:{entry.name}")
    return Task(
        _(entry.label), entry.icon, address, path.startswith(entry.prefixes) if entry.prefixes else path == address
    )
