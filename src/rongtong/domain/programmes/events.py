"""The names of what happens in a challenge, as the audit shows them (the steps of the processes name themselves)."""

from rongtong.domain.foundation.naming import name_events, name_kinds
from rongtong.domain.foundation.words import Words

name_events(
    {
        "programmes.create_programme": Words("建立计划", "Open a programme"),
        "programmes.edit_programme": Words("修改计划", "Change a programme"),
        "programmes.advance_programme": Words("办理计划", "Move a programme"),
        "programmes.create_topic": Words("拟定榜题", "Begin a topic"),
        "programmes.edit_topic": Words("修改榜题", "Change a topic"),
        "programmes.appoint_examiner": Words("指定阅卷人", "Name an examiner"),
        "programmes.argue_topic": Words("签署论证意见", "Sign an opinion on a topic"),
        "programmes.make_box": Words("设封存箱", "Make the sealed box"),
        "programmes.advance_topic": Words("办理榜题", "Move a topic"),
        "programmes.reissue_topic": Words("重新发榜", "Reissue a topic"),
        "programmes.begin_submission": Words("开始填写揭榜申请", "Begin a submission"),
        "programmes.save_draft": Words("保存申请草稿", "Save the draft of a submission"),
        "programmes.seal_submission": Words("封存提交申请", "Seal a submission"),
        "programmes.withdraw_submission": Words("撤回申请", "Withdraw a submission"),
        "programmes.redraft_submission": Words("重新填写申请", "Draft a submission again"),
        "programmes.return_submissions": Words("未启封退回申请", "Return submissions unopened"),
        "programmes.refuse_submission": Words("申请未被接收", "A submission is refused at the door"),
        "programmes.receive_submissions": Words("启封并接收申请", "Receive the opened submissions"),
        "programmes.check_submission": Words("形式审查", "Formal check of a submission"),
        "programmes.dismiss_examiner": Words("撤下阅卷人", "Take an examiner back"),
        "programmes.answer_overlap": Words("说明与相近榜题的不同", "Answer to topics like it"),
        "programmes.lapse_submission": Words("申请逾期", "Let a draft lapse"),
        "programmes.postpone_topic": Words("延后截止时间", "Postpone a deadline"),
        "programmes.tell_solvers": Words("通知可能揭榜的单位", "Tell matched solvers"),
        "programmes.create_project": Words("建立项目", "Set up a project"),
    }
)
name_events(
    {
        "programmes.prepare_decision": Words("拟定结果", "Prepare a decision"),
        "programmes.veto_proposal": Words("出题人否决拟立项", "Veto a proposal"),
        "programmes.override_veto": Words("说明坚持拟立项的理由", "Keep to a vetoed proposal"),
        "programmes.discard_decision": Words("作废拟定结果", "Give up a decision"),
        "programmes.publish_decision": Words("公布拟定结果", "Publish a decision"),
        "programmes.give_notice": Words("发出公示", "Give public notice"),
        "programmes.end_notice": Words("公示期满", "End a notice"),
        "programmes.award_topic": Words("立项", "Award a topic"),
        "programmes.step_up": Words("递补立项", "Give the place to the next"),
        "programmes.file_objection": Words("提出异议", "Object to a notice"),
        "programmes.take_back_objection": Words("撤回异议", "Take an objection back"),
        "programmes.advance_objection": Words("办理异议", "Answer an objection"),
        "programmes.forget_objector": Words("清除到期的异议人信息", "Let an objector's data go"),
    }
)
name_events(
    {
        "programmes.plan_round": Words("安排评审", "Plan a round of review"),
        "programmes.reschedule_round": Words("调整评审时间", "Move the time of a round"),
        "programmes.draw_panel": Words("抽取评审组", "Draw a panel"),
        "programmes.invite_seat": Words("邀请评审人", "Invite a reviewer"),
        "programmes.answer_seat": Words("答复评审邀请", "Answer an invitation to review"),
        "programmes.recuse_seat": Words("评审回避", "Stand aside from a panel"),
        "programmes.replace_seat": Words("更换评审人", "Replace a reviewer"),
        "programmes.open_round": Words("开始一轮评审", "Open a round of review"),
        "programmes.close_round": Words("结束一轮评审", "Close a round of review"),
        "programmes.abandon_round": Words("中止一轮评审", "Give up a round of review"),
        "programmes.aggregate_round": Words("汇总评分", "Put the marks together"),
        "programmes.waive_second_look": Words("不复看并说明理由", "Leave a wide spread as it is"),
        "programmes.rank_topic": Words("排定名次", "Rank the submissions"),
        "programmes.write_review": Words("保存评审意见", "Save a review"),
        "programmes.sign_review": Words("签署评审意见", "Sign a review"),
    }
)
name_kinds(
    {
        "programmes.argument": Words("论证", "Argument"),
        "programmes.change": Words("变更", "Change"),
        "programmes.decision": Words("决定", "Decision"),
        "programmes.examiner": Words("评审专家", "Examiner"),
        "programmes.followup": Words("跟踪", "Follow-up"),
        "programmes.markettest": Words("市场检验", "Market test"),
        "programmes.milestone": Words("里程碑", "Milestone"),
        "programmes.notice": Words("公示", "Public notice"),
        "programmes.objection": Words("异议", "Objection"),
        "programmes.obligation": Words("义务", "Obligation"),
        "programmes.programme": Words("计划项目", "Programme"),
        "programmes.project": Words("项目", "Project"),
        "programmes.refusal": Words("不予受理", "Refusal"),
        "programmes.report": Words("项目报告", "Project report"),
        "programmes.review": Words("评审", "Review"),
        "programmes.round": Words("轮次", "Round"),
        "programmes.seat": Words("评审席位", "Seat on a panel"),
        "programmes.spending": Words("项目支出", "Spending"),
        "programmes.submission": Words("申报", "Submission"),
        "programmes.topic": Words("榜题", "Topic"),
    }
)
name_events(
    {
        "programmes.edit_project": Words("修改项目", "Change a project"),
        "programmes.plan_milestones": Words("制定里程碑", "Plan the milestones"),
        "programmes.advance_project": Words("办理项目", "Move a project"),
        "programmes.fall_due": Words("里程碑到期", "A milestone falls due"),
        "programmes.report_milestone": Words("提交里程碑", "Report a milestone"),
        "programmes.examine_milestone": Words("查验里程碑", "Examine a milestone"),
        "programmes.compare_gate": Words("赛马关口比较", "Compare the teams at a gate"),
        "programmes.raise_obligation": Words("形成应付款", "Money becomes due"),
        "programmes.pay_obligation": Words("登记付款", "Record a payment"),
        "programmes.cancel_obligation": Words("取消应付款", "Cancel what was due"),
        "programmes.ask_change": Words("申请变更", "Ask for a change"),
        "programmes.tell_change": Words("备案变更", "Tell of a change"),
        "programmes.advance_change": Words("办理变更", "Answer a change"),
        "programmes.change_total": Words("变更预算总额", "Change the total of a budget"),
        "programmes.hand_in_report": Words("提交项目报告", "Hand in a report"),
        "programmes.ask_spending": Words("申请支出", "Ask for a spending"),
        "programmes.advance_spending": Words("办理支出", "Book or refuse a spending"),
        "programmes.record_diligence": Words("登记尽职材料", "Record diligence"),
        "programmes.sign_market_test": Words("签署应用验证", "Sign a market test"),
        "programmes.report_follow_up": Words("填报转化情况", "Report what became of it"),
    }
)
