"""What a panel and its members have to satisfy: numbers of laws and programmes, given from outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from rongtong.engines.review.people import Kind


@dataclass(frozen=True, slots=True)
class PanelRules:
    """How a panel is composed and who may sit on it; None: not asked for.

    Shares are of the whole panel and exact. ``articles`` cites the source of a rule by the code of what breaks it;
    ``origin`` names the packs the numbers were read from (``id@version digest``).
    """

    least: int
    expert_share: Fraction
    odd: bool = True
    enterprise_share: Fraction | None = None
    per_organisation: int | None = None
    expert_years: int | None = None
    most_open: int | None = None
    most_in_year: int | None = None
    cool_down_days: int | None = None
    articles: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""

    def experts(self, places: int) -> int:
        """Fewest experts on a panel of ``places``."""
        return ceil(self.expert_share * places)

    def enterprise_experts(self, places: int) -> int:
        """Fewest experts from enterprises on a panel of ``places``."""
        return ceil((self.enterprise_share or Fraction(0)) * places)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a kind of relation is written; ``decisive``: it bars, else it is told to the officer."""

    article: str = ""
    decisive: bool = True


@dataclass(frozen=True, slots=True)
class RecusalRules:
    """What bars a reviewer.

    ``co_work_years`` None: nobody said how long working together counts, so it never lapses. A kind without a ground
    is not looked at. ``origin`` as in :class:`PanelRules`.
    """

    years_back: int
    names_most: int
    grounds: Mapping[Kind, Ground]
    co_work_years: int | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why there is no panel: which demand is not met (``code``), and by how many (``short``)."""

    code: str
    short: int
    article: str = ""


def composition(members: int, experts: int, rules: PanelRules) -> tuple[Obstacle, ...]:
    """What is wrong with a panel of so many members, so many of them experts (招标投标法 第三十七条)."""
    found = list(number(members, rules))
    missing = rules.experts(members) - experts
    if missing > 0:
        found.append(obstacle("experts", missing, rules))
    return tuple(found)


def number(places: int, rules: PanelRules) -> tuple[Obstacle, ...]:
    """What is wrong with the number alone."""
    found = []
    if places < rules.least:
        found.append(obstacle("few", rules.least - places, rules))
    if rules.odd and places % 2 == 0:
        found.append(obstacle("even", 1, rules))
    return tuple(found)


def obstacle(code: str, short: int, rules: PanelRules) -> Obstacle:
    """An obstacle with the article that makes it one."""
    return Obstacle(code, short, rules.articles.get(code, ""))
