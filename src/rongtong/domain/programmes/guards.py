"""What the tables ask before a step: each looks at a record and answers None, or why it cannot happen now."""

from fractions import Fraction

from django.db.models import Q
from django.utils.translation import gettext as _

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.queries import held_by
from rongtong.domain.foundation.models import SealedBox
from rongtong.domain.programmes import apart, overlap
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
    Spending,
    Submission,
    Topic,
)
from rongtong.domain.programmes.terms import follow_up_days, number, template

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
UNPLACED = ("opened", "formal_ok", "formal_rejected", "in_review", "ranked")
PLACED = ("proposed", "reserve", "not_proposed")
ENDED_PROJECTS = ("eliminated", "accepted", "archived", "exempt", "breach", "terminated")


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
    examiners = apart.examiners_of(topic)
    if examiners & apart.setter_side(topic):
        return _("出题人不能同时是阅卷人，请另选使用方。")
    both = [person.name for each in examiners for person in apart.shared_people(topic.setter_id, each)]
    if both:
        return _("%(names)s同时在出题人和阅卷人任职，请另选使用方。") % {"names": "、".join(sorted(set(both)))}
    return None


def argued_enough(topic: Topic, actor: Actor) -> str | None:
    wanted = number(topic.programme, "arguments")
    count = topic.arguments.filter(verdict="support", version=topic.version).count()
    if count < wanted:
        return _("需要至少 %(wanted)s 位专家支持，现有 %(count)s 位。") % {"wanted": wanted, "count": count}
    return None


def overlap_answered(topic: Topic, actor: Actor) -> str | None:
    """Scattered or repeated work is seen before it is paid (重复立项)."""
    count = len(overlap.unanswered(topic))
    return _("有 %(count)s 个相近榜题还没有说明有何不同。") % {"count": count} if count else None


def programme_runs(topic: Topic, actor: Actor) -> str | None:
    return None if topic.programme.state == "running" else _("所属计划还没有启动。")


def notice_before_opening(topic: Topic, actor: Actor) -> str | None:
    """What is published leaves time before it opens, and time to answer."""
    if topic.opens_at is None or topic.closes_at is None:
        return _("还没有设定受理的起止时间。")
    ahead, open_for = number(topic.programme, "days_before_opening"), number(topic.programme, "days_open")
    if (topic.opens_at - clock.now()).total_seconds() < ahead * 86400:
        return _("开始受理应在发榜 %(days)s 天之后。") % {"days": ahead}
    if (topic.closes_at - topic.opens_at).total_seconds() < open_for * 86400:
        return _("受理时间不能少于 %(days)s 天。") % {"days": open_for}
    return None


def sealed_box_ready(topic: Topic, actor: Actor) -> str | None:
    if not template(topic.programme.template).has("sealed"):
        return None
    if topic.box is None:
        return _("还没有设封存箱：请指定开箱人员。")
    ready = SealedBox.objects.filter(Q(pk=topic.box, state="open", closes_at=topic.closes_at)).exists()
    return None if ready else _("封存箱的截止时间与榜题不一致，请重新设箱。")


def opening_time_reached(topic: Topic, actor: Actor) -> str | None:
    return None if topic.opens_at and topic.opens_at <= clock.now() else _("还没到开始受理的时间。")


def deadline_passed(topic: Topic, actor: Actor) -> str | None:
    return None if topic.closes_at and topic.closes_at <= clock.now() else _("还没到截止时间。")


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
    waiting = topic.rounds.filter(project=None).exclude(state__in=("aggregated", "abandoned")).count()
    return _("还有 %(count)s 轮评审没有汇总。") % {"count": waiting} if waiting else None


def spread_looked_at(topic: Topic, actor: Actor) -> str | None:
    """Where reviewers were far apart somebody looks again, or says why not (非共识)."""
    owed = topic.submissions.filter(state="in_review", second_look=True).count()
    return _("还有 %(count)s 份申请分歧较大，应复看或写明不复看的理由。") % {"count": owed} if owed else None


