"""A receipt is checked by anyone: word for word, without asking the register."""

import json

import pytest

from rongtong.domain.foundation.models import Envelope
from rongtong.domain.foundation.sealing import installation
from rongtong.domain.foundation.sealing.actions import seal_envelope
from rongtong.domain.foundation.sealing.receipts import Standing, receipt, verify_receipt
from tests.factories import member
from tests.foundation.sealing.scene import Scene, parts

pytestmark = pytest.mark.django_db


@pytest.fixture
def given(scene: Scene) -> dict[str, object]:
    envelope = seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a")
    return receipt(Envelope.objects.get(pk=envelope.pk))


def test_a_receipt_as_it_was_given_is_valid(given: dict[str, object]) -> None:
    verdict = verify_receipt(json.dumps(given, indent=2))
    assert (verdict.standing, verdict.says["envelope"]) == (Standing.VALID, given["envelope"])


def test_a_receipt_stays_valid_when_the_row_is_gone(given: dict[str, object]) -> None:
    Envelope.objects.all().delete()
    assert verify_receipt(json.dumps(given)).standing == Standing.VALID


@pytest.mark.parametrize("column", ["box", "envelope", "version", "sealed_at", "size", "ciphertext_hash", "commitment"])
def test_a_receipt_with_one_value_changed_is_altered(given: dict[str, object], column: str) -> None:
    changed = given | {column: 7 if isinstance(given[column], int) else f"{str(given[column])[:-1]}0x"}
    assert verify_receipt(json.dumps(changed)).standing == Standing.ALTERED


def test_a_receipt_with_something_added_or_left_out_is_altered(given: dict[str, object]) -> None:
    less = {name: value for name, value in given.items() if name != "size"}
    assert verify_receipt(json.dumps(given | {"note": "x"})).standing == Standing.ALTERED
    assert verify_receipt(json.dumps(less)).standing == Standing.ALTERED
    assert verify_receipt(json.dumps(given | {"signature": "x"})).standing == Standing.ALTERED


@pytest.mark.parametrize("odd", ['"\\ud800"', "NaN", "[" * 900 + "]" * 900, "1e999"])
def test_what_cannot_be_written_again_is_altered(given: dict[str, object], odd: str) -> None:
    written = json.dumps(given)[:-1] + f', "note": {odd}}}'
    assert verify_receipt(written).standing == Standing.ALTERED


@pytest.mark.parametrize("written", ["", "{", "[]", "null", "{}", '{"type": 1}', "[" * 5000, "x" * 20_000, b"\xff\xfe"])
def test_what_is_no_receipt_is_unknown(written: str | bytes, db: None) -> None:
    assert verify_receipt(written).standing == Standing.UNKNOWN


def test_the_receipt_of_another_installation_is_unknown(
    given: dict[str, object], own_folder: object, settings: object
) -> None:
    settings.HOME = own_folder / "another"  # type: ignore[attr-defined,operator]
    assert verify_receipt(json.dumps(given)).standing == Standing.UNKNOWN


def test_a_receipt_names_no_party_and_no_content(given: dict[str, object]) -> None:
    envelope = Envelope.objects.get()
    text = json.dumps(given, ensure_ascii=False)
    assert str(envelope.party) not in text and envelope.party_name not in text and "报价" not in text


def test_the_same_content_gives_another_commitment_each_time(scene: Scene) -> None:
    made = {seal_envelope(actor=member(), box=scene.box, parts=parts(), token="a").commitment for _ in range(3)}
    assert len(made) == 3


def test_the_signing_key_is_for_its_owner_alone(own_folder: object) -> None:
    installation.fingerprint()
    path = own_folder / installation.FILE  # type: ignore[operator]
    assert path.stat().st_mode & 0o777 == 0o600
