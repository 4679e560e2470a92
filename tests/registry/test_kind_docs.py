"""The pages on the kinds and the taxonomies say what the code says."""

import importlib.util
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "build_kind_docs.py"


def test_every_generated_page_is_current_and_no_other_stands_there():
    spec = importlib.util.spec_from_file_location("build_kind_docs", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = {path.name: path.read_text(encoding="utf-8") for path in module.DOCS.glob("*.md")}
    assert written == module.pages(), "run: python tools/build_kind_docs.py"
