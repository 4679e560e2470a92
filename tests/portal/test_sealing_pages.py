"""The pages of sealing: an officer's key, the ceremony of two, the protocol, receipts that anyone verifies."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import Envelope, OpeningProtocol, ProvisionEvent, SealedBox, SealKey
from rongtong.domain.foundation.sealing.actions import create_box, seal_envelope
from rongtong.domain.foundation.sealing.receipts import receipt
from tests.factories import manager, member, officer, supervisor
from tests.foundation.sealing.performed import a_scene
from tests.foundation.sealing.scene import PASSPHRASE, SECRET, Scene, parts
from tests.portal.test_english import chinese_in

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
NAMES = ("石灰窑自动出灰技术攻关", "示例账号", "云岭示例企业", "有限公司")


@pytest.fixture
def scene() -> Iterator[Scene]:
    with a_scene() as scene:
        yield scene


def opening(scene: Scene) -> str:
    return reverse("portal:open-box", args=(scene.box.pk,))


def given(scene: Scene, witness: int = 1, **other: str) -> dict[str, str]:
    custodian = scene.box.custodians.get(account=scene.officers[witness].account)
    phrases = {"passphrase": scene.passphrases[0], "witness_passphrase": scene.passphrases[witness]}
    return {"witness": str(custodian.pk)} | phrases | other


def test_an_officer_enrols_a_key_changes_its_passphrase_and_revokes_it(signed_in: SignedIn) -> None:
    client, address = signed_in(officer()), reverse("portal:seal-key")
    phrase, wanted = PASSPHRASE.format("甲"), PASSPHRASE.format("乙")
    assert "不能找回，也不能重置" in client.get(address).content.decode()
    assert client.post(address, {"step": "enrol", "passphrase": phrase, "again": phrase}).status_code == 302
    change = {"step": "change", "passphrase": phrase, "wanted": wanted, "wanted_again": wanted}
    assert client.post(address, change).status_code == 302
    assert client.post(address, change).status_code == 422
    assert client.post(address, {"step": "revoke", "reason": "调离"}).status_code == 302
    assert SealKey.objects.get().revoked_because == "调离"


@pytest.mark.parametrize(
    "form, said",
    [
        ({"step": "enrol", "passphrase": "短", "again": "短"}, "至少 14 个字符"),
        ({"step": "enrol", "passphrase": PASSPHRASE, "again": "别的"}, "不一致"),
        ({"step": "change", "passphrase": "x", "wanted": "y", "wanted_again": "y"}, "还没有开箱密钥"),
    ],
)
def test_what_is_wrong_with_a_passphrase_is_said(signed_in: SignedIn, form: dict[str, str], said: str) -> None:
    answer = signed_in(officer()).post(reverse("portal:seal-key"), form)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert PASSPHRASE not in answer.content.decode()


@pytest.mark.parametrize("who", [member, manager, supervisor])
def test_the_page_of_the_key_is_for_officers(signed_in: SignedIn, who: Callable[[], Actor]) -> None:
    assert signed_in(who()).get(reverse("portal:seal-key")).status_code == 403


def test_before_the_hour_the_ceremony_shows_what_is_lacking_and_asks_nothing(signed_in: SignedIn, scene: Scene) -> None:
    client = signed_in(scene.officers[0])
    body = client.get(opening(scene)).content.decode()
    assert "未满足" in body and 'name="passphrase"' not in body
    assert client.post(opening(scene), given(scene)).status_code == 422
    assert SealedBox.objects.get().state == "open"


def test_two_officers_open_and_the_protocol_is_shown(signed_in: SignedIn, scene: Scene) -> None:
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    scene.after_the_hour()
    client = signed_in(scene.officers[0])
    assert 'name="witness_passphrase"' in client.get(opening(scene)).content.decode()
    answer = client.post(opening(scene), given(scene))
    assert answer.url == reverse("portal:opening-protocol", args=(scene.box.pk,))
    body = client.get(answer.url).content.decode()
    protocol = OpeningProtocol.objects.get()
    assert "已开启，校验无误" in body and protocol.root in body and SECRET not in body
    assert all(actor.name in body for actor in scene.officers[:2])
    assert client.get(opening(scene)).url == answer.url
    assert ProvisionEvent.objects.filter(entity_id=str(protocol.pk)).exists()


def test_a_wrong_passphrase_is_refused_on_the_page_and_not_given_back(signed_in: SignedIn, scene: Scene) -> None:
    scene.after_the_hour()
    answer = signed_in(scene.officers[0]).post(opening(scene), given(scene, witness_passphrase="完全不对的一句口令话"))
    body = answer.content.decode()
    assert (answer.status_code, "口令不对" in body, "完全不对" in body) == (422, True, False)
    assert scene.passphrases[0] not in body


def test_a_protocol_that_was_altered_says_so(signed_in: SignedIn, scene: Scene) -> None:
    scene.after_the_hour().open()
    OpeningProtocol.objects.update(results=[])
    OpeningProtocol.objects.update(root="0" * 64)
    body = signed_in(supervisor()).get(reverse("portal:opening-protocol", args=(scene.box.pk,))).content.decode()
    assert "内容被改动过" in body


@pytest.mark.parametrize("who", [member, manager, officer, supervisor])
def test_the_ceremony_is_there_for_custodians_alone(
    signed_in: SignedIn, scene: Scene, who: Callable[[], Actor]
) -> None:
    assert signed_in(who()).get(opening(scene)).status_code == 404


@pytest.mark.parametrize("who, status", [(member, 404), (manager, 404), (officer, 200), (supervisor, 200)])
def test_who_reads_the_protocol(signed_in: SignedIn, scene: Scene, who: Callable[[], Actor], status: int) -> None:
    scene.after_the_hour().open()
    assert signed_in(who()).get(reverse("portal:opening-protocol", args=(scene.box.pk,))).status_code == status


def test_a_protocol_that_is_not_there_is_not_told_apart(signed_in: SignedIn, scene: Scene) -> None:
    assert signed_in(officer()).get(reverse("portal:opening-protocol", args=(scene.box.pk,))).status_code == 404


def test_a_submitter_sees_and_keeps_the_receipt_and_nobody_else_does(signed_in: SignedIn, scene: Scene) -> None:
    firm = member()
    envelope = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    page, file = (reverse(f"portal:{name}", args=(envelope.pk,)) for name in ("receipt", "receipt-file"))
    own = signed_in(firm)
    assert envelope.commitment in own.get(page).content.decode()
    saved = own.get(file)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert json.loads(saved.content) == receipt(Envelope.objects.get())
    for other in (member(), officer(), supervisor(), scene.officers[0]):
        assert signed_in(other).get(page).status_code == 404
        assert signed_in(other).get(file).status_code == 404


def test_anyone_verifies_a_receipt(visitor: Client, scene: Scene) -> None:
    seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    written, address = json.dumps(receipt(Envelope.objects.get())), reverse("portal:verify-receipt")
    assert visitor.get(address).status_code == 200
    assert "回执有效" in visitor.post(address, {"receipt": written}).content.decode()
    file = SimpleUploadedFile("receipt.json", written.encode())
    assert "回执有效" in visitor.post(address, {"file": file}).content.decode()
    altered = written.replace('"version": 1', '"version": 2')
    assert "被改动过" in visitor.post(address, {"receipt": altered}).content.decode()
    for nothing in ("", "<script>", "x" * 20_000):
        body = visitor.post(address, {"receipt": nothing}).content.decode()
        assert "无法核验" in body and "<script>\n" not in body


def test_visitors_are_sent_to_sign_in(visitor: Client, scene: Scene) -> None:
    for address in (reverse("portal:seal-key"), opening(scene)):
        assert visitor.get(address).status_code == 302


def test_no_chinese_is_left_on_the_english_pages(signed_in: SignedIn, scene: Scene, settings: object) -> None:
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"region_name": "Region"})  # type: ignore[attr-defined]
    firm = member()
    envelope = seal_envelope(actor=firm, box=scene.box, parts=parts(), token="a")
    client = signed_in(scene.officers[0], "en")
    pages = [client.get(reverse("portal:seal-key")), client.get(opening(scene))]
    scene.after_the_hour()
    pages += [client.get(opening(scene)), client.post(opening(scene), given(scene), follow=True)]
    pages.append(signed_in(firm, "en").get(reverse("portal:receipt", args=(envelope.pk,))))
    pages.append(client.post(reverse("portal:verify-receipt"), {"receipt": "{}"}))
    for answer in pages:
        left = {
            word for word in chinese_in(answer.content.decode().partition("<main")[2]) if not word.startswith(NAMES)
        }
        assert left == set()


def test_the_list_of_boxes_takes_as_many_queries_for_three_as_for_one(signed_in: SignedIn, scene: Scene) -> None:
    client, address = signed_in(scene.officers[0]), reverse("portal:seal-key")
    client.get(address)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    for_one = asked()
    hours = {"closes_at": scene.box.closes_at, "opens_at": scene.box.opens_at}
    for _ in range(2):
        create_box(actor=scene.officers[0], title="又一个", custodians=scene.keys, **hours)
    assert asked() == for_one
