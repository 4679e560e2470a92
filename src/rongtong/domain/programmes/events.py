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
        "programmes.review": Words("评审", "Review"),
        "programmes.round": Words("轮次", "Round"),
        "programmes.seat": Words("评审席位", "Seat on a panel"),
        "programmes.submission": Words("申报", "Submission"),
        "programmes.topic": Words("榜题", "Topic"),
    }
)
