"""The life of a request about one's own data."""

from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import PersonalRequest
from rongtong.domain.parties.personal.queries import person_of


def another_person(request: PersonalRequest, actor: Actor) -> str | None:
    """Nobody answers themselves, whichever of their accounts they use."""
    return _("不能办理本人的请求，请由另一位工作人员办理。") if person_of(actor) == request.person else None


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
        Transition("fulfil", Words("办理", "Fulfil"), ("asked",), "done", "decide",
                   guards=(another_person,), reason_required=True),
        Transition("refuse", Words("不予办理", "Refuse"), ("asked",), "refused", "decide",
                   guards=(another_person,), reason_required=True),
        Transition("take_back", Words("撤回", "Take back"), ("asked",), "taken_back", "take_back"),
    ),
)  # fmt: skip
