"""Who reviews: the panel drawn so that anyone can draw it again, recusal with its evidence, marks put together.

    from datetime import date
    from rongtong.engines import review, rules

    day = date(2026, 6, 30)
    panel = review.panel_rules(rules.shipped().load("cn.review-panel", day), day)
    pool = [review.Candidate(f"E{n}", f"U{n}", years=10, senior=True) for n in range(30)]
    review.draw(pool, 7, panel, review.new_seed(), as_of=day).drawn

Rules, algorithm and record are described in ``docs/review.md``.
"""

from rongtong.engines.review.aggregate import Criterion, Marks, MarksError, Ranking, Rule, Standing, aggregate
from rongtong.engines.review.assignment import Assignment, RandomAssignment
from rongtong.engines.review.demands import Ground, Obstacle, PanelRules, RecusalRules, composition
from rongtong.engines.review.drawing import Draw, PoolError, Successors, draw, succeed
from rongtong.engines.review.eligibility import Exclusion, exclusions
from rongtong.engines.review.packs import PANEL, RECUSAL, UnfitPack, panel_rules, recusal_rules
from rongtong.engines.review.people import Candidate, Kind, Proposal, Relation
from rongtong.engines.review.ranks import commitment, joint_seed, new_seed, rank
from rongtong.engines.review.record import (
    Difference,
    Order,
    Record,
    RecordError,
    Replacement,
    as_data,
    as_text,
    kept_record,
    read_record,
    replaced,
    settle,
    verify,
)
from rongtong.engines.review.recusal import Conflict, Relations, all_conflicts, conflicts, refused_names
from rongtong.engines.review.words import hindrance, reason

__all__ = [
    "PANEL",
    "RECUSAL",
    "Assignment",
    "Candidate",
    "Conflict",
    "Criterion",
    "Difference",
    "Draw",
    "Exclusion",
    "Ground",
    "Kind",
    "Marks",
    "MarksError",
    "Obstacle",
    "Order",
    "PanelRules",
    "PoolError",
    "Proposal",
    "RandomAssignment",
    "Ranking",
    "Record",
    "RecordError",
    "RecusalRules",
    "Relation",
    "Relations",
    "Replacement",
    "Rule",
    "Standing",
    "Successors",
    "UnfitPack",
    "aggregate",
    "all_conflicts",
    "as_data",
    "as_text",
    "commitment",
    "composition",
    "conflicts",
    "draw",
    "exclusions",
    "hindrance",
    "joint_seed",
    "kept_record",
    "new_seed",
    "panel_rules",
    "rank",
    "read_record",
    "reason",
    "recusal_rules",
    "refused_names",
    "replaced",
    "settle",
    "succeed",
    "verify",
]
