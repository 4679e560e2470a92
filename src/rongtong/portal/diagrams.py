"""The table of a process drawn as a picture: states from top to bottom, what leads straight on between them.

A step to the next state is an arrow down. Every other step is a line of its own beside the states, on the right where
it leads down and on the left where it leads back up; it gathers all states from which it may be taken. Lines that
overlap lie in different lanes, each as wide as its words, so that no word is ever crossed by a line of another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from rongtong.domain.foundation.transitions import Process

PITCH, BOX, HEAD = 72, 38, 5
"""From state to state, height of a state, half the width of an arrow's head."""
EDGE, GAP, FIRST = 12, 14, 26
"""Margin of the picture, between words and the next lane, from the states to the first lane."""
WIDE, NARROW = 12.5, 6.9
"""Width of a Chinese and of a Latin character of a label."""
CJK = 0x2E80
LONG, LEADING = 70, 14
"""Words beside a line longer than this stand on two lines, so far apart."""


@dataclass
class Line:
    """One step that is not straight down: from its ``sources`` to its ``target`` (rows), in a lane of its side."""

    label: str
    sources: list[int]
    target: int
    lane: int = 0

    @property
    def first(self) -> int:
        return min(*self.sources, self.target)

    @property
    def last(self) -> int:
        return max(*self.sources, self.target)


@dataclass
class Plan:
    """Where everything stands: what goes straight down, what lies on either side, what leads back to its own state."""

    straight: dict[int, list[str]] = field(default_factory=dict)
    right: list[Line] = field(default_factory=list)
    left: list[Line] = field(default_factory=list)
    loops: dict[int, list[str]] = field(default_factory=dict)


def plan(process: Process) -> Plan:
    """Every step of the table in its place."""
    rows = {state.key: number for number, state in enumerate(process.states)}
    found = Plan()
    for step in process.transitions:
        target, label = rows[step.target], str(step.label)
        below: list[int] = []
        above: list[int] = []
        for source in sorted(rows[each] for each in step.sources):
            if source == target:
                found.loops.setdefault(target, []).append(label)
            elif source == target - 1:
                found.straight.setdefault(source, []).append(label)
            else:
                (above if source < target else below).append(source)
        found.right += [Line(label, above, target)] if above else []
        found.left += [Line(label, below, target)] if below else []
    _assign_lanes(found.right)
    _assign_lanes(found.left)
    return found


def _assign_lanes(lines: list[Line]) -> None:
    """The shortest next to the states; two in one lane never touch."""
    taken: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: (each.last - each.first, each.first)):
        free = (n for n, lane in enumerate(taken) if all(o.last < line.first or o.first > line.last for o in lane))
        line.lane = next(free, len(taken))
        if line.lane == len(taken):
            taken.append([])
        taken[line.lane].append(line)


def drawn(process: Process, here: str = "") -> SafeString:
    """The picture as SVG without a style of its own; ``here`` is the state in which a record stands."""
    return mark_safe(_Drawing(process, here).svg())


