"""The challenges of the sample region: each is played through the actions, step by step, to the stage where it stands.

Rules ask for weeks between two steps, so a story is told as if it had begun long ago (``clock.telling``); the audit
keeps when it was really loaded.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from django.utils import timezone

from rongtong.cli.sample_course import CLOCK, COURSE, OPENS
from rongtong.cli.sample_pack import FOLDER
from rongtong.cli.sample_story import Story, experts_of, officers_of
from rongtong.domain.foundation import clock
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.models import (
    Topic,
)

STAGES: Mapping[str, float] = {
    "published": 3, "sealed": 57, "in-review": 74, "noticed": 84, "running": 240, "accepted": 400,
}  # fmt: skip
"""The stages by name, each with the day of the story on which the present finds it (publication is day nought)."""


def load_challenges(parties: Mapping[str, Party], stages: Sequence[str] = tuple(STAGES)) -> int:
    """Play the topics that stand at ``stages`` and are not there yet; answers how many steps were taken.

    Not inside a transaction: envelopes are sealed before their rows are written. A story broken off goes on where it
    was, because each step looks at what there is.
    """
    common = yaml.safe_load((FOLDER / "challenges.yaml").read_text("utf-8"))
    officers, experts = officers_of(common, parties), experts_of(common, parties)
    taken = 0
    oldest_first = sorted(common["topics"], key=lambda told: -STAGES[told["stage"]])
    for told in oldest_first:
        if told["stage"] in stages:
            taken += _play(Story(told, common, parties, officers, experts, _began(told)))
    run_clock(CLOCK)  # what is due by now, so that a second load finds nothing to do
    return taken


def _play(story: Story) -> int:
    present = STAGES[story.told["stage"]]
    steps = [(day, step) for day, step in COURSE if day <= present]
    taken = 0
    for day, step in steps:
        with clock.telling(min(story.at(day), timezone.now())):
            taken += bool(step(story))
    return taken


def _began(told: Mapping[str, Any]) -> dt.datetime:
    """The day of publication: what an earlier load gave it, else so that the present falls on the stage's day."""
    known = Topic.objects.filter(title=told["title"], programme__title=told["programme"]).first()
    if known and known.opens_at:
        return known.opens_at - dt.timedelta(days=OPENS)
    return timezone.now() - dt.timedelta(days=STAGES[told["stage"]])
