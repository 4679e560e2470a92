"""The life of a lead: proposed, wanted by one side, introduced when both agree, then won or lost."""

from django.utils.translation import gettext as _

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.transitions import Process, State, Transition
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.models import Lead
from rongtong.domain.registry.models import Resource

OPEN = ("suggested", "demand_interested", "supply_interested", "introduced", "negotiating")
INTRODUCED = ("introduced", "negotiating", "won")
"""While a lead stands in one of these, its two sides are counterparties."""


def impartial(lead: Lead, actor: Actor) -> str | None:
    """Who introduces two sides is neither of them: an introduction opens what either keeps for it."""
    if actor.party is not None and actor.party in (lead.demand_party, lead.supply_party):
        return _("您代表其中一方，请由对方或者经办人引荐。")
    return None


def has_their_word(lead: Lead, actor: Actor) -> str | None:
    """A side that keeps something for the introduction has to want it."""
    if _keeps(lead.demand) and lead.state != "demand_interested":
        return _("需求方保留了引荐后才可见的内容，须先由需求方表示有意，再引荐。")
    if _keeps(lead.candidate) and lead.state != "supply_interested":
        return _("供给方保留了引荐后才可见的内容，须先由供给方表示有意，再引荐。")
    return None


def _keeps(record: Resource) -> bool:
    return Visibility.MATCHED in (record.visibility, *record.closed.values())


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
                   ("suggested", "demand_interested", "supply_interested"), "introduced", "broker",
                   guards=(impartial, has_their_word)),
        Transition("negotiate", Words("开始洽谈", "Start negotiating"), ("introduced",), "negotiating", "report"),
        Transition("win", Words("签约", "Signed"), ("introduced", "negotiating"), "won", "report"),
        Transition("lose", Words("不再继续", "Give up"),
                   ("suggested", "demand_interested", "supply_interested", "introduced", "negotiating"), "lost",
                   "report", reason_required=True),
    ),
)  # fmt: skip
