"""What happens next with a record of a challenge: who must act, what they do, by when. One table for all of it.

The steps themselves stand in ``states.py``; here stands what a person is told of them. To-do lists, calendars and
digests (:mod:`waiting`) read the same table, so that none of them can say something else.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.transitions import Process
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes import states
from rongtong.domain.programmes.guards import ENDED_PROJECTS, UNDER_WAY
from rongtong.domain.programmes.models import (
    Argument,
    Change,
    Decision,
    MarketTest,
    Milestone,
    Notice,
    Objection,
    Obligation,
    Programme,
    Project,
    Review,
    Round,
    Seat,
    Spending,
    Submission,
    Topic,
)
from rongtong.domain.programmes.terms import number

SOON = dt.timedelta(days=30)
"""So long before its day a milestone stands on its team's list."""

Day = dt.date | dt.datetime | None


class Whom(StrEnum):
    """Who must act."""

    OFFICER = "officer"
    SETTER = "setter"
    EXPERT = "expert"
    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    TEAM = "team"
    EXAMINER = "examiner"
    PAYER = "payer"
    KEEPER = "keeper"
    OBJECTOR = "objector"
    ANYBODY = "anybody"
    CLOCK = "clock"


LABELS: dict[Whom, Words] = {
    Whom.OFFICER: Words("管理部门", "The bureau"),
    Whom.SETTER: Words("出题人", "The setter"),
    Whom.EXPERT: Words("论证专家", "The experts who argue it"),
    Whom.APPLICANT: Words("申请单位", "The applicant"),
    Whom.REVIEWER: Words("评审人", "The reviewer"),
    Whom.TEAM: Words("承担单位", "The team"),
    Whom.EXAMINER: Words("阅卷人", "The examiner"),
    Whom.PAYER: Words("付款方", "Whoever pays"),
    Whom.KEEPER: Words("经费管理人", "The finance keeper"),
    Whom.OBJECTOR: Words("提出人", "Whoever raised it"),
    Whom.ANYBODY: Words("任何人", "Anybody"),
    Whom.CLOCK: Words("平台到时自动办理", "The platform, when the hour comes"),
}


def undated(record: Any) -> Day:
    """There is no day by which it must be done."""
    return None


def always() -> Q:
    return Q()


def never() -> Q:
    return Q(pk__in=[])


