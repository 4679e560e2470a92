"""The protocol of an opening: written once, hashed and signed as a whole."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rongtong.domain.foundation.models import ClosedEvent, Envelope, OpeningProtocol, SealedBox, SealKey
from rongtong.domain.foundation.sealing import installation, locks
from rongtong.domain.foundation.sealing.encoding import canonical, moment
from rongtong.domain.foundation.sealing.inspection import Found

Entry = dict[str, Any]


def write(box: SealedBox, officers: Iterable[SealKey], at: datetime, results: list[Entry]) -> OpeningProtocol:
    """Save the protocol of ``box`` with its root hash and the installation's signature."""
    protocol = OpeningProtocol(
        box=box,
        opened_at=at,
        officers=[{"key": str(key.pk), "account": key.account, "name": key.holder_name} for key in officers],
        checks={"two_officers": True, "hour": moment(box.opens_at), "terms": locks.genuine(box)},
        results=results,
        issuer=installation.fingerprint(),
    )
    protocol.root = root_of(protocol)
    protocol.signature = installation.sign(protocol.root.encode())
    protocol.save(force_insert=True)
    return protocol


def holds(protocol: OpeningProtocol) -> bool:
    """Whether a protocol still says what was signed at the opening."""
    return protocol.root == root_of(protocol) and installation.signed_here(protocol.root.encode(), protocol.signature)


def root_of(protocol: OpeningProtocol) -> str:
    """SHA-256 over the canonical JSON of everything that the protocol says."""
    said = [str(protocol.box_id), moment(protocol.opened_at), protocol.officers, protocol.checks, protocol.results]
    return hashlib.sha256(canonical(said)).hexdigest()


def entry(envelope: Envelope, found: Found) -> Entry:
    """What the protocol says of one envelope."""
    return {
        "envelope": str(envelope.pk),
        "party": str(envelope.party),
        "party_name": envelope.party_name,
        "version": envelope.version,
        "sealed_at": moment(envelope.sealed_at),
        "ciphertext_hash": envelope.ciphertext_hash,
        "commitment": envelope.commitment,
        "result": found.result,
        "checks": found.checks,
        "parts": found.parts,
    }


def missing(event: ClosedEvent) -> Entry:
    """What the protocol says of an envelope that was recorded as sealed and is not there."""
    return {
        "envelope": event.entity_id,
        "party": str(event.party),
        "party_name": event.actor_name,
        "sealed_at": moment(event.at),
        "result": "missing",
        "checks": {"present": False},
        "parts": 0,
    }
