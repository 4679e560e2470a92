"""The record of a draw: everything it rested on and what came of it, so that anyone can draw it again."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from rongtong.engines.review.demands import Obstacle, PanelRules, RecusalRules
from rongtong.engines.review.drawing import Draw, PoolError, draw, succeed
from rongtong.engines.review.people import Candidate, Proposal, Relation
from rongtong.engines.review.ranks import commitment, ranked
from rongtong.engines.review.recusal import Relations, all_conflicts, refused_names

FORM: Literal["rongtong.draw/1"] = "rongtong.draw/1"


@dataclass(frozen=True, slots=True)
class Order:
    """What a draw rests on. ``pool`` in the order of ids; ``relations`` in the order given (see :class:`Relations`)."""

    label: str
    as_of: date
    places: int
    seed: str
    panel: PanelRules
    recusal: RecusalRules
    pool: tuple[Candidate, ...]
    proposals: tuple[Proposal, ...] = ()
    relations: tuple[Relation, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """One member who left, why, and who came; nobody where the panel cannot be made whole, and why.

    A place left empty is filled together with a later one, should that become possible.
    """

    gone: str
    reason: str
    came: tuple[str, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A draw that was made.

    ``commitment`` is the SHA-256 of the seed, which may have been published before; ``pool_digest`` that of the pool as
    canonical JSON; ``refused_names``: whom applicants named beyond the number they may name, by proposal.
    """

    order: Order
    commitment: str
    pool_digest: str
    refused_names: dict[str, tuple[str, ...]]
    result: Draw
    replacements: tuple[Replacement, ...] = ()
    form: Literal["rongtong.draw/1"] = field(default=FORM)

    @property
    def members(self) -> tuple[str, ...]:
        """Who sits on the panel now."""
        gone = {each.gone for each in self.replacements}
        came = (id for each in self.replacements for id in each.came)
        return tuple(id for id in (*self.result.drawn, *came) if id not in gone)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place in a record where something else should stand."""

    place: str
    found: str
    expected: str


class RecordError(ValueError):
    """A file is no record of a draw; ``problems`` are pairs of place and reason."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{place}: {reason}" for place, reason in problems))
        self.problems = problems


def settle(order: Order) -> Record:
    """Make the draw. Raises :class:`PoolError` where the pool names somebody twice."""
    order = replace(order, pool=tuple(sorted(order.pool, key=lambda each: each.id)))
    relations = Relations(order.relations)
    found = all_conflicts(order.pool, order.proposals, relations, order.recusal, order.as_of)
    result = draw(
        order.pool, order.places, order.panel, order.seed, as_of=order.as_of, label=order.label, conflicts=found
    )
    named = {each.id: refused_names(each, relations, order.recusal) for each in order.proposals}
    refused = {id: names for id, names in named.items() if names}
    return Record(order, commitment(order.seed), digest(order.pool), refused, result)


def replaced(record: Record, gone: str, reason: str) -> Record:
    """The record with a successor for a member who refused or was replaced; nobody else moves.

    Reviews of who left are void and are written anew by the successor (招标投标法实施条例 第四十八条). Raises
    ValueError where ``gone`` is not on the panel.
    """
    if gone not in record.members:
        raise ValueError(f"{gone} is not on the panel")
    people = {each.id: each for each in record.order.pool}
    stay = [people[id] for id in record.members if id != gone]
    away = {gone, *(each.gone for each in record.replacements)}
    found = succeed(_ranks(record), stay, away, record.order.places, record.order.panel)
    more = Replacement(gone, reason, found.chosen, found.obstacles)
    return replace(record, replacements=(*record.replacements, more))


def verify(record: Record) -> tuple[Difference, ...]:
    """Draw again from what the record holds; every place where it tells something else, none when it is right.

    That the pool was whole, the relations complete and the seed honest cannot be computed: compare ``pool_digest`` and
    ``commitment`` with what was published before.
    """
    try:
        again = settle(record.order)
        for each in record.replacements:
            again = replaced(again, each.gone, each.reason)
    except (PoolError, ValueError) as error:
        return (Difference("order", "", str(error)),)
    return tuple(_differences("", _plain(record), _plain(again)))


def as_text(record: Record) -> str:
    """The record as JSON, one thing a line."""
    return json.dumps(_plain(record), ensure_ascii=False, indent=1) + "\n"


def as_data(record: Record) -> dict[str, Any]:
    """The record in plain values, as it may be kept in a database."""
    return _plain(record)


def read_record(data: str | bytes | dict[str, Any]) -> Record:
    """A record from JSON or plain values; raises :class:`RecordError` with every problem."""
    try:
        plain = data if isinstance(data, dict) else json.loads(data)
        record = ADAPTER.validate_json(json.dumps(plain))
    except json.JSONDecodeError as error:
        raise RecordError([(f"line {error.lineno}", error.msg)]) from error
    except RecursionError as error:
        raise RecordError([("", "nested too deeply")]) from error
    except UnicodeDecodeError as error:
        raise RecordError([(f"byte {error.start}", "not UTF-8")]) from error
    except ValidationError as error:
        raise RecordError([(_place(each["loc"]), each["msg"]) for each in error.errors()]) from error
    # What is not part of a record would be told to nobody and checked by nothing.
    strange = [(each.place, f"{each.found} cannot stand here") for each in _differences("", plain, _plain(record))]
    if strange:
        raise RecordError(strange)
    return record


def kept_record(data: dict[str, Any]) -> Record:
    """The record that :func:`as_data` gave, for who kept it: what is no part of a record is not looked for."""
    return ADAPTER.validate_python(data)


def digest(value: Any) -> str:
    """SHA-256 of a value as canonical JSON: sorted keys, no blanks, UTF-8."""
    plain = TypeAdapter(Any).dump_python(value, mode="json")
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


ADAPTER = TypeAdapter(Record)


def _plain(record: Record) -> dict[str, Any]:
    plain: dict[str, Any] = ADAPTER.dump_python(record, mode="json")
    return plain


def _ranks(record: Record) -> list[Candidate]:
    """Everybody who may be drawn, by rank."""
    people = {each.id: each for each in record.order.pool}
    able = (people[id] for id in (*record.result.drawn, *record.result.reserve))
    return ranked(able, record.order.seed, record.order.label)


def _place(parts: Iterable[Any]) -> str:
    return ".".join(str(part) for part in parts)


def _differences(place: str, found: Any, expected: Any) -> Iterable[Difference]:
    if isinstance(found, dict) and isinstance(expected, dict):
        for key in dict.fromkeys((*expected, *found)):
            yield from _differences(f"{place}.{key}".lstrip("."), found.get(key, ...), expected.get(key, ...))
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, (one, other) in enumerate(zip(found, expected, strict=True)):
            yield from _differences(f"{place}[{index}]", one, other)
    elif found != expected or type(found) is not type(expected):
        yield Difference(place, _short(found), _short(expected))


def _short(value: Any) -> str:
    """A value as it is told; of a long one the beginning."""
    text = "—" if value is ... else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}…"
