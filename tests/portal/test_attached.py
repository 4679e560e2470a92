"""Documents on the record's page: added, seen by those they are for, downloaded by a link of one's own, withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from rongtong.domain.foundation.documents import links
from rongtong.domain.foundation.models import AccessEvent, Document, ProvisionEvent
from rongtong.domain.foundation.visibility import LABELS, Visibility
from rongtong.domain.registry.actions import update_resource
from rongtong.domain.registry.models import Resource
from tests.factories import DEMAND, DocumentFactory, ResourceFactory, member, officer
from tests.foundation.documents import files

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def address(record: Resource) -> str:
    return reverse("portal:documents", args=(record.kind, record.pk))


def send(client: Client, record: Resource, content: bytes = files.pdf(), name: str = "图纸.pdf", **given: str) -> Any:
    about = {"visibility": "owner", "no_secrets": "on"} | given
    return client.post(address(record), {"file": SimpleUploadedFile(name, content)} | about)


def content(client: Client, document: Document) -> Any:
    return client.get(client.get(reverse("portal:document", args=(document.pk,))).url)


def test_a_document_is_added_listed_and_downloaded(signed_in: SignIn) -> None:
    record = ResourceFactory()
    client = signed_in(member(record.owner))
    answer = send(client, record)
    assert answer.status_code == 302
    document = Document.objects.get()
    page = client.get(reverse("portal:record", args=(record.kind, record.pk))).content.decode()
    assert "图纸.pdf" in page
    assert LABELS[Visibility.OWNER].zh in page
    download = content(client, document)
    assert b"".join(download.streaming_content) == files.pdf()
    assert download.headers["Content-Type"] == "application/pdf"
    assert download.headers["Content-Disposition"].startswith("attachment; ")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in download.headers["Content-Security-Policy"]
    assert download.headers["Cache-Control"] == "private, no-store"


def test_a_refusal_comes_back_with_the_form_and_keeps_nothing(signed_in: SignIn) -> None:
    record = ResourceFactory()
    client = signed_in(member(record.owner))
    for given, told in (
        ({"content": files.PROGRAM}, "程序"),
        ({"no_secrets": ""}, None),
        ({"visibility": "sealed"}, "给谁看"),
        ({"name": "说明\u202efdp.exe"}, "内容却是"),
    ):
        if told is None:
            answer = client.post(address(record), {"file": SimpleUploadedFile("a.pdf", files.pdf())})
            told = "国家秘密"
        else:
            answer = send(client, record, **given)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert client.post(address(record), {"no_secrets": "on"}).status_code == 422
    assert not Document.objects.exists()


def test_a_file_too_large_for_the_memory_comes_in_whole(signed_in: SignIn) -> None:
    record = ResourceFactory()
    client = signed_in(member(record.owner))
    large = files.pdf(bytes(range(256)) * 12_000)
    assert send(client, record, large).status_code == 302
    assert b"".join(content(client, Document.objects.get()).streaming_content) == large


def test_htmx_gets_the_part_alone(signed_in: SignIn) -> None:
    record = ResourceFactory()
    client = signed_in(member(record.owner))
    part = client.get(address(record), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    answer = client.post(
        address(record),
        {"file": SimpleUploadedFile("a.pdf", files.pdf()), "visibility": "owner", "no_secrets": "on"},
        headers={"HX-Request": "true"},
    )
    assert (answer.status_code, "#" in answer.headers["HX-Redirect"]) == (
        204,
        False,
    )  # a fragment alone reloads nothing


def test_who_may_not_have_it_finds_neither_name_nor_address(visitor: Client, signed_in: SignIn) -> None:
    record = ResourceFactory()
    document = DocumentFactory(entity=record, actor=member(record.owner), visibility="owner", name="保密图纸.pdf")
    for client in (visitor, signed_in(member()), signed_in(officer())):
        for page in (reverse("portal:record", args=(record.kind, record.pk)), address(record)):
            assert "保密图纸" not in client.get(page).content.decode()
        assert client.get(reverse("portal:document", args=(document.pk,))).status_code == 404
        assert client.post(reverse("portal:withdraw-document", args=(document.pk,)), {"reason": "x"}).status_code == 404


def test_only_who_may_change_the_record_sees_the_form_or_adds(visitor: Client, signed_in: SignIn) -> None:
    record = ResourceFactory()
    for client in (visitor, signed_in(member())):
        assert 'type="file"' not in client.get(address(record)).content.decode()
        assert send(client, record).status_code == 403
    assert not Document.objects.exists()


def test_a_stolen_link_opens_nothing_for_another_account(visitor: Client, signed_in: SignIn) -> None:
    record = ResourceFactory()
    document = DocumentFactory(entity=record, visibility="members")
    link = signed_in(member()).get(reverse("portal:document", args=(document.pk,))).url
    for thief in (signed_in(member()), visitor):
        answer = thief.get(link)
        assert answer.status_code == 403
        assert "另一个账号" in answer.content.decode()
    refused = AccessEvent.objects.filter(action="refused", entity_id=str(document.pk))
    assert [event.details["wanted"] for event in refused] == ["foundation.download_document"] * 2


def test_an_old_link_opens_nothing(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    document = DocumentFactory(visibility="members")
    client = signed_in(member())
    link = client.get(reverse("portal:document", args=(document.pk,))).url
    assert client.get(link).status_code == 200
    late = signing.time.time() + links.lifetime().total_seconds() + 1
    monkeypatch.setattr(signing.time, "time", lambda: late)
    answer = client.get(link)
    assert (answer.status_code, "已经过期" in answer.content.decode()) == (403, True)


def test_a_link_is_for_one_document_and_cannot_be_changed(signed_in: SignIn) -> None:
    first, second = DocumentFactory(visibility="members"), DocumentFactory(visibility="members")
    client = signed_in(member())
    link = client.get(reverse("portal:document", args=(first.pk,))).url
    for wrong in (link.replace(str(first.pk), str(second.pk)), link[:-3], link.split("?")[0], link[:-1] + "%00"):
        assert client.get(wrong).status_code == 403


def test_what_was_taken_back_after_the_link_was_made_stays_closed(signed_in: SignIn) -> None:
    record = ResourceFactory()
    document = DocumentFactory(entity=record, visibility="public")
    client = signed_in(member())
    link = client.get(reverse("portal:document", args=(document.pk,))).url
    update_resource(actor=member(record.owner), record=record, values=DEMAND, visibility="owner")
    assert client.get(link).status_code == 404


def test_a_download_of_what_is_not_public_is_noted_and_of_what_is_public_is_not(
    visitor: Client, signed_in: SignIn
) -> None:
    record = ResourceFactory()
    private = DocumentFactory(entity=record, visibility="members")
    public = DocumentFactory(entity=record, visibility="public", name="公开.pdf")
    assert content(visitor, public).status_code == 200
    assert not ProvisionEvent.objects.exists()
    reader = member()
    assert content(signed_in(reader), private).status_code == 200
    events = ProvisionEvent.objects.filter(action="shown.document", account=reader.account)
    assert {event.entity_id for event in events} == {str(private.pk), str(record.pk)}
    assert {event.details["ground"] for event in events} == {"登录成员"}


def test_that_a_private_document_was_listed_is_noted_too(signed_in: SignIn) -> None:
    record = ResourceFactory()
    private = DocumentFactory(entity=record, visibility="members")
    reader = member()
    signed_in(reader).get(address(record))
    events = ProvisionEvent.objects.filter(account=reader.account, action="shown.page")
    assert [f"document:{private.pk}"] in [event.details["fields"] for event in events]


@pytest.mark.parametrize(
    ("wanted", "status", "part", "told"),
    [
        ("bytes=0-4", 206, b"%PDF-", "bytes 0-4/16"),
        ("bytes=5-", 206, b"1.7 drawing", "bytes 5-15/16"),
        ("bytes=-3", 206, b"ing", "bytes 13-15/16"),
        ("bytes=0-99", 200, b"%PDF-1.7 drawing", None),
        ("bytes=0-1,3-4", 200, b"%PDF-1.7 drawing", None),
        ("lines=0-1", 200, b"%PDF-1.7 drawing", None),
        ("bytes=99-", 416, None, "bytes */16"),
    ],
)
def test_a_part_may_be_asked_for(
    visitor: Client, wanted: str, status: int, part: bytes | None, told: str | None
) -> None:
    link = visitor.get(reverse("portal:document", args=(DocumentFactory().pk,))).url
    answer = visitor.get(link, headers={"Range": wanted, "Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers.get("Content-Range")) == (status, told)
    if part is not None:
        assert b"".join(answer.streaming_content) == part
        assert answer.headers["Content-Length"] == str(len(part))


def test_a_document_is_withdrawn_with_a_reason(signed_in: SignIn) -> None:
    record = ResourceFactory()
    document = DocumentFactory(entity=record)
    client = signed_in(member(record.owner))
    take_back = reverse("portal:withdraw-document", args=(document.pk,))
    assert client.post(take_back, {"reason": " "}).status_code == 409
    assert client.post(take_back, {"reason": "传错了"}).status_code == 302
    assert client.get(reverse("portal:document", args=(document.pk,))).status_code == 404


def test_a_newer_version_is_offered_and_replaces(signed_in: SignIn) -> None:
    record = ResourceFactory()
    older = DocumentFactory(entity=record)
    client = signed_in(member(record.owner))
    assert send(client, record, files.pdf(b"% two"), replaces=str(older.pk)).status_code == 302
    older.refresh_from_db()
    assert older.superseded_by is not None
    assert send(client, record, replaces="nonsense").status_code == 404


def test_missing_content_is_told_and_not_a_fault(visitor: Client) -> None:
    from rongtong.domain.foundation.documents import vault

    document = DocumentFactory(content=b"%PDF-1.7 lost")
    vault.path_of(document.sha256).unlink()
    answer = content(visitor, document)
    assert (answer.status_code, "读不到" in answer.content.decode()) == (409, True)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_page_of_documents_is_whole_in_both_languages(signed_in: SignIn, language: str) -> None:
    record = ResourceFactory(title_en="Lime kiln")
    DocumentFactory(entity=record, content=files.pdf(b"<< /S /JavaScript >>"), visibility="public", name="a.pdf")
    body = signed_in(member(record.owner), language).get(address(record)).content.decode()
    assert ("Attachments" in body, "附件" in body) == (language == "en", language != "en")
