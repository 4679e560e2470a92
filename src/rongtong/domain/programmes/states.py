"""The processes of a challenge (T1): programme, topic, submission, round, seat, review, decision, notice, objection,
project, milestone, change, obligation, spending. Days, numbers and shares stand in the programme, not here.
"""

from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.words import Words
from rongtong.domain.programmes import guards

ON_THE_LIST = ("published", "open", "closed", "opened", "reviewing", "ranked", "proposed", "noticed", "awarded",
               "finished", "reissued")  # fmt: skip
"""A topic in one of these stands on the public list."""
OPENED_TOPICS = ("opened", "reviewing", "ranked", "proposed", "noticed", "awarded", "finished")
"""The submissions to a topic in one of these were opened: before, nobody is told who handed anything in, or tried to."""
UNSEALED = ("opened", "formal_ok", "formal_rejected", "in_review", "ranked", "proposed", "reserve", "not_proposed",
            "awarded", "not_awarded")  # fmt: skip
"""A submission in one of these was opened: before, it is its applicant's alone."""

BEFORE_ACCEPTANCE = ("initiated", "contracted", "running", "suspended", "conditional")
"""Until a project asks for acceptance, what was attached to it by mistake may be taken back."""
BEFORE_EXAMINED = ("planned", "due", "rework")
"""Until a milestone is reported, what was attached to it may be taken back."""

PROGRAMME = Process(
    name="programme",
    label=Words("计划的流程", "Life of a programme"),
    initial="drafting",
    states=(
        State("drafting", Words("筹备中", "In preparation")),
        State("running", Words("进行中", "Running")),
        State("closed", Words("已结束", "Closed"), end=True),
    ),
    transitions=(
        Transition("start", Words("启动", "Start"), ("drafting",), "running", "run", guards=(guards.complete_terms,)),
        Transition("close", Words("结束", "Close"), ("drafting", "running"), "closed", "run",
                   guards=(guards.no_topic_under_way,), reason_required=True),
    ),
)  # fmt: skip

TOPIC = Process(
    name="topic",
    label=Words("榜题的流程", "Life of a topic"),
    initial="drafting",
    states=(
        State("drafting", Words("拟题中", "Being drafted")),
        State("argued", Words("论证中", "Under argument")),
        State("approved", Words("已通过论证", "Approved")),
        State("published", Words("已发榜，未开始受理", "Published")),
        State("open", Words("揭榜中", "Open")),
        State("closed", Words("已截止，未启封", "Closed, sealed")),
        State("opened", Words("已启封，形式审查中", "Opened, formal check")),
        State("reviewing", Words("评审中", "Under review")),
        State("ranked", Words("评审完成", "Ranked")),
        State("proposed", Words("已拟定", "Proposed")),
        State("noticed", Words("公示中", "Under public notice")),
        State("awarded", Words("已立项", "Awarded")),
        State("finished", Words("已结题", "Finished"), end=True),
        State("reissued", Words("已重新发榜", "Reissued"), end=True),
        State("cancelled", Words("已取消", "Cancelled"), end=True),
    ),
    transitions=(
        Transition("submit", Words("提交论证", "Submit to argument"), ("drafting",), "argued", "draft",
                   guards=(guards.demands_verified, guards.metrics_measurable, guards.payments_add_up, guards.roles_apart)),
        Transition("return", Words("退回修改", "Return"), ("argued", "approved"), "drafting", "steer", reason_required=True),
        Transition("approve", Words("通过论证", "Approve"), ("argued",), "approved", "steer",
                   guards=(guards.argued_enough, guards.overlap_answered)),
        Transition("publish", Words("发榜", "Publish"), ("approved",), "published", "steer",
                   guards=(guards.programme_runs, guards.notice_before_opening, guards.sealed_box_ready)),
        Transition("open", Words("开始受理", "Open"), ("published",), "open", "clock", guards=(guards.opening_time_reached,)),
        Transition("close", Words("截止", "Close"), ("open",), "closed", "clock", guards=(guards.deadline_passed,)),
        Transition("unseal", Words("启封", "Unseal"), ("closed",), "opened", "steer",
                   guards=(guards.box_opened, guards.enough_bids)),
        Transition("reissue", Words("重新发榜", "Reissue"), ("closed", "opened", "ranked"), "reissued", "steer",
                   reason_required=True),
        Transition("review", Words("进入评审", "Begin the review"), ("opened", "ranked"), "reviewing", "steer",
                   guards=(guards.all_checked, guards.panel_complete)),
        Transition("rank", Words("汇总排序", "Rank"), ("reviewing",), "ranked", "steer",
                   guards=(guards.all_signed, guards.spread_looked_at)),
        Transition("propose", Words("拟定结果", "Propose"), ("ranked",), "proposed", "steer",
                   guards=(guards.decision_ready, guards.all_placed)),
        Transition("notice", Words("公示", "Give public notice"), ("proposed",), "noticed", "steer",
                   guards=(guards.notice_runs,)),
        Transition("reconsider", Words("异议成立，重新拟定", "Reconsider"), ("noticed",), "ranked", "steer",
                   guards=(guards.objection_upheld, guards.none_placed), reason_required=True),
        Transition("award", Words("立项", "Award"), ("noticed",), "awarded", "steer",
                   guards=(guards.notice_over, guards.no_objection_open, guards.all_settled)),
        Transition("finish", Words("结题", "Finish"), ("awarded",), "finished", "steer", guards=(guards.projects_ended,)),
        Transition("cancel", Words("取消", "Cancel"), ("drafting", "argued", "approved", "published", "open", "closed"),
                   "cancelled", "steer", reason_required=True),
    ),
)  # fmt: skip

