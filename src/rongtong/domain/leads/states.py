"""The life of a lead: proposed, wanted by one side, introduced when both agree, then won or lost."""

from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.words import Words

OPEN = ("suggested", "demand_interested", "supply_interested", "introduced", "negotiating")
INTRODUCED = ("introduced", "negotiating", "won")
"""While a lead stands in one of these, its two sides are counterparties."""

LEAD = Process(
    name="leads",
    label=Words("线索的流程", "Life of a lead"),
    initial="suggested",
    states=(
        State("suggested", Words("已推荐", "Suggested")),
        State("demand_interested", Words("需求方有意", "Demand side interested")),
        State("supply_interested", Words("供给方有意", "Supply side interested")),
        State("introduced", Words("已引荐", "Introduced")),
        State("negotiating", Words("洽谈中", "Negotiating")),
        State("won", Words("已签约", "Signed"), end=True),
        State("lost", Words("未成", "Not concluded"), end=True),
    ),
    transitions=(
        Transition("demand_interest", Words("需求方表示有意", "Demand side is interested"), ("suggested",),
                   "demand_interested", "speak_for_demand"),
        Transition("supply_interest", Words("供给方表示有意", "Supply side is interested"), ("suggested",),
                   "supply_interested", "speak_for_supply"),
        Transition("supply_accept", Words("同意引荐", "Agree to be introduced"), ("demand_interested",), "introduced",
                   "speak_for_supply"),
        Transition("demand_accept", Words("同意引荐", "Agree to be introduced"), ("supply_interested",), "introduced",
                   "speak_for_demand"),
        Transition("introduce", Words("已为双方引荐", "Introduce the two"),
                   ("suggested", "demand_interested", "supply_interested"), "introduced", "broker"),
        Transition("negotiate", Words("开始洽谈", "Start negotiating"), ("introduced",), "negotiating", "report"),
        Transition("win", Words("签约", "Signed"), ("introduced", "negotiating"), "won", "report"),
        Transition("lose", Words("不再继续", "Give up"),
                   ("suggested", "demand_interested", "supply_interested", "introduced", "negotiating"), "lost",
                   "report", reason_required=True),
    ),
)  # fmt: skip
