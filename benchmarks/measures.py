"""Measures of a ranking and of probabilities, with intervals."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
DEPTH = 10


def condensed(ranking: Sequence[str], grades: Mapping[str, int], pooled: bool) -> list[int]:
    """The grades of a ranking in order; where judgements are a pool, documents without one are dropped."""
    return [grades.get(each, 0) for each in ranking if each in grades or not pooled]


def ndcg(ranked: Sequence[int], grades: Mapping[str, int]) -> float:
    """nDCG at 10 with gain 2^grade - 1; not a number for a query without a positive grade."""
    ideal = _gain(sorted(grades.values(), reverse=True))
    return _gain(ranked) / ideal if ideal else float("nan")


def reciprocal_rank(ranked: Sequence[int], grades: Mapping[str, int], least: int) -> float:
    """1 / rank of the first document of at least this grade, 0 beyond rank 10; nan when there is none to find."""
    if not any(grade >= least for grade in grades.values()):
        return float("nan")
    return next((1 / rank for rank, grade in enumerate(ranked[:DEPTH], 1) if grade >= least), 0.0)


def average_precision(ranked: Sequence[int], grades: Mapping[str, int], least: int) -> float:
    """Mean precision at each document of at least this grade; nan when there is none to find."""
    relevant = sum(grade >= least for grade in grades.values())
    ranks = [rank for rank, grade in enumerate(ranked, 1) if grade >= least]
    return sum(found / rank for found, rank in enumerate(ranks, 1)) / relevant if relevant else float("nan")


def auroc(scores: Values, positive: NDArray[np.bool_]) -> float:
    """How often a positive scores above a negative, equals counting half; nan when either is missing."""
    above, below = scores[positive][:, None], scores[~positive][None, :]
    if not above.size or not below.size:
        return float("nan")
    return float(((above > below) + 0.5 * (above == below)).mean())


def brier(probabilities: Values, positive: NDArray[np.bool_]) -> float:
    """Mean squared distance of the probability from what came."""
    return float(((probabilities - positive) ** 2).mean())


def reliability(
    probabilities: Values, positive: NDArray[np.bool_], edges: Sequence[float]
) -> list[tuple[float, float, int, float, float]]:
    """For each bin: its edges, how many fell into it, their mean probability and the share that was positive."""
    rows = []
    for low, high in pairwise(edges):
        inside = (probabilities >= low) & (probabilities < high)
        if inside.any():
            mean, share = float(probabilities[inside].mean()), float(positive[inside].mean())
            rows.append((low, high, int(inside.sum()), mean, share))
    return rows


def interval(count: int, statistic: Callable[[NDArray[np.int64]], float], rounds: int = 1000) -> tuple[float, float]:
    """95 % interval of a statistic over queries, by bootstrap: it is called with the places of the queries drawn."""
    generator = np.random.default_rng(7)
    drawn = [statistic(generator.integers(0, count, count)) for _ in range(rounds)]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / np.log2(rank + 1) for rank, grade in enumerate(grades[:DEPTH], 1))
