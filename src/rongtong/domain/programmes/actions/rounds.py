"""Rounds of review: planned, their panel drawn and kept whole, opened, closed, put together; then the ranking."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.programmes.holding import held
from rongtong.domain.programmes.models import Project, Review, Round, Seat, Submission, Topic
from rongtong.domain.programmes.queries.pool import Pool, accounts_of, pool_of
from rongtong.domain.programmes.states import REVIEW, ROUND, SEAT, SUBMISSION, TOPIC
from rongtong.domain.programmes.terms import number, template
from rongtong.engines import review as engine
from rongtong.engines.review.aggregate import rounded
from rongtong.engines.rules import shipped

KEEPER = system_actor("评审规则")
"""In whose name the rules themselves act: a successor takes a place, the opinions of who left become void."""
QUOTAS = ("per_organisation", "most_open", "most_in_year", "cool_down_days")
OVER = ("aggregated", "abandoned")
BEFORE_REVIEW = ("opened", "ranked")
"""A ranked topic returns to the review when an upheld re-examination puts the formal check of a submission right."""
TIE_RULE = "同分时依次比较：权重最大的评审标准的平均分（权重相同的按公布的次序）、分差小者在前；仍相同的按抽取种子排定"
NAMED: tuple[engine.Kind, ...] = ("named",)
"""Whom an applicant names is left out, as far as they may name anybody."""
REDRAWN = "重新抽取"
LONGEST_REASON = 500


@action("programmes.plan_round")
def plan_round(
    *,
    actor: Actor,
    topic: Topic,
    kind: str = "written",
    size: int | None = None,
    blind: bool = True,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
    submissions: Iterable[Submission] | None = None,
    project: Project | None = None,
) -> Round:
    """Plan a round over ``submissions`` (by default all that are in order), or over the result of a ``project``.

    Its criteria are those published with the programme, or those of acceptance of its kind; who examines a result knows
    whose it is. The seed of its draw is taken now and told to nobody; its
    digest stands in the event. Raises Invalid with every problem, IllegalTransition, AccessDenied.
    """
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    planned = Round(
        topic=locked, project=project, kind=kind, blind=blind and project is None, starts_at=starts_at, ends_at=ends_at,
        size=size or number(locked.programme, "panel_size"),
        criteria=_criteria_of(locked, project), order=locked.rounds.count() + 1,
        author=actor.account, seed=engine.new_seed(),
    )  # fmt: skip
    require(actor, "create", planned)
    planned.subjects = [str(each.pk) for each in _chosen(locked, submissions, project)]
    _raise([*_wrong_kind(planned), *_wrong_size(planned), *_wrong_window(planned)])
    planned.save(force_insert=True)
    audit.record(
        actor, "programmes.plan_round", planned, commitment=engine.commitment(planned.seed), kind=kind,
        size=planned.size, subjects=planned.subjects,
    )  # fmt: skip
    return planned


@action("programmes.reschedule_round")
def reschedule_round(
    *, actor: Actor, round: Round, ends_at: dt.datetime, reason: str, starts_at: dt.datetime | None = None
) -> Round:
    """Move the time of a round that is not over; reviewers read and write again until the new end."""
    locked = Round.objects.select_for_update().get(pk=round.pk)
    require(actor, "draw", locked)
    if locked.state not in ("planned", "drawn", "open"):
        raise IllegalTransition(_("这一轮评审已经结束，时间不能再改。"))
    before = (locked.starts_at, locked.ends_at)
    locked.starts_at, locked.ends_at = starts_at or locked.starts_at, ends_at
    wrong = [] if reason.strip() else [Problem("reason", _("请写明调整时间的理由。"))]
    _raise([*wrong, *_wrong_window(locked)])
    locked.save(update_fields=["starts_at", "ends_at"])
    audit.record(actor, "programmes.reschedule_round", locked, before=before, ends_at=ends_at, reason=reason)
    return locked


@action("programmes.draw_panel")
def draw_panel(
    *,
    actor: Actor,
    round: Round,
    seed: str | None = None,
    reason: str = "",
    bars: Collection[engine.Kind] = NAMED,
    quotas: Mapping[str, int] | None = None,
    seen_state: str | None = None,
) -> Round:
    """Draw the panel of a round and invite it; the whole record of the draw is kept in ``round.draw``.

    ``bars``: relations that the pack only tells and that bar here; ``quotas``: what is asked for beyond the pack
    (QUOTAS). Drawn again, with a ``reason``, only while nobody has accepted; the record before is kept too. ``seed``
    stands in for the one that was taken when the round was planned, which the event tells. Raises Invalid where the
    rules admit no panel, with how many are missing; IllegalTransition, AccessDenied.
    """
    locked = Round.objects.select_for_update(of=("self",)).select_related("topic__programme").get(pk=round.pk)
    require(actor, "draw", locked)
    _may_draw(locked, reason, seen_state)
    organisers = [account for account in (actor.account, locked.drawn_by) if account]
    pool = pool_of(locked, organisers, _gone(locked))
    record = engine.settle(_order(locked, pool, seed or locked.seed, bars, quotas or {}))
    if record.result.obstacles:
        said = [_in_language(engine.hindrance(each)) for each in record.result.obstacles]
        raise Invalid(" ".join(said), [Problem("", each) for each in said])
    _put_aside(actor, locked, reason)
    # A new seed is taken at once: whoever has read the record must not be able to tell what drawing again would bring.
    following = engine.new_seed()
    moved = advance(
        ROUND, locked, "draw", actor=actor, reason=reason, seen_state=seen_state, commitment=record.commitment,
        pool=record.pool_digest, seed_given=seed is not None, drawn=len(record.result.drawn),
        next_commitment=engine.commitment(following),
    )  # fmt: skip
    moved.draw, moved.drawn_by, moved.seed = engine.as_data(record), actor.account, following
    moved.earlier = locked.earlier
    moved.save()
    _invite(moved, record, record.result.drawn, pool.accounts)
    return moved


@action("programmes.answer_seat")
def answer_seat(
    *,
    actor: Actor,
    seat: Seat,
    event: str,
    declares: str = "",
    reason: str = "",
    promises: bool = True,
    seen_state: str | None = None,
) -> Seat:
    """Accept a seat, declaring every relation and promising secrecy, or decline it with a reason.

    In place of who declines the first of the reserve is invited with whom the panel meets the rules.
    """
    round_ = _locked_round(seat)
    require(actor, "answer", seat)
    if event not in ("accept", "decline"):
        raise Invalid(_("请选择应允或谢绝。"))
    if round_.state not in ("drawn", "open"):
        raise IllegalTransition(_("这一轮评审已经结束，不需要再答复。"))
    if event == "decline":
        moved = advance(SEAT, seat, "decline", actor=actor, reason=reason, seen_state=seen_state)
        return _leave(round_, moved, reason)
    if actor.account in (round_.author, round_.drawn_by):
        raise AccessDenied(_("组织抽取的人不能担任评审人。"), "answer", seat)
    _raise([] if promises else [Problem("promises", _("请先阅读并承诺保密和回避要求。"))])
    moved = advance(SEAT, seat, "accept", actor=actor, seen_state=seen_state, declares=bool(declares.strip()))
    moved.declares, moved.promised_at = declares.strip()[:1000], clock.now()
    moved.save()
    if round_.state == "open":
        _make_reviews(round_, [moved])
    return moved


@action("programmes.recuse_seat")
def recuse_seat(*, actor: Actor, seat: Seat, reason: str, seen_state: str | None = None) -> Seat:
    """Stand aside, or be made to by the bureau; opinions already written are void and a successor is invited."""
    round_ = _locked_round(seat)
    moved = advance(SEAT, seat, "recuse", actor=actor, reason=reason, seen_state=seen_state)
    return _leave(round_, moved, reason)


@action("programmes.replace_seat")
def replace_seat(*, actor: Actor, seat: Seat, reason: str, seen_state: str | None = None) -> Seat:
    """Take a seat back from who holds it; answers the seat of the successor, or the one replaced when there is none."""
    round_ = _locked_round(seat)
    moved = advance(SEAT, seat, "replace", actor=actor, reason=reason, seen_state=seen_state)
    _leave(round_, moved, reason)
    return moved.replaced_by.order_by("pk").first() or moved


@action("programmes.open_round")
def open_round(*, actor: Actor, round: Round, seen_state: str | None = None) -> Round:
    """Begin a round whose panel is whole: everybody on it gets a review to write for each submission.

    The first round of a topic moves the topic and its submissions into review.
    """
    locked = Round.objects.select_for_update(of=("self",)).select_related("topic").get(pk=round.pk)
    require(actor, "draw", locked)
    if locked.ends_at and locked.ends_at <= clock.now():
        raise IllegalTransition(_("评审的截止时间已经过去，请先调整时间。"))
    moved = advance(ROUND, locked, "open", actor=actor, seen_state=seen_state)
    if moved.project_id is None and moved.topic.state in BEFORE_REVIEW:
        _begin_review(actor, moved)
    _make_reviews(moved, moved.seats.filter(state="accepted"))
    return moved


@action("programmes.close_round")
def close_round(*, actor: Actor, round: Round, seen_state: str | None = None) -> Round:
    """End a round in which everybody has signed."""
    moved = advance(ROUND, round, "close", actor=actor, seen_state=seen_state)
    for seat in moved.seats.filter(state="accepted"):
        advance(SEAT, seat, "finish", actor=actor)
    return moved


@action("programmes.abandon_round")
def abandon_round(*, actor: Actor, round: Round, reason: str, seen_state: str | None = None) -> Round:
    """Give a round up, as where its panel can no longer be made whole; its opinions are void."""
    moved = advance(ROUND, round, "abandon", actor=actor, reason=reason, seen_state=seen_state)
    for seat in moved.seats.filter(state__in=("invited", "accepted")):
        _void_reviews(seat, reason)
        advance(SEAT, seat, "replace", actor=actor, reason=reason)
    return moved


@action("programmes.aggregate_round")
def aggregate_round(*, actor: Actor, round: Round, seen_state: str | None = None) -> Round:
    """Put the marks of a closed round together, exactly; the scores are those of its submissions from now on.

    A spread above the programme's number asks for a second look; in a round that is itself one it asks no more.
    """
    moved = advance(ROUND, round, "aggregate", actor=actor, seen_state=seen_state)
    ranking = engine.aggregate(_marks(moved), _criteria(moved), _rule(moved))
    standings = {each.proposal: _standing(each) for each in ranking.standings}
    moved.standings = standings
    moved.save()
    if moved.project_id is None:
        _score(moved, standings)
    ties = [list(tie) for tie in ranking.ties]
    audit.record(actor, "programmes.aggregate_round", moved, standings=standings, ties=ties)
    return moved


@action("programmes.waive_second_look")
def waive_second_look(*, actor: Actor, submission: Submission, reason: str) -> Submission:
    """Leave a wide spread as it is, with a reason that stays with the round."""
    last = Round.objects.filter(topic=submission.topic_id, state="aggregated", project=None).order_by("-order")
    found = next((each for each in last if str(submission.pk) in each.standings), None)
    if found is None:
        raise IllegalTransition(_("这份申请还没有汇总的评审。"))
    locked = Round.objects.select_for_update().get(pk=found.pk)
    require(actor, "draw", locked)
    owed = Submission.objects.select_for_update().get(pk=submission.pk)
    if not owed.second_look:
        raise IllegalTransition(_("这份申请不需要复看。"))
    if not reason.strip():
        raise Invalid(_("请写明不复看的理由。"), [Problem("reason", _("请写明不复看的理由。"))])
    locked.waivers[str(owed.pk)] = {"by": actor.name, "reason": reason.strip(), "at": clock.now().isoformat()}
    locked.save(update_fields=["waivers"])
    owed.second_look = False
    owed.save(update_fields=["second_look"])
    audit.record(actor, "programmes.waive_second_look", owed, round=str(locked.pk), reason=reason.strip())
    return owed


@action("programmes.rank_topic")
def rank_topic(*, actor: Actor, topic: Topic, seen_state: str | None = None) -> Topic:
    """Put the submissions of a topic in order by their scores; ties are broken by TIE_RULE, told in the event.

    Those ranked before, where one whose formal check was put right came to be reviewed later, get their place anew.
    Raises IllegalTransition while a round is not put together or a second look is owed.
    """
    moved = advance(TOPIC, topic, "rank", actor=actor, seen_state=seen_state)
    reviewed = list(moved.submissions.filter(state__in=("in_review", "ranked")).order_by("pk"))
    rounds = list(moved.rounds.filter(state="aggregated", project=None).order_by("order"))
    ordered = sorted(reviewed, key=lambda each: _place(each, rounds))
    for place, each in enumerate(ordered, 1):
        fresh = each.state == "in_review"
        ranked = advance(SUBMISSION, each, "rank", actor=actor, rank=place) if fresh else each
        ranked.rank = place
        ranked.save(update_fields=["rank"])
    order = [str(each.pk) for each in ordered]
    audit.record(actor, "programmes.rank_topic", moved, order=order, ties=_ties(ordered), rule=TIE_RULE)
    return moved


def _chosen(topic: Topic, submissions: Iterable[Submission] | None, project: Project | None) -> list[Submission]:
    """What a round reviews: only what was opened and is in order, and of this topic."""
    if project is not None:
        return [_examined(topic, project)]
    state = "formal_ok" if topic.state in BEFORE_REVIEW else "in_review"
    able = list(topic.submissions.filter(state=state).order_by("pk"))
    if topic.state not in ("opened", "reviewing") and not (topic.state == "ranked" and able):
        raise IllegalTransition(_("启封以后、排序以前才能安排评审。"))
    if submissions is None:
        chosen = able
    else:
        wanted = {each.pk for each in submissions}
        chosen = [each for each in able if each.pk in wanted]
        if len(chosen) != len(wanted):
            raise Invalid(_("只能评审通过形式审查、正在评审的申请。"), [Problem("submissions", _("请重新选择。"))])
    if not chosen:
        raise IllegalTransition(_("没有可以评审的申请：请先完成形式审查。"))
    return chosen


def _examined(topic: Topic, project: Project) -> Submission:
    """What a round of acceptance reviews: a project that asks for it, one round at a time."""
    locked = held(project)
    if locked.topic_id != topic.pk:
        raise Invalid(_("这个项目不属于这个榜题。"))
    if locked.state != "acceptance":
        raise IllegalTransition(_("项目申请验收之后才能安排验收评审。"))
    if locked.rounds.exclude(state__in=OVER).exists():
        raise IllegalTransition(_("这个项目已经有一轮验收评审没有结束。"))
    return locked.submission


def _criteria_of(topic: Topic, project: Project | None) -> list[dict[str, Any]]:
    if project is None:
        return list(topic.programme.criteria)
    return [dict(each) for each in template(topic.programme.template).acceptance]


def _wrong_kind(planned: Round) -> list[Problem]:
    known = planned.kind in Round.KINDS and (planned.kind == "acceptance") == (planned.project_id is not None)
    return [] if known else [Problem("kind", _("请选择评审方式。"))]


def _wrong_size(planned: Round) -> list[Problem]:
    if not 1 <= planned.size <= 99:
        return [Problem("size", _("评审组人数应在 5 到 99 之间，为单数。"))]
    today = clock.today()
    rules = engine.panel_rules(shipped().load(engine.PANEL, today), today)
    wrong = engine.composition(planned.size, planned.size, rules)
    return [Problem("size", _in_language(engine.hindrance(each))) for each in wrong]


def _wrong_window(planned: Round) -> list[Problem]:
    if planned.ends_at is None:
        return [Problem("ends_at", _("请填写评审的截止时间。"))]
    if planned.ends_at <= max(planned.starts_at or planned.ends_at - dt.timedelta(1), clock.now()):
        return [Problem("ends_at", _("截止时间应在开始时间和现在之后。"))]
    return []


def _may_draw(round_: Round, reason: str, seen_state: str | None) -> None:
    if seen_state is not None and seen_state != round_.state:
        raise IllegalTransition(_("别人刚刚已经抽取。请刷新页面查看结果。"))
    if round_.state != "drawn":
        return
    if round_.seats.filter(promised_at__isnull=False).exists():
        raise IllegalTransition(_("已经有人应允，不能再整组重抽；可以逐个更换。"))
    if not reason.strip():
        raise IllegalTransition(_("已经抽取过。再次抽取请写明理由，前一次的记录会保留。"))


def _order(
    round_: Round, pool: Pool, seed: str, bars: Collection[engine.Kind], quotas: Mapping[str, int]
) -> engine.Order:
    today = clock.today()
    library = shipped()
    strange = quotas.keys() - set(QUOTAS)
    if strange:
        raise Invalid(_("没有这样的抽取条件：%(names)s。") % {"names": "、".join(sorted(strange))})
    panel = engine.panel_rules(library.load(engine.PANEL, today), today)
    limits: dict[str, Any] = {name: most for name, most in quotas.items() if most}
    return engine.Order(
        label=f"{round_.topic.number or round_.topic_id}/{round_.order}/{len(round_.earlier) + bool(round_.draw) + 1}",
        as_of=today,
        places=round_.size,
        seed=seed,
        panel=replace(panel, **limits),
        recusal=engine.recusal_rules(library.load(engine.RECUSAL, today), today, bars),
        pool=pool.candidates,
        proposals=pool.proposals,
        relations=pool.relations,
    )


def _gone(round_: Round) -> set[str]:
    """Who left a panel of this round, in whichever draw."""
    drawn = [*(each["record"] for each in round_.earlier), *([round_.draw] if round_.draw else [])]
    return {each["gone"] for record in drawn for each in record["replacements"]}


def _put_aside(actor: Actor, round_: Round, reason: str) -> None:
    """Keep the record before, and free the seats it gave."""
    if not round_.draw:
        return
    for seat in round_.seats.filter(state="invited"):
        advance(SEAT, seat, "replace", actor=actor, reason=f"{REDRAWN}：{reason.strip()}"[:LONGEST_REASON])
    round_.earlier = [
        *round_.earlier,
        {"record": round_.draw, "reason": reason.strip(), "by": actor.name, "at": clock.now().isoformat()},
    ]


def _invite(
    round_: Round, record: engine.Record, people: Sequence[str], accounts: Mapping[str, int], after: Seat | None = None
) -> None:
    experts = {each.id: each.expert for each in record.order.pool}
    seats = [
        Seat.objects.create(round=round_, person_id=UUID(id), account=accounts[id], expert=experts[id], replaces=after)
        for id in people
    ]
    audit.record_many(
        KEEPER, "programmes.invite_seat", [(seat, {"replaces": str(after.pk) if after else ""}) for seat in seats]
    )
    for seat in seats:
        tell(KEEPER, "seat.invite", seat)


def _locked_round(seat: Seat) -> Round:
    """The round of a seat, locked first: who draws, opens or closes it and who leaves it wait for each other."""
    return Round.objects.select_for_update().get(pk=seat.round_id)


def _leave(round_: Round, seat: Seat, reason: str) -> Seat:
    """What follows from somebody's leaving: nothing of theirs counts, and the engine names the successor."""
    if round_.state not in ("drawn", "open"):
        raise IllegalTransition(_("这一轮评审已经结束，席位不能再变动。"))
    seat.reason = reason.strip()[:LONGEST_REASON]
    seat.save(update_fields=["reason"])
    _void_reviews(seat, reason)
    record = engine.replaced(engine.read_record(round_.draw), str(seat.person_id), reason.strip())
    accounts: dict[str, int] = {}
    came = record.replacements[-1].came
    while came:
        accounts = accounts_of(came, round_.topic)
        absent = next((id for id in came if id not in accounts), None)
        if absent is None:
            break
        record = engine.replaced(record, absent, "账号已不能评审")
        came = tuple(id for each in (came, record.replacements[-1].came) for id in each if id != absent)
    round_.draw = engine.as_data(record)
    round_.save(update_fields=["draw"])
    _invite(round_, record, came, accounts, seat)
    return seat


