"""Submissions (揭榜申请): a draft as one types, then an envelope, then what was found in it."""

from django.db import models

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.models.programmes import Topic


class Submission(models.Model):
    """What an applicant hands in for a topic, alone or as the leader of a consortium.

    While it is a draft, ``content`` is the applicant's alone; at sealing it leaves for the envelope and ``content`` is
    emptied; at the opening it comes back from there. ``content``: answers by field, budget lines, members, promises,
    declarations. ``members`` (party ids of the consortium) and ``bid`` (fen asked for) are known from the opening on.
    ``formal`` is what the formal check found: the points by their key, the reason, by whom and when.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="submissions")
    applicant = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="submissions")
    account = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200, blank=True)
    content = models.JSONField(default=dict)
    members = models.JSONField(default=list)
    bid = models.BigIntegerField(null=True, blank=True)
    envelope = models.UUIDField(null=True, blank=True)
    formal = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    score = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    spread = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    second_look = models.BooleanField(default=False)
    state = models.CharField(max_length=16, default="draft")
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["topic", "applicant"], name="submission_once_for_a_topic"),
        ]
        indexes = [models.Index(fields=["topic", "state"], name="submission_by_topic")]

    def __str__(self) -> str:
        return self.title or str(self.applicant)


class Refusal(models.Model):
    """A submission that was refused at the door, with the second and the reason: too late, not eligible."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="refusals")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.party} {self.at}"
