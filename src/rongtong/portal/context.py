"""What the shell around every page needs: tasks, person, region, language, appearance."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.parties.roles import ROLE_LABELS

SHEETS = ("tokens", "frame", "components", "states", "pages", "match", "door", "print")
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Task:
    """An entry of the rail."""

    label: str
    icon: str
    address: str
    current: bool = False
    children: list["Task"] = field(default_factory=list)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; works for a request that failed before its actor was known."""
    actor: Actor = getattr(request, "actor", VISITOR)
    tasks = _tasks(actor, request.path)
    theme = request.COOKIES.get("theme", "auto")
    return {
        "shell": {
            "actor": actor,
            "role": _role(actor),
            "tasks": tasks,
            "phone_tasks": tasks[:4],
            "manage": _manage(actor, request.path),
            "region": settings.ENVIRONMENT.region_name,
            "sample": settings.ENVIRONMENT.sample,
            "theme": theme if theme in THEMES else "auto",
            "rail_narrow": request.COOKIES.get("rail") == "narrow",
            "query": request.GET.get("q", "") if request.path == reverse("portal:search") else "",
            "sheets": [static(f"portal/css/{sheet}.css") for sheet in SHEETS],
            "dark_sheet": static("portal/css/tokens-dark.css"),
            "other_language": _other_language(),
        }
    }


def _role(actor: Actor) -> str:
    return _("、").join(str(ROLE_LABELS[role]) for role in sorted(actor.roles))


def _other_language() -> dict[str, str]:
    if (get_language() or "").startswith("en"):
        return {"code": "zh-hans", "name": "中文", "hint": "切换为中文"}
    return {"code": "en", "name": "English", "hint": "Switch to English"}


def _tasks(actor: Actor, path: str) -> list[Task]:
    first = (
        _task(_("工作台"), "layout-dashboard", "portal:workbench", path, "/workbench", "/me/", "/leads/")
        if actor.signed_in
        else Task(_("首页"), "home", reverse("portal:home"), path == "/")
    )
    found = [
        first,
        _task(_("找匹配"), "target-arrow", "portal:describe", path, "/demands/", "/match/"),
        _task(_("资源库"), "archive", "portal:resources", path, "/resources/", "/search"),
        _task(_("数据"), "chart-bar", "portal:figures", path, "/figures"),
    ]
    managing = _manage(actor, path)
    if managing:
        current = any(task.current for task in managing)
        found.append(Task(_("管理"), "settings", managing[0].address, current, managing))
    return found


def _manage(actor: Actor, path: str) -> list[Task]:
    if not actor.signed_in:
        return []
    return [
        _task(_("导入"), "database-import", "portal:import", path, "/import"),
        _task(_("导出"), "database-export", "portal:export", path, "/export"),
    ]


def _task(label: str, icon: str, name: str, path: str, *prefixes: str) -> Task:
    return Task(label, icon, reverse(name), path.startswith(prefixes))
