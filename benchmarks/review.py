"""A panel of 21 drawn from 100,000 experts, with quotas; conflicts of 1,000 experts with 200 proposals.

    python -m benchmarks.review

Made-up people of 20,000 organisations; each figure also against sorting by plain HMAC, or looking at every pair, in the
same run. Others may share the machine: seconds of processor time.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from benchmarks.harness import Benchmark
from rongtong.engines import review
from rongtong.engines.review.people import DATED
from rongtong.engines.review.words import KINDS
from rongtong.engines.rules import shipped

DAY = date(2026, 6, 30)
SEED = "benchmark"
EXPERTS, PLACES = 100_000, 21
REVIEWERS, PROPOSALS, RELATED = 1_000, 200, 5_000


def main() -> None:
    benchmark = Benchmark("review")
    for key, value in (*_drawing().items(), *_recusal().items()):
        benchmark.record(key, value)
    benchmark.finish()


def _drawing() -> dict[str, float]:
    pool = _people(EXPERTS, 20_000)
    panel = review.panel_rules(shipped().load(review.PANEL, DAY), DAY)
    panel = replace(panel, per_organisation=1, enterprise_share=Fraction(1, 3), most_open=3, cool_down_days=30)
    # Few experts from enterprises and one large house: the walk has to pass over many.
    hard = [replace(each, enterprise=int(each.id[1:]) % 1000 == 0) for each in pool]
    hashing, _order = _timed(lambda: sorted((review.rank(each.id, SEED), each.id) for each in pool))
    drawing, easy = _timed(lambda: review.draw(pool, PLACES, panel, SEED, as_of=DAY))
    passing, found = _timed(lambda: review.draw(hard, PLACES, panel, SEED, as_of=DAY))
    assert len(easy.drawn) == len(found.drawn) == PLACES
    recusal = review.recusal_rules(shipped().load(review.RECUSAL, DAY), DAY)
    order = review.Order("", DAY, PLACES, SEED, panel, recusal, tuple(pool))
    text = review.as_text(review.settle(order))
    verifying, differences = _timed(lambda: review.verify(review.read_record(text)))
    assert differences == ()
    return {
        "draw": drawing,
        "draw_scarce": passing,
        "draw_to_hashing": drawing / hashing,
        "verify": verifying,
        "record": len(text) / 1e6,
    }


def _recusal() -> dict[str, float]:
    chance = Random(7)
    experts = _people(REVIEWERS, 400)
    proposals = [review.Proposal(f"P{n}", (f"U{n}", f"A{n}", f"U{n + 200}")) for n in range(PROPOSALS)]
    relations = review.Relations(_relation(chance, experts, proposals) for _ in range(RELATED))
    rules = review.recusal_rules(shipped().load(review.RECUSAL, DAY), DAY)
    seconds, found = _timed(lambda: list(review.all_conflicts(experts, proposals, relations, rules, DAY)))
    pairs = ((who, what) for who in experts for what in proposals)
    plain, every = _timed(lambda: [c for pair in pairs for c in review.conflicts(*pair, relations, rules, DAY)])
    assert len(found) == len(every)
    return {"conflicts": seconds, "conflicts_found": len(found), "pairs_to_conflicts": plain / seconds}


def _people(count: int, organisations: int) -> list[review.Candidate]:
    chance = Random(7)
    return [
        review.Candidate(
            f"E{number}",
            f"U{chance.randrange(organisations)}",
            enterprise=chance.random() < 0.3,
            years=chance.randrange(4, 40),
            senior=chance.random() < 0.9,
            open_reviews=chance.randrange(5),
            last_review=DAY - timedelta(days=chance.randrange(400)),
        )
        for number in range(count)
    ]


def _relation(chance: Random, experts: list[review.Candidate], proposals: list[review.Proposal]) -> review.Relation:
    kind = chance.choice(sorted(KINDS))
    party = chance.choice(chance.choice(proposals).parties)
    until = DAY - timedelta(days=chance.randrange(2500)) if kind in DATED else None
    return review.Relation(chance.choice(experts).id, party, kind, until)


def _timed(action: Callable[[], Any]) -> tuple[float, Any]:
    start = time.process_time()
    outcome = action()
    return time.process_time() - start, outcome


if __name__ == "__main__":
    main()
