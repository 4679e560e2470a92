"""What a check found: counts, the first problems for the page, and all of them in a file to download."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TextIO

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import Problem
from rongtong.domain.foundation.sheets import SheetWriter
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.exchange.columns import columns_of
from rongtong.domain.registry.exchange.planning import Planned

KEPT = 1000
"""So many problems and so many warnings are kept in memory and on the job; the report has every one."""

COUNTED = ("rows", "created", "updated", "unchanged", "refused", "problems", "warnings")


@dataclass
class Findings:
    """Collects what is found row by row; ``report`` takes all of it as CSV."""

    kind: Kind
    report: TextIO
    counts: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COUNTED, 0)))
    problems: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._labels = {column.name: column.label for column in columns_of(self.kind)}
        self._writer = SheetWriter(self.report)
        self._writer.row([_("级别"), _("行"), _("列"), _("说明")])

    def take(self, planned: Planned) -> None:
        """Count a planned row and keep what is wrong or odd about it."""
        self.counts["rows"] += 1
        self.counts[planned.change] += 1
        self.add_problems(planned.problems)
        self.add_warnings(planned.warnings)

    def add_problems(self, problems: Iterable[Problem]) -> None:
        self._add(problems, self.problems, "problems", _("问题"))

    def add_warnings(self, warnings: Iterable[Problem]) -> None:
        self._add(warnings, self.warnings, "warnings", _("提示"))

    def _add(self, found: Iterable[Problem], kept: list[dict[str, Any]], counter: str, level: str) -> None:
        for problem in found:
            self.counts[counter] += 1
            self.counts[f"{counter}.{problem.field}"] += 1
            label = str(self._labels.get(problem.field, ""))
            self._writer.row([level, problem.row or "", label, problem.message])
            if len(kept) < KEPT:
                kept.append({"row": problem.row, "field": problem.field, "label": label, "message": problem.message})
