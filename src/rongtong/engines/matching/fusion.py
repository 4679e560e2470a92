"""Many features, one order: a weighted sum of how prominent a candidate is among the others on each feature.

Prominence falls with the logarithm of the rank. Scores of different makes are not comparable and have long tails; ranks
are, and do not. It is the idea of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009) with a gentler curve and
with weights that were fitted (packs/matching/weights.json says on what).
"""

from collections.abc import Mapping

import numpy as np

from rongtong.engines.matching.channel import Floats
from rongtong.engines.matching.features import Columns

# Where the curve bends: the first few ranks count as near equals.
RANK_CONSTANT = 20.0


def prominence(column: Floats) -> Floats:
    """0 for the best candidate, falling with the logarithm of the rank; equals share the best rank of theirs."""
    ascending = np.sort(column)
    rank = len(column) - np.searchsorted(ascending, column, side="right")
    return -np.log1p(rank / RANK_CONSTANT).astype(np.float32)


def prominences(columns: Columns) -> dict[str, Floats]:
    """The prominence on every feature. A value not known yet (no vector) takes the mean of those known of the same
    candidate, so that a record is neither favoured nor buried because its vector is still to come."""
    known = {name: _prominence_of_known(column) for name, column in columns.items()}
    stacked = np.stack(list(known.values()))
    stand_in = np.nanmean(stacked, axis=0)
    return {name: np.where(np.isnan(column), stand_in, column) for name, column in known.items()}


def fuse(prominent: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """The weighted sum over the features that have a weight: 0 at best, float32 [candidates]."""
    fused: Floats = np.sum([weight * prominent[name] for name, weight in weights.items()], axis=0, dtype=np.float32)
    return fused


def _prominence_of_known(column: Floats) -> Floats:
    result = np.full(len(column), np.nan, dtype=np.float32)
    known = ~np.isnan(column)
    result[known] = prominence(column[known])
    return result
