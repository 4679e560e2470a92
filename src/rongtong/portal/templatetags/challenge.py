"""What the pages of a challenge say of the record before the reader."""

from typing import Any

from django import template
from django.db.models import Model

from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.programmes.models import Topic
from rongtong.domain.programmes.queries import nexts
from rongtong.domain.programmes.states import ON_THE_LIST
from rongtong.portal.next_pages import address_of

register = template.Library()


@register.inclusion_tag("portal/challenge/next.html", takes_context=True)
def what_next(context: template.Context, record: Model, *, framed: bool = False) -> dict[str, Any]:
    """Who must act on ``record``, what they do and by when; the reader's own step with its address.

    ``framed`` for a panel of its own, which is then not there when nobody must do anything.
    """
    request = context.get("request")
    actor = getattr(request, "actor", VISITOR)
    steps = nexts.what_next(actor, record)
    own = any(step.yours for step in steps)
    return {
        "steps": steps,
        "framed": framed,
        "address": address_of(record) if own else "",
        "here": request.path if request else "",
        "process": nexts.PROCESSES[type(record)].name,
        "record": record,
        "listed": isinstance(record, Topic) and record.state in ON_THE_LIST,
    }


@register.filter
def is_hour(moment: object) -> bool:
    """Whether a term is an hour rather than a day."""
    return hasattr(moment, "hour")
