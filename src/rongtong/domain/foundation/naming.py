"""What events are called: every action, every step of a process and every other event has a name in both languages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rongtong.domain.foundation.words import Words

if TYPE_CHECKING:
    from rongtong.domain.foundation.transitions import Process

_names: dict[str, Words] = {}
_kinds: dict[str, Words] = {}
_processes: dict[str, "Process"] = {}


def name_events(names: Mapping[str, Words]) -> None:
    """Give events their names; each app does so for its own in ``events.py``."""
    _names.update(names)


def name_steps(process: "Process") -> None:
    """Name the events that the steps of a process leave, as its table does."""
    _processes[process.name] = process
    _names.update({f"{process.name}.{row.event}": row.label for row in process.transitions})


def named_processes() -> Mapping[str, "Process"]:
    """Every process there is, by its name."""
    return _processes


def name_kinds(names: Mapping[str, Words]) -> None:
    """Say what the kinds of record that events are about are called, by the label of their model."""
    _kinds.update(names)


def kind_name(kind: str) -> Words:
    """What a kind of record is called; one that nobody names by its label."""
    return _kinds.get(kind) or Words(kind, kind)


def kind_names() -> Mapping[str, Words]:
    """Every name of a kind, for the test that none is lacking."""
    return _kinds


def event_name(event: str) -> Words:
    """What an event is called; one that an older version left, and nobody names any more, by its own word."""
    return _names.get(event) or Words(event, event)


def event_names() -> Mapping[str, Words]:
    """Every name, for choices and for the test that none is lacking."""
    return _names


def state_name(event: str, state: str) -> Words:
    """What a state is called in the process that ``event`` is a step of."""
    process = _processes.get(event.partition(".")[0])
    known = {each.key: each.label for each in process.states} if process else {}
    return known.get(state) or Words(state, state)
