"""Many features, one order: a weighted sum of a candidate's standing among the others on each feature.

Standing joins two readings of a score. Its rank, on a logarithmic curve: ranks of different makes compare, and a long
tail does no harm (the idea of reciprocal rank fusion, Cormack, Clarke and Büttcher, 2009, with a gentler curve). And
its distance from the others in standard deviations: a candidate far ahead is more than a first among equals. Chinese
demands are ordered best by the first, English topics by the second, and both well by the sum (docs/matching.md).

To be the best of five says less than to be the best of five hundred. So a small field is filled up with bystanders:
typical values of candidates that were found for a demand and did not fit (in packs/matching/weights.json).
"""

from collections.abc import Mapping, Sequence

import numpy as np

from rongtong.engines.matching.channel import Floats
from rongtong.engines.matching.features import Columns

# Where the curve bends: the first few ranks count as near equals.
RANK_CONSTANT = 20.0
# What one standard deviation counts against the logarithm of ranks, and how far out it goes on counting.
DISTANCE_WEIGHT = 0.5
FARTHEST_BELOW, FARTHEST_ABOVE = -3.0, 4.0
# A field of fewer candidates is filled up with bystanders.
FULL_FIELD = 200


def standing(column: Floats) -> Floats:
    """Prominence by rank plus distance from the mean, float32 [candidates]; larger is better."""
    spread = max(float(column.std()), 1e-6)
    distance = np.clip((column - column.mean()) / spread, FARTHEST_BELOW, FARTHEST_ABOVE)
    both: Floats = (prominence(column) + DISTANCE_WEIGHT * distance).astype(np.float32)
    return both


def prominence(column: Floats) -> Floats:
    """0 for the best candidate, falling with the logarithm of the rank; equals share the best rank of theirs."""
    ascending = np.sort(column)
    rank = len(column) - np.searchsorted(ascending, column, side="right")
    return np.asarray(-np.log1p(rank / RANK_CONSTANT), dtype=np.float32)


def standings(columns: Columns, bystanders: Mapping[str, Sequence[float]]) -> dict[str, Floats]:
    """The standing on every feature that has bystanders.

    A value not known yet (no vector) takes the mean of those known of the same candidate, so that a record is neither
    favoured nor buried because its vector is still to come.
    """
    known = {name: _standing_of_known(columns[name], bystanders[name]) for name in columns if name in bystanders}
    stacked = np.stack(list(known.values()))
    stand_in = np.nanmean(stacked, axis=0)
    return {name: np.where(np.isnan(column), stand_in, column) for name, column in known.items()}


def fuse(standing_on: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """The weighted sum over the features that have a weight: float32 [candidates]."""
    fused: Floats = np.sum([weight * standing_on[name] for name, weight in weights.items()], axis=0, dtype=np.float32)
    return fused


def _standing_of_known(column: Floats, bystanders: Sequence[float]) -> Floats:
    result = np.full(len(column), np.nan, dtype=np.float32)
    known = ~np.isnan(column)
    if known.any():
        field = np.concatenate([column[known], _bystanders(bystanders, FULL_FIELD - int(known.sum()))])
        result[known] = standing(field)[: known.sum()]
    return result


def _bystanders(quantiles: Sequence[float], count: int) -> Floats:
    """So many values with these quantiles (evenly spaced from the least to the largest); none for a full field."""
    places = np.linspace(0, 1, max(count, 0))
    return np.interp(places, np.linspace(0, 1, len(quantiles)), quantiles).astype(np.float32)
