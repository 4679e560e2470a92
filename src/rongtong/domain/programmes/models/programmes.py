"""Programmes, their topics (榜题), what experts said of a topic, and the terms everybody can read beforehand."""

from django.db import models

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Party
from rongtong.domain.registry.models import Resource


class Programme(models.Model):
    """A call of the bureau: which template it follows, on which legal basis, with which numbers.

    ``template`` names a file of ``packs/programmes``; ``parameters`` are its numbers as set for this programme (days,
    least submissions, winners, shares as "3/10"); ``criteria`` what is scored, with weights; ``form`` the fields of a
    submission. All three are fixed once a topic is published.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    template = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    purpose = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    region = models.CharField(max_length=6, blank=True)
    organiser = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="programmes")
    parameters = models.JSONField(default=dict)
    criteria = models.JSONField(default=list)
    form = models.JSONField(default=list)
    state = models.CharField(max_length=16, default="drafting")
    state_since = models.DateTimeField(default=clock.now)
    author = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Topic(models.Model):
    """One problem that is open to whoever can solve it (榜题).

    ``metrics`` are rows of measures (name, relation, value, unit) by which it is accepted; money in fen, the setter's
    and the public's apart; ``payments`` the milestones' shares as exact fractions ("3/10"), which add up to one.
    ``box`` holds the sealed submissions. ``number`` is its place on the list. A reissued topic points to ``follows``.
    ``overlap`` keeps what an officer answered to topics like it (``answer``, and the ``topics`` looked at); ``told_at``
    when matched solvers were told of its publication. ``version`` counts how often it was sent back to be rewritten:
    experts argue each version anew. ``postponed``: for each time the deadline was moved, ``from``, ``until`` and the
    ``reason``, which everybody reads.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="topics")
    number = models.CharField(max_length=24, blank=True)
    title = models.CharField(max_length=200)
    problem = models.TextField()
    metrics = models.JSONField(default=list)
    constraints = models.TextField(blank=True)
    acceptance = models.TextField(blank=True)
    setter = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="topics_set")
    setter_money = models.BigIntegerField(default=0)
    public_money = models.BigIntegerField(default=0)
    payments = models.JSONField(default=list)
    winners = models.PositiveSmallIntegerField(default=1)
    minimum_bids = models.PositiveSmallIntegerField(default=3)
    field = models.CharField(max_length=16, blank=True)
    region = models.CharField(max_length=6, blank=True)
    months = models.PositiveSmallIntegerField(default=24)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    box = models.UUIDField(null=True, blank=True)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reissued_as")
    demands = models.ManyToManyField(Resource, related_name="topics")
    overlap = models.JSONField(default=dict, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    postponed = models.JSONField(default=list, blank=True)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, default="drafting")
    state_since = models.DateTimeField(default=clock.now)
    author = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["number", "-created_at"]
        indexes = [
            models.Index(fields=["state", "closes_at"], name="topic_by_state"),
            models.Index(fields=["setter", "state"], name="topic_by_setter"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~models.Q(number=""), name="topic_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def money(self) -> int:
        """What the whole topic is worth to its winners, in fen."""
        return self.setter_money + self.public_money


class Examiner(models.Model):
    """A party that will use the result and signs the market test (阅卷人): neither sets nor solves the topic."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="examiners")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="examines")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "party"], name="examiner_once")]

    def __str__(self) -> str:
        return f"{self.party} · {self.topic}"


class Argument(models.Model):
    """What an expert says of a topic before it is published (论证): is it worth doing, measurable, not done already."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="arguments")
    account = models.BigIntegerField()
    name = models.CharField(max_length=100)
    verdict = models.CharField(max_length=12)
    opinion = models.TextField()
    version = models.PositiveSmallIntegerField(default=1)
    signed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["signed_at"]
        constraints = [models.UniqueConstraint(fields=["topic", "account", "version"], name="argument_once")]

    def __str__(self) -> str:
        return f"{self.name} · {self.topic}"