def decision_ready(topic: Topic, actor: Actor) -> str | None:
    decision = topic.decisions.filter(kind="award").order_by("-created_at").first()
    overturned = decision is not None and decision.notices.filter(state="overturned").exists()
    ready = decision is not None and decision.state == "published" and not overturned
    return None if ready else _("还没有公布拟定结果。")


def all_placed(topic: Topic, actor: Actor) -> str | None:
    left = topic.submissions.filter(state__in=UNPLACED).count()
    return _("还有 %(count)s 份申请没有拟定结果。") % {"count": left} if left else None


def none_placed(topic: Topic, actor: Actor) -> str | None:
    left = topic.submissions.filter(state__in=PLACED).count()
    return _("还有 %(count)s 份申请没有退回重新拟定。") % {"count": left} if left else None


def all_settled(topic: Topic, actor: Actor) -> str | None:
    left = topic.submissions.filter(state__in=(*UNPLACED, *PLACED)).count()
    return _("还有 %(count)s 份申请没有办结。") % {"count": left} if left else None


def notice_runs(topic: Topic, actor: Actor) -> str | None:
    notice = topic.notices.order_by("-created_at").first()
    return None if notice and notice.state == "running" else _("还没有发出公示。")


def objection_upheld(topic: Topic, actor: Actor) -> str | None:
    notice = topic.notices.order_by("-created_at").first()
    return None if notice and notice.state == "overturned" else _("没有成立的异议。")


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
    return None if topic.closes_at and clock.now() < topic.closes_at else _("已过截止时间，不再受理。")


def after_deadline(submission: Submission, actor: Actor) -> str | None:
    closes = submission.topic.closes_at
    return None if closes and closes <= clock.now() else _("还没到截止时间。")


def not_setter_nor_examiner(submission: Submission, actor: Actor) -> str | None:
    topic, parties = submission.topic, {str(submission.applicant_id), *map(str, submission.members)}
    if str(topic.setter_id) in parties:
        return _("出题人不能揭自己的榜。")
    examiners = {str(pk) for pk in apart.examiners_of(topic)}
    if examiners & parties:
        return _("阅卷人不能揭榜。")
    others = {str(pk) for pk in apart.sides_of(actor.account)} & ({str(topic.setter_id)} | examiners)
    return _("您同时代表出题人或阅卷人，请由揭榜单位的其他人办理。") if others else None


def not_blocked(submission: Submission, actor: Actor) -> str | None:
    return None if submission.applicant.state == "active" else _("申请单位当前不能参加申报。")


# review


def panel_seated(round_: Round, actor: Actor) -> str | None:
    """Every place of the panel has accepted."""
    count = round_.seats.filter(state="accepted").count()
    if count != round_.size:
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


def was_ranked(submission: Submission, actor: Actor) -> str | None:
    return None if submission.rank is not None else _("这份申请没有通过形式审查，没有排序。")


def was_not_ranked(submission: Submission, actor: Actor) -> str | None:
    return _("这份申请已经排序，不再退回形式审查。") if submission.rank is not None else None


def refused_to_sign(submission: Submission, actor: Actor) -> str | None:
    project = submission.topic.projects.filter(submission=submission, state="terminated", signed_on=None)
    return None if project.exists() else _("项目没有在签约前终止，不能按放弃立项处理。")


def place_for_another(submission: Submission, actor: Actor) -> str | None:
    """After the award: a winner gave up, and this one stood in reserve or its re-examination was upheld."""
    topic = submission.topic
    decision = topic.decisions.filter(kind="award", state="published").order_by("-created_at").first()
    entry = decision.outcome.get(str(submission.pk), {}) if decision else {}
    upheld = submission.objections.filter(kind="reexamination", state="upheld").exists()
    if entry.get("verdict") != "reserve" and not upheld:
        return _("只有候补的申请，或复审成立的申请，可以递补。")
    taken = topic.submissions.filter(state="awarded").count()
    return None if taken < topic.winners else _("没有空出的名额：有立项单位放弃签约时才能递补。")