SUBMISSION = Process(
    name="submission",
    label=Words("揭榜申请的流程", "Life of a submission"),
    initial="draft",
    states=(
        State("draft", Words("草稿", "Draft")),
        State("sealed", Words("已封存", "Sealed")),
        State("withdrawn", Words("已撤回", "Withdrawn")),
        State("lapsed", Words("逾期未提交", "Lapsed"), end=True),
        State("unopened", Words("未启封退回", "Returned unopened"), end=True),
        State("opened", Words("已启封", "Opened")),
        State("formal_ok", Words("形式审查通过", "Formally in order")),
        State("formal_rejected", Words("形式审查未通过", "Formally rejected")),
        State("in_review", Words("评审中", "Under review")),
        State("ranked", Words("已排序", "Ranked")),
        State("proposed", Words("拟立项", "Proposed")),
        State("reserve", Words("候补", "Reserve")),
        State("not_proposed", Words("未入选", "Not proposed")),
        State("awarded", Words("已立项", "Awarded")),
        State("not_awarded", Words("未立项", "Not awarded")),
    ),
    transitions=(
        Transition("seal", Words("封存提交", "Seal and submit"), ("draft",), "sealed", "submit",
                   guards=(guards.before_deadline, guards.not_setter_nor_examiner, guards.not_blocked)),
        Transition("withdraw", Words("撤回", "Withdraw"), ("sealed",), "withdrawn", "submit", guards=(guards.before_deadline,)),
        Transition("redraft", Words("重新填写", "Draft again"), ("withdrawn", "sealed"), "draft", "submit",
                   guards=(guards.before_deadline,)),
        Transition("lapse", Words("逾期", "Lapse"), ("draft", "withdrawn"), "lapsed", "clock", guards=(guards.after_deadline,)),
        Transition("return_unopened", Words("未启封退回", "Return unopened"), ("sealed",), "unopened", "steer"),
        Transition("unseal", Words("启封", "Unseal"), ("sealed",), "opened", "steer"),
        Transition("pass_form", Words("形式审查通过", "Pass"), ("opened", "formal_rejected"), "formal_ok", "check"),
        Transition("reject_form", Words("形式审查不通过", "Reject"), ("opened",), "formal_rejected", "check", reason_required=True),
        Transition("review", Words("进入评审", "Begin the review"), ("formal_ok",), "in_review", "steer"),
        Transition("rank", Words("排序", "Rank"), ("in_review",), "ranked", "steer"),
        Transition("propose", Words("拟立项", "Propose"), ("ranked", "reserve"), "proposed", "steer"),
        Transition("reserve", Words("列为候补", "Put in reserve"), ("ranked",), "reserve", "steer"),
        Transition("pass_over", Words("未入选", "Pass over"), ("ranked", "formal_rejected"), "not_proposed", "steer",
                   reason_required=True),
        Transition("reconsider", Words("重新拟定", "Reconsider"), ("proposed", "reserve", "not_proposed"), "ranked", "steer",
                   guards=(guards.was_ranked,)),
        Transition("reconsider_form", Words("退回形式审查", "Back to the formal check"), ("not_proposed",),
                   "formal_rejected", "steer", guards=(guards.was_not_ranked,)),
        Transition("award", Words("立项", "Award"), ("proposed",), "awarded", "steer"),
        Transition("decline", Words("不予立项", "Decline"), ("not_proposed", "reserve", "proposed", "formal_rejected"),
                   "not_awarded", "steer"),
        Transition("give_up", Words("放弃立项", "Give up the award"), ("awarded",), "not_awarded", "steer",
                   guards=(guards.refused_to_sign,), reason_required=True),
        Transition("step_up", Words("递补立项", "Step up"), ("not_awarded",), "awarded", "steer",
                   guards=(guards.place_for_another,), reason_required=True),
    ),
)  # fmt: skip