def _void_reviews(seat: Seat, reason: str) -> None:
    for review in seat.reviews.exclude(state="void"):
        advance(REVIEW, review, "void", actor=KEEPER, reason=reason)


def _begin_review(actor: Actor, round_: Round) -> None:
    waiting = list(round_.topic.submissions.filter(state="formal_ok"))
    if {str(each.pk) for each in waiting} != set(round_.subjects):
        raise IllegalTransition(_("形式审查的结果在安排评审以后变了：请中止这一轮，重新安排和抽取。"))
    advance(TOPIC, round_.topic, "review", actor=actor)
    for each in waiting:
        advance(SUBMISSION, each, "review", actor=actor)


def _make_reviews(round_: Round, seats: Iterable[Seat]) -> None:
    rows = [
        Review(seat=seat, submission_id=UUID(subject), account=seat.account)
        for seat in seats
        for subject in round_.subjects
    ]
    Review.objects.bulk_create(rows)


def _marks(round_: Round) -> list[engine.Marks]:
    return [
        engine.Marks(
            str(each.seat_id),
            str(each.submission_id),
            {name: Fraction(mark) for name, mark in each.marks.items()},
            void=each.state == "void",
        )
        for each in Review.objects.filter(seat__round=round_)
    ]


def _criteria(round_: Round) -> list[engine.Criterion]:
    return [
        engine.Criterion(each["id"], Fraction(each["weight"]), Fraction(str(each["highest"])))
        for each in round_.criteria
    ]


