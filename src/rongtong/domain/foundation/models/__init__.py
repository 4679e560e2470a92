"""What is stored for every other app."""

from rongtong.domain.foundation.models.audit import (
    AccessEvent,
    AuditEvent,
    AuditHead,
    ClosedEvent,
    Event,
    ProvisionEvent,
)
from rongtong.domain.foundation.models.documents import Document
from rongtong.domain.foundation.models.sealing import (
    BoxCustodian,
    BoxShare,
    Envelope,
    OpeningProtocol,
    SealedBox,
    SealKey,
)

__all__ = [
    "AccessEvent",
    "AuditEvent",
    "AuditHead",
    "BoxCustodian",
    "BoxShare",
    "ClosedEvent",
    "Document",
    "Envelope",
    "Event",
    "OpeningProtocol",
    "ProvisionEvent",
    "SealKey",
    "SealedBox",
]
