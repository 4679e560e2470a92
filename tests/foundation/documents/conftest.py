"""A record to attach to, and a short way to attach."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.actions import upload_document
from rongtong.domain.foundation.models import Document
from rongtong.domain.registry.models import Resource
from tests.factories import ResourceFactory, member
from tests.foundation.documents import files

Attach = Callable[..., Document]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """A data folder that the test has to itself."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture
def record(db: None) -> Resource:
    """A published demand."""
    return ResourceFactory()


@pytest.fixture
def owner(record: Resource) -> Actor:
    """Somebody who acts for the record's owner."""
    return member(record.owner)


@pytest.fixture
def attach(record: Resource, owner: Actor) -> Attach:
    """Attach a PDF to the record, as its owner unless said otherwise."""

    def do(content: bytes = b"", **facts: object) -> Document:
        given = {"actor": owner, "entity": record, "name": "图纸.pdf", "no_secrets": True} | facts
        return upload_document(file=io.BytesIO(content or files.pdf()), **given)  # type: ignore[arg-type]

    return do
