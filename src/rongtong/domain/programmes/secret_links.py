"""The secret link by which somebody without an account keeps hold of what they filed.

256 random bits, shown once; only the digest is kept, beside the record. Who comes with the secret acts as its holder,
and the declaration of access says what a holder may.
"""

import secrets
from dataclasses import replace

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.signing.links import digest_of

__all__ = ["digest_of", "holding", "new_secret"]


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def holding(actor: Actor, digest: str) -> Actor:
    """``actor`` with a link in hand."""
    return replace(actor, link=digest)
