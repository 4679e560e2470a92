"""Two files in, a run out: checked whole, every problem with its line, outputs whole or not at all."""

import json
from itertools import pairwise

import pytest

from rongtong.engines import matching
from rongtong.engines.matching.files import read_queries, read_rows, run_lines
from tests.engines.matching.supply import RECORDS, HashedWords


def written(path, *lines):
    path.write_text(
        "".join(line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in _ended(lines))
    )
    return path


def _ended(lines):
    for line in lines:
        yield line
        yield "\n"


@pytest.fixture
def corpus(tmp_path):
    rows = [{"id": r.id, "kind": r.kind, "title": r.title, "abstract": r.text, "holder": r.holder} for r in RECORDS]
    return written(tmp_path / "supply.jsonl", *rows)


@pytest.fixture
def demands(tmp_path):
    rows = [
        {"id": "D1", "title": "石灰窑自动出灰", "text": "石灰窑窑底出灰靠人工，希望自动连续出灰，出灰温度≤60℃。"},
        {"id": 2, "title": "continuous lime discharge", "text": "discharge lime from the kiln continuously"},
    ]
    return written(tmp_path / "demands.jsonl", *rows)


def problems(path):
    with pytest.raises(matching.InputError) as caught:
        read_rows(path)
    return [(problem.line, problem.code) for problem in caught.value.problems]


def test_a_run_has_trec_lines_with_falling_scores(corpus, demands, tmp_path):
    summary = matching.match_files(corpus, demands, run=tmp_path / "run.trec", top=3)
    lines = [line.split(" ") for line in (tmp_path / "run.trec").read_text().splitlines()]
    assert (summary.records, summary.queries) == (7, 2)
    assert lines[0][:4] == ["D1", "Q0", "P1", "1"]
    assert next(line[2] for line in lines if line[0] == "2") == "P7"
    for query in ("D1", "2"):
        scores = [float(line[4]) for line in lines if line[0] == query]
        assert all(first > second for first, second in pairwise(scores))


def test_equal_scores_are_told_apart_in_the_run_without_changing_their_order():
    lines = list(run_lines("D", [("b", 0.5), ("a", 0.5), ("c", 0.5), ("d", 0.1)], "tag"))
    scores = [float(line.split()[4]) for line in lines]
    assert [line.split()[2] for line in lines] == ["b", "a", "c", "d"]
    assert scores == sorted(set(scores), reverse=True)


def test_explanations_are_written_beside_the_run(corpus, demands, tmp_path):
    out = tmp_path / "why.jsonl"
    matching.match_files(corpus, demands, run=tmp_path / "run.trec", explained=out, encoder=HashedWords())
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["verdict"] for row in rows if "verdict" in row]
    first = next(row for row in rows if row.get("document") == "P1")
    start, end = first["phrases"][0]["in_document"][0]
    assert first["document_text"][start:end]


def test_every_problem_is_reported_with_its_line(tmp_path):
    path = written(
        tmp_path / "bad.jsonl",
        {"id": "A", "title": "x"},
        "{not json",
        "[1]",
        {"title": "no id"},
        {"id": "A", "title": "again"},
        {"id": "B", "title": ["list"]},
        {"id": "C D", "title": "x"},
        {"id": "E", "title": "x", "trl": 12, "keywords": 3},
    )
    assert problems(path) == [
        (2, "not_json"), (3, "not_object"), (4, "no_id"), (5, "same_id"), (6, "not_text"), (7, "blank_in_id"),
        (8, "keywords"), (8, "trl"),
    ]  # fmt: skip


def test_a_line_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "gbk.jsonl"
    path.write_bytes(b'{"id": "A", "title": "x"}\n' + '{"id": "B", "title": "需求"}\n'.encode("gbk"))
    assert problems(path) == [(2, "not_utf8")]


def test_an_empty_file_is_a_problem(tmp_path):
    assert problems(written(tmp_path / "empty.jsonl", "", "")) == [(1, "no_records")]


def test_a_byte_order_mark_blank_lines_and_silent_records_are_passed_over_and_said(tmp_path):
    path = tmp_path / "demands.jsonl"
    path.write_text('\ufeff{"id": "A", "title": "x"}\n\n{"id": "B", "title": " ", "text": null}\n')
    queries, notes = read_queries(path)
    assert [query.id for query in queries] == ["A"]
    assert len(notes) == 3


def test_nothing_is_written_when_a_file_has_problems(corpus, tmp_path):
    bad = written(tmp_path / "bad.jsonl", "{")
    with pytest.raises(matching.InputError):
        matching.match_files(corpus, bad, run=tmp_path / "run.trec")
    assert not (tmp_path / "run.trec").exists()


def test_an_old_run_survives_a_failure(corpus, demands, tmp_path):
    run = tmp_path / "run.trec"
    run.write_text("old")
    with pytest.raises(OSError, match="nowhere"):
        matching.match_files(corpus, demands, run=run, explained=tmp_path / "nowhere" / "why.jsonl")
    assert run.read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["demands.jsonl", "run.trec", "supply.jsonl"]


def test_the_same_files_give_the_same_run(corpus, demands, tmp_path):
    for name in ("first", "second"):
        matching.match_files(corpus, demands, run=tmp_path / name, encoder=HashedWords())
    assert (tmp_path / "first").read_text() == (tmp_path / "second").read_text()
