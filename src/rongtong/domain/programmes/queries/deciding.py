"""What a decision on a topic must say, how long a notice of it runs, and what applicants are told in the end."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, calendar, clock
from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.programmes.models import Decision, Notice, Objection, Review, Submission, Topic
from rongtong.domain.programmes.terms import Rule, by_law, number, template

VERDICTS = ("proposed", "reserve", "not_awarded")
"""From best to worst."""
TO_DECIDE = ("ranked", "formal_rejected")
NOT_CHOSEN = ("reserve", "not_proposed", "not_awarded")
"""Whose applicant may ask to be re-examined."""
NATURAL_DAYS = Rule("cn.challenge-procedure", "candidate_days")
"""A notice is never shorter than this many days of the calendar."""
PUBLISHED = ("proposed", "noticed", "awarded", "finished")
"""Topics whose result is no secret any more."""
SHOWN = ("ranked", *PUBLISHED)
OPEN_OBJECTION = ("filed", "admitted")

Outcome = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a notice: whether it counts, and the ``holiday`` it is in Chinese ("" for none)."""

    day: dt.date
    counts: bool
    holiday: str

    @property
    def weekend(self) -> bool:
        return self.day.weekday() >= calendar.SATURDAY


@dataclass(frozen=True, slots=True)
class NoticeTerm:
    """From which day a notice stands, to which day inclusive, and the days between."""

    starts: dt.date
    ends: dt.date
    working_days: int
    days: tuple[Day, ...]

    @property
    def skipped(self) -> list[Day]:
        """Days that do not count although they are weekdays or part of a holiday; plain weekends go without saying."""
        return [each for each in self.days if not each.counts and (each.holiday or not each.weekend)]

    @property
    def made_up(self) -> list[Day]:
        """Saturdays and Sundays on which people work."""
        return [each for each in self.days if each.counts and each.weekend]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one reviewer said, as an applicant reads it: without who said it."""

    place: int
    total: Decimal | None
    marks: tuple[tuple[dict[str, Any], Any], ...]
    opinion: str


def has_result(actor: Actor, topic: Topic) -> bool:
    """Whether there is a result to look at: for everybody once published, before for who prepares, watches, vetoes."""
    return topic.state in PUBLISHED or (topic.state in SHOWN and knows_beforehand(actor, topic))


def knows_beforehand(actor: Actor, topic: Topic) -> bool:
    """Whether ``actor`` may know of a decision on the topic before it is published."""
    return bool(allows(actor, "view", Decision(topic=topic)))


def to_decide(topic: Topic) -> list[Submission]:
    """The submissions that a decision must speak of: ranked in order, then those that were formally rejected."""
    found = topic.submissions.filter(state__in=TO_DECIDE).select_related("applicant")
    return list(found.order_by(F("rank").asc(nulls_last=True), "created_at", "id"))


def results(actor: Actor, topic: Topic) -> list[Submission]:
    """The submissions of a topic as they stand after the review, for whoever may view them; best first."""
    states = (*TO_DECIDE, "proposed", "awarded", *NOT_CHOSEN)
    found = scope(actor, "view", topic.submissions.filter(state__in=states)).select_related("applicant")
    return list(found.order_by(F("rank").asc(nulls_last=True), "created_at", "id"))


def latest_decision(topic: Topic) -> Decision | None:
    """The last decision on the award of a topic that was not given up."""
    return topic.decisions.filter(kind="award").exclude(state="discarded").order_by("-created_at").first()


def latest_notice(topic: Topic) -> Notice | None:
    return topic.notices.order_by("-created_at").first()


def outcome_problems(topic: Topic, submissions: Sequence[Submission], outcome: Outcome) -> list[Problem]:
    """Everything that stands against an outcome; fields are ``verdict-<id>`` and ``reason-<id>``."""
    known = {str(each.pk): each for each in submissions}
    problems = [
        Problem("", _("结果里有不属于这个榜题、或不在拟定范围的申请。")) for pk in outcome.keys() - known.keys()
    ][:1]
    for pk, each in known.items():
        problems += _entry_problems(pk, each, outcome, submissions)
    return problems + _count_problems(topic, outcome)


def _entry_problems(pk: str, each: Submission, outcome: Outcome, all_: Sequence[Submission]) -> list[Problem]:
    entry = outcome.get(pk, {})
    verdict, reason = entry.get("verdict", ""), entry.get("reason", "").strip()
    name = {"name": str(each.applicant)}
    if verdict not in VERDICTS:
        return [Problem(f"verdict-{pk}", _("请选择“%(name)s”的结果。") % name)]
    if each.state == "formal_rejected" and verdict != "not_awarded":
        return [Problem(f"verdict-{pk}", _("“%(name)s”形式审查未通过，只能不予立项。") % name)]
    if verdict == "not_awarded" and not reason:
        return [Problem(f"reason-{pk}", _("请写明“%(name)s”未入选的理由，申请人会看到。") % name)]
    if not reason and _passes_over(each, verdict, outcome, all_):
        return [Problem(f"reason-{pk}", _("“%(name)s”越过了排名在前的申请，请写明理由。") % name)]
    return []


def _passes_over(each: Submission, verdict: str, outcome: Outcome, all_: Sequence[Submission]) -> bool:
    """Whether one with a better rank gets a worse verdict."""
    if each.rank is None:
        return False
    place = VERDICTS.index(verdict)
    return any(other.rank is not None and other.rank < each.rank and _place(outcome, other) > place for other in all_)


def _place(outcome: Outcome, submission: Submission) -> int:
    verdict = outcome.get(str(submission.pk), {}).get("verdict", "")
    return VERDICTS.index(verdict) if verdict in VERDICTS else -1


def _count_problems(topic: Topic, outcome: Outcome) -> list[Problem]:
    proposed = Counter(entry.get("verdict") for entry in outcome.values())["proposed"]
    if not proposed:
        return [Problem("", _("至少拟立项一项；都不合适时，请重新发榜。"))]
    if proposed > topic.winners:
        shown = {"count": proposed, "winners": topic.winners}
        return [Problem("", _("拟立项 %(count)s 项，超过了榜单公布的立项数 %(winners)s。") % shown)]
    if proposed == 1 and template(topic.programme.template).has("race"):
        return [Problem("", _("赛马至少要有两支队伍。"))]
    return []


def notice_term(topic: Topic, starts: dt.date | None = None) -> NoticeTerm:
    """How long a notice that begins on ``starts`` (today) stands.

    The day it is put up does not count (Civil Code, art. 201); then come the programme's working days, and never fewer
    natural days than the law asks of a notice of candidates. Raises Invalid for a day that will not do, NoCalendar.
    """
    today = clock.today()
    first = starts or today
    if first < today:
        _refuse_start(_("公示不能从过去的日期开始。"))
    if first > today and not calendar.is_working_day(first):
        _refuse_start(_("%(day)s 不是工作日，请选择工作日。") % {"day": first})
    count = number(topic.programme, "notice_working_days")
    last = calendar.add_working_days(first, count)
    while (last - first).days < by_law(NATURAL_DAYS):
        last, count = calendar.add_working_days(last, 1), count + 1
    return NoticeTerm(first, last, count, tuple(_days(first, last)))


def _refuse_start(message: str) -> None:
    raise Invalid(message, [Problem("starts", message)])


def _days(first: dt.date, last: dt.date) -> Iterable[Day]:
    for number_ in range(1, (last - first).days + 1):
        day = first + dt.timedelta(days=number_)
        yield Day(day, calendar.is_working_day(day), calendar.holiday_name(day))


def notices(actor: Actor, *, running: bool | None = None) -> QuerySet[Notice]:
    """Notices, latest first; only those that run, or only those that are over."""
    found = scope(actor, "view", Notice.objects.select_related("topic__programme"))
    if running is None:
        return found
    return found.filter(state="running") if running else found.exclude(state="running")


def require_running(notice: Notice) -> None:
    """Raises IllegalTransition with the reason when nobody can object to a notice today."""
    today = clock.today()
    if today < notice.starts:
        raise IllegalTransition(_("公示还没有开始，%(day)s 起可以提出异议。") % {"day": notice.starts})
    if notice.state != "running" or today > notice.ends:
        raise IllegalTransition(_("公示期已过，不再受理异议。新的情况可以向公示上的联系人反映。"))


def objections(actor: Actor, *, open_: bool | None = None) -> QuerySet[Objection]:
    """The objections that ``actor`` may read: what is open by its day, then what was answered, latest first."""
    found = scope(actor, "view", Objection.objects.select_related("notice__topic", "submission__applicant"))
    if open_ is None:
        return found
    if open_:
        return found.filter(state__in=OPEN_OBJECTION).order_by("due", "created_at")
    return found.exclude(state__in=OPEN_OBJECTION).order_by("-created_at")


def counts_of_objections(actor: Actor) -> tuple[int, int]:
    """How many are open, and how many of those are past their day."""
    late = Q(due__lt=clock.today())
    found = objections(actor, open_=True).aggregate(all=Count("pk"), late=Count("pk", filter=late))
    return found["all"], found["late"]


def reexamination_until(submission: Submission) -> dt.date:
    """The last day on which its applicant may ask for re-examination: counted from when they were told the result."""
    topic = submission.topic
    days = number(topic.programme, "reexamination_days")
    told = timezone.localdate(submission.state_since)
    return told + dt.timedelta(days=days)


def may_ask_again(actor: Actor, submission: Submission) -> bool:
    """Whether ``actor`` may still ask for the re-examination of a submission that was not chosen."""
    own = actor.party is not None and actor.party == submission.applicant_id
    return own and submission.state in NOT_CHOSEN and clock.today() <= reexamination_until(submission)


def answer_due(objection: Objection) -> dt.date:
    """By when an objection filed today is to be answered."""
    topic = objection.notice.topic
    name = "reexamination_answer_days" if objection.kind == "reexamination" else "objection_days"
    return clock.today() + dt.timedelta(days=number(topic.programme, name))


def opinions(actor: Actor, submission: Submission) -> list[Opinion]:
    """The signed opinions on a submission from rounds that are over, in no reviewer's name; notes that they were shown.

    Raises AccessDenied.
    """
    require(actor, "read_marks", submission)
    over = Review.objects.filter(submission=submission, state="signed", seat__round__state="aggregated")
    found = over.select_related("seat__round").order_by("pk")
    ground = allows(actor, "read_marks", submission).ground
    audit.shown(actor, "page", [(submission, ["opinions"], ground.zh if ground else "")])
    return [Opinion(place, review.total, _marks(review), review.opinion) for place, review in enumerate(found, start=1)]


def _marks(review: Review) -> tuple[tuple[dict[str, Any], Any], ...]:
    return tuple((each, review.marks.get(each["id"])) for each in review.seat.round.criteria)


def receipt_number(objection: Objection) -> str:
    """The number by which people speak of it."""
    return f"{timezone.localdate(objection.created_at):%Y%m%d}-{objection.pk.hex[-8:].upper()}"


def days_kept() -> int:
    """How many days after its answer the words of a visitor's objection are kept.

    Not before what was shown to whom is let go as well: until then it has to be clear whose data that was.
    """
    return max(settings.ENVIRONMENT.keep_objections_days, settings.ENVIRONMENT.keep_provision_days)


def objectors_to_forget() -> QuerySet[Objection]:
    """What visitors objected, answered or taken back so long ago that name, contact and ground need not be kept."""
    over = Objection.objects.filter(account=None, state_since__lt=clock.now() - dt.timedelta(days=days_kept()))
    return over.exclude(state__in=OPEN_OBJECTION).exclude(contact="", ground="").order_by("state_since")


def by_link(actor: Actor) -> Objection:
    """The objection of the link that ``actor`` holds. Raises Objection.DoesNotExist, whatever else they hold."""
    found = Objection.objects.exclude(digest=None).select_related("notice__topic").filter(digest=actor.link)
    return scope(actor, "view", found).get()