ROUND = Process(
    name="round",
    label=Words("评审轮次的流程", "Life of a round of review"),
    initial="planned",
    states=(
        State("planned", Words("未抽取", "Not drawn")),
        State("drawn", Words("已抽取", "Drawn")),
        State("open", Words("评审中", "Open")),
        State("closed", Words("已收齐", "Closed")),
        State("aggregated", Words("已汇总", "Aggregated"), end=True),
        State("abandoned", Words("已中止", "Abandoned"), end=True),
    ),
    transitions=(
        Transition("draw", Words("抽取评审人", "Draw the panel"), ("planned", "drawn"), "drawn", "draw"),
        Transition("open", Words("开始评审", "Open"), ("drawn",), "open", "draw", guards=(guards.panel_seated,)),
        Transition("close", Words("收齐意见", "Close"), ("open",), "closed", "draw",
                   guards=(guards.panel_seated, guards.round_signed)),
        Transition("aggregate", Words("汇总", "Aggregate"), ("closed",), "aggregated", "draw"),
        Transition("abandon", Words("中止", "Abandon"), ("planned", "drawn", "open"), "abandoned", "draw",
                   reason_required=True),
    ),
)  # fmt: skip

SEAT = Process(
    name="seat",
    label=Words("评审席位的流程", "Life of a seat on a panel"),
    initial="invited",
    states=(
        State("invited", Words("已邀请", "Invited")),
        State("accepted", Words("已应允", "Accepted")),
        State("declined", Words("已谢绝", "Declined"), end=True),
        State("recused", Words("已回避", "Recused"), end=True),
        State("replaced", Words("已更换", "Replaced"), end=True),
        State("finished", Words("已完成", "Finished"), end=True),
    ),
    transitions=(
        Transition("accept", Words("应允", "Accept"), ("invited",), "accepted", "answer"),
        Transition("decline", Words("谢绝", "Decline"), ("invited",), "declined", "answer", reason_required=True),
        Transition("recuse", Words("回避", "Recuse"), ("invited", "accepted"), "recused", "recuse", reason_required=True),
        Transition("replace", Words("更换", "Replace"), ("invited", "accepted"), "replaced", "draw", reason_required=True),
        Transition("finish", Words("完成", "Finish"), ("accepted",), "finished", "draw"),
    ),
)  # fmt: skip

REVIEW = Process(
    name="review",
    label=Words("评审意见的流程", "Life of a review"),
    initial="open",
    states=(
        State("open", Words("填写中", "Open")),
        State("signed", Words("已签署", "Signed")),
        State("void", Words("已作废", "Void"), end=True),
    ),
    transitions=(
        Transition("sign", Words("签署", "Sign"), ("open",), "signed", "write", guards=(guards.marks_complete,)),
        Transition("void", Words("作废", "Void"), ("open", "signed"), "void", "void", reason_required=True),
    ),
)  # fmt: skip

DECISION = Process(
    name="decision",
    label=Words("决定的流程", "Life of a decision"),
    initial="prepared",
    states=(
        State("prepared", Words("已拟定，未公布", "Prepared")),
        State("published", Words("已公布", "Published"), end=True),
        State("discarded", Words("已作废", "Discarded"), end=True),
    ),
    transitions=(
        Transition("publish", Words("公布", "Publish"), ("prepared",), "published", "decide",
                   guards=(guards.vetoes_answered,)),
        Transition("discard", Words("作废", "Discard"), ("prepared",), "discarded", "decide", reason_required=True),
    ),
)  # fmt: skip

