"""What is known of an enterprise, what a rule said of it, and which statuses it holds until when."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Party


class Fact(models.Model):
    """One indicator of a party for a reporting year: its value, where it comes from, and who stands for it.

    ``name`` is the input's name in the rule packs; ``value`` as :mod:`catalogue` keeps it (money in fen). A new value
    replaces the old one, which stays with ``replaced_at``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="facts")
    name = models.CharField(max_length=64)
    year = models.SmallIntegerField()
    value = models.JSONField()
    source = models.CharField(max_length=200, blank=True)
    entered_by = models.CharField(max_length=100)
    entered_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.CharField(max_length=100, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "name", "year"], condition=Q(replaced_at__isnull=True), name="fact_once_a_year"
            )
        ]
        indexes = [models.Index(fields=["party", "name", "-year"], name="fact_by_party")]

    def __str__(self) -> str:
        return f"{self.party} {self.name} {self.year}"


class Assessment(models.Model):
    """What one version of a rule pack said of a party on a day, with the inputs it saw; never changed.

    ``inputs``: name → {value, year, source, confirmed}; ``result``: the engine's answer as JSON; ``digest`` names the
    pack's exact text; ``family`` the pack from which it descends; ``low`` and ``high`` the score or the attainable
    range. ``confirmed_only`` says that unconfirmed facts were left out.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="assessments")
    pack = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    version = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    as_of = models.DateField()
    confirmed_only = models.BooleanField(default=False)
    inputs = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    outcome = models.CharField(max_length=16)
    low = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField(default=timezone.now)
    accepted_by = models.CharField(max_length=100, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["party", "pack", "-made_at"], name="assessment_latest"),
            models.Index(fields=["family", "party"], name="assessment_by_family"),
        ]

    def __str__(self) -> str:
        return f"{self.party} · {self.pack} · {self.as_of}"


class Certificate(models.Model):
    """A status that a party holds: which one (a pack's id), its number, issuer and the days between which it holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="certificates")
    status = models.CharField(max_length=80)
    number = models.CharField(max_length=80, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    source = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=16, default="entered")
    state_since = models.DateTimeField(default=timezone.now)
    entered_by = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["valid_to", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="certificate_ends_after_start"),
            models.UniqueConstraint(fields=["party", "status", "valid_from"], name="certificate_once"),
        ]
        indexes = [models.Index(fields=["valid_to", "state"], name="certificate_by_end")]

    def __str__(self) -> str:
        return f"{self.party} · {self.status} · {self.valid_to}"


class Run(models.Model):
    """A rule pack over every enterprise somebody may assess: how far it has come, and what came of it.

    ``folder`` holds the table of facts and the table of results; ``summary`` the counts, the histogram and how many are
    within one remedy of passing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pack = models.CharField(max_length=80)
    version = models.CharField(max_length=10, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    as_of = models.DateField()
    confirmed_only = models.BooleanField(default=False)
    region = models.CharField(max_length=6, blank=True)
    account = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=100)
    state = models.CharField(max_length=16, default="queued")
    state_since = models.DateTimeField(default=timezone.now)
    total = models.IntegerField(default=0)
    summary = models.JSONField(default=dict)
    folder = models.CharField(max_length=200, blank=True)
    trouble = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.pack} · {self.as_of}"
