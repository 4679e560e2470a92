"""What is stored for every other app."""

from rongtong.domain.foundation.models.audit import AuditEvent, AuditHead

__all__ = ["AuditEvent", "AuditHead"]
