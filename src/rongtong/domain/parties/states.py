"""The life of a request about one's own data."""

from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.words import Words

REQUEST = Process(
    name="personal",
    label=Words("个人信息请求的流程", "Life of a request about personal data"),
    initial="asked",
    states=(
        State("asked", Words("待办理", "Asked")),
        State("done", Words("已办理", "Done"), end=True),
        State("refused", Words("未予办理", "Refused"), end=True),
        State("taken_back", Words("已撤回", "Taken back"), end=True),
    ),
    transitions=(
        Transition("fulfil", Words("办理", "Fulfil"), ("asked",), "done", "decide", reason_required=True),
        Transition("refuse", Words("不予办理", "Refuse"), ("asked",), "refused", "decide", reason_required=True),
        Transition("take_back", Words("撤回", "Take back"), ("asked",), "taken_back", "take_back"),
    ),
)  # fmt: skip
