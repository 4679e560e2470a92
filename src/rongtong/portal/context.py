"""What the shell around every page needs: tasks, person, region, language, appearance."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.mailbox.queries import unread_of
from rongtong.domain.parties.seats import Seat, chosen, seat_key
from rongtong.portal.rail import own_menu, tasks
from rongtong.portal.seating import place_of, roles_named

SHEETS = (
    "tokens", "frame", "components", "states", "pages", "match", "assess", "door", "people", "reviewing", "projects",
    "print",
)  # fmt: skip
THEMES = ("auto", "light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; works for a request that failed before its actor was known."""
    actor: Actor = getattr(request, "actor", VISITOR)
    seats: list[Seat] = getattr(request, "seats", [])
    found = tasks(actor, request.path)
    theme = request.COOKIES.get("theme", "auto")
    return {
        "shell": {
            "actor": actor,
            "role": roles_named(actor.roles),
            "seats": [(seat, seat.key == seat_key(actor.party, actor.region)) for seat in seats],
            "place": _place(actor, seats),
            "tasks": found,
            "phone_tasks": found[:4],
            "unread": lambda: unread_of(actor),
            "menu": own_menu(actor, request.path),
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


def _place(actor: Actor, seats: list[Seat]) -> str:
    """Whom one acts for now; empty for a visitor."""
    return place_of(chosen(seats, seat_key(actor.party, actor.region))) if seats else ""


def _other_language() -> dict[str, str]:
    if (get_language() or "").startswith("en"):
        return {"code": "zh-hans", "name": "中文", "hint": "切换为中文"}
    return {"code": "en", "name": "English", "hint": "Switch to English"}
