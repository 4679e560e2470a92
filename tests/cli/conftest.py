"""Running commands as an operator does: arguments in; exit code, stdout and stderr out."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from rongtong.cli.main import main


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("audit", "verify")`` in this process, so that it sees the test's database."""

    def call(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["rongtong", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Outcome(_code(ended.value.code), captured.out, captured.err)

    return call


def _code(code: object) -> int:
    return code if isinstance(code, int) else int(code is not None)
