"""`rongtong engine match`: a run from two files, or every problem by file and line, exit code 2 and nothing written."""

import json

import pytest
from typer.testing import CliRunner

from rongtong.cli.engine import app
from tests.engines.matching.supply import RECORDS


@pytest.fixture
def folder(tmp_path):
    supply = [{"id": each.id, "title": each.title, "abstract": each.text} for each in RECORDS]
    (tmp_path / "supply.jsonl").write_text("\n".join(json.dumps(row) for row in supply))
    (tmp_path / "demands.jsonl").write_text(json.dumps({"id": "D1", "title": "石灰窑自动出灰", "text": ""}))
    return tmp_path


def run(folder, *more):
    files = [f"--corpus={folder}/supply.jsonl", f"--queries={folder}/demands.jsonl", f"--run={folder}/run.trec"]
    return CliRunner().invoke(app, ["match", *files, "--no-vectors", *more])


def test_a_run_is_written_and_summed_up(folder):
    done = run(folder, "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["queries"] == 1
    assert (folder / "run.trec").read_text().startswith("D1 Q0 P1 1 0.")


def test_a_wrong_file_ends_with_2_names_the_line_and_writes_nothing(folder):
    (folder / "demands.jsonl").write_text('{"id": "D1", "title": "x"}\n{"id": "D1", "title": "y"}\n')
    done = run(folder)
    assert done.exit_code == 2
    assert "demands.jsonl:2:" in done.stderr
    assert not (folder / "run.trec").exists()


def test_a_file_that_is_not_there_ends_with_2(folder):
    (folder / "supply.jsonl").unlink()
    assert run(folder).exit_code == 2
