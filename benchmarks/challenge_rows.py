"""Made-up rows for the pages of challenges, the same each time: topics, a full box, projects, rounds, reviewers.

They are written past the actions, because ten thousand of everything would take an hour through them; the draw alone is
made by its action, so that its record is of the size that a real one has.
"""

import datetime as dt
import random

from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Role, system_actor
from rongtong.domain.parties.models import Account, Affiliation, Party, RoleGrant
from rongtong.domain.programmes.actions.calls import create_programme
from rongtong.domain.programmes.actions.rounds import draw_panel, plan_round
from rongtong.domain.programmes.models import Milestone, Obligation, Programme, Project, Round, Submission, Topic
from rongtong.domain.programmes.states import PROJECT, ROUND, TOPIC
from rongtong.domain.registry.models import Resource

CLERK = system_actor("测量")
REGION = "330100"
SETTERS, HOUSES, BIDS, MILESTONES, DRAWN = 200, 500, 1_000, 3, 12
BATCH = 1_000
CROWDED, DRAFTED = "示例满榜题", "石灰窑出灰关键技术与装备"
"""Titles of the topic with a full box, and of the one under argument."""
THINGS = ("石灰窑出灰", "锂电池回收", "滚筒轴承密封", "环氧绝缘件", "余热回收", "高纯石英", "减速器", "污泥干化")
METRICS = [{"name": "寿命", "relation": ">=", "value": "8000", "unit": "h", "must": True}]
ANSWERS = {"approach": "分段冷却、逐级出灰。" * 40, "basis": "已在两座窑上试用。" * 20}
CONTENT = {"answers": ANSWERS, "budget": [], "members": [], "promises": [], "avoid": []}


def fill(count: int) -> None:
    """So many topics, projects, rounds and reviewers; a topic with a thousand submissions; what hangs on them."""
    chance = random.Random(1)
    kinds = [create_programme(actor=CLERK, template_key="open-challenge", title=f"计划{n}") for n in range(5)]
    Programme.objects.update(state="running", legal_basis="示例办法")
    setters = organisations("示例", SETTERS)
    topics = fill_topics(count, chance, kinds, setters)
    fill_projects(chance, topics, setters)
    fill_reviewers(count, chance)
    fill_rounds(chance, topics, fill_box(kinds[0], setters[0]))
    Topic.objects.create(programme=kinds[0], setter=setters[0], state="argued", title=DRAFTED, problem="……",
                         metrics=METRICS, payments=["1/1"], region=REGION)  # fmt: skip


def fill_topics(count: int, chance: random.Random, kinds: list[Programme], setters: list[Party]) -> list[Topic]:
    """Topics in every state."""
    now = timezone.now()
    states = [state.key for state in TOPIC.states]
    return Topic.objects.bulk_create(
        (
            Topic(
                programme=chance.choice(kinds), setter=chance.choice(setters), state=chance.choice(states),
                number=f"2026-{number:05}", title=f"{chance.choice(THINGS)}关键技术{number}", problem="……" * 60,
                metrics=METRICS, payments=["3/10", "2/5", "3/10"], setter_money=chance.randint(1, 900) * 10_000_00,
                public_money=chance.randint(0, 300) * 10_000_00, region=REGION,
                opens_at=now - dt.timedelta(days=10), closes_at=now + dt.timedelta(days=chance.randint(1, 90)),
            )
            for number in range(count)
        ),
        batch_size=BATCH,
    )  # fmt: skip


