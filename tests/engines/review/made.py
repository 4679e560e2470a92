"""Pools and rules for tests."""

from datetime import date
from fractions import Fraction
from typing import Any

from rongtong.engines.review import Candidate, PanelRules, panel_rules, recusal_rules
from rongtong.engines.rules import shipped

DAY = date(2026, 6, 30)
PANEL = panel_rules(shipped().load("cn.review-panel", DAY), DAY)
RECUSAL = recusal_rules(shipped().load("cn.review-recusal", DAY), DAY)
BARE = PanelRules(least=1, expert_share=Fraction(0), odd=False)


def person(id: str, organisation: str = "", **more: Any) -> Candidate:
    return Candidate(id, organisation or f"org of {id}", **{"years": 10, "senior": True, **more})


def people(count: int, **more: Any) -> list[Candidate]:
    return [person(f"E{number:02}", **more) for number in range(count)]
