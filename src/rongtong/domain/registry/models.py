"""One table for every kind of record: what all kinds share as columns, what a kind declares as JSON values."""

import datetime as dt
from functools import cached_property

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.visibility import Visibility, narrower
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Party
from rongtong.domain.registry.declaration import Completeness, Kind
from rongtong.domain.registry.kinds import kind_of

COLUMNS = ("region", "field", "industry", "trl", "holder", "date", "valid_until")
OWNER = "owner"
"""The name under which a record's owner is closed like a field."""
DOCUMENTS = "documents"
"""The name under which what an organisation keeps to itself of a record's documents is disclosed like a field."""
_LONGEST = {"region": 6, "field": 16, "industry": 8, "holder": 200}


class Resource(models.Model):
    """A record of some kind. ``COLUMNS`` repeat values that every kind is filtered by; :meth:`fill_columns` keeps them.

    ``closed`` narrows the class of single fields of this record (and of OWNER, the organisation's name): field name →
    class. What is sealed opens at ``opens_at``. ``blind`` says that the owner lets the platform look for answers with
    what is closed.

    ``revision`` grows with each write; the search index has seen the record up to ``indexed_revision``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=400, blank=True)
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="draft")
    state_since = models.DateTimeField(default=timezone.now)
    visibility = models.CharField(max_length=12, default=Visibility.PUBLIC)
    closed = models.JSONField(default=dict, blank=True)
    opens_at = models.DateTimeField(null=True, blank=True)
    blind = models.BooleanField(default=False)
    owner = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="resources")
    author = models.BigIntegerField(null=True, blank=True)

    region = models.CharField(max_length=6, blank=True)
    field = models.CharField(max_length=16, blank=True)
    industry = models.CharField(max_length=8, blank=True)
    trl = models.SmallIntegerField(null=True, blank=True)
    holder = models.CharField(max_length=200, blank=True)
    date = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    completeness = models.SmallIntegerField(default=0)
    fingerprint = models.BigIntegerField(default=0)
    source = models.CharField(max_length=120, blank=True)
    external_id = models.CharField(max_length=120, blank=True)
    revision = models.IntegerField(default=1)
    indexed_revision = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "external_id", "owner"],
                condition=~models.Q(external_id=""),
                name="resource_external_by_owner",
            ),
            models.UniqueConstraint(
                fields=["kind", "source", "external_id"],
                condition=models.Q(owner__isnull=True) & ~models.Q(external_id=""),
                name="resource_external_ownerless",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "state", "visibility", "-updated_at", "-id"], name="resource_list"),
            models.Index(fields=["owner", "kind", "-updated_at"], name="resource_by_owner"),
            models.Index(fields=["kind", "field"], name="resource_by_field"),
            models.Index(fields=["kind", "region"], name="resource_by_region"),
            models.Index(fields=["kind", "fingerprint"], name="resource_fingerprint"),
            models.Index(
                fields=["id"],
                condition=models.Q(indexed_revision__lt=models.F("revision")),
                name="resource_unindexed",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def sealed(self) -> bool:
        """Whether the whole record is closed to everybody until its hour."""
        return self.visibility == Visibility.SEALED

    @property
    def shown_title(self) -> str:
        """The title, for those who may view the record; of what is sealed not even that is told."""
        return _("已封存的%(kind)s") % {"kind": self.declaration.label} if self.sealed else self.title

    @cached_property
    def declaration(self) -> Kind:
        """What this kind of record is."""
        return kind_of(self.kind)

    @property
    def judged(self) -> Completeness:
        """How complete the record is, with advice."""
        return self.declaration.completeness(self.values)

    def class_of(self, name: str) -> Visibility:
        """The class of one field of this record, or of OWNER: as declared, or narrower when its owner closed it.

        The field that says whose the record is goes with OWNER.
        """
        declared = Visibility.PUBLIC if name == OWNER else self.declaration.field(name).visibility
        closed = [self.closed[name]] if name in self.closed else []
        if name == self.declaration.columns.get("holder") and OWNER in self.closed:
            closed.append(self.closed[OWNER])
        for each in closed:
            declared = narrower(declared, Visibility(each))
        return declared

    @property
    def layered(self) -> bool:
        """Whether it has a second layer: fields its owner closed, or matter to be matched on that is closed anyway."""
        return bool(self.closed) or not self.declaration.confidential.isdisjoint(self.values)

    @property
    def public_fields(self) -> frozenset[str]:
        """The fields of this record that whoever may view it may read."""
        if self.sealed:
            return frozenset()
        return frozenset(f.name for f in self.declaration.fields if self.class_of(f.name) == Visibility.PUBLIC)

    @property
    def public_owner(self) -> str:
        """Whose record it is, for those who may view it: "" when the organisation keeps its name to itself."""
        if self.class_of(OWNER) != Visibility.PUBLIC:
            return ""
        return self.holder or (self.owner.name if self.owner else "")

    @property
    def public_source(self) -> str:
        """Where the record comes from, for everybody: often its owner's name, so it goes with that."""
        return self.source if self.class_of(OWNER) == Visibility.PUBLIC else ""

    def fill_columns(self) -> None:
        """Set every derived column from the public ``values``: columns are filtered and counted by, so they tell."""
        public = self.declaration.readable(self.values, self.public_fields)
        for column in COLUMNS:
            value = self.declaration.column(column, public)
            if column in ("date", "valid_until"):
                value = dt.date.fromisoformat(value) if value else None
            elif column == "trl":
                value = int(value) if value else None
            else:
                value = str(value or "")[: _LONGEST[column]]
            setattr(self, column, value)
        self.completeness = 0 if self.sealed else self.judged.score


