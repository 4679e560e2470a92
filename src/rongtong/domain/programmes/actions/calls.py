"""Programmes and their topics: opened, written, argued, published, reissued."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem, Stale
from rongtong.domain.foundation.models import SealedBox, SealKey
from rongtong.domain.foundation.sealing.actions.boxes import abandon_box, create_box
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes import apart, overlap
from rongtong.domain.programmes.actions.submissions import hold_box, return_submissions
from rongtong.domain.programmes.models import Argument, Examiner, Programme, Topic
from rongtong.domain.programmes.states import PROGRAMME, TOPIC, UNSEALED
from rongtong.domain.programmes.terms import Template, number, template, templates
from rongtong.domain.registry.models import Resource

VERDICTS = ("support", "doubt", "oppose")
PROGRAMME_FACTS = ("title", "purpose", "legal_basis", "organiser", "parameters", "criteria", "form")
TOPIC_TEXT = ("title", "problem", "constraints", "acceptance", "field", "region")
TOPIC_TERMS = ("metrics", "payments", "setter_money", "public_money", "winners", "minimum_bids", "months")
TOPIC_TIMES = ("opens_at", "closes_at")
SEALED_STATES = ("published", "open", "closed")
"""A topic in one of these may hold submissions of which nobody knows."""


@action("programmes.create_programme")
def create_programme(
    *,
    actor: Actor,
    template_key: str,
    title: str,
    legal_basis: str = "",
    purpose: str = "",
    organiser: Party | None = None,
    parameters: Mapping[str, int] | None = None,
) -> Programme:
    """Open a programme of a kind (a file of ``packs/programmes``) in preparation; its terms begin as the kind's.

    Raises Invalid with every problem, AccessDenied.
    """
    programme = Programme(
        template=template_key, title=title.strip(), legal_basis=legal_basis.strip(), purpose=purpose.strip(),
        organiser=organiser, region=actor.region, author=actor.account,
    )  # fmt: skip
    require(actor, "create", programme)
    if template_key not in templates():
        raise Invalid(_("没有“%(kind)s”这种计划。") % {"kind": template_key})
    kind = template(template_key)
    programme.parameters = {name: each.value for name, each in kind.numbers.items()} | dict(parameters or {})
    programme.criteria, programme.form = list(kind.criteria), list(kind.form)
    _check_programme(programme, kind)
    programme.save(force_insert=True)
    audit.record(actor, "programmes.create_programme", programme, template=template_key)
    return programme


@action("programmes.edit_programme")
def edit_programme(*, actor: Actor, programme: Programme, **facts: Any) -> Programme:
    """Change a programme. Numbers, criteria and form stay as they are once a topic of it is published."""
    locked = Programme.objects.select_for_update().get(pk=programme.pk)
    require(actor, "edit", locked)
    _know_only(facts, PROGRAMME_FACTS)
    fixed = {"parameters", "criteria", "form"} & facts.keys()
    if fixed and locked.topics.exclude(state__in=("drafting", "argued", "approved", "cancelled")).exists():
        raise IllegalTransition(_("已有榜题发布，评审标准、表格和各项天数不能再改。"))
    before = {name: getattr(locked, name) for name in facts if name != "organiser"}
    for name, value in facts.items():
        setattr(locked, name, value)
    _check_programme(locked, template(locked.template))
    locked.save()
    audit.record(actor, "programmes.edit_programme", locked, before=before)
    return locked


@action("programmes.advance_programme")
def advance_programme(
    *, actor: Actor, programme: Programme, event: str, reason: str = "", seen_state: str | None = None
) -> Programme:
    """Start or close a programme."""
    return advance(PROGRAMME, programme, event, actor=actor, reason=reason, seen_state=seen_state)


@action("programmes.create_topic")
def create_topic(
    *,
    actor: Actor,
    programme: Programme,
    demands: Sequence[Resource],
    title: str,
    setter: Party | None = None,
    **facts: Any,
) -> Topic:
    """Begin a topic from the ``demands`` it answers; ``facts`` are its other columns, money in fen.

    The setter is the owner of the first demand unless one is named; what else is not given comes from the programme.
    Raises Invalid with every problem, AccessDenied.
    """
    _know_only(facts, (*TOPIC_TEXT, *TOPIC_TERMS, *TOPIC_TIMES))
    require(actor, "view", programme)
    setter = setter or next((demand.owner for demand in demands if demand.owner), None)
    if setter is None:
        raise Invalid(_("请指定出题人：已在平台登记的单位。"), [Problem("setter", _("请指定已登记的单位。"))])
    kind = template(programme.template)
    topic = Topic(programme=programme, setter=setter, title=title.strip(), author=actor.account)
    topic.region = actor.region or programme.region
    topic.payments = [str(share) for share in kind.payments]
    topic.winners = number(programme, "winners")
    topic.minimum_bids = number(programme, "minimum_bids")
    for name, value in facts.items():
        setattr(topic, name, value)
    require(actor, "create", topic)
    _check_topic(topic, _demand_problems(actor, topic, demands))
    topic.save(force_insert=True)
    topic.demands.set(demands)
    audit.record(actor, "programmes.create_topic", topic, demands=[demand.pk for demand in demands])
    return topic


@action("programmes.edit_topic")
def edit_topic(
    *, actor: Actor, topic: Topic, demands: Sequence[Resource] | None = None, seen: str = "", **facts: Any
) -> Topic:
    """Change a topic that is not yet published; the event keeps what each column was before.

    Once it is under argument only its times move: what experts have read stays as they read it. ``seen`` is when it was
    last changed (``updated_at`` in ISO form) as the writer had it before their eyes. Raises Stale, Invalid,
    IllegalTransition, AccessDenied.
    """
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "edit", locked)
    _know_only(facts, (*TOPIC_TEXT, *TOPIC_TERMS, *TOPIC_TIMES))
    if seen and seen != locked.updated_at.isoformat():
        raise Stale(_("您打开之后别人改过这个榜题。请刷新页面，核对之后再改。"))
    _may_change(locked, {name for name, value in facts.items() if getattr(locked, name) != value}, demands)
    before = {name: getattr(locked, name) for name in facts}
    for name, value in facts.items():
        setattr(locked, name, value)
    _check_topic(locked, () if demands is None else _demand_problems(actor, locked, demands))
    locked.save()
    if demands is not None:
        locked.demands.set(demands)
    audit.record(actor, "programmes.edit_topic", locked, before=before)
    return locked


@action("programmes.appoint_examiner")
def appoint_examiner(*, actor: Actor, topic: Topic, party: Party) -> Examiner:
    """Name a party that will use the result and sign the market test; it may not set or solve the topic.

    Not while submissions are sealed: a refusal would tell who handed one in. Raises Invalid, IllegalTransition.
    """
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    examiner = Examiner(topic=locked, party=party)
    require(actor, "appoint", examiner)
    if locked.state in SEALED_STATES:
        raise IllegalTransition(_("发榜之后、启封之前不能指定阅卷人：揭榜单位此时还不公开。"))
    _refuse_examiner(locked, party)
    known = Examiner.objects.filter(topic=locked, party=party).first()
    if known is None:
        examiner.save(force_insert=True)
    audit.record(actor, "programmes.appoint_examiner", locked, party=party.pk)
    return known or examiner


@action("programmes.dismiss_examiner")
def dismiss_examiner(*, actor: Actor, examiner: Examiner) -> None:
    """Take an examiner back, before the topic is published."""
    topic = Topic.objects.select_for_update().get(pk=examiner.topic_id)
    require(actor, "appoint", examiner)
    if topic.state not in ("drafting", "argued", "approved"):
        raise IllegalTransition(_("榜题已经发布，阅卷人不能再撤下。"))
    audit.record(actor, "programmes.dismiss_examiner", topic, party=examiner.party_id)
    Examiner.objects.filter(pk=examiner.pk).delete()


@action("programmes.argue_topic")
def argue_topic(*, actor: Actor, topic: Topic, verdict: str, opinion: str) -> Argument:
    """An expert's signed opinion on a topic before it is published; said once of each version."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "argue", locked)
    if verdict not in VERDICTS or not opinion.strip():
        raise Invalid(_("请选择结论并写明意见。"))
    if apart.sides_of(actor.account) & apart.setter_side(locked):
        raise IllegalTransition(_("您在出题人任职或代表出题人，应当回避，不能论证这个榜题。"))
    if locked.arguments.filter(account=actor.account or 0, version=locked.version).exists():
        raise IllegalTransition(_("您已经签署过论证意见。"))
    argument = Argument.objects.create(
        topic=locked, account=actor.account or 0, name=actor.name, verdict=verdict, opinion=opinion.strip(),
        version=locked.version,
    )  # fmt: skip
    audit.record(actor, "programmes.argue_topic", locked, verdict=verdict)
    return argument