NOTICE = Process(
    name="notice",
    label=Words("公示的流程", "Life of a public notice"),
    initial="running",
    states=(
        State("running", Words("公示中", "Running")),
        State("ended", Words("公示结束", "Ended")),
        State("overturned", Words("异议成立，已撤销", "Overturned"), end=True),
    ),
    transitions=(
        Transition("end", Words("公示期满", "End"), ("running",), "ended", "clock", guards=(guards.last_day_over,)),
        Transition("overturn", Words("撤销", "Overturn"), ("running", "ended"), "overturned", "decide",
                   guards=(guards.upheld_against,), reason_required=True),
    ),
)  # fmt: skip

OBJECTION = Process(
    name="objection",
    label=Words("异议与复审的流程", "Life of an objection"),
    initial="filed",
    states=(
        State("filed", Words("已提出", "Filed")),
        State("admitted", Words("已受理", "Admitted")),
        State("inadmissible", Words("不予受理", "Inadmissible"), end=True),
        State("upheld", Words("成立", "Upheld"), end=True),
        State("rejected", Words("不成立", "Rejected"), end=True),
        State("taken_back", Words("已撤回", "Taken back"), end=True),
    ),
    transitions=(
        Transition("admit", Words("受理", "Admit"), ("filed",), "admitted", "decide", guards=(guards.admissible,)),
        Transition("dismiss", Words("不予受理", "Dismiss"), ("filed",), "inadmissible", "decide",
                   guards=(guards.not_own_decision,), reason_required=True),
        Transition("uphold", Words("认定成立", "Uphold"), ("admitted",), "upheld", "decide",
                   guards=(guards.not_own_decision,), reason_required=True),
        Transition("reject", Words("认定不成立", "Reject"), ("admitted",), "rejected", "decide",
                   guards=(guards.not_own_decision,), reason_required=True),
        Transition("take_back", Words("撤回", "Take back"), ("filed", "admitted"), "taken_back", "file"),
    ),
)  # fmt: skip

PROJECT = Process(
    name="project",
    label=Words("项目的流程", "Life of a project"),
    initial="initiated",
    states=(
        State("initiated", Words("待签约", "To be contracted")),
        State("contracted", Words("已签约", "Contracted")),
        State("running", Words("执行中", "Running")),
        State("suspended", Words("暂停", "Suspended")),
        State("eliminated", Words("赛马淘汰", "Eliminated"), end=True),
        State("acceptance", Words("验收中", "Under acceptance")),
        State("conditional", Words("限期整改", "Accepted on conditions")),
        State("accepted", Words("已验收，跟踪转化", "Accepted, followed up")),
        State("failed", Words("未成功，待认定责任", "Failed")),
        State("exempt", Words("未成，尽职免责", "Failed, diligent"), end=True),
        State("breach", Words("未成，按约追责", "Failed, in breach"), end=True),
        State("terminated", Words("已终止", "Terminated"), end=True),
        State("archived", Words("已归档", "Archived"), end=True),
    ),
    transitions=(
        Transition("contract", Words("签约", "Contract"), ("initiated",), "contracted", "manage",
                   guards=(guards.plan_complete,)),
        Transition("start", Words("启动", "Start"), ("contracted",), "running", "manage"),
        Transition("suspend", Words("暂停", "Suspend"), ("running",), "suspended", "manage", reason_required=True),
        Transition("resume", Words("恢复", "Resume"), ("suspended",), "running", "manage"),
        Transition("eliminate", Words("淘汰", "Eliminate"), ("running",), "eliminated", "manage", reason_required=True),
        Transition("ask_acceptance", Words("申请验收", "Ask for acceptance"), ("running", "conditional"), "acceptance", "lead",
                   guards=(guards.milestones_settled,)),
        Transition("accept", Words("通过验收", "Accept"), ("acceptance",), "accepted", "manage",
                   guards=(guards.market_tested, guards.acceptance_reviewed, guards.apart_from_team)),
        Transition("accept_on_conditions", Words("限期整改", "Accept on conditions"), ("acceptance",), "conditional", "manage",
                   guards=(guards.acceptance_reviewed,), reason_required=True),
        Transition("fail", Words("不通过验收", "Fail"), ("acceptance",), "failed", "manage",
                   guards=(guards.acceptance_reviewed,), reason_required=True),
        Transition("fail", Words("认定未成功", "Find that it failed"), ("running",), "failed", "manage", reason_required=True),
        Transition("exempt", Words("认定尽职免责", "Exempt"), ("failed",), "exempt", "manage",
                   guards=(guards.diligence_recorded, guards.apart_from_team), reason_required=True),
        Transition("breach", Words("认定违约", "Find in breach"), ("failed",), "breach", "manage", reason_required=True),
        Transition("terminate", Words("终止", "Terminate"), ("initiated", "contracted", "running", "suspended"), "terminated",
                   "manage", reason_required=True),
        Transition("archive", Words("归档", "Archive"), ("accepted",), "archived", "manage", guards=(guards.followed_up,)),
    ),
)  # fmt: skip

