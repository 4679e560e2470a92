"""What the tables ask before a step: each looks at a record and answers None, or why it cannot happen now."""

from fractions import Fraction

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import SealedBox
from rongtong.domain.programmes.models import (
    Change,
    Decision,
    Milestone,
    Notice,
    Objection,
    Obligation,
    Programme,
    Project,
    Review,
    Round,
    Submission,
    Topic,
)
from rongtong.domain.programmes.terms import number, template

UNDER_WAY = (
    "argued",
    "approved",
    "published",
    "open",
    "closed",
    "opened",
    "reviewing",
    "ranked",
    "proposed",
    "noticed",
)
ENDED_PROJECTS = ("eliminated", "accepted", "archived", "exempt", "breach", "terminated")


def _number(topic: Topic, name: str) -> int:
    return number(topic.programme.parameters, topic.programme.template, name)


# programme


def complete_terms(programme: Programme, actor: Actor) -> str | None:
    if not programme.legal_basis.strip():
        return _("请写明依据：按哪份办法或通知组织。")
    if not programme.criteria:
        return _("还没有评审标准：只有公布过的标准才能用来打分。")
    if sum(Fraction(each["weight"]) for each in programme.criteria) != 1:
        return _("各项评审标准的权重相加应为 100%。")
    return None


def no_topic_under_way(programme: Programme, actor: Actor) -> str | None:
    count = programme.topics.filter(state__in=UNDER_WAY).count()
    return _("还有 %(count)s 个榜题在办理中。") % {"count": count} if count else None


# topic


def demands_verified(topic: Topic, actor: Actor) -> str | None:
    """A topic is born of demands that somebody else has verified."""
    demands = list(topic.demands.all())
    if not demands:
        return _("榜题应来自至少一条需求。")
    raw = [demand.title for demand in demands if demand.state not in ("verified", "published", "stale")]
    return _("这些需求还没有核实：%(titles)s。") % {"titles": "、".join(raw)} if raw else None


def metrics_measurable(topic: Topic, actor: Actor) -> str | None:
    return None if topic.metrics else _("还没有可测的指标：写明名称、数值和单位，验收才有依据。")


def payments_add_up(topic: Topic, actor: Actor) -> str | None:
    if sum((Fraction(share) for share in topic.payments), Fraction(0)) != 1:
        return _("各里程碑的付款比例相加应为 100%。")
    return None if topic.money > 0 else _("还没有写明出题方资金或财政资金。")


def roles_apart(topic: Topic, actor: Actor) -> str | None:
    """Setter, solver, examiner: nobody is two of them."""
    if topic.examiners.filter(party=topic.setter).exists():
        return _("出题人不能同时是阅卷人，请另选使用方。")
    return None


def argued_enough(topic: Topic, actor: Actor) -> str | None:
    wanted = _number(topic, "arguments")
    count = topic.arguments.filter(verdict="support").count()
    if count < wanted:
        return _("需要至少 %(wanted)s 位专家支持，现有 %(count)s 位。") % {"wanted": wanted, "count": count}
    return None


def programme_runs(topic: Topic, actor: Actor) -> str | None:
    return None if topic.programme.state == "running" else _("所属计划还没有启动。")


def notice_before_opening(topic: Topic, actor: Actor) -> str | None:
    """What is published leaves time before it opens, and time to answer."""
    if topic.opens_at is None or topic.closes_at is None:
        return _("还没有设定受理的起止时间。")
    ahead, open_for = _number(topic, "days_before_opening"), _number(topic, "days_open")
    if (topic.opens_at - timezone.now()).total_seconds() < ahead * 86400:
        return _("开始受理应在发榜 %(days)s 天之后。") % {"days": ahead}
    if (topic.closes_at - topic.opens_at).total_seconds() < open_for * 86400:
        return _("受理时间不能少于 %(days)s 天。") % {"days": open_for}
    return None


def sealed_box_ready(topic: Topic, actor: Actor) -> str | None:
    if not template(topic.programme.template).has("sealed"):
        return None
    ready = SealedBox.objects.filter(Q(pk=topic.box, state="open", closes_at=topic.closes_at)).exists()
    return None if ready else _("还没有设封存箱：请指定开箱人员。")


