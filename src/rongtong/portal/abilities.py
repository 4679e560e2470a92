"""What the declared permissions are called, for the page that says what an account may do."""

from rongtong.domain.foundation.naming import kind_names
from rongtong.domain.foundation.words import Words

COUNTED = frozenset(
    {
        "registry.resource", "registry.disclosure", "registry.importjob", "leads.lead", "parties.party",
        "parties.affiliation", "parties.account", "parties.rolegrant", "parties.apikey",
    }
)  # fmt: skip
"""Of these the number may be told; of envelopes and the like a number would give something away."""

_NAMES: dict[str, Words] = {
    "abandon": Words("作废", "Abandon"),
    "accept": Words("确认采用", "Accept"),
    "answer": Words("答复", "Answer"),
    "appoint": Words("聘任", "Appoint"),
    "archive": Words("归档", "Archive"),
    "argue": Words("论证", "Argue"),
    "ask": Words("申请", "Ask for"),
    "assign_reader": Words("分派评审人", "Assign reviewers"),
    "broker": Words("引荐双方", "Introduce the two sides"),
    "cancel": Words("取消", "Cancel"),
    "change": Words("更改", "Change"),
    "check": Words("审查", "Check"),
    "clock": Words("到时处理", "Act when the time has come"),
    "close": Words("把字段收为仅本单位可见", "Close fields to one's own organisation"),
    "confirm": Words("确认", "Confirm"),
    "consent": Words("代为登记本人同意", "Register consent"),
    "convene": Words("组织评审", "Organise a review"),
    "create": Words("新建", "Create"),
    "create_published": Words("新建并直接发布", "Create as published"),
    "decide": Words("审批", "Decide"),
    "draft": Words("起草", "Draft"),
    "draw": Words("抽取", "Draw"),
    "edit": Words("修改", "Edit"),
    "end": Words("结束", "End"),
    "erase": Words("清除内容", "Erase"),
    "examine": Words("验收", "Examine"),
    "expire": Words("到期处理", "Expire"),
    "explain": Words("查看其权限", "See its rights"),
    "export": Words("导出", "Export"),
    "file": Words("提出", "File"),
    "find": Words("在列表、搜索和匹配中看到", "Find in lists, search and matches"),
    "give": Words("给予", "Give"),
    "history": Words("查看历史", "See the history"),
    "lead": Words("牵头", "Lead"),
    "make": Words("办理", "Make"),
    "manage": Words("管理", "Manage"),
    "open": Words("开启", "Open"),
    "pay": Words("支付", "Pay"),
    "plan": Words("制订计划", "Plan"),
    "postpone": Words("延期", "Postpone"),
    "prune": Words("清理到期的记录", "Prune what is past its time"),
    "publish": Words("发布", "Publish"),
    "read": Words("查阅", "Read"),
    "read_assigned": Words("评审期内阅读申请材料", "Read a submission to review it"),
    "read_draw": Words("看抽取记录", "Read the record of a draw"),
    "read_marks": Words("看评分", "Read the marks"),
    "record": Words("登记", "Record"),
    "recuse": Words("回避", "Recuse"),
    "replace": Words("替换", "Replace"),
    "report": Words("登记进展", "Report progress"),
    "reset": Words("重置", "Reset"),
    "restore": Words("恢复", "Restore"),
    "revoke": Words("撤销", "Revoke"),
    "run": Words("执行", "Run"),
    "seal": Words("封存", "Seal"),
    "set_password": Words("设置密码", "Set the password"),
    "sign": Words("签署", "Sign"),
    "speak_for_demand": Words("代表需求方答复", "Answer for the demand side"),
    "speak_for_supply": Words("代表供给方答复", "Answer for the supply side"),
    "steer": Words("组织办理", "Steer"),
    "submit": Words("提交", "Submit"),
    "suspend": Words("停用", "Suspend"),
    "take_back": Words("撤回", "Take back"),
    "tell": Words("报告", "Tell"),
    "unseal": Words("到时启封", "Unseal at its hour"),
    "verify": Words("核实", "Verify"),
    "veto": Words("否决", "Veto"),
    "view": Words("查看", "View"),
    "view_budget": Words("看预算", "Read the budget"),
    "view_internal_fields": Words("看管理部门内部的内容", "Read what is internal to the bureau"),
    "view_matched_fields": Words("看对已引荐对方开放的内容", "Read what the introduced side may"),
    "view_members_fields": Words("看对登录成员开放的内容", "Read what members may"),
    "view_owner_fields": Words("看仅本单位可见的内容", "Read what only the owner may"),
    "view_panel_fields": Words("看评审材料", "Read panel material"),
    "view_public_fields": Words("看公开的内容", "Read what is public"),
    "view_sealed_fields": Words("看封存的内容", "Read what is sealed"),
    "void": Words("作废", "Void"),
    "withdraw": Words("撤回", "Withdraw"),
    "write": Words("撰写", "Write"),
}
_OTHER = Words("其他操作", "Something else")
_OTHER_KIND = Words("其他内容", "Other content")


def ability_name(name: str) -> Words:
    """What a permission is called; one that has no name yet is told as something else, never by its code."""
    return _NAMES.get(name, _OTHER)


def kind_told(label: str) -> Words:
    """What records of the model with this label are called."""
    return kind_names().get(label, _OTHER_KIND)


def named() -> frozenset[str]:
    """The permissions that have a name."""
    return frozenset(_NAMES)
