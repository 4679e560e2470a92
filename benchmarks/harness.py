"""Measured figures against the expected ones, in a table that names the machine.

`expected/<benchmark>.yaml` pins each figure with what it must reach (`at_least`, `at_most`, or `near` with a
`tolerance`) and what was measured when it was written. A benchmark that falls short ends with exit code 1.
"""

import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console
from rich.table import Table

EXPECTED = Path(__file__).parent / "expected"


@dataclass(frozen=True)
class Figure:
    """What is expected of one figure."""

    label: str
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None
    near: float | None = None
    tolerance: float = 0.0
    measured: float | None = None

    def reached(self, value: float) -> bool | None:
        """Whether a value is good enough; None when nothing is asked of it."""
        checks = [
            self.at_least is None or value >= self.at_least,
            self.at_most is None or value <= self.at_most,
            self.near is None or abs(value - self.near) <= self.tolerance,
        ]
        asked = any(bound is not None for bound in (self.at_least, self.at_most, self.near))
        return all(checks) if asked else None

    @property
    def asked(self) -> str:
        """The bound in words."""
        bounds = [
            "" if self.at_least is None else f"≥ {self.at_least:g}",
            "" if self.at_most is None else f"≤ {self.at_most:g}",
            "" if self.near is None else f"{self.near:g} ± {self.tolerance:g}",
        ]
        return ", ".join(filter(None, bounds)) or "reported"


class Benchmark:
    """Collects the figures of one run and reports them against `expected/<name>.yaml`."""

    def __init__(self, name: str) -> None:
        self.name = name
        pinned: dict[str, Any] = yaml.safe_load((EXPECTED / f"{name}.yaml").read_text(encoding="utf-8"))
        self.title: str = pinned["title"]
        self.expected = {key: Figure(**figure) for key, figure in pinned["figures"].items()}
        self.found: dict[str, float] = {}

    def record(self, key: str, value: float) -> None:
        """Note a figure; it must be named in the file of expected figures."""
        if key not in self.expected:
            raise KeyError(f"expected/{self.name}.yaml does not name the figure {key!r}")
        self.found[key] = float(value)

    def finish(self) -> None:
        """Print the table; end with exit code 1 when a figure falls short."""
        table = Table("figure", "found", "asked", "when pinned", "", title=f"{self.title}\n{machine()}")
        short = False
        for key, value in self.found.items():
            figure = self.expected[key]
            reached = figure.reached(value)
            short |= reached is False
            pinned = "" if figure.measured is None else f"{figure.measured:g} {figure.unit}"
            mark = {None: "", True: "✓", False: "✗ falls short"}[reached]
            table.add_row(figure.label, f"{value:.4g} {figure.unit}", figure.asked, pinned, mark)
        Console(width=max(Console().width, 120)).print(table)
        if short:
            raise SystemExit(1)


def machine() -> str:
    """Processor, cores, load and versions, so that a figure can be placed."""
    load = os.getloadavg()[0]
    return f"{_processor()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds taken and what came of it."""
    start = time.perf_counter()
    outcome = action()
    return time.perf_counter() - start, outcome


def percentile(seconds: Sequence[float], share: float) -> float:
    """A percentile in milliseconds."""
    return float(np.percentile(seconds, share) * 1000)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
