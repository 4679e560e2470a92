"""The names of what happens to leads, as the audit shows them."""

from rongtong.domain.foundation.naming import name_events, name_kinds, name_steps
from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.states import LEAD

name_steps(LEAD)
name_events(
    {
        "leads.propose_lead": Words("提出引荐", "Propose a lead"),
        "leads.propose_blind": Words("平台用保密部分寻找", "Look for answers with the closed part"),
        "leads.advance_lead": Words("办理线索的一步", "Take a step with a lead"),
        "leads.give_feedback": Words("给出评价", "Say what one thinks of an answer"),
    }
)
name_kinds(
    {
        "leads.lead": Words("线索", "Lead"),
        "leads.feedback": Words("评价", "Feedback"),
    }
)
