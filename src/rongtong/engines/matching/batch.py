"""Matching everything against everything: two files in, a run file out; or records in memory."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from rongtong.engines.matching.answer import Answer, missing_parts
from rongtong.engines.matching.collection import Collection
from rongtong.engines.matching.encoder import Encoder, Progress
from rongtong.engines.matching.explain import Explanation, explain
from rongtong.engines.matching.files import InputError, atomic_text, body_of, read_queries, read_rows, run_lines
from rongtong.engines.matching.matcher import LOOKED_AT, Matcher
from rongtong.engines.matching.query import Query, read_query
from rongtong.engines.matching.records import Record

TAG = "rongtong"
# Candidates of a query that are explained: those a person looks at first.
EXPLAINED = 3

# Opens the progress of one step: called with its name, gives what is told (done, total).
Steps = Callable[[str], Progress]


@dataclass(frozen=True)
class Summary:
    """What a run did: sizes, verdicts, what was passed over in the files, and seconds by step."""

    records: int
    queries: int
    answers: list[Answer]
    notes: list[str]
    seconds: dict[str, float]


def index(records: Iterable[Record], encoder: Encoder | None = None, progress: Progress | None = None) -> Matcher:
    """A matcher over records in memory; with an encoder their vectors are made first. Raises EncoderError."""
    collection = Collection(records)
    if encoder is not None:
        collection.encode(encoder, progress)
    return Matcher(collection, encoder)


def match_files(
    corpus: Path,
    queries: Path,
    *,
    run: Path,
    explained: Path | None = None,
    top: int = 20,
    encoder: Encoder | None = None,
    steps: Steps | None = None,
) -> Summary:
    """Matches every demand of one JSON Lines file against every record of another and writes a TREC run.

    Records have `id`, `title`, `abstract` (or `text`) and what else is known (`kind`, `holder`, `keywords`, `field`,
    `region`, `trl`, `date`); demands have `id`, `title`, `text`. The score is the probability that a technology
    manager would introduce the two. Both files are checked whole first: InputError holds every problem with file and
    line, and nothing is written. Outputs appear whole or not at all.
    """
    clock = _Clock()
    records, asked, notes = _read(corpus, queries)
    clock.lap("read")
    matcher = index(records, encoder, steps("vectors of the records") if steps and encoder else None)
    clock.lap("index")
    answers = list(matcher.match_many(asked, top=top, progress=steps("vectors of the demands") if steps else None))
    clock.lap("match")
    with ExitStack() as outputs:
        out = outputs.enter_context(atomic_text(run))
        for answer in answers:
            out.writelines(run_lines(answer.query, ((each.id, each.probability) for each in answer.candidates), TAG))
        if explained is not None:
            reasons = outputs.enter_context(atomic_text(explained))
            reasons.writelines(_explanations(matcher, asked, answers, steps("explanations") if steps else None))
    clock.lap("write")
    return Summary(len(records), len(asked), answers, notes, clock.seconds)


def record_of(row: dict[str, Any]) -> Record:
    """A row of a corpus file as a record; what the engine does not know is kept in `extra`."""
    keywords = row.get("keywords") or ""
    known = {"id", "kind", "title", "abstract", "text", "keywords", "field", "discipline", "region", "holder"}
    extra = {name: value for name, value in row.items() if name not in known | {"trl", "date"}}
    return Record(
        id=row["id"],
        kind=row.get("kind") or "",
        title=row.get("title") or "",
        text=body_of(row),
        keywords=keywords if isinstance(keywords, str) else " ".join(keywords),
        field=row.get("field") or row.get("discipline") or None,
        region=row.get("region") or None,
        holder=row.get("holder") or None,
        trl=row.get("trl"),
        date=row.get("date") or None,
        extra=json.dumps(extra, ensure_ascii=False),
    )


def explanation_row(answer: Answer, explanation: Explanation, probability: float, grade: str) -> dict[str, Any]:
    """One explained candidate as JSON; spans are [start, end] in the texts given with them."""
    return {
        "query": answer.query,
        "document": explanation.record,
        "probability": round(probability, 6),
        "grade": grade,
        "query_text": explanation.query_text,
        "document_text": explanation.record_text,
        "phrases": [
            {
                "phrase": match.phrase,
                "in_query": [[span.start, span.end] for span in match.in_query],
                "in_document": [[span.start, span.end] for span in match.in_record],
            }
            for match in explanation.phrases
        ],
        "sentences": [
            {
                "in_query": [pair.in_query.start, pair.in_query.end],
                "in_document": [pair.in_record.start, pair.in_record.end],
                "similarity": pair.similarity,
                "shared": pair.shared,
            }
            for pair in explanation.pairs
        ],
        "parameters": [
            {
                "required": row.required.span.text,
                "offered": row.offered.span.text if row.offered else None,
                "satisfaction": row.verdict,
                "reason": row.reason,
            }
            for row in explanation.parameters
        ],
        "field": explanation.field,
        "stage": explanation.stage,
        "holder": explanation.holder,
        "unknown": explanation.unknown,
    }


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, name: str) -> None:
        now = perf_counter()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now


def _read(corpus: Path, queries: Path) -> tuple[list[Record], list[Query], list[str]]:
    """Both files, with the problems of both together."""
    problems = []
    records: list[Record] = []
    asked: list[Query] = []
    notes: list[str] = []
    try:
        lines = read_rows(corpus)
        records, notes = [record_of(row) for _, row in lines.rows], lines.notes
    except InputError as error:
        problems.extend(error.problems)
    try:
        asked, noted = read_queries(queries)
        notes = notes + noted
    except InputError as error:
        problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return records, asked, notes


def _explanations(
    matcher: Matcher, queries: Sequence[Query], answers: Sequence[Answer], progress: Progress | None
) -> Iterator[str]:
    for done, (query, answer) in enumerate(zip(queries, answers, strict=True), start=1):
        yield json.dumps(_verdict_row(matcher, query, answer), ensure_ascii=False) + "\n"
        shown = answer.candidates[:EXPLAINED]
        records = matcher.source.fetch_records([each.id for each in shown])
        for candidate, record in zip(shown, records, strict=True):
            explanation = explain(query, record, matcher.encoder)
            row = explanation_row(answer, explanation, candidate.probability, candidate.grade)
            yield json.dumps(row, ensure_ascii=False) + "\n"
        if progress:
            progress(done, len(queries))


def _verdict_row(matcher: Matcher, query: Query, answer: Answer) -> dict[str, Any]:
    records = matcher.source.fetch_records([each.id for each in answer.candidates[:LOOKED_AT]])
    missing = missing_parts(read_query(query), records)
    return {
        "query": answer.query,
        "verdict": answer.verdict,
        "probability": round(answer.probability, 6),
        "missing": [asdict(part) for part in missing],
    }
