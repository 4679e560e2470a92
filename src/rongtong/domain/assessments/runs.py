"""A rule pack over every enterprise: asked for by staff, computed by the worker (:mod:`computing`)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.models import Run
from rongtong.domain.assessments.states import RUN
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, system_actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.transitions import advance

CLOCK = system_actor("批量测评")


@action("assessments.ask_run")
def ask_run(*, actor: Actor, pack: str, as_of: dt.date, confirmed_only: bool = False) -> Run:
    """Queue ``pack`` over the enterprises of the actor's region as of a day; the same again while it waits is that run.

    Raises Invalid when there is no such pack, AccessDenied.
    """
    run = Run(
        pack=pack, as_of=as_of, confirmed_only=confirmed_only, region=actor.region, account=actor.account,
        asked_by=actor.name,
    )  # fmt: skip
    require(actor, "ask", run)
    if pack not in {each.id for each in catalogue.packs()}:
        raise Invalid(_("没有“%(pack)s”这个规则包。") % {"pack": pack})
    same = {"pack": pack, "as_of": as_of, "confirmed_only": confirmed_only, "region": actor.region}
    waiting = Run.objects.select_for_update().filter(**same, account=actor.account, state="queued").first()
    if waiting is None:
        run.save(force_insert=True)
    audit.record(actor, "assessments.ask_run", waiting or run, pack=pack, as_of=as_of)
    return waiting or run


@action("assessments.cancel_run")
def cancel_run(*, actor: Actor, run: Run) -> Run:
    """Take back a run that has not begun."""
    return advance(RUN, run, "cancel", actor=actor)


@action("assessments.move_run")
def move_run(*, run: Run, event: str, reason: str = "", **columns: Any) -> Run:
    """The worker's step of a run; ``columns`` are set with it."""
    moved = advance(RUN, run, event, actor=CLOCK, reason=reason)
    for name, value in columns.items():
        setattr(moved, name, value)
    moved.save()
    return moved
