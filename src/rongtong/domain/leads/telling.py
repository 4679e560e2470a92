"""Which step of a lead tells whom what. A message names neither side: each has its own page for what it may know."""

from rongtong.domain.foundation.words import Words
from rongtong.domain.leads.models import Lead
from rongtong.domain.mailbox.telling import About, Recipient, Saying, announce, call_nameless, people_of, person


def _demand(lead: Lead) -> list[Recipient]:
    return people_of(lead.demand_party)


def _supply(lead: Lead) -> list[Recipient]:
    return people_of(lead.supply_party)


def _all(lead: Lead) -> list[Recipient]:
    return [*people_of(lead.demand_party, lead.supply_party), *person(lead.manager)]


def _about(lead: Lead) -> About:
    return About("")


call_nameless("leads.", Words("一条线索", "a lead"))
announce(
    {
        "leads.demand_interest": Saying(Words("{title}的需求方表示有意，请答复", "The demand side of {title} is interested: please answer"), _supply, _about),
        "leads.supply_interest": Saying(Words("{title}的供给方表示有意，请答复", "The supply side of {title} is interested: please answer"), _demand, _about),
        "leads.supply_accept": Saying(Words("{title}的双方已同意引荐", "Both sides of {title} agree to be introduced"), _all, _about),
        "leads.demand_accept": Saying(Words("{title}的双方已同意引荐", "Both sides of {title} agree to be introduced"), _all, _about),
        "leads.introduce": Saying(Words("{title}已为双方引荐", "The two sides of {title} were introduced"), _all, _about),
        "leads.win": Saying(Words("{title}已签约", "An agreement came of {title}"), _all, _about),
        "leads.lose": Saying(Words("{title}不再继续", "One gave up {title}"), _all, _about),
    }
)  # fmt: skip