def opening_time_reached(topic: Topic, actor: Actor) -> str | None:
    return None if topic.opens_at and topic.opens_at <= timezone.now() else _("还没到开始受理的时间。")


def deadline_passed(topic: Topic, actor: Actor) -> str | None:
    return None if topic.closes_at and topic.closes_at <= timezone.now() else _("还没到截止时间。")


def box_opened(topic: Topic, actor: Actor) -> str | None:
    if topic.box is None:
        return None
    opened = SealedBox.objects.filter(pk=topic.box, state="opened").exists()
    return None if opened else _("封存箱还没有由两位开箱人员共同开启。")


def enough_bids(topic: Topic, actor: Actor) -> str | None:
    count = topic.submissions.filter(state="sealed").count()
    if count < topic.minimum_bids:
        return _("有效申请少于 %(least)s 份，应重新发榜，不得启封。") % {"least": topic.minimum_bids}
    return None


def all_checked(topic: Topic, actor: Actor) -> str | None:
    open_ = topic.submissions.filter(state="opened").count()
    if open_:
        return _("还有 %(count)s 份申请没有形式审查。") % {"count": open_}
    return None if topic.submissions.filter(state="formal_ok").exists() else _("没有通过形式审查的申请。")


def panel_complete(topic: Topic, actor: Actor) -> str | None:
    ready = topic.rounds.filter(state="open").exists()
    return None if ready else _("还没有抽取评审人并开始评审。")


def all_signed(topic: Topic, actor: Actor) -> str | None:
    waiting = topic.rounds.exclude(state="aggregated").count()
    return _("还有 %(count)s 轮评审没有汇总。") % {"count": waiting} if waiting else None


def decision_ready(topic: Topic, actor: Actor) -> str | None:
    ready = Decision.objects.filter(topic=topic, kind="award", state="published").exists()
    return None if ready else _("还没有公布拟定结果。")


def notice_runs(topic: Topic, actor: Actor) -> str | None:
    return None if topic.notices.filter(state="running").exists() else _("还没有发出公示。")


def objection_upheld(topic: Topic, actor: Actor) -> str | None:
    upheld = Objection.objects.filter(notice__topic=topic, state="upheld").exists()
    return None if upheld else _("没有成立的异议。")


def notice_over(topic: Topic, actor: Actor) -> str | None:
    notice = topic.notices.order_by("-created_at").first()
    return None if notice and notice.state == "ended" else _("公示期还没有满。")


def no_objection_open(topic: Topic, actor: Actor) -> str | None:
    count = Objection.objects.filter(notice__topic=topic, state__in=("filed", "admitted")).count()
    return _("还有 %(count)s 件异议没有办结。") % {"count": count} if count else None


def projects_ended(topic: Topic, actor: Actor) -> str | None:
    count = topic.projects.exclude(state__in=ENDED_PROJECTS).count()
    return _("还有 %(count)s 个项目没有结束。") % {"count": count} if count else None


# submission


def before_deadline(submission: Submission, actor: Actor) -> str | None:
    """The clock is the platform's; one second late is late."""
    topic = submission.topic
    if topic.state != "open":
        return _("这个榜题现在不受理申请。")
    return None if topic.closes_at and timezone.now() < topic.closes_at else _("已过截止时间，不再受理。")


def after_deadline(submission: Submission, actor: Actor) -> str | None:
    closes = submission.topic.closes_at
    return None if closes and closes <= timezone.now() else _("还没到截止时间。")


def not_setter_nor_examiner(submission: Submission, actor: Actor) -> str | None:
    topic, parties = submission.topic, {str(submission.applicant_id), *map(str, submission.members)}
    if str(topic.setter_id) in parties:
        return _("出题人不能揭自己的榜。")
    examiners = {str(pk) for pk in topic.examiners.values_list("party_id", flat=True)}
    return _("阅卷人不能揭榜。") if examiners & parties else None


def not_blocked(submission: Submission, actor: Actor) -> str | None:
    return None if submission.applicant.state == "active" else _("申请单位当前不能参加申报。")


# review


def panel_seated(round_: Round, actor: Actor) -> str | None:
    """Every place of the panel has accepted."""
    count = round_.seats.filter(state="accepted").count()
    if count < round_.size:
        return _("评审组应有 %(size)s 人应允，现有 %(count)s 人。") % {"size": round_.size, "count": count}
    return None