def whoever(actor: Actor) -> Q:
    return Q()


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table: ``whom`` it waits for, ``what`` they do, ``by`` when.

    ``needs`` is the right under which they do it ("" where nobody's list holds it); ``when`` the columns and relations
    on which the row depends beyond the state; ``mine`` what narrows it to one person; ``listed`` whether it stands on
    to-do lists by itself (the formal check of 200 submissions is one task of their topic). ``outside`` takes the place
    of ``when`` for whoever neither runs nor watches the topic, where ``when`` looks at what is not theirs to know.
    """

    whom: Whom
    what: Words
    by: Callable[[Any], Day] = undated
    needs: str = ""
    when: Callable[[], Q] = always
    mine: Callable[[Actor], Q] = whoever
    listed: bool = True
    outside: Callable[[], Q] | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What happens next, as it is told: ``name`` of the party where there is one to name, ``yours`` to do or not."""

    whom: Whom
    what: Words
    by: Day
    name: str = ""
    yours: bool = False

    @property
    def label(self) -> Words:
        return LABELS[self.whom]

    @property
    def overdue(self) -> bool:
        return is_over(self.by)


def is_over(by: Day) -> bool:
    """Whether a term is over: a day at its end, an hour at once."""
    if by is None:
        return False
    return by < clock.now() if isinstance(by, dt.datetime) else by < clock.today()


# by when


def _after(moment: dt.datetime | None, days: int) -> Day:
    return None if moment is None else timezone.localdate(moment) + dt.timedelta(days=days)


def _to_publish(topic: Topic) -> Day:
    return _after(topic.opens_at, -number(topic.programme, "days_before_opening"))


def _formal_check(topic: Topic) -> Day:
    return _after(topic.closes_at, number(topic.programme, "formal_check_days"))


def _review_ends(topic: Topic) -> Day:
    return topic.rounds.order_by("-order").values_list("ends_at", flat=True).first()


def _notice_ends(topic: Topic) -> Day:
    return topic.notices.filter(state="running").order_by("-ends").values_list("ends", flat=True).first()


def _answer_objection(objection: Objection) -> Day:
    """The day that was set; else so many days after it was raised as the programme says."""
    if objection.due:
        return objection.due
    name = "objection_days" if objection.kind == "objection" else "reexamination_answer_days"
    return _after(objection.created_at, number(objection.notice.topic.programme, name))


def _next_milestone(project: Project) -> Day:
    waiting = project.milestones.filter(state__in=("planned", "due", "rework"))
    return waiting.order_by("due").values_list("due", flat=True).first()


def _of_topic(by: Callable[[Topic], Day]) -> Callable[[Any], Day]:
    return lambda record: by(record.topic)


def _round_ends(seat: Seat) -> Day:
    return seat.round.ends_at


def _round_starts(seat: Seat) -> Day:
    return seat.round.starts_at


# on what it depends


def _unchecked() -> Q:
    return Q(Exists(Submission.objects.filter(topic=OuterRef("pk"), state="opened")))


def _checked() -> Q:
    return ~_unchecked()


def _round_left() -> Q:
    return Q(Exists(Round.objects.filter(topic=OuterRef("pk")).exclude(state__in=("aggregated", "abandoned"))))


def _rounds_done() -> Q:
    return ~_round_left()


def _no_decision() -> Q:
    return ~Q(Exists(Decision.objects.filter(topic=OuterRef("pk"), kind="award", state="prepared")))


def _notice_runs() -> Q:
    return Q(Exists(Notice.objects.filter(topic=OuterRef("pk"), state="running")))


def _notice_over() -> Q:
    return ~_notice_runs() & ~Q(
        Exists(Objection.objects.filter(notice__topic=OuterRef("pk"), state__in=("filed", "admitted")))
    )


def _all_ended() -> Q:
    return ~Q(Exists(Project.objects.filter(topic=OuterRef("pk")).exclude(state__in=ENDED_PROJECTS)))


def _under_way() -> Q:
    return Q(Exists(Topic.objects.filter(programme=OuterRef("pk"), state__in=UNDER_WAY)))


def _settled() -> Q:
    left = Milestone.objects.filter(project=OuterRef("pk")).exclude(state__in=("passed", "dropped"))
    return ~Q(Exists(left))


def _unsettled() -> Q:
    return ~_settled()


def _signed() -> Q:
    return ~Q(Exists(Review.objects.filter(seat__round=OuterRef("pk"), state="open")))


def _unsigned() -> Q:
    return ~_signed()


def _soon() -> Q:
    return Q(due__lte=clock.today() + SOON)


def _not_argued_by(actor: Actor) -> Q:
    return ~Q(Exists(Argument.objects.filter(topic=OuterRef("pk"), account=actor.account or 0)))


def _not_tested_by(actor: Actor) -> Q:
    return Q(topic__examiners__party=actor.party) & ~Q(
        Exists(MarketTest.objects.filter(project=OuterRef("pk"), party=actor.party))
    )


TABLE: dict[tuple[str, str], tuple[Rule, ...]] = {
    ("programme", "drafting"): (
        Rule(Whom.OFFICER, Words("补齐依据、评审标准和各项天数，启动计划", "Complete legal basis, criteria and terms, and start it"), needs="run"),
    ),
    ("programme", "running"): (
        Rule(Whom.OFFICER, Words("组织各榜题；全部办结后结束计划", "Run its topics; close it when all are done")),
    ),
    ("topic", "drafting"): (
        Rule(Whom.SETTER, Words("写清指标、经费和付款安排，提交论证", "State metrics, money and payments, and submit it to argument"), needs="draft"),
    ),
    ("topic", "argued"): (
        Rule(Whom.EXPERT, Words("签署论证意见", "Sign an opinion on it"), needs="argue", mine=_not_argued_by),
        Rule(Whom.OFFICER, Words("支持的专家够数后，通过论证", "Approve it once enough experts support it"), needs="steer"),
    ),
    ("topic", "approved"): (
        Rule(Whom.OFFICER, Words("设封存箱并发榜", "Make the sealed box and publish it"), _to_publish, "steer"),
    ),
    ("topic", "published"): (
        Rule(Whom.CLOCK, Words("到时开始受理揭榜申请", "Submissions are taken from this hour"), lambda topic: topic.opens_at),
    ),
    ("topic", "open"): (
        Rule(Whom.APPLICANT, Words("在截止时间前封存提交；过一秒也不受理", "Seal and submit before the deadline; one second late is late"),
             lambda topic: topic.closes_at),
    ),
    ("topic", "closed"): (
        Rule(Whom.OFFICER, Words("由两位开箱人员共同启封；不足最少份数的重新发榜，不得启封",
                          "Two officers open the box together; with too few submissions it is reissued unopened"),
             _formal_check, "steer"),
    ),
    ("topic", "opened"): (
        Rule(Whom.OFFICER, Words("逐份作形式审查", "Check each submission formally"), _formal_check, "steer", when=_unchecked),
        Rule(Whom.OFFICER, Words("抽取评审人，开始评审", "Draw the panel and begin the review"), needs="steer", when=_checked),
    ),
    ("topic", "reviewing"): (
        Rule(Whom.REVIEWER, Words("打分、写明意见并签署", "Mark, write an opinion and sign"), _review_ends, when=_round_left),
        Rule(Whom.OFFICER, Words("汇总排序", "Rank the submissions"), needs="steer", when=_rounds_done),
    ),
    ("topic", "ranked"): (
        Rule(Whom.OFFICER, Words("拟定结果，与未入选的理由一并公布", "Prepare the result and publish it with the reasons"), needs="steer",
             when=_no_decision, outside=always),
        Rule(Whom.OFFICER, Words("公布已拟定的结果", "Publish the decision that was prepared"), when=lambda: ~_no_decision(),
             outside=never),
    ),
    ("topic", "proposed"): (
        Rule(Whom.OFFICER, Words("发出公示", "Give public notice"), needs="steer"),
    ),
    ("topic", "noticed"): (
        Rule(Whom.ANYBODY, Words("对公示有异议的，实名提出", "Whoever objects says so by name"), _notice_ends, when=_notice_runs),
        Rule(Whom.OFFICER, Words("公示期满、异议办结，立项", "The notice is over and nothing is open: award"), needs="steer",
             when=_notice_over, outside=lambda: ~_notice_runs()),
        Rule(Whom.OFFICER, Words("办结异议", "Decide the objections"), when=lambda: ~_notice_runs() & ~_notice_over(),
             outside=never),
    ),
    ("topic", "awarded"): (
        Rule(Whom.TEAM, Words("按里程碑实施", "Carry it out by its milestones"), when=lambda: ~_all_ended()),
        Rule(Whom.OFFICER, Words("各项目都已结束，结题", "All projects have ended: finish it"), needs="steer", when=_all_ended),
    ),
    ("submission", "draft"): (
        Rule(Whom.APPLICANT, Words("填完并封存提交", "Complete it, seal it and submit"), _of_topic(lambda topic: topic.closes_at), "submit"),
    ),
    ("submission", "withdrawn"): (
        Rule(Whom.APPLICANT, Words("要参加的，重新填写并在截止前提交", "To take part, draft again and submit before the deadline"),
             _of_topic(lambda topic: topic.closes_at), "submit"),
    ),
    ("submission", "sealed"): (
        Rule(Whom.APPLICANT, Words("截止前可以撤回或重新提交", "It may be withdrawn or replaced until the deadline"),
             _of_topic(lambda topic: topic.closes_at), when=lambda: Q(topic__state="open")),
        Rule(Whom.OFFICER, Words("由两位开箱人员共同启封", "Two officers open the box together"), _of_topic(_formal_check),
             when=lambda: ~Q(topic__state="open")),
    ),
    ("submission", "opened"): (
        Rule(Whom.OFFICER, Words("作形式审查", "Check it formally"), _of_topic(_formal_check), "check", listed=False),
    ),
    ("submission", "formal_ok"): (
        Rule(Whom.OFFICER, Words("抽取评审人，开始评审", "Draw the panel and begin the review")),
    ),
    ("submission", "formal_rejected"): (
        Rule(Whom.OFFICER, Words("形式审查有误的可以更正；否则与结果一并公布", "A mistaken rejection may be put right; else it is told with the result")),
    ),
    ("submission", "in_review"): (
        Rule(Whom.REVIEWER, Words("打分、写明意见并签署", "Mark, write an opinion and sign"), _of_topic(_review_ends)),
    ),
    ("submission", "ranked"): (
        Rule(Whom.OFFICER, Words("拟定并公布结果", "Prepare and publish the result")),
    ),
    ("submission", "proposed"): (
        Rule(Whom.OFFICER, Words("公示无异议的，立项", "Award it unless an objection is upheld"), _of_topic(_notice_ends)),
    ),
    ("submission", "reserve"): (
        Rule(Whom.OFFICER, Words("入选者放弃或异议成立时递补", "It moves up if a winner falls out"), _of_topic(_notice_ends)),
    ),
    ("submission", "not_proposed"): (
        Rule(Whom.APPLICANT, Words("公示期内可以实名提出异议或申请复审", "It may be objected to, or re-examination asked for, during the notice"),
             _of_topic(_notice_ends)),
    ),
    ("submission", "awarded"): (
        Rule(Whom.TEAM, Words("按项目的里程碑实施", "Carry the project out by its milestones")),
    ),
    ("submission", "not_awarded"): (
        Rule(Whom.APPLICANT, Words("可以查看评审意见；入选者放弃的，可能递补", "The opinions can be read; it may step up if a winner gives up")),
    ),
    ("round", "planned"): (
        Rule(Whom.OFFICER, Words("抽取评审人", "Draw the panel"), lambda round_: round_.starts_at, "draw"),
    ),
    ("round", "drawn"): (
        Rule(Whom.OFFICER, Words("评审人到齐后开始评审", "Open it once every seat has accepted"), lambda round_: round_.starts_at, "draw"),
    ),
    ("round", "open"): (
        Rule(Whom.REVIEWER, Words("打分、写明意见并签署", "Mark, write an opinion and sign"), lambda round_: round_.ends_at, when=_unsigned),
        Rule(Whom.OFFICER, Words("意见已收齐，结束本轮", "All have signed: close the round"), lambda round_: round_.ends_at, "draw", when=_signed),
    ),
    ("round", "closed"): (
        Rule(Whom.OFFICER, Words("汇总评分", "Put the marks together"), needs="draw"),
    ),
    ("seat", "invited"): (
        Rule(Whom.REVIEWER, Words("应允、谢绝，或说明应当回避", "Accept, decline, or say why to step aside"), _round_starts, "answer"),
    ),
    ("seat", "accepted"): (
        Rule(Whom.REVIEWER, Words("在评审期内签署分派给您的意见", "Sign the reviews assigned to you in time"), _round_ends),
    ),
    ("review", "open"): (
        Rule(Whom.REVIEWER, Words("打分、写明意见并签署", "Mark, write an opinion and sign"), lambda review: review.seat.round.ends_at, "write",
             when=lambda: Q(seat__state="accepted", seat__round__state="open")),
        Rule(Whom.OFFICER, Words("等待本轮评审开始，或由他人接替", "It waits for the round to open, or for somebody to take over"),
             when=lambda: ~Q(seat__state="accepted", seat__round__state="open")),
    ),
    ("review", "signed"): (
        Rule(Whom.OFFICER, Words("收齐本轮意见后汇总", "Put the marks together when all have signed")),
    ),
    ("decision", "prepared"): (
        Rule(Whom.SETTER, Words("不同意拟定人选的，说明理由否决", "Veto a proposal, with a reason")),
        Rule(Whom.OFFICER, Words("核对后公布", "Check and publish it"), needs="decide"),
    ),
    ("notice", "running"): (
        Rule(Whom.ANYBODY, Words("有异议的，实名提出并写明事实和依据", "Whoever objects says so by name, with facts and grounds"),
             lambda notice: notice.ends),
    ),
    ("notice", "ended"): (
        Rule(Whom.OFFICER, Words("异议办结后，立项", "Award it once no objection is open")),
    ),
    ("objection", "filed"): (
        Rule(Whom.OFFICER, Words("决定是否受理", "Decide whether to admit it"), _answer_objection, "decide"),
    ),
    ("objection", "admitted"): (
        Rule(Whom.OFFICER, Words("核查并答复", "Examine it and answer"), _answer_objection, "decide"),
    ),
    ("project", "initiated"): (
        Rule(Whom.TEAM, Words("确认计划、里程碑和负责人", "Confirm plan, milestones and chief"), needs="lead"),
        Rule(Whom.OFFICER, Words("登记合同，签约", "Record the contract"), needs="manage"),
    ),
    ("project", "contracted"): (
        Rule(Whom.OFFICER, Words("启动项目", "Start the project"), needs="manage"),
    ),
    ("project", "running"): (
        Rule(Whom.TEAM, Words("按期完成并提交里程碑", "Reach and report the milestones in time"), _next_milestone, when=_unsettled),
        Rule(Whom.TEAM, Words("里程碑都已通过，申请验收", "All milestones passed: ask for acceptance"), needs="lead", when=_settled),
    ),
    ("project", "suspended"): (
        Rule(Whom.OFFICER, Words("恢复或终止项目", "Resume or terminate it"), needs="manage"),
    ),
    ("project", "acceptance"): (
        Rule(Whom.EXAMINER, Words("试用并签署应用验证意见", "Try it and sign the market test"), needs="view", mine=_not_tested_by),
        Rule(Whom.OFFICER, Words("组织验收，需要时先由专家评审，再作出结论", "Examine it, by a panel of experts if needed, and conclude"), needs="manage"),
    ),
    ("project", "conditional"): (
        Rule(Whom.TEAM, Words("完成整改，再次申请验收", "Put it right and ask again"), needs="lead"),
    ),
    ("project", "accepted"): (
        Rule(Whom.TEAM, Words("每年报告转化情况", "Report each year what became of it")),
        Rule(Whom.OFFICER, Words("跟踪期满后归档", "Archive it when the years of follow-up are over")),
    ),
    ("project", "failed"): (
        Rule(Whom.TEAM, Words("提交原始记录、决策过程和经费使用情况", "Hand in records, decisions and spending")),
        Rule(Whom.OFFICER, Words("认定尽职免责或违约", "Find it diligent or in breach"), needs="manage"),
    ),
    ("milestone", "planned"): (
        Rule(Whom.TEAM, Words("完成并提交", "Reach it and report"), lambda milestone: milestone.due, "report", when=_soon),
        Rule(Whom.TEAM, Words("按计划推进", "Work on as planned"), lambda milestone: milestone.due, when=lambda: ~_soon()),
    ),
    ("milestone", "due"): (
        Rule(Whom.TEAM, Words("已到期，提交进展和达到的指标", "It is due: report progress and metrics reached"),
             lambda milestone: milestone.due, "report"),
    ),
    ("milestone", "reported"): (
        Rule(Whom.OFFICER, Words("查验，写明结论", "Examine it and write the finding"), needs="examine"),
    ),
    ("milestone", "rework"): (
        Rule(Whom.TEAM, Words("补正后再次提交", "Put it right and report again"), lambda milestone: milestone.due, "report"),
    ),
    ("change", "asked"): (
        Rule(Whom.OFFICER, Words("批准或不批准", "Approve or refuse it"), needs="decide"),
    ),
    ("obligation", "due"): (
        Rule(Whom.PAYER, Words("付款并附凭证", "Pay and attach the evidence"), lambda obligation: obligation.due, "pay"),
        Rule(Whom.KEEPER, Words("核对是否到账", "Check that it has come in"), lambda obligation: obligation.due, "view",
             mine=lambda actor: Q(project__finance_keeper=actor.account)),
    ),
    ("spending", "asked"): (
        Rule(Whom.KEEPER, Words("核对票据，同意入账或退回", "Check the vouchers; book it or refuse"), needs="book",
             mine=lambda actor: Q(project__finance_keeper=actor.account)),
    ),
}  # fmt: skip

MODELS: dict[str, type[Model]] = {
    "programme": Programme, "topic": Topic, "submission": Submission, "round": Round, "seat": Seat, "review": Review,
    "decision": Decision, "notice": Notice, "objection": Objection, "project": Project, "milestone": Milestone,
    "change": Change, "obligation": Obligation, "spending": Spending,
}  # fmt: skip
PROCESSES: dict[type[Model], Process] = {MODELS[each.name]: each for each in states.PROCESSES if each.name in MODELS}

_PARTY: dict[tuple[str, Whom], Callable[[Any], object]] = {
    ("topic", Whom.SETTER): lambda topic: topic.setter,
    ("project", Whom.TEAM): lambda project: project.leader,
    ("milestone", Whom.TEAM): lambda milestone: milestone.project.leader,
    ("obligation", Whom.PAYER): lambda obligation: obligation.payer or "",
}
"""Whose name says more than the role: parties that whoever may view the record may know. No applicant is among them."""


def what_next(actor: Actor, record: Model) -> list[Next]:
    """Who acts next on ``record``, what they do, by when; nothing at an end. For who may view the record."""
    process = PROCESSES[type(record)]
    state: str = record.state  # type: ignore[attr-defined]  # every record with a process has one
    rules = [rule for rule in TABLE.get((process.name, state), ()) if _applies(actor, rule, record)]
    return [
        Next(rule.whom, rule.what, rule.by(record), _name(process.name, rule.whom, record), _yours(actor, rule, record))
        for rule in rules
    ]


def is_for(actor: Actor, whom: Whom) -> bool:
    """Whether somebody in the actor's seat may be the one it waits for; rights say of which records."""
    if whom is Whom.OFFICER:
        return actor.is_any(Role.OFFICER)
    if whom is Whom.EXPERT:
        return actor.is_any(Role.EXPERT)
    if whom in (Whom.SETTER, Whom.APPLICANT, Whom.TEAM, Whom.EXAMINER, Whom.KEEPER):
        return actor.party is not None and not actor.is_any(Role.OFFICER)
    return actor.signed_in and whom not in (Whom.CLOCK, Whom.ANYBODY)


def _applies(actor: Actor, rule: Rule, record: Model) -> bool:
    when = rule.when if rule.outside is None or _inside(actor, record) else rule.outside
    return when is always or type(record)._base_manager.filter(when(), pk=record.pk).exists()


def _inside(actor: Actor, record: Any) -> bool:
    """Whether ``actor`` runs the topic or watches over it."""
    return bool(allows(actor, "read_draw", Round(topic=record)))


def _yours(actor: Actor, rule: Rule, record: Model) -> bool:
    if not rule.needs or not is_for(actor, rule.whom) or not allows(actor, rule.needs, record):
        return False
    return rule.mine is whoever or type(record)._base_manager.filter(rule.mine(actor), pk=record.pk).exists()


def _name(process: str, whom: Whom, record: Model) -> str:
    known = _PARTY.get((process, whom))
    return str(known(record)) if known else ""
