"""A file that belongs to a record; its content lies in the vault under its hash."""

from django.db import models

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.visibility import Visibility


class Document(models.Model):
    """A file attached to the record ``entity_kind`` / ``entity_id``. It is withdrawn or replaced, never deleted.

    ``media_type`` is what was found in the content, ``name`` only what it is shown as. ``oddities`` are keys of
    ``documents.checks.ODDITIES``. ``retain_until`` is the day until which the content is kept at least.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    entity_kind = models.CharField(max_length=80)
    entity_id = models.UUIDField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    oddities = models.JSONField(default=list)
    visibility = models.CharField(max_length=12, default=Visibility.OWNER)
    declaration = models.CharField(max_length=12)
    declared_by = models.BigIntegerField(null=True)
    declared_at = models.DateTimeField()
    uploaded_by = models.BigIntegerField(null=True)
    uploader_party = models.UUIDField(null=True)
    uploader_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)
    retain_until = models.DateField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["entity_kind", "entity_id", "-created_at"], name="document_by_entity"),
        ]

    def __str__(self) -> str:
        return self.name