class Disclosure(models.Model):
    """That the owner of a record lets a party read fields it keeps to itself (``layer`` confidential), or that somebody
    reviews it (``layer`` panel, for one account), from–to, for a purpose.

    ``agreement`` is the confidentiality agreement as it was accepted, in the version ``agreement_version``;
    ``agreed_by`` and ``agreed_at`` say by whom and when. ``fields`` are those asked for, later those granted.
    """

    LAYERS = {
        "confidential": Words("保密部分", "Confidential part"),
        "panel": Words("评审材料", "Panel material"),
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="disclosures")
    record_owner = models.UUIDField(null=True, blank=True)
    layer = models.CharField(max_length=16, default="confidential")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="disclosures")
    account = models.BigIntegerField(null=True, blank=True)
    fields = models.JSONField(default=list)
    purpose = models.CharField(max_length=500)
    agreement = models.TextField(blank=True)
    agreement_version = models.CharField(max_length=40, blank=True)
    agreed_by = models.CharField(max_length=100, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, default="asked")
    state_since = models.DateTimeField(default=timezone.now)
    starts = models.DateTimeField(null=True, blank=True)
    ends = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "party"], condition=models.Q(state="asked"), name="disclosure_asked_once"
            )
        ]
        indexes = [
            models.Index(fields=["record_owner", "state"], name="disclosure_by_owner"),
            models.Index(fields=["party", "state", "ends"], name="disclosure_by_party"),
            models.Index(fields=["account", "state", "ends"], name="disclosure_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.record} → {self.party or self.account}"


class ImportMapping(models.Model):
    """Which column of a sheet somebody said means which field, kept for the next sheet with the same headings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.BigIntegerField()
    kind = models.CharField(max_length=24)
    signature = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "signature"], name="import_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"


class ImportJob(models.Model):
    """A file on its way into the register, with what was found in it and how far it has come."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=16, default="uploaded")
    state_since = models.DateTimeField(default=timezone.now)
    account = models.BigIntegerField(null=True, blank=True)
    party = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=24)
    source = models.CharField(max_length=120, blank=True)
    file_name = models.CharField(max_length=200)
    file_path = models.CharField(max_length=300)
    file_size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    columns = models.JSONField(default=dict)
    publish = models.BooleanField(default=False)
    rows_total = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    report_path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
