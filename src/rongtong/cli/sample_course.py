"""The course of a challenge in the sample region, from the programme to the first year after acceptance.

Each step looks at what there is and answers whether it did something, so that a story broken off goes on where it was.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from rongtong.cli.sample_pack import INVENTED
from rongtong.cli.sample_story import Story
from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.models import SealKey
from rongtong.domain.foundation.sealing.actions import enrol_seal_key
from rongtong.domain.parties.models import Account
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions import (
    acceptance,
    calls,
    deciding,
    milestones,
    obligations,
    projects,
    reviews,
    rounds,
)
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.opening import check_submission, open_topic
from rongtong.domain.programmes.actions.submissions import begin_submission, save_draft, seal_submission
from rongtong.domain.programmes.models import (
    Milestone,
    Obligation,
    Programme,
    Project,
    Review,
    Round,
    Topic,
)
from rongtong.domain.programmes.terms import template
from rongtong.domain.registry.models import Resource

CLOCK = system_actor("平台时钟")
WAN = 1_000_000
"""Fen in ten thousand yuan."""
OPENS, CLOSES, REVIEWED = 31, 62, 79
"""Days after publication on which a topic opens, takes no more, has been reviewed."""
SIGNED_AT_ONCE = 2
"""Reviewers who have signed when the others still write."""


def _open_programme(story: Story) -> bool:
    told = story.told
    if Programme.objects.filter(title=told["programme"]).exists():
        return False
    numbers = template(told["template"]).numbers
    # a region of one bureau: the days of the guide as the rule has them, the rest as the kind has it
    programme = calls.create_programme(
        actor=story.officer, template_key=told["template"], title=told["programme"],
        legal_basis=story.common["basis"], purpose=story.common["purpose"], organiser=story.parties["bureau"],
        parameters={name: each.value for name, each in numbers.items()},
    )  # fmt: skip
    calls.advance_programme(actor=story.officer, programme=programme, event="start")
    return True


def _draft_topic(story: Story) -> bool:
    told = story.told
    programme = Programme.objects.get(title=told["programme"])
    known = programme.topics.filter(title=told["title"]).first()
    story.topic = known or _new_topic(story, programme)
    return known is None


def _new_topic(story: Story, programme: Programme) -> Topic:
    told = story.told
    demand = Resource.objects.get(kind="demand", external_id=told["demand"], source__startswith=INVENTED)
    topic = calls.create_topic(
        actor=story.officer, programme=programme, setter=story.parties[told["setter"]], demands=[demand],
        title=told["title"], problem=demand.values["problem"], metrics=demand.values["targets"],
        acceptance=demand.values.get("acceptance", story.common["acceptance"]),
        constraints="；".join(demand.values.get("constraints", ())), field=demand.field,
        setter_money=told["setter_money"] * WAN, public_money=told["public_money"] * WAN, months=told["months"],
        opens_at=story.at(OPENS), closes_at=story.at(CLOSES),
    )  # fmt: skip
    for key in told["examiners"]:
        calls.appoint_examiner(actor=story.officer, topic=topic, party=story.parties[key])
    return topic


def _moved(story: Story, event: str, *sources: str) -> bool:
    """Move the topic if it stands at one of ``sources``."""
    story.topic.refresh_from_db()
    if story.topic.state not in sources:
        return False
    story.topic = calls.advance_topic(actor=story.officer, topic=story.topic, event=event)
    return True


def _argue(story: Story) -> bool:
    _moved(story, "submit", "drafting")
    if story.topic.state != "argued":
        return False
    said = set(story.topic.arguments.values_list("account", flat=True))
    chosen = [expert for expert in story.experts if expert.name in _names(story, "argued_by")]
    for expert, opinion in zip(chosen, story.common["arguments"], strict=True):
        if expert.account not in said:
            calls.argue_topic(actor=expert, topic=story.topic, verdict="support", opinion=opinion)
    return True


def _names(story: Story, key: str) -> set[str]:
    return {story.parties[each].name for each in story.common[key]}


def _make_box(story: Story) -> bool:
    if not _moved(story, "approve", "argued") and (story.topic.state != "approved" or story.topic.box):
        return False
    keys = [_key_of(officer, story.common["passphrase"]) for officer in story.officers]
    story.topic = calls.make_box(actor=story.officer, topic=story.topic, custodians=keys)
    return True


def _key_of(officer: Actor, passphrase: str) -> SealKey:
    known = SealKey.objects.filter(account=officer.account or 0, revoked_at__isnull=True).first()
    return known or enrol_seal_key(actor=officer, passphrase=passphrase)


def _publish(story: Story) -> bool:
    return _moved(story, "publish", "approved")


def _by_clock(story: Story) -> bool:
    """What the clock would have done by then."""
    return bool(run_clock(CLOCK))


def _submit(story: Story) -> bool:
    """Every team of the file hands its submission in."""
    done = [_hand_in(story, bid) for bid in story.told["bids"]]
    return any(done)


def _hand_in(story: Story, bid: Mapping[str, Any]) -> bool:
    actor = story.of(bid["by"])
    draft = begin_submission(actor=actor, topic=story.topic)
    if draft.state != "draft":
        return False
    draft = save_draft(actor=actor, submission=draft, revision=draft.revision, facts=_facts(story, bid))
    seal_submission(actor=actor, submission=draft, token=f"sample-{draft.pk}")
    return True


def _facts(story: Story, bid: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a submission from its lines in the file; the budget follows the topic's purses."""
    topic, money = story.topic, bid["bid"] * WAN
    public = min(topic.public_money, money * topic.public_money // topic.money)
    form = {each["name"] for each in topic.programme.form}
    said = {name: bid[name] for name in ("approach", "basis", "team", "transfer") if name in form}
    partners = [bid["by"], *bid.get("with", ())]
    shares = [Fraction(1, len(partners))] * len(partners)
    parties = [story.parties[key] for key in partners]
    return {
        "title": bid["title"],
        "answers": said | {"budget_mode": "itemised", "risks": story.common["risks"]},
        "bid": money,
        "budget": [
            {"item": story.common["items"][0], "fen": money - public, "purse": "setter", "note": ""},
            {"item": story.common["items"][1], "fen": public, "purse": "public", "note": ""},
        ],
        "members": [] if len(parties) == 1 else [
            {"party": str(each.pk), "name": each.name, "share": str(share), "task": task}
            for each, share, task in zip(parties, shares, story.common["tasks"], strict=False)
        ],
        "promises": [
            {"name": each["name"], "value": str(each["value"]), "high": "", "unit": each.get("unit", "")}
            for each in topic.metrics
        ],
        "declared": [True] * len(template(topic.programme.template).declarations),
    }  # fmt: skip


def _open_box(story: Story) -> bool:
    story.topic.refresh_from_db()
    if story.topic.state != "closed":
        return False
    passphrase = story.common["passphrase"]
    story.topic = open_topic(
        actor=story.officer, topic=story.topic, passphrase=passphrase, witness=story.witness,
        witness_passphrase=passphrase,
    )  # fmt: skip
    return True


def _check(story: Story) -> bool:
    points = dict(template(story.topic.programme.template).formal_checks)
    waiting = [each for each in story.bids() if each.state == "opened"]
    for submission in waiting:
        check_submission(
            actor=story.officer, submission=submission, event="pass_form", checklist=dict.fromkeys(points, True)
        )
    return bool(waiting)


def _draw(story: Story) -> bool:
    if story.topic.rounds.exists():
        return False
    planned = rounds.plan_round(
        actor=story.officer, topic=story.topic, starts_at=clock.now(), ends_at=story.at(REVIEWED)
    )
    rounds.draw_panel(actor=story.officer, round=planned)
    return True


def _seat(story: Story) -> bool:
    """Everybody who was drawn answers; of the first panel one stands aside, and a successor is invited."""
    drawn = _round(story)
    aside = not drawn.seats.filter(state="recused").exists()
    answered = False
    while seat := drawn.seats.filter(state="invited").order_by("pk").first():
        actor = actor_of(Account.objects.get(pk=seat.account))
        rounds.answer_seat(actor=actor, seat=seat, event="accept")
        if aside:
            rounds.recuse_seat(actor=actor, seat=seat, reason=story.common["aside"])
        aside, answered = False, True
    return answered


def _round(story: Story) -> Round:
    return Round.objects.get(topic=story.topic, kind="written")


def _review(story: Story) -> bool:
    """The round opens and the first reviewers sign."""
    if _round(story).state != "drawn":
        return False
    rounds.open_round(actor=story.officer, round=_round(story))
    _sign(story, _waiting(story)[: len(story.told["bids"]) * SIGNED_AT_ONCE])
    return True


def _waiting(story: Story) -> list[Review]:
    open_ = Review.objects.filter(seat__round=_round(story), state="open")
    return list(open_.select_related("seat", "submission").order_by("seat_id", "submission_id"))


def _sign(story: Story, waiting: Sequence[Review]) -> None:
    seats = list(_round(story).seats.filter(state="accepted").order_by("pk").values_list("pk", flat=True))
    bids = {each.pk: bid for each, bid in zip(story.bids(), story.told["bids"], strict=True)}
    for review in waiting:
        actor = actor_of(Account.objects.get(pk=review.account))
        sway = story.common["sway"][seats.index(review.seat_id) % len(story.common["sway"])]
        criteria = [each["id"] for each in story.topic.programme.criteria]
        marks = {
            name: str(mark + sway) for name, mark in zip(criteria, bids[review.submission_id]["marks"], strict=True)
        }
        written = reviews.write_review(
            actor=actor, review=review, marks=marks, opinion=story.common["opinion"], confidence=4
        )
        reviews.sign_review(actor=actor, review=written)


def _rank(story: Story) -> bool:
    """The last sign, the round is put together, the topic ranked."""
    story.topic.refresh_from_db()
    if story.topic.state != "reviewing":
        return False
    round_ = _round(story)
    if round_.state == "open":
        _sign(story, _waiting(story))
        round_ = rounds.close_round(actor=story.officer, round=round_)
    if round_.state == "closed":
        rounds.aggregate_round(actor=story.officer, round=round_)
    story.topic = rounds.rank_topic(actor=story.officer, topic=story.topic)
    return True


def _decide(story: Story) -> bool:
    """The best are proposed, the next is kept in reserve; two officers, then the public notice."""
    story.topic.refresh_from_db()
    if story.topic.state == "ranked":
        ranked = sorted(story.bids(), key=lambda each: each.rank or 0)
        outcome = {each.pk: _placed(story, each.rank or 0) for each in ranked}
        decision = story.topic.decisions.filter(state="prepared").first() or deciding.prepare_decision(
            actor=story.witness, topic=story.topic, outcome=outcome, basis=story.common["decided"]
        )
        deciding.publish_decision(actor=story.officer, decision=decision)
    story.topic.refresh_from_db()
    if story.topic.state != "proposed":
        return False
    deciding.give_notice(
        actor=story.officer, decision=story.topic.decisions.get(state="published"), contact="规划处 0571-85550000"
    )
    return True


def _placed(story: Story, rank: int) -> dict[str, str]:
    if rank <= story.topic.winners:
        return {"verdict": "proposed", "reason": ""}
    verdict = "reserve" if rank == story.topic.winners + 1 else "not_awarded"
    return {"verdict": verdict, "reason": story.common["behind"]}


def _award(story: Story) -> bool:
    story.topic.refresh_from_db()
    if story.topic.state != "noticed":
        return False
    deciding.award_topic(actor=story.officer, topic=story.topic)
    return True


def _contract(story: Story) -> bool:
    """Each winner names its chief, fits its budget to what it was given, and signs."""
    waiting = list(Project.objects.filter(topic=story.topic, state="initiated"))
    for number_, project in enumerate(waiting, start=1):
        _plan(story, project)
        signed = projects.edit_project(
            actor=story.officer, project=project, contract_number=f"云科揭 {story.topic.number}-{number_}",
            signed_on=clock.today(),
        )  # fmt: skip
        projects.advance_project(actor=story.officer, project=signed, event="contract")
        projects.advance_project(actor=story.officer, project=signed, event="start")
    return bool(waiting)


def _plan(story: Story, project: Project) -> None:
    """The steps of the file with their days, counted from the signing; shares as the topic has them."""
    leader = story.leader(project)
    stones = list(project.milestones.order_by("order"))
    days = story.common["due"]
    rows = [
        {"title": title, "deliverable": given, "due": timezone.localdate(story.at(day)), "share": stone.share}
        for stone, (title, given), day in zip(stones, story.common["milestones"], days, strict=True)
    ]
    projects.plan_milestones(actor=leader, project=project, rows=rows)
    business, equipment = story.common["items"]
    budget = [
        {"item": business, "fen": project.setter_money, "purse": "setter", "note": ""},
        {"item": equipment, "fen": project.public_money, "purse": "public", "note": ""},
    ]
    projects.edit_project(actor=leader, project=project, chief=leader.account, chief_name=leader.name, budget=budget)


def _pass(order: int) -> Callable[[Story], bool]:
    """Every team reports a milestone, it is examined, what became due is paid."""

    def step(story: Story) -> bool:
        stones = Milestone.objects.filter(project__topic=story.topic, project__state="running", order=order)
        waiting = list(stones.filter(state__in=("planned", "due")))
        for stone in waiting:
            milestones.report_milestone(
                actor=story.leader(stone.project), milestone=stone, report=story.common["reports"][order - 1],
                reached=_reached(stone, order),
            )  # fmt: skip
        for stone in stones.filter(state="reported", gate=False):
            milestones.examine_milestone(
                actor=story.witness, milestone=stone, event="pass", finding=story.common["checked"]
            )
        _pay(story)
        return bool(waiting)

    return step


def _reached(stone: Milestone, order: int) -> list[dict[str, str]]:
    """The last step reaches what was promised; each one before misses it by a tenth more."""
    behind = stone.project.milestones.count() - order
    note = "现场试验阶段值" if behind else "第三方检测"
    return [{"name": each["name"], "value": _nearing(each, behind), "note": note} for each in stone.metrics]


def _nearing(metric: Mapping[str, Any], behind: int) -> str:
    short = Decimal(behind) / 10
    factor = 1 + short if metric["relation"] in ("<=", "<") else 1 - short
    return f"{(Decimal(str(metric['value'])) * factor).quantize(Decimal('0.01')).normalize():f}"


def _pay(story: Story) -> None:
    """First the setter of each, then the public purse."""
    for purse, payer in (("setter", story.of(story.told["setter"])), ("public", story.officer)):
        for due in Obligation.objects.filter(project__topic=story.topic, purse=purse, state="due"):
            obligations.pay_obligation(
                actor=payer, obligation=due, evidence=f"示例付款凭证 {due.milestone.order if due.milestone else ''}"
            )


def _accept(story: Story) -> bool:
    """The team asks, a user signs the market test, the bureau accepts; the first year is reported."""
    project = Project.objects.filter(topic=story.topic, state="running").first()
    if project is None:
        return False
    leader = story.leader(project)
    projects.advance_project(actor=leader, project=project, event="ask_acceptance")
    for key in story.told["examiners"]:
        acceptance.sign_market_test(
            actor=story.of(key), project=project, conditions=story.common["tried"], passed=True,
            opinion=story.common["holds"],
        )  # fmt: skip
    accepted = projects.advance_project(actor=story.officer, project=project, event="accept")
    acceptance.report_follow_up(
        actor=leader, project=accepted, year=clock.today().year, stage="use", sales=80 * WAN, text=story.common["after"]
    )
    return True


Step = tuple[float, Callable[[Story], bool]]
COURSE: tuple[Step, ...] = (
    (-20, _open_programme),
    (-18, _draft_topic),
    (-12, _argue),
    (-10, _make_box),
    (0, _publish),
    (OPENS + 0.1, _by_clock),
    (45, _submit),
    (CLOSES + 0.1, _by_clock),
    (CLOSES + 1, _open_box),
    (CLOSES + 3, _check),
    (CLOSES + 5, _draw),
    (CLOSES + 7, _seat),
    (CLOSES + 8, _review),
    (78, _rank),
    (80, _decide),
    (94, _by_clock),
    (95, _award),
    (100, _contract),
    (190, _by_clock),
    (192, _pass(1)),
    (295, _pass(2)),
    (385, _pass(3)),
    (390, _accept),
)
