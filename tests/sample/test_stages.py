"""The challenges of the sample region, each played through the actions to the stage where it stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from rongtong.cli import sample_loader, sample_pack
from rongtong.cli.sample_challenges import STAGES, load_challenges
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.models import Envelope, SealedBox
from rongtong.domain.programmes.models import Milestone, Notice, Obligation, Project, Seat, Submission, Topic
from rongtong.domain.programmes.states import PROCESSES

AT = {
    "published": "published", "sealed": "open", "in-review": "reviewing", "noticed": "noticed", "running": "awarded",
    "accepted": "awarded",
}  # fmt: skip
"""How the topic of each stage stands."""


@pytest.fixture
def parties(transactional_db: None) -> dict[str, Any]:
    """The organisations, people, personas, demands and experts of the region, without its other registers."""
    with transaction.atomic():
        parties = sample_loader.load_parties()
        sample_loader._load_personas(parties)
        wanted = [each for each in sample_pack.records() if each.kind in ("demand", "expert")]
        sample_loader._write(wanted, {}, parties, restore=False)
    return parties


@pytest.mark.slow
def test_every_stage_is_reached_and_reached_once(parties: dict[str, Any]) -> None:
    assert load_challenges(parties) > len(STAGES)
    assert load_challenges(parties) == 0
    assert sorted(Topic.objects.values_list("state", flat=True)) == sorted(AT.values())
    _nothing_half_done()


@pytest.mark.slow
def test_a_region_at_one_stage_has_one_topic(parties: dict[str, Any]) -> None:
    load_challenges(parties, ["sealed"])
    topic = Topic.objects.get()
    assert topic.state == "open"
    assert set(topic.submissions.values_list("state", flat=True)) == {"sealed"}
    assert Envelope.objects.filter(box=topic.box, state="sealed").count() == topic.submissions.count() > 0
    assert all(each.content == {} and each.bid is None for each in topic.submissions.all())


@pytest.mark.slow
def test_a_story_broken_off_goes_on(parties: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = iter([None] * 8)

    def play(step: Any) -> Any:
        def played(story: Any) -> bool:
            next(broken)
            return bool(step(story))

        return played

    with monkeypatch.context() as patch, pytest.raises(StopIteration):
        from rongtong.cli import sample_challenges

        patch.setattr(sample_challenges, "COURSE", [(day, play(step)) for day, step in sample_challenges.COURSE])
        load_challenges(parties, ["noticed"])
    assert not Notice.objects.exists()
    load_challenges(parties, ["noticed"])
    assert Topic.objects.get().state == "noticed"
    assert Notice.objects.get().state == "running"


def _nothing_half_done() -> None:
    """What the stages promise beyond the state of the topic."""
    accepted = Project.objects.get(state="accepted")
    assert set(accepted.milestones.values_list("state", flat=True)) == {"passed"}
    owed = Obligation.objects.filter(project=accepted)
    assert set(owed.values_list("state", flat=True)) == {"paid"}
    assert sum(owed.values_list("fen", flat=True)) == accepted.topic.money
    race = Project.objects.filter(topic__programme__template="horse-race")
    first = Obligation.objects.filter(milestone__order=1, purse="setter", project__in=race)
    assert race.count() == first.count() == 2
    assert len(set(first.values_list("fen", flat=True))) == 1
    assert set(Milestone.objects.filter(project__in=race, order=2).values_list("state", flat=True)) <= {
        "planned",
        "due",
    }
    assert Seat.objects.filter(state="recused").exists()
    assert SealedBox.objects.filter(state="opened").count() == 4
    known = {process.name: {state.key for state in process.states} for process in PROCESSES}
    assert set(Submission.objects.values_list("state", flat=True)) <= known["submission"]
    assert audit.verify().fault == ""


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> Iterator[None]:
    """Envelopes lie in a folder of their own."""
    settings.HOME = tmp_path
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"home": tmp_path})
    yield
