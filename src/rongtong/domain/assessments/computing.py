"""The worker's part of a run: one pass over columns. Imported by the worker alone, since Polars takes memory."""

import datetime as dt
import json
import shutil
from collections import Counter
from collections.abc import Callable
from typing import Any

import polars as pl
from django.utils import timezone

from rongtong.domain.assessments import results as kept
from rongtong.domain.assessments.knowledge import known_of_all
from rongtong.domain.assessments.models import Run
from rongtong.domain.assessments.results import FACTS_FILE, NAME, PARTY, REMEDY, RESULTS_FILE, folder_of
from rongtong.domain.assessments.runs import move_run
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.engines import rules
from rongtong.engines.rules.facts import frame_of, row_facts
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.table import assess_table, peers_of

Progress = Callable[[int, int], None]
SILENCE = dt.timedelta(minutes=2)
MOST_ADVISED = 300
"""Rows for which remedies are worked out one by one: those that one condition, or the score alone, keeps back."""
BARS = 20
ADVISED_AT_ONCE = 50


def run_pending(progress: Progress | None = None, *, silence: dt.timedelta = SILENCE) -> int:
    """Compute every run that waits, oldest first; one without a sign of life for ``silence`` has lost its worker."""
    for lost in Run.objects.filter(state="running", state_since__lt=timezone.now() - silence):
        if _silent(lost, silence):
            move_run(run=lost, event="requeue")
    done = 0
    while run := Run.objects.filter(state="queued").order_by("created_at").first():
        try:
            begun = move_run(run=run, event="start")
        except IllegalTransition:  # another worker was faster
            continue
        _compute(begun, progress)
        done += 1
    return done


def _silent(run: Run, silence: dt.timedelta) -> bool:
    """Whether the worker of a running run has left no sign of life for so long."""
    last = kept.progress_file(run)
    seen = last.stat().st_mtime if last.exists() else run.state_since.timestamp()
    return timezone.now().timestamp() - max(seen, run.state_since.timestamp()) > silence.total_seconds()


def _compute(run: Run, progress: Progress | None) -> None:
    """One pass; the tables are whole under their name before the run says it is done."""
    try:
        pack = rules.shipped().load(run.pack, run.as_of)
    except rules.UnknownPack as unknown:
        move_run(run=run, event="fail", trouble=unknown.said.zh)
        return
    told = _telling(run, progress)
    try:
        facts = _facts(run, pack)
        results = _with_remedies(pack, facts, assess_table(pack, facts, run.as_of), run.as_of, told)
        _keep(run, facts, results)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        move_run(run=run, event="fail", trouble=str(error)[:500])
        return
    move_run(
        run=run, event="finish", version=pack.version.isoformat(), digest=pack.digest, total=len(results),
        summary=summary(pack, facts, results), folder=str(run.pk),
    )  # fmt: skip


def _telling(run: Run, progress: Progress | None) -> Progress:
    """Tells the caller, and leaves the figures where the portal finds them."""

    def tell(done: int, total: int) -> None:
        kept.note_progress(run, done, total)
        if progress:
            progress(done, total)

    tell(0, 0)
    return tell


def _facts(run: Run, pack: Pack) -> pl.DataFrame:
    """A row for each enterprise of the region: its key, its name, what is known of it."""
    known = known_of_all(pack, run.as_of, region=run.region, confirmed_only=run.confirmed_only)
    frame = frame_of(pack, [values for _party, _name, values in known])
    return pl.DataFrame(
        {PARTY: [str(party) for party, _name, _values in known], NAME: [name for _party, name, _values in known]},
        schema={PARTY: pl.String, NAME: pl.String},
    ).hstack(frame)


def _with_remedies(
    pack: Pack, facts: pl.DataFrame, results: pl.DataFrame, as_of: dt.date, progress: Progress
) -> pl.DataFrame:
    """``results`` with a column that says what single change would make a row pass, where one would."""
    peers, near = peers_of(pack, facts, as_of), _near(pack, results)
    told: list[list[str] | None] = [None] * len(results)
    for done, index in enumerate(near, start=1):
        answer = rules.assess(pack, row_facts(pack, facts.row(index, named=True)), as_of, peers)
        single = [advice for advice in answer.remedies if len(advice.steps) == 1 and advice.then == "passed"]
        told[index] = [json.dumps(advice.said.as_dict(), ensure_ascii=False) for advice in single] or None
        if not done % ADVISED_AT_ONCE:
            progress(done, len(near))
    return results.with_columns(pl.Series(REMEDY, told, dtype=pl.List(pl.String)))


def _near(pack: Pack, results: pl.DataFrame) -> list[int]:
    """The rows kept from passing by the score alone, then those by one condition; the best scores first.

    In this order because a condition is often one that nobody can change (a size, a date), and a score seldom is.
    """
    gates = [f"gate.{gate.id}" for gate in pack.gates if not gate.warning and f"gate.{gate.id}" in results.columns]
    failed = pl.sum_horizontal([pl.col(name).not_().fill_null(False) for name in gates]) if gates else pl.lit(0)
    numbered = results.with_row_index("at").with_columns(failed.alias("failed_gates"))
    close = numbered.filter((pl.col("outcome") == "failed") & (pl.col("failed_gates") <= 1))
    if "score_high" in close.columns:
        close = close.sort("failed_gates", "score_high", descending=[False, True], nulls_last=True)
    return [int(at) for at in close["at"].head(MOST_ADVISED)]


def summary(pack: Pack, facts: pl.DataFrame, results: pl.DataFrame) -> dict[str, Any]:
    """Counts by outcome, near misses, and of those of whom anything is known the scores and what is missing most.

    ``silent`` is the number of enterprises of which nothing is known: they would only fill the uppermost bar.
    """
    known = facts.select(pl.any_horizontal(pl.col(*pack.inputs).is_not_null())).to_series()
    told = results.filter(known)
    waits = Counter(name for cell in told["to_supply"].drop_nulls() for name in _names(cell))
    return {
        "outcomes": dict(Counter(results["outcome"].cast(pl.String).to_list())),
        "histogram": _histogram(pack, told),
        "near_misses": int(results[REMEDY].is_not_null().sum()),
        "missing": waits.most_common(10),
        "silent": len(results) - len(told),
    }


def _names(cell: Any) -> list[str]:
    return [name for name in cell.split(",") if name] if isinstance(cell, str) else list(cell)


def _histogram(pack: Pack, results: pl.DataFrame) -> list[tuple[float, float, int]]:
    """(from, to, rows) over the best attainable score, in equal bars."""
    if pack.score is None or "score_high" not in results.columns:
        return []
    scores = [float(score) for score in results["score_high"].drop_nulls()]
    if not scores:
        return []
    top = max(100.0, max(scores))
    counts = Counter(min(int(score / top * BARS), BARS - 1) for score in scores)
    return [(bar * top / BARS, (bar + 1) * top / BARS, counts[bar]) for bar in range(BARS)]


def _keep(run: Run, facts: pl.DataFrame, results: pl.DataFrame) -> None:
    target = folder_of(run)
    draft = target.with_name(f".{target.name}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    facts.write_parquet(draft / FACTS_FILE)
    results.write_parquet(draft / RESULTS_FILE)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)
    kept.progress_file(run).unlink(missing_ok=True)
