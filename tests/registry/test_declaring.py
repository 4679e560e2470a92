"""Nothing is handed in without the declaration that it holds no state secret; what was declared stands in the audit."""

import pytest

from rongtong.domain.foundation.audit import history
from rongtong.domain.foundation.documents.declaration import VERSION
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.registry.actions import advance_resource
from tests.factories import ResourceFactory, member

pytestmark = pytest.mark.django_db


def test_a_record_is_not_handed_in_without_it() -> None:
    record = ResourceFactory(published=False)
    with pytest.raises(Invalid, match="国家秘密") as refused:
        advance_resource(actor=member(record.owner), record=record, event="submit")
    assert [problem.field for problem in refused.value.problems] == ["no_secrets"]
    record.refresh_from_db()
    assert record.state == "draft"


def test_who_declared_which_text_is_kept() -> None:
    record = ResourceFactory(published=False)
    owner = member(record.owner)
    assert advance_resource(actor=owner, record=record, event="submit", no_secrets=True).state == "submitted"
    event = history(record.pk).last()
    assert (event.action, event.account, event.details["declaration"]) == ("registry.submit", owner.account, VERSION)


def test_it_opens_no_door() -> None:
    record = ResourceFactory(published=False)
    with pytest.raises(AccessDenied):
        advance_resource(actor=member(), record=record, event="submit", no_secrets=True)


def test_other_steps_need_none() -> None:
    record = ResourceFactory(published=False)
    moved = advance_resource(actor=member(record.owner), record=record, event="withdraw", reason="不再需要")
    assert moved.state == "withdrawn"
