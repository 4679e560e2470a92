"""A process is a table, and one function advances a record along it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock, telling
from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.foundation.naming import kind_name
from rongtong.domain.foundation.words import Words

Record = TypeVar("Record", bound=models.Model)
LONGEST_REASON = 5000
"""Characters: what a step says of itself stands on pages and in the chain for good."""
Guard = Callable[[Any, Actor], str | None]
"""Looks at the record and the actor; answers None, or why it may not happen now."""


@dataclass(frozen=True, slots=True)
class State:
    """A state under its names for the applicant, the public and the staff; ``end`` marks one that nothing leaves."""

    key: str
    label: Words
    public: Words | None = None
    end: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A legal step: ``event`` leads from any of ``sources`` to ``target`` for whoever may ``needs`` the record."""

    event: str
    label: Words
    sources: tuple[str, ...]
    target: str
    needs: str
    guards: tuple[Guard, ...] = ()
    reason_required: bool = False


@dataclass(frozen=True)
class Process:
    """The table of one kind of record: its states, where it begins, its legal transitions."""

    name: str
    label: Words
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    _by_key: dict[str, State] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key.update({state.key: state for state in self.states})

    def state(self, key: str) -> State:
        return self._by_key[key]

    def choices(self) -> list[tuple[str, str]]:
        return [(state.key, state.label.zh) for state in self.states]

    def step(self, event: str, source: str) -> Transition | None:
        """The row for ``event`` out of ``source``."""
        return next((row for row in self.transitions if row.event == event and source in row.sources), None)

    def open_to(self, actor: Actor, record: models.Model) -> list[Transition]:
        """The transitions that ``actor`` may start on ``record`` now (guards are asked when it is done)."""
        state = record.state  # type: ignore[attr-defined]  # every record with a process has one
        return [row for row in self.transitions if state in row.sources and allows(actor, row.needs, record)]

    def unreachable(self) -> set[str]:
        """States that no path from the initial one leads to; a test holds this empty."""
        seen, frontier = {self.initial}, [self.initial]
        while frontier:
            here = frontier.pop()
            new = {row.target for row in self.transitions if here in row.sources} - seen
            seen |= new
            frontier.extend(new)
        return set(self._by_key) - seen

    def dead_ends(self) -> set[str]:
        """States that nothing leaves; a test holds this equal to those declared ``end``."""
        left = {source for row in self.transitions for source in row.sources}
        return set(self._by_key) - left

    def diagram(self) -> str:
        """The table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f'    state "{state.label}" as {state.key}' for state in self.states]
        lines += [f"    {source} --> {row.target}: {row.label}" for row in self.transitions for source in row.sources]
        lines += [f"    {state.key} --> [*]" for state in self.states if state.end]
        return "\n".join(lines)


def advance(
    process: Process,
    record: Record,
    event: str,
    *,
    actor: Actor,
    reason: str = "",
    seen_state: str | None = None,
    aside: UUID | None = None,
    **details: Any,
) -> Record:
    """Move ``record`` along ``process`` by ``event``: lock, check the table, access, guards; write; leave the event.

    ``seen_state`` is the state the person had before their eyes, refused if it has moved on since; ``details`` go into
    the event, which is kept aside when ``aside`` names what it may give away (``audit.disclose`` tells it later).
    Returns the locked, saved record. Raises IllegalTransition, AccessDenied. Must run inside an action.
    """
    locked = type(record)._base_manager.select_for_update().get(pk=record.pk)
    row = _legal(process, locked, event, seen_state)
    require(actor, row.needs, locked)
    if row.reason_required and not reason.strip():
        raise IllegalTransition(_("“%(step)s”需要说明理由。") % {"step": row.label})
    if len(reason) > LONGEST_REASON:
        raise IllegalTransition(_("理由最多 %(most)s 个字。") % {"most": LONGEST_REASON})
    _ask(row.guards, locked, actor)
    source = locked.state  # type: ignore[attr-defined]
    locked.state = row.target  # type: ignore[attr-defined]
    locked.state_since = clock.now()  # type: ignore[attr-defined]
    locked.save()
    told = {"source": source, "target": row.target, "reason": reason, **details}
    if aside is None:
        audit.record(actor, f"{process.name}.{event}", locked, **told)
    else:
        audit.record_closed(actor, f"{process.name}.{event}", locked, box=aside, **told)
    telling.tell(telling.Step(actor, f"{process.name}.{event}", locked, reason))
    return locked


def _legal(process: Process, record: models.Model, event: str, seen_state: str | None) -> Transition:
    state = record.state  # type: ignore[attr-defined]
    row = process.step(event, state)
    if row is None or (seen_state is not None and seen_state != state):
        label = next((row.label for row in process.transitions if row.event == event), event)
        # by its kind alone: the title, or those of the two sides of a lead, may not be for whoever asks
        called = kind_name(record._meta.label_lower)
        raise IllegalTransition(
            _("“%(record)s”现在是“%(state)s”，不能再“%(step)s”。请刷新页面查看最新状态。")
            % {"record": called, "state": process.state(state).label, "step": label}
        )
    return row


def _ask(guards: Iterable[Guard], record: models.Model, actor: Actor) -> None:
    objections = [answer for guard in guards if (answer := guard(record, actor))]
    if objections:
        raise IllegalTransition(" ".join(objections))
