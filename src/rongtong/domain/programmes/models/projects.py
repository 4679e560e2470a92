"""Projects that come of an award: milestones, changes, reports, acceptance, what is owed, and the years after."""

from django.db import models

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.models.programmes import Topic
from rongtong.domain.programmes.models.submissions import Submission


class Project(models.Model):
    """One awarded team at work on a topic; in a horse race several run side by side under the same topic.

    ``budget_mode`` is itemised or lump_sum (包干制); ``budget`` lines in fen; ``forbidden`` the negative list that a
    lump sum must keep to. ``chief`` decides on route and spending alone; ``finance_keeper`` keeps the ledger.
    ``setter_money`` and ``public_money`` (fen) are its part of the topic's; in a race a gate divides what is left anew.
    ``revision`` counts what was written of it, so that nobody overwrites what they have not read.
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
    setter_money = models.BigIntegerField(default=0)
    public_money = models.BigIntegerField(default=0)
    chief = models.BigIntegerField(null=True, blank=True)
    chief_name = models.CharField(max_length=100, blank=True)
    finance_keeper = models.BigIntegerField(null=True, blank=True)
    contract_number = models.CharField(max_length=80, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    diligence = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=16, default="initiated")
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["topic", "state"], name="project_by_topic"),
            models.Index(fields=["state", "state_since"], name="project_by_state"),
            models.Index(fields=["-created_at", "-id"], name="project_list"),
        ]

    def __str__(self) -> str:
        return self.title


class Milestone(models.Model):
    """A step of a project: what is measured, what is delivered, which share of the money it releases ("3/10").

    ``gate`` marks one at which the siblings of a horse race are compared on ``metrics``, with what each ``reached``.
    ``setter_money`` and ``public_money`` (fen) fall due when it is passed; together they are the project's to the fen.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    due = models.DateField()
    metrics = models.JSONField(default=list)
    deliverable = models.TextField(blank=True)
    share = models.CharField(max_length=24)
    setter_money = models.BigIntegerField(default=0)
    public_money = models.BigIntegerField(default=0)
    gate = models.BooleanField(default=False)
    report = models.TextField(blank=True)
    reached = models.JSONField(default=list)
    finding = models.TextField(blank=True)
    state = models.CharField(max_length=16, default="planned")
    state_since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["project", "order"]
        constraints = [models.UniqueConstraint(fields=["project", "order"], name="milestone_in_order")]
        indexes = [models.Index(fields=["state", "due"], name="milestone_by_due")]

    def __str__(self) -> str:
        return f"{self.project} · {self.title}"


class Change(models.Model):
    """A change of a running project: asked for, or, where the chief scientist decides alone, only told.

    ``effect`` is what takes effect with it: a new end (``ends_on``), dates of milestones by their order (``due``), the
    total of each purse (``money``, with what ``stood``, what it ``added`` to each milestone, by which ``agreement``).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=16)
    before = models.TextField(blank=True)
    after = models.TextField()
    reason = models.TextField()
    effect = models.JSONField(default=dict)
    delegated = models.BooleanField(default=False)
    account = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=100, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=16, default="asked")
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["state", "state_since"], name="change_by_state")]

    def __str__(self) -> str:
        return f"{self.project} · {self.kind}"


class Report(models.Model):
    """What a team reports of its project: every year (progress), and at its end (final) within the days of the rule.

    ``spent`` is what was spent of both purses by then, in fen.
    """

    KINDS = ("progress", "final")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    text = models.TextField()
    spent = models.BigIntegerField(default=0)
    account = models.BigIntegerField(null=True)
    written_by = models.CharField(max_length=100)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["written_at"]
        constraints = [models.UniqueConstraint(fields=["project", "kind", "year"], name="report_once_a_year")]

    def __str__(self) -> str:
        return f"{self.project} · {self.kind} {self.year}"


class Spending(models.Model):
    """Money that a team means to spend: asked for by one, booked by another (不相容岗位分离).

    ``item`` is a line of the budget, or what it is for where the budget is a lump sum.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="spendings")
    item = models.CharField(max_length=80)
    purse = models.CharField(max_length=8)
    fen = models.BigIntegerField()
    day = models.DateField()
    purpose = models.CharField(max_length=300)
    account = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=100)
    booked_by = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=16, default="asked")
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day", "created_at"]

    def __str__(self) -> str:
        return f"{self.project} · {self.item}"


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
    signed_at = models.DateTimeField(default=clock.now)

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
    state_since = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["due", "id"]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "purse"], name="obligation_once_for_a_milestone"),
        ]
        indexes = [models.Index(fields=["state", "due"], name="obligation_by_due")]

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
    reported_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["project", "year"], name="follow_up_once_a_year")]

    def __str__(self) -> str:
        return f"{self.project} · {self.year}"
