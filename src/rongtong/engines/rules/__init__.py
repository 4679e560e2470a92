"""Does it qualify, why, and what would make it: rule packs over facts, for one row or a million.

    from datetime import date
    from rongtong.engines import rules

    pack = rules.shipped().load("cn.high-tech-enterprise", date(2026, 6, 30))
    answer = rules.assess(pack, rules.facts_of(pack, {"staff": 120, "rd_3y": "6,000,000"}), date(2026, 6, 30))
    answer.outcome, answer.missing, answer.remedies

and from files: :func:`assess_file`. The pack format is described in ``docs/rules.md``. What works on columns is loaded
when it is first used, since Polars takes memory that a single assessment does not need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from rongtong.engines.rules.assess import assess
from rongtong.engines.rules.assessment import Advice, Assessment, Figure, Finding, Scored, Step
from rongtong.engines.rules.checking import check_library
from rongtong.engines.rules.compare import Difference, Shift, diff, diff_on
from rongtong.engines.rules.library import Library, UnknownPack, Version, load_text, shipped
from rongtong.engines.rules.pack import Input, Pack
from rongtong.engines.rules.peers import Peers
from rongtong.engines.rules.source import PackError, Problem
from rongtong.engines.rules.values import Value, WrongValue, stored
from rongtong.engines.rules.vectors import facts_of
from rongtong.engines.rules.words import Text

if TYPE_CHECKING:
    from rongtong.engines.rules.batch import Summary, assess_file
    from rongtong.engines.rules.facts import FactProblem, Facts, FactsError, stored_facts
    from rongtong.engines.rules.table import assess_table, peers_of

LATER = {
    "Summary": "batch",
    "assess_file": "batch",
    "FactProblem": "facts",
    "Facts": "facts",
    "FactsError": "facts",
    "stored_facts": "facts",
    "assess_table": "table",
    "peers_of": "table",
}


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{LATER[name]}"), name)


__all__ = [
    "Advice",
    "Assessment",
    "Difference",
    "FactProblem",
    "Facts",
    "FactsError",
    "Figure",
    "Finding",
    "Input",
    "Library",
    "Pack",
    "PackError",
    "Peers",
    "Problem",
    "Scored",
    "Shift",
    "Step",
    "Summary",
    "Text",
    "UnknownPack",
    "Value",
    "Version",
    "WrongValue",
    "assess",
    "assess_file",
    "assess_table",
    "check_library",
    "diff",
    "diff_on",
    "facts_of",
    "load_text",
    "peers_of",
    "shipped",
    "stored",
    "stored_facts",
]
