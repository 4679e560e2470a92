"""Fits the weights of the matcher and writes packs/matching/weights.json.

    python -m benchmarks.fit_matching --write

Order: a listwise softmax over the candidates of each query, each collection with its importance, weights not negative
and held small, because 35 demands do not carry more. Probability: a logistic curve over the fused standing and one
common measure of absolute evidence, on the judged pairs of `henan`. No text enters the weights.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from benchmarks.matching_data import COLLECTIONS, Judged, Topics, arguments, encoder, judged, topics
from rongtong.engines.matching.fusion import fuse, standings

Matrix = NDArray[np.float64]

WEIGHTS = Path(__file__).parents[1] / "src" / "rongtong" / "packs" / "matching" / "weights.json"
ORDER = {"vectors": ("words", "bigrams", "whole", "pieces", "sentences"), "words": ("words", "bigrams")}
EVIDENCE = {
    "vectors": ("words", "bigrams", "covered", "returned", "whole", "pieces", "sentences"),
    "words": ("words", "bigrams", "covered", "returned"),
}
RIDGE = 0.05
# How much a collection weighs in the order: real demands are the task; `vaswani`, where vectors are weakest, keeps the
# words from being forgotten (with 0.5 its MAP falls below that of RRF).
IMPORTANCE = {"henan": 2.0, "cordis": 1.0, "cranfield": 0.5, "vaswani": 1.5}
CURVE_STRENGTH = 0.3
QUANTILES = 33
# What a best candidate's probability must be; see docs/matching.md for what follows from each.
THRESHOLDS = {"suitable": 0.2, "related": 0.08, "introduce": 0.45}


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--write", action="store_true", help="replace the shipped weights")
    parser.add_argument("--collections", nargs="+", default=list(COLLECTIONS))
    options = parser.parse_args()
    vectors = encoder(options.cache)
    found = {name: topics(name, vectors) for name in options.collections}
    rows = {name: judged(each, vectors) for name, each in found.items()}
    pack = fitted(found, rows)
    print(json.dumps(pack["models"], indent=2))
    if options.write:
        WEIGHTS.write_text(json.dumps(pack, indent=2) + "\n", encoding="utf-8")


def fitted(found: Mapping[str, Topics], rows: Mapping[str, Sequence[Judged]]) -> dict[str, Any]:
    """The whole pack: provenance, models, bystanders and thresholds."""
    bystanders = bystander_quantiles(rows["henan"])
    models = {}
    for name, features in ORDER.items():
        lists = {each: training_lists(rows[each], features, found[each].pooled, bystanders) for each in rows}
        fusion = fit_order(lists)
        fusion_weights = dict(zip(features, fusion.round(4).tolist(), strict=True))
        curve = fit_curve(rows["henan"], fusion_weights, EVIDENCE[name], bystanders)
        models[name] = {"fusion": fusion_weights, **curve}
    return {"provenance": provenance(found), "models": models, "thresholds": THRESHOLDS, "bystanders": bystanders}


def provenance(found: Mapping[str, Topics]) -> dict[str, Any]:
    """What the weights were fitted on."""
    return {
        "made_by": "python -m benchmarks.fit_matching --write",
        "order": {name: f"{len(each.queries)} judged queries" for name, each in found.items()},
        "importance": IMPORTANCE,
        "probability": "henan: judged pairs of 35 demands, positive from grade 2",
        "judges": "language models following a written guide; six demands judged twice, 92 % equal grades",
        "bystanders": "henan: quantiles of the features of candidates",
        "licence": "numbers only; the collections are for evaluation and are not part of the project",
    }


def bystander_quantiles(rows: Sequence[Judged]) -> dict[str, list[float]]:
    """Typical quantiles of each feature among the candidates of a demand: the median over demands."""
    places = np.linspace(0, 1, QUANTILES)
    names = rows[0].columns
    return {
        name: np.median([np.nanquantile(row.columns[name], places) for row in rows], axis=0).round(4).tolist()
        for name in names
    }


def standing_matrix(row: Judged, features: Sequence[str], bystanders: Mapping[str, Sequence[float]]) -> Matrix:
    """The standings of the candidates of one query: [candidates, features]."""
    on = standings({name: row.columns[name] for name in features}, bystanders)
    return np.stack([on[name] for name in features], axis=1).astype(np.float64)


def training_lists(
    rows: Sequence[Judged], features: Sequence[str], pooled: bool, bystanders: Mapping[str, Sequence[float]]
) -> list[tuple[Matrix, Matrix]]:
    """For each query with something to find: standings and the share of gain of each candidate."""
    lists = []
    for row in rows:
        grades = np.array([row.grades.get(name, -1 if pooled else 0) for name in row.candidates.ids])
        gain = np.where(grades > 0, 2.0**grades - 1, 0.0)
        kept = grades >= 0
        if gain.sum():
            lists.append((standing_matrix(row, features, bystanders)[kept], gain[kept] / gain.sum()))
    return lists


def fit_order(groups: Mapping[str, Sequence[tuple[Matrix, Matrix]]]) -> Matrix:
    """Weights, none negative, that maximise the likelihood of the gains under a softmax over each list."""
    weighed = [(x, share, IMPORTANCE[name] / len(lists)) for name, lists in groups.items() for x, share in lists]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        value, slope = RIDGE * weights @ weights / 2, RIDGE * weights
        for x, share, importance in weighed:
            scores = x @ weights
            top = scores.max()
            likely = np.exp(scores - top)
            total = likely.sum()
            value -= importance * (share @ (scores - top) - np.log(total))
            slope = slope - importance * ((share - likely / total) @ x)
        return value, slope

    width = weighed[0][0].shape[1]
    return minimize(loss, np.full(width, 0.3), jac=True, method="L-BFGS-B", bounds=[(0, None)] * width).x


def curve_data(
    rows: Sequence[Judged],
    fusion: Mapping[str, float],
    evidence: Sequence[str],
    bystanders: Mapping[str, Sequence[float]],
) -> tuple[Matrix, NDArray[np.bool_], NDArray[np.int64]]:
    """Judged pairs: fused standing and evidence columns [pairs, 1 + evidence], whether positive, and whose query."""
    x, positive, query = [], [], []
    for place, row in enumerate(rows):
        fused = fuse(standings({name: row.columns[name] for name in fusion}, bystanders), fusion)
        for candidate, name in enumerate(row.candidates.ids):
            if name in row.grades:
                x.append([fused[candidate], *(row.columns[each][candidate] for each in evidence)])
                positive.append(row.grades[name] >= 2)
                query.append(place)
    return np.array(x, dtype=np.float64), np.array(positive), np.array(query)


def fit_curve(
    rows: Sequence[Judged],
    fusion: Mapping[str, float],
    evidence: Sequence[str],
    bystanders: Mapping[str, Sequence[float]],
) -> dict[str, Any]:
    """The logistic curve: one slope for the fused standing, and one shared by all evidence, each on its own scale."""
    x, positive, _ = curve_data(rows, fusion, evidence, bystanders)
    return curve_of(x, positive, evidence)


def curve_of(x: Matrix, positive: NDArray[np.bool_], evidence: Sequence[str]) -> dict[str, Any]:
    """The curve for given pairs; see `fit_curve`."""
    centre, scale = x.mean(axis=0), x.std(axis=0)
    unit = (x - centre) / scale
    both = np.stack([unit[:, 0], unit[:, 1:].mean(axis=1)], axis=1)
    curve = LogisticRegression(C=CURVE_STRENGTH).fit(both, positive)
    slope, shared = (max(float(each), 0.0) for each in curve.coef_[0])
    return {
        "intercept": round(float(curve.intercept_[0]) - slope * centre[0] / scale[0], 4),
        "slope": round(slope / scale[0], 4),
        "curve": {name: round(shared / len(evidence), 4) for name in evidence},
        "centre": dict(zip(evidence, centre[1:].round(4).tolist(), strict=True)),
        "scale": dict(zip(evidence, scale[1:].round(4).tolist(), strict=True)),
    }


if __name__ == "__main__":
    main()
