"""Matches in use: what somebody thought of an answer, and what became of those two who were brought together."""

from django.db import models
from django.utils import timezone

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.models import Resource

USEFUL = "useful"
NOT_USEFUL = "not_useful"
REASONS: dict[str, Words] = {
    "right": Words("正是要找的", "Just what was wanted"),
    "worth_a_call": Words("值得谈一次", "Worth a call"),
    "other_object": Words("方法像，但对象不同", "Same method, another object"),
    "parameters": Words("参数达不到", "Parameters not met"),
    "stage": Words("成熟度不够", "Not mature enough"),
    "known": Words("已经接触过", "Already in touch"),
    "too_general": Words("太笼统", "Too general"),
    "unrelated": Words("不相关", "Unrelated"),
}
USEFUL_REASONS = ("right", "worth_a_call")


class Lead(models.Model):
    """A demand and a record that may answer it, with ``probability`` and ``grounds`` of that day.

    Each manager may look after a lead of their own between the same two: that one exists already is not theirs to know.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    demand = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="leads")
    candidate = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="offered_in")
    demand_party = models.UUIDField(null=True, blank=True)
    supply_party = models.UUIDField(null=True, blank=True)
    manager = models.BigIntegerField(null=True, blank=True)
    manager_name = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=20, default="suggested")
    state_since = models.DateTimeField(default=timezone.now)
    probability = models.FloatField(null=True, blank=True)
    grounds = models.JSONField(default=dict)
    note = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["demand", "candidate"], condition=models.Q(manager__isnull=True), name="lead_once"
            ),
            models.UniqueConstraint(fields=["demand", "candidate", "manager"], name="lead_once_per_manager"),
        ]
        indexes = [
            models.Index(fields=["demand_party", "state"], name="lead_by_demand_party"),
            models.Index(fields=["supply_party", "state"], name="lead_by_supply_party"),
        ]

    def __str__(self) -> str:
        return f"{self.demand} ↔ {self.candidate}"

    @property
    def blind(self) -> bool:
        """Whether the platform found it with what the demand's owner keeps closed: its reasons are for them alone."""
        return bool(self.grounds.get("blind"))


class BlindRun(models.Model):
    """When the platform last looked for answers to a demand with what its owner keeps closed, and at which revision."""

    demand = models.OneToOneField(Resource, on_delete=models.CASCADE, primary_key=True, related_name="blind_run")
    revision = models.IntegerField()
    at = models.DateTimeField()
    proposed = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.demand} · {self.at:%Y-%m-%d}"


class Feedback(models.Model):
    """What somebody said of an answer to a demand; the last word of each account counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    demand = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="feedback")
    candidate = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="+")
    account = models.BigIntegerField()
    party = models.UUIDField(null=True, blank=True)
    verdict = models.CharField(max_length=12, choices=[(USEFUL, "有用"), (NOT_USEFUL, "没用")])
    reason = models.CharField(max_length=20, blank=True)
    note = models.CharField(max_length=500, blank=True)
    probability = models.FloatField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand", "candidate", "account"], name="feedback_once_per_account")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.candidate_id}"
