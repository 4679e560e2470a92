"""A seed and a name give a rank, the same on every machine and for ever."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from rongtong.engines.review.people import Candidate


def new_seed() -> str:
    """256 bits from the operating system, in hexadecimal."""
    return secrets.token_hex(32)


def commitment(seed: str) -> str:
    """What may be published before the draw: it binds to the seed and does not tell it."""
    return hashlib.sha256(seed.encode()).hexdigest()


def joint_seed(parts: Iterable[str]) -> str:
    """One seed of what several persons gave, none of whom knew the others' part; their order does not matter."""
    sums = sorted(hashlib.sha256(part.encode()).digest() for part in parts)
    return hashlib.sha256(b"".join(sums)).hexdigest()


def rank(id: str, seed: str, label: str = "") -> str:
    """HMAC-SHA256 keyed with the seed, of label, line feed and id, in UTF-8."""
    return hmac.digest(seed.encode(), f"{label}\n{id}".encode(), "sha256").hex()


def ranked(candidates: Iterable[Candidate], seed: str, label: str = "") -> list[Candidate]:
    """The candidates by rank, the lowest first."""
    return sorted(candidates, key=lambda each: (rank(each.id, seed, label), each.id))
