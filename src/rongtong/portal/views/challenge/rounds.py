"""Rounds of review for the bureau: planned, drawn, kept whole, put together; the record for whoever checks a draw."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.errors import DomainError, IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes.actions import rounds as actions
from rongtong.domain.programmes.models import Review, Round, Seat, Submission, Topic
from rongtong.domain.programmes.queries import pool as pools
from rongtong.domain.programmes.queries import reviewing as queries
from rongtong.domain.programmes.states import ROUND, SEAT, TOPIC
from rongtong.domain.programmes.terms import number
from rongtong.engines import review as engine
from rongtong.engines.review.words import conflict
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import frame, steps_open, topic_or_404
from rongtong.portal.forms import hour_in, hour_written
from rongtong.portal.http import Request, done, found_or_404, page, paged, seen_state, step_in, uuid_or_404
from rongtong.portal.sheets import as_file
from rongtong.portal.views.challenge.projects import project_or_404, project_page

KINDS = {
    "written": Words("书面评审", "In writing"),
    "meeting": Words("会议评审", "Meeting"),
    "defence": Words("答辩评审", "Defence"),
    "on_site": Words("现场考察", "On site"),
    "acceptance": Words("验收评审", "Acceptance"),
}
QUOTAS = {
    "per_organisation": Words("同一单位最多几人", "Most of one organisation"),
    "most_open": Words("在评轮次少于", "Open rounds below"),
    "most_in_year": Words("一年内评审次数少于", "Rounds within a year below"),
    "cool_down_days": Words("距上次评审至少几天", "Days since the last round, at least"),
}
STEPS = {"open": actions.open_round, "close": actions.close_round, "aggregate": actions.aggregate_round}
SHOWN = 50
"""How many of those left out a page of the table holds."""


@login_required
@require_safe
def of_topic(request: Request, identifier: UUID) -> HttpResponse:
    """The review of a topic: its rounds, what a second look is owed to, the ranking, and what comes next."""
    return _topic_page(request, topic_or_404(request, identifier))


@login_required
@require_POST
def plan(request: Request, identifier: UUID) -> HttpResponse:
    """Plan a round with what the form says."""
    topic, given = topic_or_404(request, identifier), request.POST
    wanted = {uuid_or_404(each) for each in given.getlist("submissions")}
    with Attempt(DomainError) as attempt:
        round_ = actions.plan_round(
            actor=request.actor,
            topic=topic,
            kind=given.get("kind", ""),
            blind="blind" in given,
            submissions=Submission.objects.filter(pk__in=wanted) if wanted else None,
            **_asked(given),
        )
        return done(request, _("评审已安排，下一步抽取评审组。"), _address(round_))
    require(request.actor, "create", Round(topic=topic))
    return _topic_page(request, topic, attempt.told)


@login_required
@require_POST
def plan_acceptance(request: Request, identifier: UUID) -> HttpResponse:
    """Have the result of a project examined by experts, with what the form on its page says."""
    project, given = project_or_404(request, identifier), request.POST
    with Attempt(Invalid, IllegalTransition) as attempt:
        round_ = actions.plan_round(
            actor=request.actor, topic=project.topic, project=project, kind="acceptance", **_asked(given)
        )
        return done(request, _("验收评审已安排，下一步抽取评审组。"), _address(round_))
    return project_page(request, project, " ".join(attempt.sentences))


@login_required
@require_POST
def rank(request: Request, identifier: UUID) -> HttpResponse:
    """Put the submissions in order."""
    topic = topic_or_404(request, identifier)
    with Attempt(DomainError) as attempt:
        actions.rank_topic(actor=request.actor, topic=topic, seen_state=seen_state(request))
        return done(request, _("已排定名次，可以拟定结果。"), reverse("portal:topic-review", args=(topic.pk,)))
    require(request.actor, "steer", topic)
    return _topic_page(request, topic, (Problem("rank", attempt.message),))


@login_required
@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """A round: how it was drawn and whom it left out, its panel, how far it is, how the marks came out."""
    return _round_page(request, _round(request, identifier))


@login_required
@require_POST
def draw(request: Request, identifier: UUID) -> HttpResponse:
    """Draw the panel, or draw it again with a reason."""
    given = request.POST
    quotas = {name: _whole(given.get(name, "")) or 0 for name in QUOTAS}
    return _stepped(
        request,
        identifier,
        lambda round_: actions.draw_panel(
            actor=request.actor,
            round=round_,
            reason=given.get("reason", ""),
            bars=actions.NAMED if "named" in given else (),
            quotas=quotas,
            seen_state=seen_state(request),
        ),
        _("评审组已抽取，邀请已发出。"),
    )


@login_required
@require_POST
def advance(request: Request, identifier: UUID) -> HttpResponse:
    """Open, close, put together or give up a round."""
    step = step_in(request)
    seen = step["seen_state"]

    def move(round_: Round) -> Round:
        if step["event"] == "abandon":
            return actions.abandon_round(actor=request.actor, round=round_, reason=step["reason"], seen_state=seen)
        if step["event"] not in STEPS:
            raise Invalid(_("没有这一步。"))
        return STEPS[step["event"]](actor=request.actor, round=round_, seen_state=seen)

    return _stepped(request, identifier, move, _("已办理。"))


@login_required
@require_POST
def reschedule(request: Request, identifier: UUID) -> HttpResponse:
    """Move the time of a round."""
    given = request.POST

    def move(round_: Round) -> Round:
        ends = hour_in(given, "ends_at")
        if ends is None:
            raise Invalid(_("请填写评审的截止时间。"))
        return actions.reschedule_round(actor=request.actor, round=round_, ends_at=ends, reason=given.get("reason", ""))

    return _stepped(request, identifier, move, _("评审时间已调整。"))


@login_required
@require_POST
def move_seat(request: Request, identifier: UUID) -> HttpResponse:
    """Replace a reviewer, or note that one has to stand aside; the successor is invited at once."""
    seat, step = found_or_404(request, "draw", Seat.objects.all(), identifier), step_in(request)
    act = actions.recuse_seat if step["event"] == "recuse" else actions.replace_seat
    return _stepped(
        request,
        seat.round_id,
        lambda _round: act(actor=request.actor, seat=seat, reason=step["reason"], seen_state=step["seen_state"]),
        _("席位已变动，候补已按抽取记录递补。"),
    )


@login_required
@require_POST
def waive(request: Request, identifier: UUID) -> HttpResponse:
    """Leave a wide spread as it is, with a reason."""
    submission = Submission.objects.filter(pk=uuid_or_404(request.POST.get("submission", ""))).first()

    def move(round_: Round) -> Submission:
        if submission is None or str(submission.pk) not in round_.subjects:
            raise Invalid(_("这份申请不在这一轮。"))
        reason = request.POST.get("reason", "")
        return actions.waive_second_look(actor=request.actor, submission=submission, reason=reason)

    return _stepped(request, identifier, move, _("已记录不复看的理由。"))


@login_required
@require_safe
def record_file(request: Request, identifier: UUID, number: int = 0) -> HttpResponse:
    """The record of a draw as ``rongtong engine verify-draw`` reads it: the last, or an earlier one by its number."""
    round_ = _round(request, identifier)
    require(request.actor, "read_draw", round_)
    kept = [each["record"] for each in round_.earlier] + ([round_.draw] if round_.draw else [])
    if not kept or number > len(kept):
        raise Http404
    _note(request, round_, ["draw"])
    answer = HttpResponse(engine.as_text(engine.read_record(kept[number - 1])), content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="draw-{round_.pk}-{number or len(kept)}.json"'
    return answer


@login_required
@require_safe
def marks_file(request: Request, identifier: UUID) -> FileResponse:
    """Every signed review of a round that is over, as a sheet."""
    round_ = _round(request, identifier)
    reviews = scope(request.actor, "view", Review.objects.filter(seat__round=round_, state="signed"))
    require(request.actor, "read_draw", round_)
    criteria = [(each["id"], str(Words(**each["label"]))) for each in round_.criteria]
    labels = [label for _id, label in criteria]
    headings = [_("申请"), _("申请单位"), _("评审人"), *labels, _("总分"), _("意见"), _("不同意见")]
    found = reviews.select_related("seat__person", "submission__applicant").order_by("submission", "pk")
    _note(request, round_, ["marks", "panel"])
    return as_file(f"marks-{round_.pk}", "csv", headings, (_marks_row(each, criteria) for each in found))


def _marks_row(review: Review, criteria: Sequence[tuple[str, str]]) -> list[Any]:
    """A signed review as a row of the sheet."""
    submission = review.submission
    marks = [review.marks.get(id, "") for id, _label in criteria]
    names = [submission.title, submission.applicant.name, review.seat.person.name]
    return [*names, *marks, review.total, review.opinion, review.dissent]


def _stepped(request: Request, identifier: UUID, move: Any, said: str) -> HttpResponse:
    """Do one step of a round; what stands against it is told on its page."""
    round_ = _round(request, identifier)
    require(request.actor, "draw", round_)
    with Attempt(DomainError) as attempt:
        move(round_)
        return done(request, said, _address(round_))
    return _round_page(request, _round(request, identifier), attempt.told)


def _round(request: Request, identifier: UUID) -> Round:
    """The round, for who runs it or watches over it; a member of its panel has the page of their seat."""
    found = Round.objects.select_related("topic__programme", "topic__setter", "project__leader")
    return found_or_404(request, "read_draw", found, identifier)


def _topic_page(request: Request, topic: Topic, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = request.actor
    if not allows(actor, "read_draw", Round(topic=topic)):
        raise Http404
    rounds = queries.rounds_of(actor, topic)
    progress = queries.progress_of(rounds)
    states = ("formal_ok", "in_review", "ranked", "proposed", "reserve", "not_proposed", "awarded", "not_awarded")
    reviewed = list(scope(actor, "view", topic.submissions.filter(state__in=states)).select_related("applicant"))
    _note_submissions(request, reviewed)
    plannable = topic.state in ("opened", "reviewing") and bool(allows(actor, "create", Round(topic=topic)))
    owed = [each for each in reviewed if each.second_look and each.state == "in_review"]
    context = frame(actor, topic, "review") | {
        "rounds": [(each, KINDS[each.kind], ROUND.state(each.state), progress[each.pk]) for each in rounds],
        "owed": owed,
        "ranked": sorted((each for each in reviewed if each.rank), key=lambda each: each.rank or 0),
        "may_plan": plannable,
        "candidates": [each for each in reviewed if each.state in ("formal_ok", "in_review")],
        "chosen": request.POST.getlist("submissions") or [str(each.pk) for each in owed],
        "kinds": [(key, words) for key, words in KINDS.items() if key != "acceptance"],
        "given": request.POST,
        "size": number(topic.programme, "panel_size"),
        "limit": number(topic.programme, "second_look_spread"),
        "rank_step": next((each for each in _topic_steps(request, topic) if each.row.event == "rank"), None),
        "problems": problems,
        "tie_rule": actions.TIE_RULE,
    }
    return page(request, "challenge/review", context, status=422 if problems else 200)


def _topic_steps(request: Request, topic: Topic) -> list[Any]:
    return steps_open(TOPIC, request.actor, topic, ("rank",))


def _round_page(request: Request, round_: Round, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor, topic = request.actor, round_.topic
    record = queries.record_of(actor, round_, checked="check" in request.GET)
    seats = list(queries.seats_of(actor, round_))
    _note(request, round_, ["panel", "draw"] if record else ["draw"])
    may = bool(allows(actor, "draw", round_))
    context = frame(actor, topic, "review") | {
        "round": round_,
        "kind": KINDS[round_.kind],
        "round_state": ROUND.state(round_.state),
        "progress": queries.progress_of(Round.objects.filter(pk=round_.pk))[round_.pk],
        "commitment": engine.commitment(round_.seed),
        "seats": _seat_rows(round_, seats),
        "may": may,
        "actions": [step for step in steps_open(ROUND, actor, round_) if step.row.event != "draw"],
        "may_draw": may and (round_.state == "planned" or _untouched(round_)),
        "quotas": [(name, words, request.POST.get(name, "")) for name, words in QUOTAS.items()],
        "ends": hour_written(round_.ends_at),
        "subjects": _subjects(request, round_),
        "problems": problems,
        "given": request.POST,
        "earlier": list(enumerate(round_.earlier, 1)),
        "late": round_.state == "open" and round_.ends_at is not None and round_.ends_at <= clock.now(),
    }
    if record:
        context |= _draw_told(request, record) | {"pool_size": len(round_.draw["order"]["pool"])}
    elif may:
        context |= _pool_told(round_)
    if round_.standings:
        context |= {"results": queries.results_of(actor, round_), "opinions": _opinions(request, round_)}
    return page(request, "challenge/round", context, status=422 if problems else 200)


def _untouched(round_: Round) -> bool:
    return round_.state == "drawn" and not round_.seats.filter(promised_at__isnull=False).exists()


def _subjects(request: Request, round_: Round) -> list[tuple[int, Submission]]:
    numbers = queries.aliases(round_)
    found = list(scope(request.actor, "view", pools.subjects(round_)))
    _note_submissions(request, found)
    return sorted(((numbers[str(each.pk)], each) for each in found), key=lambda each: each[0])


def _seat_rows(round_: Round, seats: list[Seat]) -> list[dict[str, Any]]:
    """Every seat with how far its reviews are, those held first."""
    written: Counter[UUID] = Counter()
    signed: Counter[UUID] = Counter()
    for seat, state in Review.objects.filter(seat__round=round_).exclude(state="void").values_list("seat", "state"):
        written[seat] += 1
        signed[seat] += state == "signed"
    rows = [
        {
            "seat": each,
            "state": SEAT.state(each.state),
            "written": written[each.pk],
            "signed": signed[each.pk],
            "movable": each.state in ("invited", "accepted") and round_.state in ("drawn", "open"),
        }
        for each in seats
    ]
    return sorted(rows, key=lambda row: row["seat"].state not in Seat.HELD)


def _pool_told(round_: Round) -> dict[str, Any]:
    """Before the draw: how large the pool is, and why some are not available."""
    outline = pools.outline_of(round_, [round_.drawn_by] if round_.drawn_by else [])
    count, first = pools.without_account(round_.topic)
    return {
        "pool_size": outline.size,
        "away": [
            (pools.UNAVAILABLE[why], count) for why, count in sorted(outline.away.items(), key=lambda each: -each[1])
        ],
        "without_account": first,
        "without_account_count": count,
    }


def _draw_told(request: Request, record: engine.Record) -> dict[str, Any]:
    """A draw in words: whom it took and left out with reason, evidence and article, and what is only told."""
    names, checked = queries.named(record), "check" in request.GET
    return _left_out(request, record, names) | {
        "record": record,
        "reserve": len(record.result.reserve),
        "told": [
            (names.get(each.candidate, ""), names.get(each.party, ""), _said(conflict(each.kind, each.until)), each)
            for each in record.result.told
            if each.candidate in record.members
        ],
        "refused_names": [
            (names.get(person, person), names.get(_applicant(record, proposal), ""))
            for proposal, people in record.refused_names.items()
            for person in people
        ],
        "checked": checked,
        "differences": engine.verify(record) if checked else (),
        **_replaced(record, names),
    }


def _left_out(request: Request, record: engine.Record, names: Mapping[str, str]) -> dict[str, Any]:
    """Whom a draw left out: how many for which reason, and those of the ``why`` in the address one by one."""
    exclusions, chosen = record.result.exclusions, request.GET.get("why", "")
    counts, words = Counter(each.code for each in exclusions), {each.code: each for each in exclusions}
    people = queries.excluded(record, names)
    shown = paged(request, [e for e in people if not chosen or any(why.code == chosen for why in e.reasons)], SHOWN)
    shown.object_list = [
        (each, [(_said(engine.reason(why)), names.get(why.party, ""), why) for why in each.reasons])
        for each in shown.object_list
    ]
    return {
        "out": len({each.candidate for each in exclusions}),
        "reasons": [(code, _said(engine.reason(words[code])), count) for code, count in counts.most_common()],
        "why": chosen,
        "excluded": shown,
    }


def _replaced(record: engine.Record, names: Mapping[str, str]) -> dict[str, Any]:
    """Who went and who came since the draw, and what stood in the way of the last."""
    replacements = record.replacements
    return {
        "replacements": [
            (names.get(each.gone, ""), each.reason, [names.get(id, "") for id in each.came], each)
            for each in replacements
        ],
        "obstacles": [_said(engine.hindrance(each)) for each in (replacements[-1].obstacles if replacements else ())],
    }


def _applicant(record: engine.Record, proposal: str) -> str:
    return next(each.parties[0] for each in record.order.proposals if each.id == proposal)


def _opinions(request: Request, round_: Round) -> dict[str, list[Review]]:
    """The signed reviews by submission, in one query."""
    found: dict[str, list[Review]] = {}
    signed = Review.objects.filter(seat__round=round_, state="signed").select_related("seat__person").order_by("pk")
    for each in scope(request.actor, "view", signed):
        found.setdefault(str(each.submission_id), []).append(each)
    return found


def _note(request: Request, round_: Round, fields: list[str]) -> None:
    audit.shown(request.actor, "page", [(round_, fields, allows(request.actor, "read_draw", round_).reason)])


def _note_submissions(request: Request, found: list[Submission]) -> None:
    ground = allows(request.actor, "view", found[0]).reason if found else ""
    audit.shown(request.actor, "list", [(each, ["applicant", "title", "score"], ground) for each in found])


def _said(text: Any) -> str:
    return str(text.en if (get_language() or "").startswith("en") else text.zh)


def _whole(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 5 else None


def _asked(given: QueryDict) -> dict[str, Any]:
    """How many are asked, and from when to when."""
    hours = {name: hour_in(given, name) for name in ("starts_at", "ends_at")}
    return {"size": _whole(given.get("size", ""))} | hours


def _address(round_: Round) -> str:
    return reverse("portal:round", args=(round_.pk,))
