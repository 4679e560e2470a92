"""The names of what the foundation itself leaves in the audit."""

from rongtong.domain.foundation.naming import name_events, name_kinds
from rongtong.domain.foundation.words import Words

CHANNELS = {
    "page": Words("页面", "a page"),
    "drawer": Words("列表旁的卡片", "the card beside a list"),
    "form": Words("修改页面", "a form"),
    "list": Words("列表", "a list"),
    "search": Words("搜索结果", "search results"),
    "match": Words("匹配结果", "match results"),
    "lead": Words("线索", "a lead"),
    "report": Words("匹配报告", "a match report"),
    "export": Words("导出文件", "an export"),
    "api": Words("接口", "the API"),
    "portal": Words("门户", "the portal"),
    "cli": Words("命令行", "the command line"),
    "document": Words("附件", "a document"),
}
"""Through what somebody was shown something (``shown.<channel>``), and through which front door they came."""

name_events(
    {
        "refused": Words("未获准", "Was refused"),
        "not_found": Words("打开不存在或无权查看的记录", "Asked for a record that is not there or not for them"),
        "audit.read": Words("查阅审计记录", "Read the audit"),
        "audit.listed": Words("导出审计查询结果", "Exported what was asked of the audit"),
        "audit.verified": Words("核对审计链", "Verified the audit chains"),
        "foundation.export_audit": Words("导出审计档案", "Export an archive of the audit"),
        "foundation.nothing_to_prune": Words("没有到期的审计记录", "No audit events whose time has passed"),
        "foundation.prune_audit": Words("清理到期的审计记录", "Let go audit events whose time has passed"),
    }
    | {f"shown.{channel}": Words(f"通过{name.zh}看到", f"Saw through {name.en}") for channel, name in CHANNELS.items()}
)
name_kinds(
    {
        "foundation.audithead": Words("审计链", "Audit chain"),
        "foundation.auditevent": Words("办理记录", "Acts"),
        "foundation.accessevent": Words("访问记录", "Access events"),
        "foundation.provisionevent": Words("提供记录", "Provision events"),
        "foundation.document": Words("附件", "Document"),
        "foundation.sealkey": Words("封存密钥", "Seal key"),
        "foundation.sealedbox": Words("密封箱", "Sealed box"),
        "foundation.boxcustodian": Words("密封箱的保管人", "Custodian of a box"),
        "foundation.boxshare": Words("密封箱的密钥分片", "Share of a box's key"),
    }
)
STREAM_NAMES = {
    "acts": Words("办理", "Acts"),
    "access": Words("访问", "Access"),
    "provision": Words("提供", "Provision"),
}
"""What the streams are called: what was done, who came or was refused, what was shown."""