def round_signed(round_: Round, actor: Actor) -> str | None:
    waiting = Review.objects.filter(seat__round=round_, state="open").count()
    return _("还有 %(count)s 份意见没有签署。") % {"count": waiting} if waiting else None


def marks_complete(review: Review, actor: Actor) -> str | None:
    wanted = [each["id"] for each in review.seat.round.criteria]
    missing = [name for name in wanted if name not in review.marks]
    if missing:
        return _("还有 %(count)s 项没有打分。") % {"count": len(missing)}
    return None if review.opinion.strip() else _("请写明评审意见，申请人会看到。")


# decision and notice


def last_day_over(notice: Notice, actor: Actor) -> str | None:
    return None if timezone.localdate() > notice.ends else _("公示期还没有满。")


def admissible(objection: Objection, actor: Actor) -> str | None:
    if objection.academic:
        return _("对专家学术判断的不同意见不属于受理范围，应不予受理。")
    if not objection.name.strip() or not objection.ground.strip():
        return _("异议应实名，并写明事实和依据。")
    return None


# project


def plan_complete(project: Project, actor: Actor) -> str | None:
    shares = [Fraction(each.share) for each in project.milestones.all()]
    if sum(shares, Fraction(0)) != 1:
        return _("各里程碑的付款比例相加应为 100%。")
    if not project.contract_number.strip() or project.signed_on is None:
        return _("请填写合同编号和签订日期。")
    return None if project.chief_name else _("还没有确定首席科学家（负责人）。")


def milestones_settled(project: Project, actor: Actor) -> str | None:
    left = project.milestones.exclude(state__in=("passed", "dropped")).count()
    return _("还有 %(count)s 个里程碑没有通过。") % {"count": left} if left else None


def market_tested(project: Project, actor: Actor) -> str | None:
    """Acceptance waits for users who sign that the result holds in use (市场应用验证成效)."""
    signed = project.market_tests.filter(passed=True).count()
    wanted = number(project.topic.programme.parameters, project.topic.programme.template, "market_tests")
    if signed < wanted:
        return _("需要 %(wanted)s 家使用方签署应用验证，现有 %(count)s 家。") % {"wanted": wanted, "count": signed}
    return None


def diligence_recorded(project: Project, actor: Actor) -> str | None:
    """Science and Technology Progress Law, art. 68: original records that prove diligence."""
    missing = [name for name in ("records", "decisions", "spending") if not project.diligence.get(name)]
    return _("尽职材料不完整：需要原始记录、决策过程和经费使用情况。") if missing else None


def earlier_passed(milestone: Milestone, actor: Actor) -> str | None:
    earlier = milestone.project.milestones.filter(order__lt=milestone.order).exclude(state__in=("passed", "dropped"))
    return _("前一个里程碑还没有通过。") if earlier.exists() else None


def report_written(milestone: Milestone, actor: Actor) -> str | None:
    if milestone.project.state != "running":
        return _("项目不在执行中。")
    return None if milestone.report.strip() and milestone.reached else _("请填写进展和达到的指标。")


def siblings_reported(milestone: Milestone, actor: Actor) -> str | None:
    """At a gate of a horse race all teams are compared at once, on the same metrics."""
    if not milestone.gate:
        return None
    behind = Milestone.objects.filter(
        project__topic=milestone.project.topic,
        project__state="running",
        order=milestone.order,
        state__in=("planned", "due", "rework"),
    ).count()
    return _("还有 %(count)s 支队伍没有提交，应一并比较。") % {"count": behind} if behind else None


def chief_decides(change: Change, actor: Actor) -> str | None:
    if change.project.chief is None or change.project.chief != actor.account:
        return _("只有首席科学家可以自主决定。")
    return None if change.delegated else _("这类变更需要批准。")


def setter_paid_first(obligation: Obligation, actor: Actor) -> str | None:
    """Public money follows the setter's (奖补): its evidence comes first."""
    if not obligation.evidence.strip():
        return _("请附付款凭证。")
    if obligation.purse == "public":
        unpaid = Obligation.objects.filter(
            milestone=obligation.milestone, project=obligation.project, purse="setter", state="due"
        )
        return _("财政资金在出题方付款之后拨付。") if unpaid.exists() else None
    return None
