"""How far the probabilities can be believed, on `henan`: each demand judged by a curve fitted without it.

    python -m benchmarks.calibration

The order is the shipped one; the curve to probabilities is fitted again without each demand in turn. Reported: Brier
score over judged pairs, a reliability table, AUROC of the best answer's probability against "its grade is at least 2"
(with the interval over demands), the same for raw scores, and how many verdicts were right.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import baselines, measures
from benchmarks.fit_matching import EVIDENCE, curve_data, curve_of
from benchmarks.harness import Benchmark
from benchmarks.matching_data import Judged, Topics, arguments, encoder, judged, topics
from rongtong.engines.matching.calibration import Weights, probability, shipped_weights, thresholds
from rongtong.engines.matching.fusion import fuse, standings

EDGES = (0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 1.01)
CONSOLE = Console(width=110)


def main() -> None:
    options = arguments(__doc__).parse_args()
    vectors = encoder(options.cache)
    found = topics("henan", vectors)
    rows = judged(found, vectors)
    benchmark = Benchmark("calibration")
    for weights in shipped_weights():
        estimates = unseen_probabilities(rows, weights)
        report_pairs(weights.name, rows, estimates, benchmark)
        report_answers(weights.name, rows, estimates, weights, benchmark)
    report_raw(found, rows, baselines.scores(found, vectors), benchmark)
    benchmark.finish()


def unseen_probabilities(rows: Sequence[Judged], weights: Weights) -> list[np.ndarray]:
    """For each demand the probabilities of all its candidates, by a curve fitted on the other demands."""
    evidence = EVIDENCE[weights.name]
    x, positive, query = curve_data(rows, weights.fusion, evidence, weights.bystanders)
    return [
        probability(
            _fused(row, weights), row.columns, _with_curve(weights, x[query != place], positive[query != place])
        )
        for place, row in enumerate(rows)
    ]


def report_pairs(name: str, rows: Sequence[Judged], estimates: Sequence[np.ndarray], benchmark: Benchmark) -> None:
    """Brier score and reliability over the judged pairs."""
    pairs = [
        (estimate[place], row.grades[document] >= 2)
        for row, estimate in zip(rows, estimates, strict=True)
        for place, document in enumerate(row.candidates.ids)
        if document in row.grades
    ]
    likely, positive = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    table = Table("from", "to", "pairs", "mean probability", "share with grade ≥ 2", title=f"{name}: reliability")
    for low, high, count, mean, share in measures.reliability(likely, positive, EDGES):
        table.add_row(f"{low:.2f}", f"{min(high, 1):.2f}", str(count), f"{mean:.3f}", f"{share:.3f}")
    CONSOLE.print(table)
    benchmark.record(f"{name}_brier", measures.brier(likely, positive))
    benchmark.record(f"{name}_brier_of_base_rate", float(positive.mean() * (1 - positive.mean())))
    benchmark.record(f"{name}_pair_auroc", measures.auroc(likely, positive))


def report_answers(
    name: str, rows: Sequence[Judged], estimates: Sequence[np.ndarray], weights: Weights, benchmark: Benchmark
) -> None:
    """The best judged answer of each demand: is its probability higher when it is right, and were verdicts right?"""
    likely, right = _tops(rows, estimates)
    fused, right_fused = _tops(rows, [_fused(row, weights) for row in rows])
    record_auroc(f"{name}_top_auroc", likely, right, benchmark)
    record_auroc(f"{name}_fused_auroc", fused, right_fused, benchmark)
    supplied = np.array([any(grade >= 2 for grade in row.grades.values()) for row in rows])
    record_auroc(f"{name}_supplied_auroc", likely, supplied, benchmark)
    verdicts = np.array([thresholds().verdict(each) for each in likely])
    table = Table("verdict", "demands", "best answer right", "some supply fits", title=f"{name}: verdicts")
    for verdict in ("suitable", "related_only", "none"):
        chosen = verdicts == verdict
        table.add_row(verdict, *(str(int(each[chosen].sum())) for each in (chosen, right, supplied)))
    CONSOLE.print(table)
    refused = verdicts != "suitable"
    benchmark.record(f"{name}_suitable_right", float(supplied[~refused].mean()) if (~refused).any() else 0.0)
    benchmark.record(f"{name}_refusal_right", float((~supplied[refused]).mean()) if refused.any() else 0.0)


def report_raw(found: Topics, rows: Sequence[Judged], systems: Mapping[str, np.ndarray], benchmark: Benchmark) -> None:
    """AUROC of the raw score of the simple systems' best judged answer."""
    place = {record.id: column for column, record in enumerate(found.collection.records)}
    for system, scores in systems.items():
        best, right = [], []
        for row, line in zip(rows, scores, strict=True):
            top = max(row.grades, key=lambda document, line=line: line[place[document]])
            best.append(line[place[top]])
            right.append(row.grades[top] >= 2)
        CONSOLE.print(f"{system}: AUROC of the top score {measures.auroc(np.array(best), np.array(right)):.3f}")
        if system == "RRF":
            supplied = np.array([any(grade >= 2 for grade in row.grades.values()) for row in rows])
            record_auroc("rrf_top_auroc", np.array(best), np.array(right), benchmark)
            record_auroc("rrf_supplied_auroc", np.array(best), supplied, benchmark)


def record_auroc(key: str, scores: np.ndarray, right: np.ndarray, benchmark: Benchmark) -> None:
    """Notes an AUROC and prints its interval over demands."""
    low, high = measures.interval(len(scores), lambda drawn: measures.auroc(scores[drawn], right[drawn]))
    value = measures.auroc(scores, right)
    CONSOLE.print(f"{key}: {value:.3f} (95 % {low:.2f}–{high:.2f}; {int(right.sum())} of {len(right)})")
    benchmark.record(key, value)


def _tops(rows: Sequence[Judged], scores: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Of each demand's best judged candidate: its score, and whether its grade is at least 2."""
    best, right = [], []
    for row, line in zip(rows, scores, strict=True):
        places = [place for place, document in enumerate(row.candidates.ids) if document in row.grades]
        top = max(places, key=lambda place, line=line: line[place])
        best.append(float(line[top]))
        right.append(row.grades[row.candidates.ids[top]] >= 2)
    return np.array(best), np.array(right)


def _fused(row: Judged, weights: Weights) -> np.ndarray:
    return fuse(standings({name: row.columns[name] for name in weights.fusion}, weights.bystanders), weights.fusion)


def _with_curve(weights: Weights, x: np.ndarray, positive: np.ndarray) -> Weights:
    curve = curve_of(x, positive, EVIDENCE[weights.name])
    return Weights(name=weights.name, fusion=weights.fusion, bystanders=weights.bystanders, **curve)


if __name__ == "__main__":
    main()
