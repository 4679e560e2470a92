"""The audit chains: three streams of events, the head of each, and events kept aside until an hour."""

from typing import Any, NoReturn

from django.db import models

from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.ids import new_id


class Event(models.Model):
    """One thing that happened, by whom, to which record. Appended by :mod:`audit`, never changed.

    ``hash`` covers every other column and the previous event's hash, by ``algorithm``.
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
    algorithm = models.CharField(max_length=8, default="sha256")

    class Meta:
        abstract = True
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.entity_kind} {self.entity_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise DomainError("an audit event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise DomainError("an audit event is never deleted")


class AuditEvent(Event):
    """Something that was written: every action leaves at least one. Kept for good."""

    class Meta(Event.Meta):
        indexes = [
            models.Index(fields=["entity_id", "seq"], name="audit_by_entity"),
            models.Index(fields=["account", "seq"], name="audit_by_account"),
            models.Index(fields=["action", "seq"], name="audit_by_action"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]


class AccessEvent(Event):
    """Somebody signed in or out, or was refused. Kept for the time the operator sets (six months at least)."""

    class Meta(Event.Meta):
        indexes = [
            models.Index(fields=["entity_id", "seq"], name="access_by_entity"),
            models.Index(fields=["account", "seq"], name="access_by_account"),
            models.Index(fields=["action", "seq"], name="access_by_action"),
            models.Index(fields=["at"], name="access_by_time"),
        ]


class ProvisionEvent(Event):
    """Content that is not public was shown to somebody: which fields, on what ground. Kept three years at least."""

    class Meta(Event.Meta):
        indexes = [
            models.Index(fields=["entity_id", "seq"], name="provision_by_entity"),
            models.Index(fields=["account", "seq"], name="provision_by_account"),
            models.Index(fields=["action", "seq"], name="provision_by_action"),
            models.Index(fields=["at"], name="provision_by_time"),
        ]


class AuditHead(models.Model):
    """The two ends of a chain, one row a stream: locked while events are appended, so that two writers cannot fork it.

    ``base_seq`` and ``base_hash`` are the last event that retention let go; the chain begins after it.
    """

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
    base_seq = models.BigIntegerField(default=0)
    base_hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"audit head at {self.seq}"


class ClosedEvent(models.Model):
    """An event that would give something sealed away: kept aside, shown to nobody, until its box is opened."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    box = models.UUIDField(db_index=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    account = models.BigIntegerField(null=True)
    party = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    entity_kind = models.CharField(max_length=80)
    entity_id = models.CharField(max_length=64)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return "closed event"
