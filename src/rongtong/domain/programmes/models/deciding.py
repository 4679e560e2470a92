"""Decisions, the public notices they stand under, and what is objected to them."""

from django.db import models

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.models.programmes import Topic
from rongtong.domain.programmes.models.submissions import Submission


class Decision(models.Model):
    """Who decided what on which basis: prepared in quiet, published all at once.

    ``outcome``: submission id → {verdict: proposed | reserve | not_awarded, reason}, a reason for each that is not
    proposed. ``vetoes``: submission id → {by, reason, at} of the setter, who must say why.
    """

    KINDS = ("award", "reexamination", "acceptance", "gate")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=16, default="award")
    basis = models.TextField(blank=True)
    outcome = models.JSONField(default=dict)
    vetoes = models.JSONField(default=dict)
    decided_by = models.CharField(max_length=100, blank=True)
    author = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16, default="prepared")
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "state_since"], name="decision_by_state")]

    def __str__(self) -> str:
        return f"{self.topic} · {self.kind}"


class Notice(models.Model):
    """A public notice (公示): what is proposed, from which day, for how many working days, to which day inclusive."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="notices")
    decision = models.ForeignKey(Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="notices")
    title = models.CharField(max_length=200)
    content = models.JSONField(default=dict)
    starts = models.DateField()
    working_days = models.PositiveSmallIntegerField()
    ends = models.DateField()
    state = models.CharField(max_length=16, default="running")
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts", "-id"]
        indexes = [models.Index(fields=["state", "ends"], name="notice_by_end")]

    def __str__(self) -> str:
        return self.title


class Objection(models.Model):
    """What somebody holds against a notice, by name and with evidence; or an applicant's request to be re-examined.

    ``academic`` says that it attacks the experts' judgement, which is no ground. ``digest`` is what is kept of the
    secret link by which somebody without an account follows it.
    """

    KINDS = ("objection", "reexamination")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.PROTECT, related_name="objections"
    )
    kind = models.CharField(max_length=16, default="objection")
    party = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="objections")
    account = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100)
    contact = models.CharField(max_length=120)
    ground = models.TextField()
    academic = models.BooleanField(default=False)
    due = models.DateField(null=True, blank=True)
    finding = models.TextField(blank=True)
    decided_by = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    state = models.CharField(max_length=16, default="filed")
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["state", "due"], name="objection_by_due")]

    def __str__(self) -> str:
        return f"{self.name} · {self.notice}"