MILESTONE = Process(
    name="milestone",
    label=Words("里程碑的流程", "Life of a milestone"),
    initial="planned",
    states=(
        State("planned", Words("未到期", "Planned")),
        State("due", Words("已到期", "Due")),
        State("reported", Words("已提交，待查验", "Reported")),
        State("passed", Words("通过", "Passed"), end=True),
        State("rework", Words("补正", "To be reworked")),
        State("failed", Words("未通过", "Failed"), end=True),
        State("dropped", Words("不再进行", "Dropped"), end=True),
    ),
    transitions=(
        Transition("fall_due", Words("到期", "Fall due"), ("planned",), "due", "clock"),
        Transition("report", Words("提交", "Report"), ("planned", "due", "rework"), "reported", "report",
                   guards=(guards.earlier_passed, guards.report_written)),
        Transition("pass", Words("查验通过", "Pass"), ("reported",), "passed", "examine",
                   guards=(guards.siblings_reported, guards.examined_by_others)),
        Transition("rework", Words("要求补正", "Ask for rework"), ("reported",), "rework", "examine",
                   guards=(guards.examined_by_others,), reason_required=True),
        Transition("fail", Words("不通过", "Fail"), ("reported", "due"), "failed", "examine",
                   guards=(guards.examined_by_others,), reason_required=True),
        Transition("drop", Words("不再进行", "Drop"), ("planned", "due", "rework"), "dropped", "examine"),
    ),
)  # fmt: skip

CHANGE = Process(
    name="change",
    label=Words("项目变更的流程", "Life of a change"),
    initial="asked",
    states=(
        State("asked", Words("待批准", "Asked")),
        State("approved", Words("已批准", "Approved"), end=True),
        State("refused", Words("未批准", "Refused"), end=True),
        State("told", Words("自主决定，已备案", "Decided alone, on record"), end=True),
    ),
    transitions=(
        Transition("approve", Words("批准", "Approve"), ("asked",), "approved", "decide"),
        Transition("refuse", Words("不批准", "Refuse"), ("asked",), "refused", "decide", reason_required=True),
        Transition("tell", Words("备案", "Put on record"), ("asked",), "told", "tell", guards=(guards.chief_decides,)),
    ),
)  # fmt: skip

OBLIGATION = Process(
    name="obligation",
    label=Words("应付款的流程", "Life of an obligation"),
    initial="due",
    states=(
        State("due", Words("应付", "Due")),
        State("paid", Words("已付", "Paid"), end=True),
        State("cancelled", Words("已取消", "Cancelled"), end=True),
    ),
    transitions=(
        Transition("pay", Words("登记付款", "Record the payment"), ("due",), "paid", "pay", guards=(guards.setter_paid_first,)),
        Transition("cancel", Words("取消", "Cancel"), ("due",), "cancelled", "cancel", reason_required=True),
    ),
)  # fmt: skip

SPENDING = Process(
    name="spending",
    label=Words("项目支出的流程", "Life of a spending"),
    initial="asked",
    states=(
        State("asked", Words("待入账", "Asked")),
        State("booked", Words("已入账", "Booked"), end=True),
        State("refused", Words("未同意", "Refused"), end=True),
    ),
    transitions=(
        Transition("book", Words("同意入账", "Book"), ("asked",), "booked", "book", guards=(guards.kept_by_another,)),
        Transition("refuse", Words("不同意", "Refuse"), ("asked",), "refused", "book", guards=(guards.kept_by_another,),
                   reason_required=True),
    ),
)  # fmt: skip

PROCESSES = (PROGRAMME, TOPIC, SUBMISSION, ROUND, SEAT, REVIEW, DECISION, NOTICE, OBJECTION, PROJECT, MILESTONE, CHANGE,
             OBLIGATION, SPENDING)  # fmt: skip
