"""From an order to a probability: would a technology manager introduce the two?

A logistic curve over the fused standing (do all channels point at the same record?) and a few absolute features (how
much of the demand does it speak of at all?), fitted on pairs judged by reading. The weights, what they were fitted on
and how well they did by leave-one-demand-out stand in packs/matching/weights.json.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import numpy as np

from rongtong.engines.matching.channel import Floats
from rongtong.engines.matching.features import Columns
from rongtong.engines.matching.fusion import fuse, standings

Verdict = Literal["suitable", "related_only", "none"]
Grade = Literal["introduce", "consider", "related", "remote"]


@dataclass(frozen=True)
class Weights:
    """The weights of one way of matching: of standings in the order, and of the curve to probabilities.

    `curve` weighs absolute features, each first taken from its `centre` and divided by its `scale`; `bystanders` are
    quantiles of each feature among candidates that did not fit.
    """

    name: str
    fusion: Mapping[str, float]
    intercept: float
    slope: float
    curve: Mapping[str, float]
    centre: Mapping[str, float]
    scale: Mapping[str, float]
    bystanders: Mapping[str, Sequence[float]]


@dataclass(frozen=True)
class Thresholds:
    """From which probability of the best candidate on an answer is `suitable`, and from which `related_only`;
    and from which a single candidate is to be introduced or considered."""

    suitable: float
    related: float
    introduce: float

    def verdict(self, best: float) -> Verdict:
        """What the probability of the best candidate says of the whole answer."""
        if best >= self.suitable:
            return "suitable"
        return "related_only" if best >= self.related else "none"

    def grade(self, probability: float) -> Grade:
        """What a probability says of one candidate."""
        if probability >= self.introduce:
            return "introduce"
        if probability >= self.suitable:
            return "consider"
        return "related" if probability >= self.related else "remote"


def probabilities(columns: Columns, weights: Weights) -> Floats:
    """The probability of every candidate: float32 [candidates]."""
    fused = fuse(standings({name: columns[name] for name in weights.fusion}, weights.bystanders), weights.fusion)
    return probability(fused, columns, weights)


def probability(fused: Floats, columns: Columns, weights: Weights) -> Floats:
    """The logistic curve over the fused standing and the absolute features."""
    logit = weights.intercept + weights.slope * fused.astype(np.float64)
    for name, weight in weights.curve.items():
        # What is not known yet speaks neither for nor against.
        value = np.nan_to_num(columns[name], nan=weights.centre[name])
        logit += weight * (value - weights.centre[name]) / weights.scale[name]
    return (1 / (1 + np.exp(-logit))).astype(np.float32)


@cache
def shipped_weights() -> tuple[Weights, Weights]:
    """The fitted weights: with vectors, and of words alone."""
    models = _pack()["models"]
    vectors, words = (Weights(name=name, bystanders=_pack()["bystanders"], **models[name]) for name in models)
    return vectors, words


@cache
def thresholds() -> Thresholds:
    """Where the verdicts change."""
    return Thresholds(**_pack()["thresholds"])


@cache
def _pack() -> dict[str, Any]:
    path = resources.files("rongtong").joinpath("packs", "matching", "weights.json")
    pack: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return pack
