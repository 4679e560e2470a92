"""Programmes and their topics: opened, written, argued, published, opened and closed by the clock."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.models import SealKey
from rongtong.domain.foundation.sealing.actions.boxes import create_box
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.models import Argument, Examiner, Programme, Topic
from rongtong.domain.programmes.states import PROGRAMME, TOPIC
from rongtong.domain.programmes.terms import Template, number, template, templates
from rongtong.domain.registry.models import Resource

VERDICTS = ("support", "doubt", "oppose")
TOPIC_TEXT = ("title", "problem", "constraints", "acceptance", "field", "region")
TOPIC_TERMS = ("metrics", "payments", "setter_money", "public_money", "winners", "minimum_bids", "months", "opens_at",
               "closes_at")  # fmt: skip


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
    fixed = {"parameters", "criteria", "form"} & facts.keys()
    if fixed and locked.topics.exclude(state__in=("drafting", "argued", "approved", "cancelled")).exists():
        raise IllegalTransition(_("已有榜题发布，评审标准、表格和各项天数不能再改。"))
    before = {name: getattr(locked, name) for name in facts}
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
    *, actor: Actor, programme: Programme, setter: Party, demands: Sequence[Resource], title: str, **facts: Any
) -> Topic:
    """Begin a topic from the ``demands`` it answers; ``facts`` are its other columns, money in fen.

    What is not given comes from the programme. Raises Invalid with every problem, AccessDenied.
    """
    kind = template(programme.template)
    topic = Topic(programme=programme, setter=setter, title=title.strip(), author=actor.account, region=actor.region)
    topic.payments = [str(share) for share in kind.payments]
    topic.winners = number(programme.parameters, kind.key, "winners")
    topic.minimum_bids = number(programme.parameters, kind.key, "minimum_bids")
    for name, value in facts.items():
        setattr(topic, name, value)
    require(actor, "create", topic)
    for demand in demands:
        require(actor, "view", demand)
    _check_topic(topic)
    topic.save(force_insert=True)
    topic.demands.set(demands)
    audit.record(actor, "programmes.create_topic", topic, demands=[demand.pk for demand in demands])
    return topic


@action("programmes.edit_topic")
def edit_topic(*, actor: Actor, topic: Topic, **facts: Any) -> Topic:
    """Change a topic that is not yet published; the event keeps what each column was before."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "edit", locked)
    if locked.state not in ("drafting", "argued", "approved"):
        raise IllegalTransition(_("榜题已经发布，内容不能再改。需要改动时请取消后重新发榜。"))
    unknown = facts.keys() - {*TOPIC_TEXT, *TOPIC_TERMS}
    if unknown:
        raise Invalid(_("这些内容不能这样修改：%(names)s。") % {"names": "、".join(sorted(unknown))})
    before = {name: getattr(locked, name) for name in facts}
    for name, value in facts.items():
        setattr(locked, name, value)
    _check_topic(locked)
    locked.save()
    audit.record(actor, "programmes.edit_topic", locked, before=before)
    return locked


@action("programmes.appoint_examiner")
def appoint_examiner(*, actor: Actor, topic: Topic, party: Party) -> Examiner:
    """Name a party that will use the result and sign the market test; it may not set or solve the topic."""
    examiner = Examiner(topic=topic, party=party)
    require(actor, "appoint", examiner)
    if party.pk == topic.setter_id or topic.submissions.filter(applicant=party).exists():
        raise Invalid(_("出题人和揭榜单位不能担任阅卷人。"))
    Topic.objects.select_for_update().get(pk=topic.pk)
    known = Examiner.objects.filter(topic=topic, party=party).first()
    if known is None:
        examiner.save(force_insert=True)
    audit.record(actor, "programmes.appoint_examiner", topic, party=party.pk)
    return known or examiner


@action("programmes.argue_topic")
def argue_topic(*, actor: Actor, topic: Topic, verdict: str, opinion: str) -> Argument:
    """An expert's signed opinion on a topic before it is published; said once."""
    require(actor, "argue", topic)
    if verdict not in VERDICTS or not opinion.strip():
        raise Invalid(_("请选择结论并写明意见。"))
    Topic.objects.select_for_update().get(pk=topic.pk)
    if topic.arguments.filter(account=actor.account or 0).exists():
        raise IllegalTransition(_("您已经签署过论证意见。"))
    argument = Argument.objects.create(
        topic=topic, account=actor.account or 0, name=actor.name, verdict=verdict, opinion=opinion.strip()
    )
    audit.record(actor, "programmes.argue_topic", topic, verdict=verdict)
    return argument


@action("programmes.make_box")
def make_box(*, actor: Actor, topic: Topic, custodians: Sequence[SealKey]) -> Topic:
    """Give an approved topic the box its submissions are sealed in; it opens when submissions end."""
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    require(actor, "steer", locked)
    if locked.state != "approved" or locked.closes_at is None:
        raise IllegalTransition(_("榜题通过论证并设定截止时间之后，才能设封存箱。"))
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
    """Move a topic along its table; when it is published it gets its number on the list."""
    moved = advance(TOPIC, topic, event, actor=actor, reason=reason, seen_state=seen_state)
    if event == "publish":
        moved.number = _next_number(moved)
        moved.save(update_fields=["number"])
    return moved


@action("programmes.reissue_topic")
def reissue_topic(*, actor: Actor, topic: Topic, reason: str) -> Topic:
    """End a topic that drew too few, or came to nothing, and begin a new draft that follows it."""
    moved = advance(TOPIC, topic, "reissue", actor=actor, reason=reason)
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


def run_clock(actor: Actor, now: dt.datetime | None = None) -> int:
    """Open and close the topics whose time has come; answers how many. For the worker."""
    moment = now or timezone.now()
    due = [
        *((topic, "open") for topic in Topic.objects.filter(state="published", opens_at__lte=moment)),
        *((topic, "close") for topic in Topic.objects.filter(state="open", closes_at__lte=moment)),
    ]
    for topic, event in due:
        advance_topic(actor=actor, topic=topic, event=event)
    return len(due)


def _next_number(topic: Topic) -> str:
    """The place on the list: year and count, without gaps; the programme's row is the lock."""
    Programme.objects.select_for_update().get(pk=topic.programme_id)
    prefix = f"{timezone.localdate().year}-{str(topic.programme_id)[-4:].upper()}-"
    taken = Topic.objects.filter(number__startswith=prefix).count()
    return f"{prefix}{taken + 1:03d}"


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


def _check_topic(topic: Topic) -> None:
    problems = [] if topic.title else [Problem("title", _("名称必填。"))]
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
