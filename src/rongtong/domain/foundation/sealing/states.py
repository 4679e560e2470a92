"""The life of a box and of an envelope."""

from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.sealing import clock
from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.words import Words


def its_time_is_over(box: Any, actor: Actor) -> str | None:
    """A box closes by the clock, never before."""
    return None if clock.has_come(box.closes_at) else _("还没有到截止时间。")


def its_hour_has_come(box: Any, actor: Actor) -> str | None:
    """A box is opened at its hour or after, never before."""
    return None if clock.has_come(box.opens_at) else _("还没有到开启时间，不能提前开启。")


BOX = Process(
    name="sealing",
    label=Words("密封箱的流程", "Life of a sealed box"),
    initial="open",
    states=(
        State("open", Words("收件中", "Receiving")),
        State("closed", Words("已截止，待开启", "Closed, to be opened")),
        State("opened", Words("已开启", "Opened"), end=True),
        State("abandoned", Words("已作废，永不开启", "Abandoned, never to be opened"), end=True),
    ),
    transitions=(
        Transition("close", Words("截止", "Close"), ("open",), "closed", "close", (its_time_is_over,)),
        Transition("open", Words("开启", "Open"), ("closed",), "opened", "open", (its_hour_has_come,)),
        Transition(
            "abandon", Words("作废", "Abandon"), ("open", "closed"), "abandoned", "abandon", reason_required=True
        ),
    ),
)
ENVELOPE = Process(
    name="envelopes",
    label=Words("密封件的流程", "Life of a sealed envelope"),
    initial="sealed",
    states=(
        State("sealed", Words("已密封", "Sealed")),
        State("replaced", Words("已被新版本替换", "Replaced by a newer one"), end=True),
        State("withdrawn", Words("已撤回", "Withdrawn"), end=True),
        State("opened", Words("已开启", "Opened"), end=True),
        State("damaged", Words("无法开启", "Cannot be opened"), end=True),
    ),
    transitions=(
        Transition("replace", Words("替换", "Replace"), ("sealed",), "replaced", "replace"),
        Transition("withdraw", Words("撤回", "Withdraw"), ("sealed",), "withdrawn", "withdraw"),
        Transition("open", Words("开启", "Open"), ("sealed",), "opened", "open"),
        Transition("fail", Words("无法开启", "Cannot be opened"), ("sealed",), "damaged", "open"),
    ),
)
