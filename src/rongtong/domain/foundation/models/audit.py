"""The audit chain: events and the head that the next one follows."""

from typing import Any, NoReturn

from django.db import models

from rongtong.domain.foundation.errors import DomainError


class AuditEvent(models.Model):
    """One thing that was done, by whom, to which record. Appended by :mod:`audit`, never changed.

    ``hash`` covers every other column and the previous event's hash.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    party = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    entity_kind = models.CharField(max_length=80)
    entity_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["entity_id", "seq"], name="audit_by_entity"),
            models.Index(fields=["account", "seq"], name="audit_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.entity_kind} {self.entity_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise DomainError("an audit event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise DomainError("an audit event is never deleted")


class AuditHead(models.Model):
    """The end of the chain, one row: locked while events are appended, so that two writers cannot fork it."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"audit head at {self.seq}"
