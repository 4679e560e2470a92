"""An index of their own for the tests that ask it."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from rongtong.domain.registry import indexing


@pytest.fixture
def index(settings: Any) -> Iterator[ModuleType]:
    """Answers by words alone: these tests are about who is told what."""
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"encoder": "none"})
    indexing.forget()
    indexing.store().clear()
    yield indexing
    indexing.forget()
