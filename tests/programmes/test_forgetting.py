"""What a visitor wrote into an objection is kept until its time is over, and then nobody has it any more."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from rongtong.cli.jobs import CLOCK, all_jobs
from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.documents import vault
from rongtong.domain.foundation.documents.actions import tidy
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition
from rongtong.domain.foundation.models import Document
from rongtong.domain.programmes.actions.forgetting import forget_objector
from rongtong.domain.programmes.actions.objections import take_back_objection
from rongtong.domain.programmes.models import Objection
from rongtong.domain.programmes.queries import deciding
from tests.programmes.deciding_scene import COLLEAGUE, noticed, on, ranked_topic
from tests.programmes.test_objections import SECRET, answered, citizen, evidence, holder_of, objected

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def kept() -> dt.timedelta:
    return dt.timedelta(days=settings.ENVIRONMENT.keep_objections_days)


def swept() -> int:
    """How many the worker let go."""
    (job,) = (each for each in all_jobs() if each.name == "objectors")
    return job.run(lambda done, total=None: None)


def test_name_contact_and_ground_go_when_the_time_is_over_and_the_answer_stays() -> None:
    objection = objected(noticed(ranked_topic()), VISITOR, secret=SECRET)
    number, path = deciding.receipt_number(objection), vault.path_of(evidence(holder_of(SECRET), objection).sha256)
    done = answered(objection, "reject")
    with on(done.state_since + kept()):
        assert swept() == 0
    with on(done.state_since + kept() + SECOND):
        assert swept() == 1
        assert swept() == 0
    done.refresh_from_db()
    assert (done.name, done.contact, done.ground, done.digest) == ("已到期清除", "", "", None)
    assert (done.state, done.finding, deciding.receipt_number(done)) == ("rejected", "经核查发票和设备。", number)
    with pytest.raises(Objection.DoesNotExist):
        deciding.by_link(holder_of(SECRET))
    event = audit.history(done.pk).get(action="programmes.forget_objector")
    assert (event.actor_name, len(event.details["documents"])) == (CLOCK.name, 1)
    assert path.is_file()
    tidy()
    assert not evidence_left(path)


def evidence_left(path: Path) -> bool:
    """Whether the content is claimed by any entry: what nothing claims goes with the next sweep."""
    return Document.objects.filter(sha256=path.name, erased_at=None).exists()


def test_one_taken_back_goes_as_well_and_one_still_open_never() -> None:
    notice = noticed(ranked_topic())
    back = take_back_objection(actor=holder_of(SECRET), objection=objected(notice, VISITOR, secret=SECRET))
    waiting = objected(notice, VISITOR, secret=SECRET[::-1])
    with on(clock.now() + 2 * kept()):
        assert list(deciding.objectors_to_forget()) == [back]
        with pytest.raises(IllegalTransition):
            forget_objector(actor=CLOCK, objection=waiting)


def test_whoever_has_an_account_asks_for_erasure_and_is_not_swept() -> None:
    done = answered(objected(noticed(ranked_topic()), citizen()), "reject")
    with on(done.state_since + 2 * kept()):
        assert swept() == 0
        with pytest.raises(IllegalTransition):
            forget_objector(actor=CLOCK, objection=done)


def test_nobody_but_the_platform_lets_it_go() -> None:
    done = answered(objected(noticed(ranked_topic()), VISITOR, secret=SECRET), "reject")
    with on(done.state_since + 2 * kept()):
        for actor in (VISITOR, citizen(), COLLEAGUE, holder_of(SECRET)):
            with pytest.raises(AccessDenied):
                forget_objector(actor=actor, objection=done)


def test_it_is_kept_as_long_as_what_was_shown_to_whom(settings: Any) -> None:
    done = answered(objected(noticed(ranked_topic()), VISITOR), "reject")
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"keep_objections_days": 183})
    with on(done.state_since + dt.timedelta(days=settings.ENVIRONMENT.keep_provision_days)):
        assert not deciding.objectors_to_forget().exists()
    with on(done.state_since + dt.timedelta(days=settings.ENVIRONMENT.keep_provision_days) + SECOND):
        assert list(deciding.objectors_to_forget()) == [done]
