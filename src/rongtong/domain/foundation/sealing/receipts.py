"""Receipts: what a submitter gets in hand, signed by the installation, to be checked by anyone without an account."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rongtong.domain.foundation.models import Envelope
from rongtong.domain.foundation.sealing import installation
from rongtong.domain.foundation.sealing.encoding import canonical, moment

TYPE = "rongtong.sealed-envelope.receipt/1"
MOST_BYTES = 16 * 1024


class Standing(StrEnum):
    """What checking a receipt says."""

    VALID = "valid"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a receipt holds, and what it says (empty unless it is valid)."""

    standing: Standing
    says: dict[str, Any]


def statement(envelope: Envelope) -> dict[str, Any]:
    """What the installation signs about an envelope. It names neither the submitter nor any other envelope."""
    return {
        "type": TYPE,
        "box": str(envelope.box_id),
        "envelope": str(envelope.pk),
        "version": envelope.version,
        "sealed_at": moment(envelope.sealed_at),
        "size": envelope.size,
        "ciphertext_hash": envelope.ciphertext_hash,
        "commitment": envelope.commitment,
        "content_key_hash": hashlib.sha256(envelope.content_key.encode()).hexdigest(),
        "issuer": envelope.issuer,
    }


def receipt(envelope: Envelope) -> dict[str, Any]:
    """The statement with its signature: what is given to the submitter."""
    return statement(envelope) | {"signature": envelope.signature}


def verify_receipt(written: str | bytes) -> Verdict:
    """Whether ``written`` is a receipt of this installation, word for word.

    ALTERED: it names this installation, but the signature does not fit. UNKNOWN: no receipt, or another's.
    The register is not asked, so the answer tells nothing about what became of the envelope.
    """
    found = _read(written)
    if found is None or found.get("type") != TYPE or found.get("issuer") != installation.fingerprint():
        return Verdict(Standing.UNKNOWN, {})
    signature = found.pop("signature", "")
    if not _signed(found, str(signature)):
        return Verdict(Standing.ALTERED, {})
    return Verdict(Standing.VALID, found)


def genuine(envelope: Envelope) -> bool:
    """Whether a row still says what was signed when it was sealed."""
    return installation.signed_here(canonical(statement(envelope)), envelope.signature)


def state_statement(envelope: Envelope) -> bytes:
    """What is signed when an envelope is replaced or withdrawn."""
    return canonical([str(envelope.pk), envelope.state, moment(envelope.state_since)])


def _signed(found: dict[str, Any], signature: str) -> bool:
    """What a stranger wrote may hold half characters or be nested deeper than can be written out again."""
    try:
        return installation.signed_here(canonical(found), signature)
    except (ValueError, RecursionError):
        return False


def _read(written: str | bytes) -> dict[str, Any] | None:
    if len(written) > MOST_BYTES:
        return None
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
