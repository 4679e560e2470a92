"""Pages that follow from declarations say what the code says."""

import importlib.util
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "build_docs.py"


def _pages():
    spec = importlib.util.spec_from_file_location("build_docs", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(_pages().PAGES))
def test_generated_page_is_current(name):
    module = _pages()
    written = (module.DOCS / name).read_text(encoding="utf-8")
    assert written == module.PAGES[name](), f"run: python {TOOL.relative_to(TOOL.parents[1])}"
