"""Who may review, what is reviewed, and what is known between the two."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal[
    "entity",
    "employment",
    "board",
    "control",
    "relatives",
    "kin",
    "own_application",
    "influence",
    "declared",
    "named",
    "co_work",
    "teaching",
    "shares",
]
"""What can stand between a reviewer and an applicant."""

DATED: frozenset[Kind] = frozenset({"employment", "board", "control", "co_work"})
"""Relations that lapse some years after their end."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person in the pool; ``id`` is what the draw hashes, so it never changes.

    ``expert``: a technical or economic expert, not a representative of the organiser. ``organisation`` is the legal
    entity, ``also`` further ones the person belongs to. ``years`` in the field; ``senior``: senior title or equal
    standing. None is unknown, which is not no: who is unknown in what a rule asks for is not drawn, and that is said.
    ``last_review`` None: has not reviewed yet.
    """

    id: str
    organisation: str
    also: tuple[str, ...] = ()
    expert: bool = True
    enterprise: bool = False
    supervisor: bool = False
    available: bool = True
    years: int | None = None
    senior: bool | None = None
    open_reviews: int | None = None
    year_reviews: int | None = None
    last_review: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is reviewed: one application with its applicants and participants, organisations and persons by id."""

    id: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """One fact between a candidate and a party.

    ``until`` is the day on which it ended (for ``co_work`` the day of the last work together), ``ongoing`` where it has
    not; a dated relation with neither is unclear. ``evidence`` says where this is known from.
    """

    candidate: str
    party: str
    kind: Kind
    until: date | None = None
    ongoing: bool = False
    evidence: str = ""