@action("programmes.answer_overlap")
def answer_overlap(*, actor: Actor, topic: Topic, answer: str) -> Topic:
    """Say in what ``topic`` differs from those like it that are on the list; one that comes later asks again."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "steer", locked)
    if locked.state not in ("drafting", "argued"):
        raise IllegalTransition(_("榜题已通过论证，不再修改这项说明。"))
    if not answer.strip():
        raise Invalid(_("请写明与相近榜题有何不同，或为何仍要发榜。"), [Problem("answer", _("请写明。"))])
    looked_at = sorted(str(each.topic.pk) for each in overlap.overlaps(locked))
    locked.overlap = {"answer": answer.strip(), "topics": looked_at, "by": actor.name}
    locked.save(update_fields=["overlap", "updated_at"])
    audit.record(actor, "programmes.answer_overlap", locked, topics=looked_at, answer=answer.strip())
    return locked


@action("programmes.make_box")
def make_box(*, actor: Actor, topic: Topic, custodians: Sequence[SealKey]) -> Topic:
    """Give an approved topic the box its submissions are sealed in; it opens when submissions end.

    A box made before is given up: nothing can lie in it, for the topic is not published.
    """
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "steer", locked)
    if locked.state != "approved" or locked.closes_at is None:
        raise IllegalTransition(_("榜题通过论证并设定截止时间之后，才能设封存箱。"))
    earlier = SealedBox.objects.filter(Q(pk=locked.box, state="open")).first()
    if earlier is not None:
        abandon_box(actor=actor, box=earlier, reason=_("榜题重新设箱"))
    box = create_box(
        actor=actor, title=str(locked), closes_at=locked.closes_at, opens_at=locked.closes_at, custodians=custodians,
        subject=("programmes.topic", locked.pk),
    )  # fmt: skip
    locked.box = box.pk
    locked.save(update_fields=["box"])
    audit.record(actor, "programmes.make_box", locked, box=box.pk)
    return locked


@action("programmes.advance_topic")
def advance_topic(*, actor: Actor, topic: Topic, event: str, reason: str = "", seen_state: str | None = None) -> Topic:
    """Move a topic along its table; when it is published it gets its number on the list, sent back a new version."""
    if event in ("cancel", "reissue"):
        return _ended(actor, topic, event, reason, seen_state)
    moved = advance(TOPIC, topic, event, actor=actor, reason=reason, seen_state=seen_state)
    if event == "publish":
        moved.number = _next_number()
        moved.save(update_fields=["number"])
    elif event == "return":
        moved.version += 1
        moved.save(update_fields=["version"])
    return moved


@action("programmes.reissue_topic")
def reissue_topic(*, actor: Actor, topic: Topic, reason: str) -> Topic:
    """End a topic that drew too few, or came to nothing, and begin a new draft that follows it."""
    moved = _ended(actor, topic, "reissue", reason)
    copied = (*TOPIC_TEXT, "metrics", "payments", "setter_money", "public_money", "winners", "minimum_bids", "months")
    fresh = Topic(
        programme=moved.programme, setter=moved.setter, follows=moved, author=actor.account,
        **{name: getattr(moved, name) for name in copied},
    )  # fmt: skip
    fresh.save(force_insert=True)
    fresh.demands.set(moved.demands.all())
    for examiner in moved.examiners.all():
        Examiner.objects.create(topic=fresh, party=examiner.party)
    audit.record(actor, "programmes.create_topic", fresh, follows=moved.pk)
    return fresh


def _ended(actor: Actor, topic: Topic, event: str, reason: str, seen_state: str | None = None) -> Topic:
    """End a topic; what lies sealed for it goes back unopened. Its box is taken first, as the opening takes it."""
    if topic.box is not None:
        hold_box(topic)
    moved = advance(TOPIC, topic, event, actor=actor, reason=reason, seen_state=seen_state)
    return return_submissions(actor=actor, topic=moved)


def _next_number() -> str:
    """The place on the list: year and count over all programmes, without gaps; the oldest programme is the lock."""
    Programme.objects.select_for_update(no_key=True).order_by("pk").first()
    prefix = f"{clock.today().year}-"
    return f"{prefix}{Topic.objects.filter(number__startswith=prefix).count() + 1:03d}"


def _know_only(facts: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(facts) - set(known))
    if unknown:
        raise Invalid(_("这些内容不能这样修改：%(names)s。") % {"names": "、".join(unknown)})


def _may_change(topic: Topic, changed: set[str], demands: Sequence[Resource] | None) -> None:
    if topic.state not in ("drafting", "argued", "approved"):
        raise IllegalTransition(_("榜题已经发布，内容不能再改。需要改动时请取消后重新发榜。"))
    others = changed - set(TOPIC_TIMES)
    if demands is not None and {each.pk for each in demands} != set(topic.demands.values_list("pk", flat=True)):
        others.add("demands")
    if topic.state != "drafting" and others:
        raise IllegalTransition(_("榜题已提交论证，只能改受理时间。要改其他内容，请先退回修改。"))


def _demand_problems(actor: Actor, topic: Topic, demands: Sequence[Resource]) -> Iterable[Problem]:
    """A setter begins from what is its own; an officer brings several together."""
    for demand in demands:
        require(actor, "view", demand)
        if demand.kind != "demand":
            yield Problem("demands", _("“%(title)s”不是需求。") % {"title": demand.shown_title})
        elif not actor.staff and demand.owner_id != topic.setter_id:
            yield Problem("demands", _("“%(title)s”不是本单位的需求。") % {"title": demand.shown_title})


def _refuse_examiner(topic: Topic, party: Party) -> None:
    if party.pk in apart.setter_side(topic):
        raise Invalid(_("出题人和揭榜单位不能担任阅卷人。"))
    both = apart.shared_people(topic.setter_id, party.pk)
    if both:
        names = "、".join(person.name for person in both)
        raise Invalid(_("%(names)s同时在出题人和阅卷人任职，请另选使用方。") % {"names": names})
    solvers = topic.submissions.filter(state__in=UNSEALED).values_list("applicant_id", "members")
    if any(str(party.pk) in {str(leader), *map(str, members)} for leader, members in solvers):
        raise Invalid(_("出题人和揭榜单位不能担任阅卷人。"))


def _check_programme(programme: Programme, kind: Template) -> None:
    problems = [] if programme.title else [Problem("title", _("名称必填。"))]
    for name, value in programme.parameters.items():
        bounds = kind.numbers.get(name)
        if bounds is None:
            problems.append(Problem(name, _("没有“%(name)s”这项参数。") % {"name": name}))
        elif not isinstance(value, int) or not bounds.least <= value <= bounds.most:
            shown = {"label": bounds.label, "least": bounds.least, "most": bounds.most}
            problems.append(Problem(name, _("“%(label)s”应在 %(least)s 到 %(most)s 之间。") % shown))
    _raise(problems)


def _check_topic(topic: Topic, found: Iterable[Problem] = ()) -> None:
    problems = [*found, *([] if topic.title else [Problem("title", _("名称必填。"))])]
    if topic.setter.state != "active":
        problems.append(Problem("setter", _("出题人当前不能参加申报。")))
    if topic.setter_money < 0 or topic.public_money < 0:
        problems.append(Problem("setter_money", _("金额不能小于零。")))
    problems += [
        Problem("payments", _("付款比例应为分数，例如 3/10。")) for share in topic.payments if not _share(share)
    ]
    limits = template(topic.programme.template).numbers
    for name in ("winners", "minimum_bids"):
        if not limits[name].least <= getattr(topic, name) <= limits[name].most:
            shown = {"label": limits[name].label, "least": limits[name].least, "most": limits[name].most}
            problems.append(Problem(name, _("“%(label)s”应在 %(least)s 到 %(most)s 之间。") % shown))
    if topic.opens_at and topic.closes_at and topic.closes_at <= topic.opens_at:
        problems.append(Problem("closes_at", _("截止时间应晚于开始受理的时间。")))
    _raise(problems)


def _share(written: str) -> bool:
    try:
        return 0 < Fraction(written) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def _raise(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(found)}, found)