def _rule(round_: Round) -> engine.Rule:
    programme = round_.topic.programme
    limit = number(programme, "second_look_spread")
    return engine.Rule(second_look=Fraction(limit), least=round_.size)


def _standing(found: engine.Standing) -> dict[str, Any]:
    """A standing in plain values; fractions stay exact, as text."""
    return {
        "score": None if found.score is None else str(_decimal(found.score)),
        "exact": None if found.exact is None else str(found.exact),
        "spread": str(_decimal(rounded(found.spread, 4))),
        "second_look": found.second_look,
        "rank": found.rank,
        "totals": {seat: str(total) for seat, total in found.totals.items()},
    }


def _score(round_: Round, standings: Mapping[str, Mapping[str, Any]]) -> None:
    looked_at = _seconded(round_)
    for each in Submission.objects.select_for_update().filter(pk__in=round_.subjects):
        found = standings[str(each.pk)]
        each.score = None if found["score"] is None else Decimal(found["score"])
        each.spread = Decimal(found["spread"])
        each.second_look = found["second_look"] and str(each.pk) not in looked_at
        each.save(update_fields=["score", "spread", "second_look"])


def _seconded(round_: Round) -> set[str]:
    """The submissions whose spread an earlier round had asked to look at again: this was the second look."""
    before = Round.objects.filter(topic=round_.topic_id, state="aggregated", project=None, order__lt=round_.order)
    return {id for each in before for id, found in each.standings.items() if found["second_look"]}


