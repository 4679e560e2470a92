"""How well the matcher orders, against the simple systems measured in the same run.

    python -m benchmarks.ranking [--collections henan cordis cranfield vaswani]

`henan` on condensed lists with nDCG@10 (gain 2^grade - 1) and MRR@10 at grade 2; the others with nDCG@10, MRR@10 and
MAP at depth 1,000. Besides the shipped weights the matcher is measured as it would be on unseen queries: weights of
the order fitted without the query's fold (henan: without the demand), on all collections together.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import baselines, measures
from benchmarks.fit_matching import ORDER, fit_order, standing_matrix, training_lists
from benchmarks.harness import Benchmark
from benchmarks.matching_data import COLLECTIONS, Judged, Topics, arguments, encoder, judged, topics
from rongtong.engines.matching.calibration import Weights, probabilities, shipped_weights

DEPTH = 1000
FOLDS = 5
Rankings = list[list[str]]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--collections", nargs="+", default=list(COLLECTIONS), choices=COLLECTIONS)
    parser.add_argument("--unseen", action="store_true", help="also with weights fitted without the query measured")
    options = parser.parse_args()
    vectors = encoder(options.cache)
    found = {name: topics(name, vectors) for name in options.collections}
    rows = {name: judged(each, vectors) for name, each in found.items()}
    benchmark = Benchmark("ranking")
    for name, each in found.items():
        systems = {system: _by_score(scores, each) for system, scores in baselines.scores(each, vectors).items()}
        systems |= {"Rongtong, words": _shipped(rows[name], 1), "Rongtong": _shipped(rows[name], 0)}
        if options.unseen:
            systems["Rongtong, unseen"] = _unseen(name, found, rows)
        report(each, systems, benchmark)
    benchmark.finish()


def report(found: Topics, systems: Mapping[str, Rankings], benchmark: Benchmark) -> None:
    """Prints one collection and notes its figures."""
    table = Table("system", "nDCG@10", "95 %", "MRR@10", "95 %", "MAP", title=found.name)
    means = {}
    for system, rankings in systems.items():
        values = per_query(found, rankings)
        means[system] = np.nanmean(values, axis=0)
        spans = [_interval(values[:, column]) for column in (0, 1)]
        ndcg, reciprocal, average = (f"{value:.4f}" for value in means[system])
        table.add_row(system, ndcg, spans[0], reciprocal, spans[1], average)
    Console(width=110).print(table)
    for column, measure in enumerate(("ndcg", "mrr", "map")):
        ours, rrf = means["Rongtong"][column], means["RRF"][column]
        if f"{found.name}_{measure}" in benchmark.expected:
            benchmark.record(f"{found.name}_{measure}", ours)
            benchmark.record(f"{found.name}_{measure}_over_rrf", ours / rrf)


def per_query(found: Topics, rankings: Rankings) -> np.ndarray:
    """nDCG@10, MRR@10 and average precision of every query: [queries, 3]."""
    rows = []
    for query, ranking in zip(found.queries, rankings, strict=True):
        grades = found.grades[query.id]
        ranked = measures.condensed(ranking, grades, found.pooled)
        rows.append(
            (
                measures.ndcg(ranked, grades),
                measures.reciprocal_rank(ranked, grades, found.least),
                measures.average_precision(ranked, grades, found.least),
            )
        )
    return np.array(rows)


def _by_score(scores: baselines.Scores, found: Topics) -> Rankings:
    names = [record.id for record in found.collection.records]
    return [baselines.ranking(row, names)[: None if found.pooled else DEPTH] for row in scores]


def _shipped(rows: Sequence[Judged], which: int) -> Rankings:
    weights = shipped_weights()[which]
    return [_ordered(row, probabilities(row.columns, weights)) for row in rows]


def _unseen(name: str, found: Mapping[str, Topics], rows: Mapping[str, Sequence[Judged]]) -> Rankings:
    """Every query ordered by weights fitted without its fold."""
    shipped: Weights = shipped_weights()[0]
    features = ORDER["vectors"]
    own, folds = rows[name], len(rows[name]) if found[name].pooled else FOLDS
    lists = {each: training_lists(rows[each], features, found[each].pooled, shipped.bystanders) for each in rows}
    rankings: Rankings = [[] for _ in own]
    for fold in range(folds):
        kept = [row for place, row in enumerate(own) if place % folds != fold]
        remaining = training_lists(kept, features, found[name].pooled, shipped.bystanders)
        weights = fit_order(lists | {name: remaining})
        for place in range(fold, len(own), folds):
            scores = standing_matrix(own[place], features, shipped.bystanders) @ weights
            rankings[place] = _ordered(own[place], scores)
    return rankings


def _ordered(row: Judged, scores: np.ndarray) -> list[str]:
    return [row.candidates.ids[place] for place in np.argsort(-scores, kind="stable")]


def _interval(values: np.ndarray) -> str:
    low, high = measures.interval(len(values), lambda drawn: float(np.nanmean(values[drawn])))
    return f"{low:.3f}–{high:.3f}"


if __name__ == "__main__":
    main()
