"""Documents through the API: handed in with the declaration, listed by class, fetched by a link of one's own."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from rongtong.domain.foundation.models import Document
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.models import Resource
from tests.api.conftest import Caller
from tests.factories import DocumentFactory, ResourceFactory, RoleGrantFactory
from tests.foundation.documents import files

pytestmark = pytest.mark.django_db
Calling = Callable[[Account], Caller]


@pytest.fixture
def record() -> Resource:
    return ResourceFactory()


@pytest.fixture
def owner(record: Resource, calling: Calling) -> Caller:
    """A caller with a key of the record's owner."""
    return calling(RoleGrantFactory(party=record.owner).account)


@pytest.fixture
def stranger(calling: Calling) -> Caller:
    return calling(RoleGrantFactory().account)


def hand_in(caller: Caller, record: Resource, content: bytes = files.pdf(), **about: str) -> tuple[int, Any]:
    given = {"file": SimpleUploadedFile("图纸.pdf", content), "no_secrets": "true"} | about
    answer = caller.client.post(f"/api/v1/resources/{record.pk}/documents", given)
    return answer.status_code, answer.json()


def test_from_the_upload_to_the_download(owner: Caller, record: Resource) -> None:
    status, made = hand_in(owner, record, visibility="members")
    assert (status, made["name"], made["media_type"], made["visibility"]) == (
        201,
        "图纸.pdf",
        "application/pdf",
        "members",
    )
    assert owner.get(f"resources/{record.pk}/documents")[1] == {"count": 1, "items": [made]}
    status, link = owner.post(f"documents/{made['id']}/links", {})
    assert status == 201
    answer = owner.client.get(link["address"])
    assert b"".join(answer.streaming_content) == files.pdf()  # type: ignore[attr-defined]  # it streams


def test_without_the_declaration_nothing_comes_in(owner: Caller, record: Resource) -> None:
    for about in ({"no_secrets": "false"}, {"no_secrets": ""}):
        assert hand_in(owner, record, **about)[0] == 422
    assert not Document.objects.exists()


def test_what_was_found_is_said_with_its_field(owner: Caller, record: Resource) -> None:
    status, failure = hand_in(owner, record, files.PROGRAM)
    assert (status, failure["problems"][0]["field"]) == (422, "file")
    assert "程序" in failure["message"]


def test_the_list_tells_only_what_is_for_the_caller(
    owner: Caller, stranger: Caller, visitor: Caller, record: Resource
) -> None:
    for visibility in ("public", "members", "owner"):
        hand_in(owner, record, visibility=visibility)
    counts = [caller.get(f"resources/{record.pk}/documents")[1]["count"] for caller in (visitor, stranger, owner)]
    assert counts == [1, 2, 3]


def test_a_link_of_another_key_and_a_made_up_one_open_nothing(
    owner: Caller, stranger: Caller, visitor: Caller, record: Resource
) -> None:
    document = hand_in(owner, record, visibility="public")[1]
    link = owner.post(f"documents/{document['id']}/links", {})[1]["address"]
    assert stranger.client.get(link).status_code == 403
    assert visitor.client.get(link).status_code == 401
    assert owner.client.get(link + "x").status_code == 403


def test_a_stranger_asks_in_vain(owner: Caller, stranger: Caller, record: Resource) -> None:
    document = hand_in(owner, record)[1]
    assert stranger.post(f"documents/{document['id']}/links", {})[0] == 404
    assert stranger.post(f"documents/{document['id']}/withdrawal", {"reason": "x"})[0] == 404
    assert hand_in(stranger, record)[0] == 403


def test_a_document_is_taken_back(owner: Caller, record: Resource) -> None:
    document = hand_in(owner, record)[1]
    answer = owner.client.post(
        f"/api/v1/documents/{document['id']}/withdrawal", {"reason": "传错了"}, content_type="application/json"
    )
    assert answer.status_code == 204
    assert owner.get(f"resources/{record.pk}/documents")[1]["count"] == 0


def test_a_newer_version_replaces_the_older(owner: Caller, record: Resource) -> None:
    older = hand_in(owner, record)[1]
    status, newer = hand_in(owner, record, files.pdf(b"% two"), replaces=older["id"])
    assert (status, owner.get(f"resources/{record.pk}/documents")[1]["items"]) == (201, [newer])
    strange = DocumentFactory(visibility="owner")
    assert hand_in(owner, record, replaces=str(strange.pk))[0] == 404