class _Drawing:
    def __init__(self, process: Process, here: str) -> None:
        self.process, self.here, self.plan = process, here, plan(process)
        self.box = max(_width(str(state.label)) for state in process.states) + 36
        self.left = _lanes(self.plan.left)
        self.right = _lanes(self.plan.right)
        beside = max((_width(" / ".join(labels)) for labels in self.plan.straight.values()), default=0)
        self.first = max(FIRST, beside + 22 - self.box / 2)  # the words of the straight way end before the first lane
        self.x = EDGE + (FIRST + sum(self.left) if self.left else 0)
        self.width = self.x + self.box + EDGE + (self.first + sum(self.right) if self.right else self.first - FIRST)
        self.height = PITCH * (len(process.states) - 1) + BOX + 2 * EDGE
        self.ports: dict[tuple[int, str], list[tuple[int, int]]] = {}
        for side, lines in (("right", self.plan.right), ("left", self.plan.left)):
            for number, line in enumerate(lines):
                for row in {*line.sources, line.target}:
                    self.ports.setdefault((row, side), []).append((line.lane, number))

    def svg(self) -> str:
        parts = [
            *(self._line(line, number, "right") for number, line in enumerate(self.plan.right)),
            *(self._line(line, number, "left") for number, line in enumerate(self.plan.left)),
            *(self._straight(row, labels) for row, labels in self.plan.straight.items()),
            *(self._state(row) for row in range(len(self.process.states))),
        ]
        size = f'viewBox="0 0 {self.width:.0f} {self.height:.0f}" width="{self.width:.0f}" height="{self.height:.0f}"'
        title = escape(str(self.process.label))
        return f'<svg class="diagram" role="img" aria-label="{title}" {size}>{"".join(parts)}</svg>'

    def _y(self, row: int) -> float:
        return EDGE + BOX / 2 + row * PITCH

    def _port(self, row: int, side: str, lane: int, number: int) -> float:
        """The height at which a line meets a state: each has its own."""
        all_ = sorted(self.ports[row, side])
        place = all_.index((lane, number))
        return self._y(row) + (place - (len(all_) - 1) / 2) * min(9.0, (BOX - 8) / max(len(all_) - 1, 1))

    def _state(self, row: int) -> str:
        state = self.process.states[row]
        names = ["state", *(["end"] if state.end else []), *(["here"] if state.key == self.here else [])]
        middle, y = self.x + self.box / 2, self._y(row)
        again = "".join(f" ↻ {label}" for label in self.plan.loops.get(row, ()))
        title = f"<title>{escape(again.strip())}</title>" if again else ""
        mark = f'<text class="again" x="{self.x + self.box - 10:.0f}" y="{y + 4:.0f}">↻</text>' if again else ""
        return (
            f'<g class="{" ".join(names)}">{title}<rect x="{self.x:.0f}" y="{y - BOX / 2:.0f}" width="{self.box:.0f}" '
            f'height="{BOX}" rx="{BOX / 2 if state.end else 6:.0f}"></rect>'
            f'<text x="{middle:.0f}" y="{y + 4:.0f}">{escape(str(state.label))}</text>{mark}</g>'
        )

    def _straight(self, row: int, labels: Iterable[str]) -> str:
        x, top, foot = self.x + self.box / 2, self._y(row) + BOX / 2, self._y(row + 1) - BOX / 2
        return (
            f'<path class="way" d="M{x:.0f} {top:.0f}V{foot - HEAD:.0f}"></path>{_head(x, foot, "down")}'
            f'<text class="step" x="{x + 9:.0f}" y="{(top + foot) / 2 + 3:.0f}">{escape(" / ".join(labels))}</text>'
        )

    def _line(self, line: Line, number: int, side: str) -> str:
        edge = self.x + self.box if side == "right" else self.x
        sign = 1 if side == "right" else -1
        widths = self.right if side == "right" else self.left
        x = edge + sign * ((self.first if side == "right" else FIRST) + sum(widths[: line.lane]))
        ports = {row: self._port(row, side, line.lane, number) for row in (*line.sources, line.target)}
        ends = sorted(ports.values())
        ways = [f"M{edge:.0f} {ports[row]:.1f}H{x:.0f}" for row in line.sources]
        ways += [
            f"M{x:.0f} {ends[0]:.1f}V{ends[-1]:.1f}",
            f"M{x:.0f} {ports[line.target]:.1f}H{edge + sign * HEAD:.0f}",
        ]
        near = line.target - 1 if side == "right" else line.target
        middle = (self._y(near) + self._y(near + 1)) / 2
        return (
            f'<path class="way" d="{"".join(ways)}"></path>'
            f"{_head(edge, ports[line.target], 'left' if side == 'right' else 'right')}"
            f"{_words(line.label, x + sign * 6, middle + 4, before=side == 'left')}"
        )


def _lanes(lines: list[Line]) -> list[float]:
    """How wide each lane is: its words and some air."""
    count = max((line.lane for line in lines), default=-1) + 1
    return [
        max(_width(part) for line in lines if line.lane == lane for part in _parted(line.label)) + GAP
        for lane in range(count)
    ]


def _words(label: str, x: float, y: float, *, before: bool) -> str:
    """The words beside a line, on one line or two."""
    parts = _parted(label)
    top = y - LEADING * (len(parts) - 1) / 2
    css = "step before" if before else "step"
    return "".join(
        f'<text class="{css}" x="{x:.0f}" y="{top + LEADING * number:.0f}">{escape(part)}</text>'
        for number, part in enumerate(parts)
    )


def _parted(label: str) -> list[str]:
    """Long words in two, where there is a space or a comma nearest to the middle, else in the middle."""
    if _width(label) <= LONG:
        return [label]
    breaks = [n + 1 for n, letter in enumerate(label) if letter in " ，、"] or [(len(label) + 1) // 2]
    place = min(breaks, key=lambda n: abs(n - len(label) / 2))
    return [label[:place].strip(), label[place:].strip()]


def _width(words: str) -> float:
    return sum(WIDE if ord(letter) >= CJK else NARROW for letter in words)


def _head(x: float, y: float, towards: str) -> str:
    back = {"down": ((-HEAD, -2 * HEAD), (HEAD, -2 * HEAD)), "left": ((2 * HEAD, -HEAD), (2 * HEAD, HEAD)),
            "right": ((-2 * HEAD, -HEAD), (-2 * HEAD, HEAD))}[towards]  # fmt: skip
    points = " ".join(f"{x + dx:.0f},{y + dy:.1f}" for dx, dy in ((0, 0), *back))
    return f'<polygon class="head" points="{points}"></polygon>'
