"""Every promise of the threat model names a test that exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "THREAT_MODEL.md"
NODE = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_promise_names_a_test_that_exists() -> None:
    promised = NODE.findall(MODEL.read_text(encoding="utf-8"))
    assert len(promised) > 40
    missing = [f"{file}::{name}" for file, name in promised if name not in _tests_of(ROOT / file)]
    assert missing == []


def test_no_promise_stands_without_its_test() -> None:
    promises = MODEL.read_text(encoding="utf-8").split("## What is promised")[1].split("## What is not promised")[0]
    rows = [
        line for line in promises.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "| ---"))
    ]
    assert [row for row in rows if not NODE.search(row)] == []


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
