"""The life of a record (table T10): said, checked by someone else, published, kept fresh, or taken back."""

from django.utils.translation import gettext as _

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.layers import names_its_owner
from rongtong.domain.registry.models import Disclosure, Resource

LISTED = ("published", "stale")
STAFF_SEES = ("submitted", "returned", "verified", "published", "stale", "withdrawn", "archived")


def without_problems(record: Resource, actor: Actor) -> str | None:
    """What leaves the author's desk has every required field."""
    problems = record.declaration.clean(record.values).problems
    return " ".join(problem.message for problem in problems) or None


def keeps_its_name(record: Resource, actor: Actor) -> str | None:
    """Who keeps their name to themselves should not leave it in the public part."""
    return " ".join(problem.message for problem in names_its_owner(record)) or None


def another_person(record: Resource, actor: Actor) -> str | None:
    """Who verifies is not who wrote it."""
    if record.author is not None and record.author == actor.account:
        return _("核实人不能是填报人本人，请由另一位工作人员核实。")
    return None


def past_its_day(record: Resource, actor: Actor) -> str | None:
    """Only the platform's clock makes a record stale."""
    return None if actor.is_any(Role.SYSTEM) else _("过期由平台按日期处理。")


def unsealed(disclosure: Disclosure, actor: Actor) -> str | None:
    """What is sealed is read by nobody, whoever grants it."""
    return _("这条记录已封存，到时才能公开，现在不能披露。") if disclosure.record.sealed else None


def past_its_end(disclosure: Disclosure, actor: Actor) -> str | None:
    """Only a disclosure whose time is over expires."""
    over = disclosure.ends is not None and disclosure.ends <= clock.now()
    return None if over else _("披露还没有到期。")


LIFE = Process(
    name="registry",
    label=Words("记录的流程", "Life of a record"),
    initial="draft",
    states=(
        State("draft", Words("草稿", "Draft")),
        State("submitted", Words("待核实", "Submitted")),
        State("returned", Words("退回修改", "Returned")),
        State("verified", Words("已核实", "Verified")),
        State("published", Words("已发布", "Published")),
        State("stale", Words("待更新", "To be refreshed")),
        State("withdrawn", Words("已撤回", "Withdrawn"), end=True),
        State("archived", Words("已归档", "Archived"), end=True),
    ),
    transitions=(
        Transition("submit", Words("提交核实", "Submit"), ("draft", "returned"), "submitted", "submit",
                   guards=(without_problems, keeps_its_name)),
        Transition("return", Words("退回修改", "Return"), ("submitted",), "returned", "verify", reason_required=True),
        Transition("verify", Words("核实通过", "Verify"), ("submitted",), "verified", "verify", guards=(another_person,)),
        Transition("publish", Words("发布", "Publish"), ("verified",), "published", "publish"),
        Transition("expire", Words("标为待更新", "Mark stale"), ("published",), "stale", "expire", guards=(past_its_day,)),
        Transition("confirm", Words("确认仍有效", "Confirm it still holds"), ("stale",), "published", "submit"),
        Transition("withdraw", Words("撤回", "Withdraw"),
                   ("draft", "submitted", "returned", "verified", "published", "stale"), "withdrawn", "withdraw",
                   reason_required=True),
        Transition("archive", Words("归档", "Archive"), ("published", "stale"), "archived", "archive",
                   reason_required=True),
    ),
)  # fmt: skip

CHECKING = Process(
    name="import",
    label=Words("导入的流程", "Life of an import"),
    initial="uploaded",
    states=(
        State("uploaded", Words("已上传", "Uploaded")),
        State("checking", Words("检查中", "Checking")),
        State("ready", Words("可以导入", "Ready")),
        State("rejected", Words("有问题，未导入", "Rejected")),
        State("queued", Words("等待导入", "Queued")),
        State("importing", Words("导入中", "Importing")),
        State("done", Words("已导入", "Done"), end=True),
        State("failed", Words("未完成，未导入", "Failed")),
        State("cancelled", Words("已取消", "Cancelled"), end=True),
    ),
    transitions=(
        Transition("check", Words("检查", "Check"), ("uploaded",), "checking", "run"),
        Transition("map", Words("重新对应列", "Map the columns again"), ("ready", "rejected", "failed"), "uploaded", "edit"),
        Transition("pass", Words("检查通过", "Pass"), ("checking",), "ready", "run"),
        Transition("reject", Words("检查未通过", "Reject"), ("checking",), "rejected", "run"),
        Transition("confirm", Words("确认导入", "Confirm"), ("ready",), "queued", "edit"),
        Transition("start", Words("开始导入", "Start"), ("queued",), "importing", "run"),
        Transition("finish", Words("完成", "Finish"), ("importing",), "done", "run"),
        Transition("fail", Words("中断", "Fail"), ("checking", "importing"), "failed", "run"),
        Transition("resume", Words("重新排队", "Resume"), ("checking",), "uploaded", "run"),
        Transition("requeue", Words("重新排队", "Requeue"), ("importing", "failed"), "queued", "run"),
        Transition("cancel", Words("取消", "Cancel"), ("uploaded", "ready", "rejected", "queued", "failed"), "cancelled",
                   "edit"),
    ),
)  # fmt: skip

DISCLOSURE = Process(
    name="disclosure",
    label=Words("披露的流程", "Life of a disclosure"),
    initial="asked",
    states=(
        State("asked", Words("待所属单位答复", "Asked")),
        State("granted", Words("已同意披露", "Granted")),
        State("refused", Words("未同意", "Refused"), end=True),
        State("taken_back", Words("申请人已撤回", "Taken back"), end=True),
        State("revoked", Words("已收回", "Revoked"), end=True),
        State("expired", Words("已到期", "Expired"), end=True),
    ),
    transitions=(
        Transition("grant", Words("同意披露", "Grant"), ("asked",), "granted", "decide", guards=(unsealed,)),
        Transition("refuse", Words("不同意", "Refuse"), ("asked",), "refused", "decide", reason_required=True),
        Transition("take_back", Words("撤回申请", "Take back"), ("asked",), "taken_back", "take_back"),
        Transition("revoke", Words("收回", "Revoke"), ("granted",), "revoked", "decide", reason_required=True),
        Transition("dismiss", Words("结束评审查阅", "End the reviewer's reading"), ("granted",), "revoked", "convene",
                   reason_required=True),
        Transition("expire", Words("到期", "Expire"), ("granted",), "expired", "expire", guards=(past_its_end,)),
    ),
)  # fmt: skip
