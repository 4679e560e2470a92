"""A topic for people: written from demands, argued, published, read and printed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import DomainError, Invalid, Problem
from rongtong.domain.foundation.models import SealedBox, SealKey
from rongtong.domain.foundation.sealing.queries import usable_custodians
from rongtong.domain.foundation.sealing.states import BOX
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions import calls as actions
from rongtong.domain.programmes.apart import examiners_of
from rongtong.domain.programmes.models import Argument, Examiner, Programme, Submission, Topic
from rongtong.domain.programmes.overlap import overlaps
from rongtong.domain.programmes.queries import calls
from rongtong.domain.programmes.states import ON_THE_LIST, TOPIC
from rongtong.domain.programmes.terms import template
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.queries import Filters as RecordFilters
from rongtong.domain.registry.queries import listing as records
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.showing import note_readings, note_rows
from rongtong.portal import challenge_forms as topic_forms
from rongtong.portal import forms, qr
from rongtong.portal.attempts import Attempt, refuse
from rongtong.portal.challenging import frame, steps_open, topic_or_404
from rongtong.portal.history import acts_of
from rongtong.portal.http import Request, done, known_or_404, own_party, page, step_in
from rongtong.portal.lists import term_named
from rongtong.portal.views.challenge.programmes import party_called, terms_of

BACKWARDS = ("return", "cancel")
BY_HAND = ("submit", "return", "approve", "publish", "cancel", "finish")
"""The steps of this page; the others happen where their part of the challenge is done."""
EARLY = ("drafting", "argued", "approved")
"""The states in which a topic may still be changed."""
MOST_DEMANDS, FOUND, HISTORY = 20, 12, 60
VERDICTS = {
    "support": Words("支持", "Supports it"),
    "doubt": Words("有疑问", "Has doubts"),
    "oppose": Words("不支持", "Opposes it"),
}
VERDICT_TONES = {"support": "success", "doubt": "warning", "oppose": "danger"}


@dataclass(frozen=True, slots=True)
class Payment:
    """A milestone's share, and what it comes to where that is whole fen."""

    share: str
    fen: int | None


@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """What is asked and what it is worth; for whoever runs it, the next step and what is still missing."""
    topic, actor = topic_or_404(request, identifier), request.actor
    calls.note_topics(actor, "page", [topic])
    return page(request, "challenge/topic", _page_of(request, topic, actor))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: Request) -> HttpResponse:
    """A new topic, from one demand or several."""
    _require_drafting(request.actor)
    given = request.POST if request.method == "POST" else None
    picked = _demands(request, (given or request.GET).getlist("demand"))
    programmes = list(calls.programmes_open_to(request.actor))
    if given is None or "find" in given:
        return _form(request, None, picked, programmes, given)
    with Attempt(Invalid) as attempt:
        facts, problems = _submitted(request, None, given)
        chosen = next((each for each in programmes if str(each.pk) == given.get("programme")), None)
        if chosen is None:
            raise Invalid(_("请选择所属计划。"), [*problems, Problem("programme", _("请选择所属计划。"))])
        refuse(problems)
        topic = actions.create_topic(actor=request.actor, programme=chosen, demands=picked, **facts)
        return done(request, _("榜题已保存，还没有公开。"), _here(topic))
    return _form(request, None, picked, programmes, given, attempt)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, identifier: UUID) -> HttpResponse:
    """Change a topic before it is published."""
    topic = topic_or_404(request, identifier)
    require(request.actor, "edit", topic)
    given = request.POST if request.method == "POST" else None
    own = list(calls.demands_of(request.actor, topic))
    picked = own if given is None else _demands(request, given.getlist("demand"))
    if given is None or "find" in given:
        return _form(request, topic, picked, [topic.programme], given)
    with Attempt(DomainError) as attempt:
        facts, problems = _submitted(request, topic, given)
        refuse(problems)
        hidden = [each for each in topic.demands.all() if each not in own]
        actions.edit_topic(
            actor=request.actor, topic=topic, demands=[*picked, *hidden], seen=given.get("seen", ""), **facts
        )
        return done(request, _("榜题已保存。"), _here(topic))
    return _form(request, topic, picked, [topic.programme], given, attempt)


