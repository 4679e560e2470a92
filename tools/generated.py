"""Pages that follow from declarations: written, or held against what the code says."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path


def settle(folder: Path, pages: Mapping[str, str], usage: str | None) -> int:
    """Write ``pages`` (name, text) into ``folder``, or with ``--check`` only say which are stale; the exit code."""
    parser = argparse.ArgumentParser(description=usage)
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        for name, text in pages.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return 0
    stale = [name for name, text in pages.items() if not _is(folder / name, text)]
    for name in stale:
        sys.stderr.write(f"docs/{name} is not what the code says: run python {sys.argv[0]}\n")
    return 1 if stale else 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
