"""Rounds of review: the panel and how it was drawn, who reviews what, and what they signed."""

from django.db import models

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.models.programmes import Topic
from rongtong.domain.programmes.models.submissions import Submission


class Round(models.Model):
    """One round of review of a topic's submissions (or of a project's result).

    ``criteria``: id, label, weight ("1/4"), highest mark; ``subjects`` the submissions it reviews. ``draw`` is the
    record of the last draw: seed, pool, exclusions with reasons, drawn, refusals — enough to draw again and find the
    same; ``earlier`` keeps those it took the place of: {record, reason, by, at}. ``seed`` is that of the next draw,
    told to nobody before it is made; its digest is published when the round is planned. ``standings``: submission id →
    score, spread, totals by seat, as aggregated; ``waivers``: submission id → why a wide spread got no second look.
    """

    KINDS = ("written", "meeting", "defence", "on_site", "acceptance")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="rounds")
    project = models.ForeignKey(
        "programmes.Project", null=True, blank=True, on_delete=models.PROTECT, related_name="rounds"
    )
    kind = models.CharField(max_length=12, default="written")
    order = models.PositiveSmallIntegerField(default=1)
    criteria = models.JSONField(default=list)
    subjects = models.JSONField(default=list)
    size = models.PositiveSmallIntegerField(default=5)
    blind = models.BooleanField(default=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    seed = models.CharField(max_length=128, blank=True)
    draw = models.JSONField(default=dict)
    earlier = models.JSONField(default=list)
    drawn_by = models.BigIntegerField(null=True)
    standings = models.JSONField(default=dict)
    waivers = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="planned")
    state_since = models.DateTimeField(default=clock.now)
    author = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["topic", "order"]
        indexes = [models.Index(fields=["state", "ends_at"], name="round_by_end")]

    def __str__(self) -> str:
        return f"{self.topic} · {self.order}"


class Seat(models.Model):
    """A reviewer's seat on the panel of a round; who declines or is replaced keeps it, so that the record is whole.

    ``declares`` is what the reviewer said of relations when accepting, ``promised_at`` when secrecy was promised.
    """

    HELD = ("invited", "accepted", "finished")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="seats")
    person = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="panel_seats")
    account = models.BigIntegerField()
    expert = models.BooleanField(default=True)
    chair = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    declares = models.CharField(max_length=1000, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=16, default="invited")
    state_since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"],
                condition=models.Q(state__in=("invited", "accepted", "finished")),
                name="seat_once",
            )
        ]
        indexes = [models.Index(fields=["account", "state"], name="seat_by_account")]

    def __str__(self) -> str:
        return f"{self.person} · {self.round}"


class Review(models.Model):
    """What one seat says of one submission: marks by criterion, opinion, and the signature that ends it.

    A review of a replaced reviewer is void and counts nowhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="reviews")
    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reviews")
    account = models.BigIntegerField()
    marks = models.JSONField(default=dict)
    total = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    opinion = models.TextField(blank=True)
    dissent = models.TextField(blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, default="open")
    state_since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["seat", "submission"], name="review_once")]
        indexes = [models.Index(fields=["submission", "state"], name="review_by_submission")]

    def __str__(self) -> str:
        return f"{self.seat} · {self.submission}"
