"""The compiled translations are those of the source; ``make messages`` compiles them."""

import gettext
import importlib.util
import io
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.po"))


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("compile_messages", ROOT / "tools" / "compile_messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read(compiled: bytes) -> dict[Any, str]:
    """A .mo file as Python's own gettext reads it."""
    catalogue: dict[Any, str] = gettext.GNUTranslations(io.BytesIO(compiled))._catalog  # type: ignore[attr-defined]
    return catalogue


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parts[-3])
def test_the_compiled_file_says_what_the_source_says(tool: ModuleType, source: Path) -> None:
    assert read(source.with_suffix(".mo").read_bytes()) == read(tool.compiled(source.read_text(encoding="utf-8")))


def test_contexts_plurals_and_fuzzy_entries_are_read_as_gettext_reads_them(tool: ModuleType) -> None:
    text = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n'
        'msgctxt "verb"\nmsgid "open"\nmsgstr "öffnen"\n\n'
        'msgid "a row"\nmsgid_plural "%d "\n"rows"\nmsgstr[0] "eine Zeile"\nmsgstr[1] "%d Zeilen"\n\n'
        '#, fuzzy\nmsgid "guess"\nmsgstr "geraten"\n\n#~ msgid "gone"\n#~ msgstr "weg"\n'
    )
    translation = gettext.GNUTranslations(io.BytesIO(tool.compiled(text)))
    assert translation.pgettext("verb", "open") == "öffnen"
    assert translation.ngettext("a row", "%d rows", 3) == "%d Zeilen"
    assert (translation.gettext("guess"), translation.gettext("gone")) == ("guess", "gone")
