"""A document follows its record: who may view the record, and its class on it, may have the document; nobody else."""

import datetime as dt
import io
from typing import Any

import pytest
from django.utils import timezone

from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.audit import history
from rongtong.domain.foundation.documents import queries, vault
from rongtong.domain.foundation.documents.actions import (
    attach_document,
    erase_document,
    tidy,
    upload_document,
    withdraw_document,
)
from rongtong.domain.foundation.documents.checks import examine
from rongtong.domain.foundation.documents.declaration import VERSION
from rongtong.domain.foundation.errors import AccessDenied, DomainError, Invalid
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.actions import update_resource
from rongtong.domain.registry.models import Resource
from tests.factories import DEMAND, PLATFORM, ResourceFactory, member, officer, supervisor
from tests.foundation.documents import files
from tests.foundation.documents.conftest import Attach

pytestmark = pytest.mark.django_db


def test_an_attached_file_is_kept_under_its_content(attach: Attach, record: Resource, owner: Actor) -> None:
    document = attach(files.png(), name="C:\\图\\照片.png", visibility="public")
    assert (document.name, document.media_type, document.size) == ("照片.png", "image/png", len(files.png()))
    assert vault.path_of(document.sha256).read_bytes() == files.png()
    assert (document.declaration, document.declared_by, document.uploaded_by) == (VERSION, owner.account, owner.account)
    assert list(queries.documents_of(owner, record)) == [document]


def test_document_and_record_both_tell_of_it(attach: Attach, record: Resource) -> None:
    document = attach()
    [event] = history(document.pk)
    assert (event.action, event.details["declaration"]) == ("foundation.attach_document", VERSION)
    told = history(record.pk).last()
    assert told.details == {"document": str(document.pk), "visibility": "owner", "declaration": VERSION}
    assert "图纸" not in str(told.details)


READERS: dict[str, set[str]] = {
    "public": {"visitor", "stranger", "officer", "supervisor", "owner"},
    "members": {"stranger", "officer", "supervisor", "owner"},
    "internal": {"officer"},
    "owner": {"owner"},
}


@pytest.mark.parametrize("visibility", READERS)
def test_who_may_have_a_document_of_each_class(attach: Attach, record: Resource, owner: Actor, visibility: str) -> None:
    who = {"visitor": VISITOR, "stranger": member(), "officer": officer(), "supervisor": supervisor(), "owner": owner}
    sender = who["officer"] if visibility == "internal" else owner
    document = attach(actor=sender, visibility=visibility)
    readers = {name for name, actor in who.items() if document in queries.documents_of(actor, record)}
    assert readers == READERS[visibility]
    for name, actor in who.items():
        if name in readers:
            assert queries.readable(actor, document.pk) == document
        else:
            with pytest.raises(Document.DoesNotExist):
                queries.readable(actor, document.pk)


def test_a_change_of_the_record_is_at_once_one_of_its_documents(attach: Attach, record: Resource, owner: Actor) -> None:
    document = attach(visibility="public")
    assert allows(VISITOR, "view", document)
    update_resource(actor=owner, record=record, values=DEMAND, visibility="members")
    assert not allows(VISITOR, "view", document)
    assert allows(member(), "view", document)


def test_only_who_may_change_the_record_attaches(attach: Attach) -> None:
    for actor in (VISITOR, member(), supervisor()):
        with pytest.raises(AccessDenied):
            attach(actor=actor)
    assert not Document.objects.exists()
    assert AccessEvent.objects.filter(action="refused").count() == 3
    assert attach(actor=officer(), visibility="internal").visibility == "internal"


def test_nobody_gives_a_class_that_they_could_not_read_themselves(attach: Attach, record: Resource) -> None:
    for visibility in ("owner", "sealed", "nonsense"):
        with pytest.raises(Invalid):
            attach(actor=officer(), visibility=visibility)
    assert Visibility.OWNER not in queries.classes_for(officer(), record)


def test_without_the_declaration_not_a_byte_is_kept(attach: Attach) -> None:
    with pytest.raises(Invalid, match="国家秘密"):
        attach(files.pdf(b"% undeclared"), no_secrets=False)
    assert not Document.objects.exists()
    assert not vault.root().exists()


