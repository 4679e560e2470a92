"""The life of a certificate (T7, its recorded part) and of a run over many enterprises."""

from rongtong.domain.assessments.models import Certificate
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.words import Words

HELD = ("verified", "renewing")


def not_the_holder(record: Certificate, actor: Actor) -> str | None:
    """Who verifies a certificate does not act for its holder."""
    return "核实人不能代表持有单位。" if actor.party is not None and actor.party == record.party_id else None


CERTIFICATE = Process(
    name="certificate",
    label=Words("资质的流程", "Life of a certificate"),
    initial="entered",
    states=(
        State("entered", Words("已填报，待核实", "Entered")),
        State("verified", Words("有效", "Verified")),
        State("renewing", Words("正在复核", "Being renewed")),
        State("expired", Words("已到期", "Expired"), end=True),
        State("revoked", Words("已撤销", "Revoked"), end=True),
    ),
    transitions=(
        Transition("verify", Words("核实", "Verify"), ("entered",), "verified", "verify", guards=(not_the_holder,)),
        Transition("renew", Words("开始复核", "Begin renewal"), ("verified",), "renewing", "edit"),
        Transition("expire", Words("到期", "Expire"), ("entered", "verified", "renewing"), "expired", "expire"),
        Transition("revoke", Words("撤销", "Revoke"), ("entered", "verified", "renewing"), "revoked", "verify",
                   reason_required=True),
    ),
)  # fmt: skip

RUN = Process(
    name="run",
    label=Words("批量测评的流程", "Life of a run"),
    initial="queued",
    states=(
        State("queued", Words("排队中", "Queued")),
        State("running", Words("计算中", "Running")),
        State("done", Words("已完成", "Done"), end=True),
        State("failed", Words("未完成", "Failed")),
        State("cancelled", Words("已取消", "Cancelled"), end=True),
    ),
    transitions=(
        Transition("start", Words("开始计算", "Start"), ("queued",), "running", "run"),
        Transition("finish", Words("完成", "Finish"), ("running",), "done", "run"),
        Transition("fail", Words("中断", "Fail"), ("running",), "failed", "run"),
        Transition("requeue", Words("重新排队", "Requeue"), ("running", "failed"), "queued", "run"),
        Transition("cancel", Words("取消", "Cancel"), ("queued", "failed"), "cancelled", "edit"),
    ),
)  # fmt: skip