def vetoes_answered(decision: Decision, actor: Actor) -> str | None:
    """Who set the topic may object to a proposal; it stands only if the decider says why nevertheless."""
    open_ = [
        pk
        for pk, entry in decision.outcome.items()
        if entry["verdict"] == "proposed" and pk in decision.vetoes and "override" not in decision.vetoes[pk]
    ]
    return (
        _("出题人对 %(count)s 项拟立项提出了否决，应改拟或说明坚持的理由。") % {"count": len(open_)} if open_ else None
    )


def upheld_against(notice: Notice, actor: Actor) -> str | None:
    return None if notice.objections.filter(state="upheld").exists() else _("没有成立的异议。")


def not_own_decision(objection: Objection, actor: Actor) -> str | None:
    """Nobody judges what is held against their own decision."""
    decision = objection.notice.decision
    if decision is not None and actor.account is not None and decision.author == actor.account:
        return _("这项结果由您拟定，异议应由另一位工作人员处理。")
    return None


def last_day_over(notice: Notice, actor: Actor) -> str | None:
    return None if clock.today() > notice.ends else _("公示期还没有满。")


def admissible(objection: Objection, actor: Actor) -> str | None:
    if objection.academic:
        return _("对专家学术判断的不同意见不属于受理范围，应不予受理。")
    if not objection.name.strip() or not objection.ground.strip():
        return _("异议应实名，并写明事实和依据。")
    return None


# project


def apart_from_team(project: Project, actor: Actor) -> str | None:
    """Whoever leads a project, keeps its ledger or belongs to its team does not examine it."""
    of_team = actor.account is not None and actor.account in (project.chief, project.finance_keeper)
    if of_team or (actor.party is not None and actor.party == project.leader_id):
        return _("项目组成员不能查验自己的项目，请由其他人员办理。")
    return None


def examined_by_others(milestone: Milestone, actor: Actor) -> str | None:
    return apart_from_team(milestone.project, actor)


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
    wanted = number(project.topic.programme, "market_tests")
    if signed < wanted:
        return _("需要 %(wanted)s 家使用方签署应用验证，现有 %(count)s 家。") % {"wanted": wanted, "count": signed}
    return None


def acceptance_reviewed(project: Project, actor: Actor) -> str | None:
    """Where experts were asked about the result, nobody concludes before they have said what they think."""
    waiting = project.rounds.exclude(state__in=("aggregated", "abandoned")).exists()
    return _("验收评审还没有汇总；不再需要的请先中止那一轮。") if waiting else None


def diligence_recorded(project: Project, actor: Actor) -> str | None:
    """Science and Technology Progress Law, art. 68: original records that prove diligence."""
    missing = [name for name in ("records", "decisions", "spending") if not project.diligence.get(name)]
    if missing:
        return _("尽职材料不完整：需要原始记录、决策过程和经费使用情况。")
    return None if held_by(project).exists() else _("请附上能证明尽职的原始记录文件。")


def followed_up(project: Project, actor: Actor) -> str | None:
    """What becomes of a result is followed for years: nobody archives it before the last is told, or its day past."""
    if project.accepted_on is None:
        return None
    days = follow_up_days(project.accepted_on, number(project.topic.programme, "follow_up_years"))
    told = set(project.follow_ups.values_list("year", flat=True))
    waiting = [year for year, day in days.items() if year not in told and day >= clock.today()]
    return _("转化跟踪到 %(year)s 年度，还有 %(count)s 个年度没有填报。") % {
        "year": max(days), "count": len(waiting)
    } if waiting else None  # fmt: skip


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


def kept_by_another(spending: Spending, actor: Actor) -> str | None:
    """Whoever keeps the ledger books what others ask for, never what they asked for themselves."""
    if spending.project.finance_keeper is None or spending.project.finance_keeper != actor.account:
        return _("只有本项目的财务负责人可以入账。")
    return _("自己申请的支出应由他人入账。") if spending.account == actor.account else None


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
