"""Projects that come of an award: milestones, changes, reports, acceptance, what is owed, and the years after."""

from django.db import models
from django.utils import timezone

from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.models.programmes import Topic
from rongtong.domain.programmes.models.submissions import Submission


class Project(models.Model):
    """One awarded team at work on a topic; in a horse race several run side by side under the same topic.

    ``budget_mode`` is itemised or lump_sum (包干制); ``budget`` lines in fen; ``forbidden`` the negative list that a
    lump sum must keep to. ``chief`` decides on route and spending alone; ``finance_keeper`` keeps the ledger.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="projects")
    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="project")
    leader = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="projects_led")
    setter = models.UUIDField()
    title = models.CharField(max_length=200)
    plan = models.TextField(blank=True)
    budget_mode = models.CharField(max_length=12, default="itemised")
    budget = models.JSONField(default=list)
    forbidden = models.JSONField(default=list)
    chief = models.BigIntegerField(null=True, blank=True)
    chief_name = models.CharField(max_length=100, blank=True)
    finance_keeper = models.BigIntegerField(null=True, blank=True)
    contract_number = models.CharField(max_length=80, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    diligence = models.JSONField(default=dict)
    state = models.CharField(max_length=16, default="initiated")
    state_since = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["topic", "state"], name="project_by_topic")]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A step of a project: what is measured, what is delivered, which share of the money it releases ("3/10").

    ``gate`` marks one at which the siblings of a horse race are compared on ``metrics``, with what each ``reached``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due = models.DateField()
    metrics = models.JSONField(default=list)
    deliverable = models.TextField(blank=True)
    share = models.CharField(max_length=24)
    gate = models.BooleanField(default=False)
    report = models.TextField(blank=True)
    reached = models.JSONField(default=list)
    finding = models.TextField(blank=True)
    state = models.CharField(max_length=16, default="planned")
    state_since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["project", "order"]
        constraints = [models.UniqueConstraint(fields=["project", "order"], name="milestone_in_order")]
        indexes = [models.Index(fields=["state", "due"], name="milestone_by_due")]

    def __str__(self) -> str:
        return f"{self.project} · {self.title}"


class Change(models.Model):
    """A change of a running project: asked for, or, where the chief scientist decides alone, only told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16)
    before = models.TextField(blank=True)
    after = models.TextField()
    reason = models.TextField()
    delegated = models.BooleanField(default=False)
    account = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16, default="asked")
    state_since = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"{self.project} · {self.kind}"


class MarketTest(models.Model):
    """A user tried the result and signs whether it holds in use (阅卷): what acceptance waits for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="market_tests")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="market_tests")
    conditions = models.TextField()
    reached = models.JSONField(default=list)
    passed = models.BooleanField()
    opinion = models.TextField(blank=True)
    signed_by = models.CharField(max_length=100)
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "party"], name="market_test_once")]

    def __str__(self) -> str:
        return f"{self.party} · {self.project}"


class Obligation(models.Model):
    """Money that became due: who owes whom, how much (fen), for which milestone; the agreements will pay it.

    ``purse`` is setter (the enterprise's money) or public (the bureau's subsidy, after the setter's payment is shown).
    """

    PURSES = ("setter", "public")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="obligations")
    milestone = models.ForeignKey(
        Milestone, null=True, blank=True, on_delete=models.PROTECT, related_name="obligations"
    )
    purse = models.CharField(max_length=8)
    payer = models.ForeignKey(Party, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    fen = models.BigIntegerField()
    due = models.DateField(null=True, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=16, default="due")
    state_since = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "purse"], name="obligation_once_for_a_milestone"),
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.fen}"


class FollowUp(models.Model):
    """What became of a result in a year after acceptance: in use where, which sales (fen), which difficulty."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="follow_ups")
    year = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=16)
    sales = models.BigIntegerField(default=0)
    text = models.TextField(blank=True)
    reported_by = models.CharField(max_length=100)
    reported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["project", "year"], name="follow_up_once_a_year")]

    def __str__(self) -> str:
        return f"{self.project} · {self.year}"
