"""A rule pack over every enterprise: asked for by staff, computed by the worker."""

import datetime as dt

from rongtong.domain.assessments.models import Run
from rongtong.domain.assessments.states import RUN
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.transitions import advance


@action("assessments.ask_run")
def ask_run(*, actor: Actor, pack: str, as_of: dt.date, confirmed_only: bool = False) -> Run:
    """Queue ``pack`` over the enterprises of the actor's region as of a day."""
    run = Run(
        pack=pack, as_of=as_of, confirmed_only=confirmed_only, region=actor.region, account=actor.account,
        asked_by=actor.name,
    )  # fmt: skip
    require(actor, "ask", run)
    run.save(force_insert=True)
    audit.record(actor, "assessments.ask_run", run, pack=pack, as_of=as_of)
    return run


@action("assessments.cancel_run")
def cancel_run(*, actor: Actor, run: Run) -> Run:
    """Take back a run that has not begun."""
    return advance(RUN, run, "cancel", actor=actor)
