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

__all__ = ["AccessEvent", "AuditEvent", "AuditHead", "ClosedEvent", "Document", "Event", "ProvisionEvent"]
