"""Documents that an organisation keeps to itself are asked for, granted, seen and taken back like a field."""

import datetime as dt

import pytest
from django.utils import timezone

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents import links, serving
from rongtong.domain.foundation.documents.queries import documents_of, listed
from rongtong.domain.foundation.models import Document, ProvisionEvent
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.disclosing.actions import advance_disclosure, ask_disclosure, grant_disclosure
from rongtong.domain.registry.disclosing.queries import askable, closed_names, labels_of
from rongtong.domain.registry.models import DOCUMENTS, Disclosure, Resource
from rongtong.domain.registry.reading import CONFIDANT, read
from tests.factories import DEMAND, DocumentFactory, ResourceFactory, administrator, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawing() -> Document:
    record = ResourceFactory(values=DEMAND | {"details": "阀门密封件的尺寸与材料"})
    return DocumentFactory(entity=record, visibility="owner")


@pytest.fixture
def record(drawing: Document) -> Resource:
    return Resource.objects.get(pk=drawing.entity_id)


@pytest.fixture
def asker() -> Actor:
    return administrator()


def granted(asker: Actor, record: Resource, fields: list[str]) -> Disclosure:
    asked = ask_disclosure(
        actor=asker, record=record, purpose="评估能否承接", accepts=agreement.version(), fields=[*fields]
    )
    ends = timezone.now() + dt.timedelta(days=7)
    return grant_disclosure(actor=administrator(record.owner), disclosure=asked, fields=fields, ends=ends)


def test_documents_can_be_asked_for_only_where_some_are_kept(asker: Actor, record: Resource) -> None:
    assert DOCUMENTS in askable(read(asker, record))
    assert DOCUMENTS not in closed_names(ResourceFactory())


def test_who_was_granted_them_reads_them_and_nobody_else(asker: Actor, record: Resource, drawing: Document) -> None:
    assert not documents_of(asker, record).exists()
    disclosure = granted(asker, record, [DOCUMENTS])
    assert list(documents_of(asker, record)) == [drawing]
    assert DOCUMENTS not in askable(read(asker, record))
    assert not documents_of(member(), record).exists()
    advance_disclosure(actor=administrator(record.owner), disclosure=disclosure, event="revoke", reason="项目取消")
    assert not documents_of(asker, record).exists()


def test_a_grant_of_other_fields_does_not_open_them(asker: Actor, record: Resource) -> None:
    granted(asker, record, ["details"])
    assert not documents_of(asker, record).exists()


def test_every_opening_is_told_to_the_owner(asker: Actor, record: Resource, drawing: Document) -> None:
    granted(asker, record, [DOCUMENTS])
    listed(asker, record, "page")
    token, _until = links.signed(asker, drawing.pk)
    assert serving.download(asker, drawing.pk, token).status_code == 200
    events = ProvisionEvent.objects.filter(entity_id=str(record.pk), account=asker.account)
    assert [event.action for event in events.order_by("seq")] == ["shown.page", "shown.document"]
    assert {event.details["ground"] for event in events} == {CONFIDANT.zh}
    assert {label for event in events for label in labels_of(record, event.details["fields"])} == {"仅本单位的附件"}