def fill_projects(chance: random.Random, topics: list[Topic], setters: list[Party]) -> None:
    """A project of each topic in whatever state, with its milestones and what is owed for the first of them."""
    states = [state.key for state in PROJECT.states]
    bids = Submission.objects.bulk_create(
        (
            Submission(topic=topic, applicant=chance.choice(setters), title=topic.title, content=CONTENT,
                       bid=10_000_00, state="awarded")
            for topic in topics
        ),
        batch_size=BATCH,
    )  # fmt: skip
    projects = Project.objects.bulk_create(
        (
            Project(topic=bid.topic, submission=bid, leader=bid.applicant, setter=bid.topic.setter_id, title=bid.title,
                    plan="按里程碑推进。" * 60, budget=[{"item": "materials", "purse": "setter", "fen": 1}] * 12,
                    setter_money=bid.topic.setter_money, public_money=bid.topic.public_money,
                    state=chance.choice(states))
            for bid in bids
        ),
        batch_size=BATCH,
    )  # fmt: skip
    today = clock.today()
    stones = Milestone.objects.bulk_create(
        (
            Milestone(project=project, order=order, title=f"第 {order} 个里程碑", share="1/3", metrics=METRICS,
                      due=today + dt.timedelta(days=chance.randint(-60, 400)),
                      state=chance.choice(("planned", "due", "reported", "passed")))
            for project in projects for order in range(1, MILESTONES + 1)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Obligation.objects.bulk_create(
        (
            Obligation(project=stone.project, milestone=stone, purse=purse, payee=stone.project.leader, fen=10_000_00,
                       due=stone.due, state=chance.choice(("due", "paid")))
            for stone in stones if stone.order == 1 for purse in ("setter", "public")
        ),
        batch_size=BATCH,
    )  # fmt: skip


def fill_box(programme: Programme, setter: Party) -> Topic:
    """A topic that was opened, with a thousand submissions, five of which are in order."""
    topic = Topic.objects.create(programme=programme, setter=setter, state="opened", number="2026-99999", title=CROWDED,
                                 problem="……" * 60, metrics=METRICS, payments=["1/1"], region=REGION,
                                 opens_at=timezone.now() - dt.timedelta(40), closes_at=timezone.now())  # fmt: skip
    applicants = organisations("申请", BIDS)
    Submission.objects.bulk_create(
        (
            Submission(topic=topic, applicant=each, title=f"方案{number:04}", content=CONTENT, bid=10_000_00,
                       state="formal_ok" if number < 5 else "opened")
            for number, each in enumerate(applicants)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    return topic


def fill_rounds(chance: random.Random, topics: list[Topic], full: Topic) -> None:
    """A round of each topic in whatever state; some with a real record of a draw over all the reviewers."""
    ends = timezone.now() + dt.timedelta(days=14)
    planned = plan_round(actor=CLERK, topic=full, ends_at=ends)
    drawn = draw_panel(actor=CLERK, round=plan_round(actor=CLERK, topic=full, ends_at=ends))
    states = [state.key for state in ROUND.states]
    Round.objects.bulk_create(
        (
            Round(topic=topic, criteria=planned.criteria, subjects=planned.subjects[:1], seed=planned.seed,
                  state=chance.choice(states), draw=drawn.draw if number < DRAWN else {},
                  ends_at=ends + dt.timedelta(hours=number))
            for number, topic in enumerate(topics)
        ),
        batch_size=BATCH,
    )  # fmt: skip


def fill_reviewers(count: int, chance: random.Random) -> None:
    """Experts of the register with an account; one in ten is not willing to review, one in ten too young to."""
    houses = organisations("高校", HOUSES)
    people = Party.objects.bulk_create(
        [Party(kind="person", name=f"专家{number:05}", region=REGION) for number in range(count)], batch_size=BATCH
    )
    accounts = Account.objects.bulk_create(
        [Account(username=f"expert{n}", person=each, display_name=each.name) for n, each in enumerate(people)],
        batch_size=BATCH,
    )
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(account=each, role=Role.EXPERT.value, region=REGION, starts=dt.date(2026, 1, 1))
            for each in accounts
        ],
        batch_size=BATCH,
    )
    Affiliation.objects.bulk_create(
        [Affiliation(member=each, organisation=chance.choice(houses), role="employee") for each in people],
        batch_size=BATCH,
    )
    Resource.objects.bulk_create(
        (
            Resource(kind="expert", title=each.name, owner=each, state="published", region=REGION, values={
                "expertise": "高温物料输送、耐磨材料与窑炉运行。" * 8, "rank": "教授", "region": REGION,
                "experience_years": chance.choice((3, 9, 10, 12, 15, 18, 20, 22, 25, 30)),
                "roles": ["consult"] if chance.random() < 0.1 else ["review"],
            })
            for each in people
        ),
        batch_size=BATCH,
    )  # fmt: skip


def organisations(name: str, count: int) -> list[Party]:
    """So many enterprises."""
    made = [Party(kind="organisation", organisation_type="enterprise", name=f"{name}{n:04}") for n in range(count)]
    return Party.objects.bulk_create(made, batch_size=BATCH)
