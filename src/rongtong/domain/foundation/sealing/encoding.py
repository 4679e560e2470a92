"""Bytes as text in the database and in receipts; values as the bytes that are hashed and signed."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decoded(text: str) -> bytes:
    """The bytes again; ValueError when ``text`` is not base64."""
    return base64.b64decode(text, validate=True)


def canonical(value: Mapping[str, Any] | list[Any]) -> bytes:
    """One form of a JSON value, whoever writes it: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def context(what: str, *about: object) -> bytes:
    """What a ciphertext is bound to: its purpose and the identifiers of what it belongs to."""
    return canonical([f"rongtong/{what}/1", *(str(each) for each in about)])


def moment(at: datetime) -> str:
    """A time as it is signed: UTC, whatever zone the value came in."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