def _place(submission: Submission, rounds: Sequence[Round]) -> tuple[Any, ...]:
    """By what a submission is put in order: its score, then TIE_RULE."""
    last = next(each for each in reversed(rounds) if str(submission.pk) in each.subjects)
    by_weight = sorted(last.criteria, key=lambda each: -Fraction(each["weight"]))
    means = [-_mean(last, submission, each["id"]) for each in by_weight]
    lot = engine.rank(str(submission.pk), last.draw["order"]["seed"], "tie")
    return -(submission.score or Decimal(0)), *means, submission.spread or Decimal(0), lot


def _mean(round_: Round, submission: Submission, criterion: str) -> Fraction:
    signed = Review.objects.filter(seat__round=round_, submission=submission, state="signed")
    marks = [Fraction(each.marks[criterion]) for each in signed]
    return sum(marks, Fraction(0)) / len(marks) if marks else Fraction(0)


def _ties(ordered: Sequence[Submission]) -> list[list[str]]:
    groups: dict[Decimal | None, list[str]] = {}
    for each in ordered:
        groups.setdefault(each.score, []).append(str(each.pk))
    return [group for group in groups.values() if len(group) > 1]


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _in_language(text: Any) -> str:
    return str(text.en if (get_language() or "").startswith("en") else text.zh)


def _raise(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(found)}, found)