@require_POST
def advance(request: Request, identifier: UUID) -> HttpResponse:
    """Move a topic by one of the steps of its page."""
    step = step_in(request)
    if step["event"] not in BY_HAND:
        raise Http404
    moved = actions.advance_topic(actor=request.actor, topic=topic_or_404(request, identifier), **step)
    said = _("榜题现在是“%(state)s”。") % {"state": TOPIC.state(moved.state).label}
    return done(request, said, _here(moved) if allows(request.actor, "view", moved) else reverse("portal:challenges"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def argue(request: Request, identifier: UUID) -> HttpResponse:
    """An expert's opinion on a topic: the topic beside the form, signed once."""
    topic = topic_or_404(request, identifier)
    require(request.actor, "argue", topic)
    given, attempt = request.POST, Attempt(DomainError)
    if request.method == "POST":
        with attempt:
            verdict, opinion = given.get("verdict", ""), given.get("opinion", "")
            actions.argue_topic(actor=request.actor, topic=topic, verdict=verdict, opinion=opinion)
            return done(request, _("论证意见已签署。"), _here(topic))
    else:
        calls.note_topics(request.actor, "form", [topic])
    context = frame(request.actor, topic, "topic") | as_read(request, topic)
    context |= {"verdicts": VERDICTS.items(), "given": given, "failed": attempt.message}
    return page(request, "challenge/topic_argue", context, status=attempt.status)


@require_POST
def appoint_examiner(request: Request, identifier: UUID) -> HttpResponse:
    """Name an examiner, or take one back."""
    topic = topic_or_404(request, identifier)
    if "dismiss" in request.POST:
        examiners = scope(request.actor, "view", topic.examiners.all())
        examiner = known_or_404(examiners.filter(party=_identifier(request.POST["dismiss"])).first())
        return _did(request, topic, _("阅卷人已撤下。"), actions.dismiss_examiner, examiner=examiner)
    party = party_called(request.POST.get("party", "").strip())
    if party is None:
        return _failed(request, topic, _("没有找到这个单位，请填写在平台登记的全称或统一社会信用代码。"))
    return _did(request, topic, _("已指定阅卷人。"), actions.appoint_examiner, topic=topic, party=party)


@require_POST
def answer_overlap(request: Request, identifier: UUID) -> HttpResponse:
    """Say in what the topic differs from those like it."""
    topic = topic_or_404(request, identifier)
    answer = request.POST.get("answer", "")
    return _did(request, topic, _("说明已保存。"), actions.answer_overlap, topic=topic, answer=answer)


@require_POST
def make_box(request: Request, identifier: UUID) -> HttpResponse:
    """Make the box of the submissions with the officers who will open it."""
    topic = topic_or_404(request, identifier)
    require(request.actor, "steer", topic)
    chosen = [key for each in request.POST.getlist("custodian") if (key := _identifier(each))]
    keys = list(_keys().filter(pk__in=chosen))
    return _did(request, topic, _("封存箱已设好。"), actions.make_box, topic=topic, custodians=keys)


@require_POST
def reissue(request: Request, identifier: UUID) -> HttpResponse:
    """End a topic and begin a draft that follows it."""
    topic = topic_or_404(request, identifier)
    fresh = actions.reissue_topic(actor=request.actor, topic=topic, reason=request.POST.get("reason", ""))
    return done(request, _("已另拟新榜题，内容沿用，请改好时间后重新论证。"), _here(fresh))


@require_safe
def picture(request: Request, identifier: UUID) -> HttpResponse:
    """The address of a topic for telephones."""
    topic = topic_or_404(request, identifier)
    return HttpResponse(qr.as_svg(_address(request, topic)), content_type="image/svg+xml")


def _did(request: Request, topic: Topic, said: str, act: Callable[..., object], /, **given: Any) -> HttpResponse:
    """Do it and go back to the topic, or show its page with why it could not be."""
    with Attempt(Invalid) as attempt:
        act(actor=request.actor, **given)
        return done(request, said, _here(topic))
    return _failed(request, topic, attempt.message)


def _failed(request: Request, topic: Topic, said: str) -> HttpResponse:
    context = _page_of(request, topic, request.actor) | {"failed": said, "given": request.POST}
    return page(request, "challenge/topic", context, status=422)


def _page_of(request: Request, topic: Topic, actor: Actor) -> dict[str, Any]:
    runs, drafts = bool(allows(actor, "steer", topic)), bool(allows(actor, "draft", topic))
    watches, argues = drafts or actor.is_any(Role.SUPERVISOR), bool(allows(actor, "argue", topic))
    steps = steps_open(TOPIC, actor, topic, BY_HAND)
    context = frame(actor, topic, "topic") | as_read(request, topic) | _rights(actor, topic, runs=runs)
    context |= {
        "open_steps": sorted(steps, key=lambda step: step.row.event in BACKWARDS),
        "may_argue": argues,
        "address": _address(request, topic) if topic.state in ON_THE_LIST else "",
        "runs": runs,
        "acts": runs or drafts or argues,
    }
    if watches or argues:
        context["arguments"] = _arguments(actor, topic)
    if watches:
        context |= _watched(actor, topic)
    if runs and topic.state in EARLY:
        context |= _alike(request, topic)
    if runs and template(topic.programme.template).has("sealed"):
        context |= _box(topic)
    return context


def _rights(actor: Actor, topic: Topic, *, runs: bool) -> dict[str, bool]:
    """What the reader may begin from here."""
    return {
        "may_bid": _may_bid(actor, topic),
        "may_edit": topic.state in EARLY and bool(allows(actor, "edit", topic)),
        "may_reissue": runs and TOPIC.step("reissue", topic.state) is not None,
        "may_appoint": runs and topic.state not in actions.SEALED_STATES,
        "may_dismiss": runs and topic.state in EARLY,
    }


def _watched(actor: Actor, topic: Topic) -> dict[str, Any]:
    """For whoever drafts or supervises: who examines, and what happened."""
    examiners = Examiner.objects.filter(topic=topic).select_related("party")
    return {
        "examiners": list(scope(actor, "view", examiners)),
        "history": acts_of(topic.pk, HISTORY),
    }


def _alike(request: Request, topic: Topic) -> dict[str, Any]:
    """The topics like this one, and what was said of them."""
    return {
        "alike": overlaps(topic),
        "may_answer": topic.state in ("drafting", "argued"),
        "answer": request.POST.get("answer", topic.overlap.get("answer", "")),
    }


def as_read(request: Request, topic: Topic) -> dict[str, Any]:
    """The topic itself as anybody reads it who may view it."""
    actor = request.actor
    demands = list(calls.demands_of(actor, topic))
    note_rows(actor, "list", demands)
    return {
        "payments": [_payment(topic, share) for share in topic.payments],
        "field_label": term_named("field", topic.field),
        "region_label": term_named("division", topic.region),
        "terms": terms_of(topic.programme),
        "kind": template(topic.programme.template),
        "demands": demands,
        "earlier": scope(actor, "view", Topic.objects.filter(Q(pk=topic.follows_id))).first(),
        "later": scope(actor, "view", Topic.objects.filter(follows=topic)).first(),
    }


def _may_bid(actor: Actor, topic: Topic) -> bool:
    """Whether the reader's organisation may take it up, as far as its part in the topic tells."""
    if topic.state != "open" or actor.party is None or actor.party in {topic.setter_id, *examiners_of(topic)}:
        return False
    if allows(actor, "steer", topic):
        return False
    return bool(allows(actor, "submit", Submission(topic=topic, applicant_id=actor.party)))


def _arguments(actor: Actor, topic: Topic) -> list[tuple[Argument, Words, str, bool]]:
    """(opinion, its verdict, tone, whether it is on the text as it stands), the latest first."""
    found = scope(actor, "view", Argument.objects.filter(topic=topic)).order_by("-signed_at")
    return [
        (each, VERDICTS[each.verdict], VERDICT_TONES[each.verdict], each.version == topic.version) for each in found
    ]


def _box(topic: Topic) -> dict[str, Any]:
    box = SealedBox.objects.filter(Q(pk=topic.box)).first()
    return {
        "box": box,
        "box_state": BOX.state(box.state) if box else None,
        "custodians": [each.key.holder_name for each in usable_custodians(box)] if box else [],
        "keys": list(_keys()) if topic.state == "approved" else [],
        "may_box": topic.state == "approved",
    }


def _keys() -> Any:
    return SealKey.objects.filter(revoked_at__isnull=True).order_by("holder_name")


def _payment(topic: Topic, share: str) -> Payment:
    fen = Fraction(share) * topic.money
    return Payment(share, fen.numerator if fen.denominator == 1 and topic.money else None)


def _here(topic: Topic) -> str:
    return reverse("portal:topic", args=(topic.pk,))


def _address(request: Request, topic: Topic) -> str:
    return request.build_absolute_uri(_here(topic))


def _identifier(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _require_drafting(actor: Actor) -> None:
    require(actor, "create", calls.topic_to_be(actor, actor.party))


def _demands(request: Request, written: Sequence[str]) -> list[Resource]:
    """The demands named in an address or a form that the reader may view, in that order."""
    wanted = [found for each in written[:MOST_DEMANDS] if (found := _identifier(each))]
    visible = scope(request.actor, "view", Resource.objects.select_related("owner").filter(kind="demand"))
    by_key = visible.in_bulk(wanted)
    return [by_key[pk] for pk in dict.fromkeys(wanted) if pk in by_key]


def _submitted(request: Request, topic: Topic | None, given: QueryDict) -> tuple[dict[str, Any], list[Problem]]:
    facts, problems = topic_forms.read(given)
    facts["title"] = given.get("title", "").strip()
    if not facts["title"]:
        problems.append(Problem("title", _("名称必填。")))
    if len(facts["title"]) > 200:
        problems.append(Problem("title", _("名称最多 200 个字。")))
    if topic is None:
        facts["setter"] = _setter(request.actor, given, problems)
    if not facts["region"]:
        facts["region"] = topic.region if topic else request.actor.region
    return facts, problems


def _setter(actor: Actor, given: QueryDict, problems: list[Problem]) -> Party | None:
    """Who sets the topic: the officer names it, or the owner of the demand; anybody else is it."""
    if not actor.staff:
        return own_party(actor)
    written = given.get("setter", "").strip()
    party = party_called(written) if written else None
    if written and party is None:
        problems.append(Problem("setter", _("没有找到这个单位，请填写在平台登记的全称或统一社会信用代码。")))
    return party


def _form(
    request: Request,
    topic: Topic | None,
    picked: list[Resource],
    programmes: list[Programme],
    given: QueryDict | None = None,
    attempt: Attempt | None = None,
) -> HttpResponse:
    problems = attempt.problems if attempt else ()
    values = _values(request, topic, picked, programmes) if given is None else {}
    hours = {name: _hour(topic, name, given) for name in ("opens_at", "closes_at")}
    named = given or request.GET
    context = {
        "topic": topic,
        "rows": topic_forms.rows(values, problems, given),
        "title": given.get("title", "") if given else topic.title if topic else picked[0].title if picked else "",
        "setter": given.get("setter", "") if given else _setter_named(picked),
        "own_setter": None if request.actor.staff else own_party(request.actor),
        "programmes": programmes,
        "programme": named.get("programme", "") or (str(programmes[0].pk) if len(programmes) == 1 else ""),
        "picked": picked,
        "find": given.get("find_q", "") if given else "",
        "found": _find(request, given, picked),
        "hours": hours,
        "wrong": forms.by_field(problems),
        "said": attempt.message if attempt else "",
        "seen": given.get("seen", "") if given else topic.updated_at.isoformat() if topic else "",
        "only_times": topic is not None and topic.state != "drafting",
    }
    return page(request, "challenge/topic_form", context, status=attempt.status if attempt else 200)


def _values(
    request: Request, topic: Topic | None, picked: list[Resource], programmes: list[Programme]
) -> dict[str, Any]:
    """What stands in the form at first: the topic, or what its programme and its first demand give."""
    if topic is not None:
        calls.note_topics(request.actor, "form", [topic])
        return topic_forms.from_topic(topic)
    wanted = request.GET.get("programme", "")
    programme = next((each for each in programmes if str(each.pk) == wanted), programmes[0] if programmes else None)
    values = topic_forms.from_programme(programme) if programme else {}
    if picked:
        reading = read(request.actor, picked[0])
        note_readings(request.actor, "form", [reading])
        values |= topic_forms.from_demand(dict(reading.values), picked[0])
    return values


def _setter_named(picked: list[Resource]) -> str:
    owner = next((each.owner for each in picked if each.owner), None)
    return owner.name if owner else ""


def _find(request: Request, given: QueryDict | None, picked: list[Resource]) -> list[Resource] | None:
    """Demands by words of their title, to be brought into the topic; None when nobody looked."""
    if given is None or "find" not in given:
        return None
    filters = RecordFilters.read({"kind": all_kinds()["demand"].key, "q": given.get("find_q", "")})
    demands = records(request.actor, filters).exclude(pk__in=[each.pk for each in picked])
    if not request.actor.staff:
        demands = demands.filter(owner_id=request.actor.party)
    found = list(demands[:FOUND])
    note_rows(request.actor, "list", found)
    return found


def _hour(topic: Topic | None, name: str, given: QueryDict | None) -> str:
    if given is not None:
        return given.get(name, "")
    return forms.hour_written(getattr(topic, name)) if topic else ""
