"""What a right reaches is looked up record by record: one project costs the same among ten thousand."""

from typing import Any

import pytest
from django.db.models import Model

from rongtong.domain.foundation.access import grounds, scope
from rongtong.domain.programmes.models import (
    Decision,
    Examiner,
    Milestone,
    Objection,
    Obligation,
    Project,
    Round,
    Seat,
    Submission,
)
from tests import factories as make
from tests.programmes.factories import TopicFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "needs"),
    [
        (Decision, "decide"),
        (Examiner, "appoint"),
        (Milestone, "examine"),
        (Objection, "decide"),
        (Obligation, "pay"),
        (Project, "manage"),
        (Round, "draw"),
        (Seat, "draw"),
        (Submission, "check"),
    ],
)
def test_the_bureau_reads_no_set_of_all_topics(model: type[Model], needs: str) -> None:
    found: Any = scope(make.officer(), needs, model._default_manager.all())
    assert "EXISTS(SELECT" in str(found.query) and " IN (SELECT" not in str(found.query)


def test_a_ground_is_looked_up_too() -> None:
    decision = Decision.objects.create(topic=TopicFactory(region="330100"))
    Decision.objects.create(topic=TopicFactory(region="440300"))
    assert list(grounds(make.officer(), "decide", Decision.objects.all())) == [decision.pk]