def test_what_is_refused_leaves_nothing(attach: Attach) -> None:
    events = AuditEvent.objects.count()
    with pytest.raises(Invalid):
        attach(files.PROGRAM)
    assert (Document.objects.count(), AuditEvent.objects.count()) == (0, events)
    assert not list(vault._incoming().iterdir())


def test_too_large_a_file_is_refused(attach: Attach, settings: Any) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"document_limit_mb": 1})
    assert attach(files.pdf(bytes(1 << 19)))
    with pytest.raises(Invalid, match="1 MB"):
        attach(files.pdf(bytes(1 << 20)))
    assert not list(vault._incoming().iterdir())


def test_the_same_file_twice_is_one_document_and_one_content(attach: Attach, record: Resource, owner: Actor) -> None:
    first, again = attach(), attach()
    assert first == again
    other = attach(name="同一份.pdf")
    assert (other.sha256, other.pk == first.pk) == (first.sha256, False)
    assert queries.documents_of(owner, record).count() == 2


def test_a_newer_version_takes_the_place_of_the_older(attach: Attach, record: Resource, owner: Actor) -> None:
    older = attach()
    newer = attach(files.pdf(b"% second"), replaces=older)
    older.refresh_from_db()
    assert (older.superseded_by, list(queries.documents_of(owner, record))) == (newer, [newer])
    with pytest.raises(Invalid, match="更新的版本"):
        attach(files.pdf(b"% third"), replaces=older)
    with pytest.raises(Invalid, match="不在这条记录上"):
        attach(entity=ResourceFactory(owner=record.owner), replaces=newer)


def test_a_withdrawn_document_opens_for_nobody_and_stays_told(attach: Attach, record: Resource, owner: Actor) -> None:
    document = attach()
    with pytest.raises(Invalid, match="理由"):
        withdraw_document(actor=owner, document=document, reason=" ")
    with pytest.raises(AccessDenied):
        withdraw_document(actor=officer(), document=document, reason="看不到的，也撤不了")
    withdrawn = withdraw_document(actor=owner, document=document, reason="传错了")
    assert (withdrawn.withdrawn_reason, list(queries.documents_of(owner, record))) == ("传错了", [])
    assert not allows(owner, "view", withdrawn)
    with pytest.raises(AccessDenied):
        withdraw_document(actor=owner, document=document, reason="再撤一次")
    assert history(document.pk).last().action == "foundation.withdraw_document"


def test_content_goes_when_its_time_of_keeping_is_over_and_not_before(attach: Attach, owner: Actor) -> None:
    document = withdraw_document(actor=owner, document=attach(), reason="传错了")
    assert document.retain_until.year == timezone.localdate().year + 10
    with pytest.raises(Invalid, match="保管期"):
        erase_document(actor=PLATFORM, document=document)
    with pytest.raises(AccessDenied):
        erase_document(actor=owner, document=document)
    Document.objects.update(retain_until=timezone.localdate() - dt.timedelta(days=1))
    assert tidy() == 1
    document.refresh_from_db()
    assert document.erased_at is not None
    assert vault.sweep(lambda hashes: set(), now=timezone.now().timestamp() + 2 * vault.UNCLAIMED_SECONDS) == 1
    assert not vault.path_of(document.sha256).exists()


def test_only_records_that_say_so_carry_documents(owner: Actor, attach: Attach, record: Resource) -> None:
    with pytest.raises(DomainError, match="carries no documents"):
        attach(entity=record.owner)


def test_the_action_itself_refuses_who_may_not(record: Resource) -> None:
    """Whoever calls past the upload finds the same door."""
    with vault.receiving(io.BytesIO(files.pdf())) as received:
        finding = examine(received.path, "a.pdf")
        with pytest.raises(AccessDenied):
            attach_document(
                actor=member(), entity=record, received=received, finding=finding, name="a.pdf", visibility="public"
            )


def test_a_document_of_a_draft_is_its_owners() -> None:
    record = ResourceFactory(published=False)
    theirs = member(record.owner)
    document = upload_document(
        actor=theirs, entity=record, file=io.BytesIO(files.pdf()), name="a.pdf", no_secrets=True, visibility="public"
    )
    readers = [actor for actor in (VISITOR, member(), officer(), theirs) if allows(actor, "view", document)]
    assert readers == [theirs]
