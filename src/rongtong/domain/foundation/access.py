"""One declaration of access, read three ways.

A rule states *whom* it is for and, as a Django ``Q`` over the record's own columns, *which records* it reaches. The
same ``Q`` answers for a record in hand (:func:`allows`), narrows a queryset (:func:`scope`) and becomes the filter of
the search index (:func:`as_where`); so the three cannot disagree. To keep that true a rule is positive (no ``~Q``) and
looks at columns of the record itself, never across a join; who stands in a relation to it (a lead, a panel) comes in as
``id__in`` a queryset of one column, :class:`LookedUp` where that may be about as long as the table of the records.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied
from rongtong.domain.foundation.words import Words

Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Grant:
    """``whom`` may act on the records of ``where``, ``because`` (shown to anyone who asks why).

    ``about`` repeats columns and values that every record of ``where`` has, where working out ``where`` is dear: of a
    record that has others it is not asked.
    """

    because: Words
    whom: Callable[[Actor], bool]
    where: Callable[[Actor], Q]
    about: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one record, with the reason that a person may read."""

    allowed: bool
    reason: str
    ground: Words | None = None

    def __bool__(self) -> bool:
        return self.allowed


class LookedUp(QuerySet[Record]):
    """A long set of keys: :func:`scope` looks each record up in it, instead of reading the whole set for every answer.

    "The topics of the region" are nearly all topics; read first, they cost the same for one project as for all.
    """


EVERYTHING = Q()
NOTHING = Q(pk__in=[])
_declared: dict[type[Model], Mapping[str, tuple[Grant, ...]]] = {}
_LOOKUPS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, other: value is not None and value == other,
    "in": lambda value, others: value is not None and _among(value, others),
    "isnull": lambda value, expected: (value is None) is expected,
    "lte": lambda value, other: value is not None and value <= other,
    "gte": lambda value, other: value is not None and value >= other,
    "startswith": lambda value, other: value is not None and str(value).startswith(other),
}


def declare(model: type[Model], **actions: tuple[Grant, ...]) -> None:
    """State once who may do what to ``model``; an action that is not named is denied to everyone."""
    _declared[model] = actions


def declared() -> Mapping[type[Model], Mapping[str, tuple[Grant, ...]]]:
    """Every declaration, for the property tests and the generated documentation."""
    return _declared


def allows(actor: Actor, action: str, record: Model) -> Verdict:
    """Whether ``actor`` may do ``action`` to ``record``, with the reason."""
    for grant in _grants(type(record), action):
        concerned = all(getattr(record, column) == value for column, value in grant.about)
        if concerned and grant.whom(actor) and holds(_where(grant, actor), record):
            return Verdict(True, str(grant.because), grant.because)
    return Verdict(False, _denial(actor))


def require(actor: Actor, action: str, record: Model) -> None:
    """Raise AccessDenied unless :func:`allows` says yes."""
    verdict = allows(actor, action, record)
    if not verdict:
        raise AccessDenied(verdict.reason, action, record)


def scope(actor: Actor, action: str, queryset: QuerySet[Record], **known: Any) -> QuerySet[Record]:
    """The records of ``queryset`` to which ``actor`` may do ``action``.

    ``known`` are values that all of them have in a column: rights about others are not worked out.
    """
    reach = reachable(actor, action, queryset.model, **known)
    return queryset.none() if reach is None else queryset.filter(_looking_up(reach))


def grounds(actor: Actor, action: str, records: QuerySet[Record]) -> dict[Any, Words]:
    """On which ground ``actor`` may do ``action`` to each of ``records``, by primary key; the others are left out.

    What :func:`allows` answers for one, for many in as many queries as there are grants.
    """
    found: dict[Any, Words] = {}
    for grant in reversed(_grants(records.model, action)):
        if grant.whom(actor):
            reached = records.filter(_looking_up(_where(grant, actor))).values_list("pk", flat=True)
            found |= dict.fromkeys(reached, grant.because)
    return found


def find_one(actor: Actor, action: str, queryset: QuerySet[Record], pk: object) -> Record:
    """The record of ``queryset`` with this key, if ``actor`` may do ``action`` to it.

    The model's DoesNotExist is raised alike when there is none and when one may not, and both leave the same event: so
    that neither the answer nor its time tells which.
    """
    try:
        return scope(actor, action, queryset).get(pk=pk)
    except ObjectDoesNotExist:
        audit.note(actor, "not_found", (queryset.model._meta.label_lower, pk), needs=action)
        raise


def reachable(actor: Actor, action: str, model: type[Model], **known: Any) -> Q | None:
    """The union of the grants that hold for ``actor``; None when there is none at all. ``known`` as for :func:`scope`."""
    reach: Q | None = None
    for grant in _grants(model, action):
        if not grant.whom(actor) or any(known.get(column, value) != value for column, value in grant.about):
            continue
        where = _where(grant, actor)
        if where == EVERYTHING:
            return EVERYTHING
        reach = where if reach is None else reach | where
    return reach


def _looking_up(condition: Q) -> Q:
    """``condition`` with every :class:`LookedUp` set asked for the record's own key."""
    return _rewritten(condition, _looked_up)


def _looked_up(child: Any) -> Any:
    name, _lookup, value = _split(child)
    return Exists(_holding(value, OuterRef(name))) if isinstance(value, LookedUp) else child


def _rewritten(condition: Q, rewrite: Callable[[Any], Any]) -> Q:
    """``condition`` with each of its comparisons put through ``rewrite``."""
    children = [_rewritten(each, rewrite) if isinstance(each, Q) else rewrite(each) for each in condition.children]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def _holding(keys: QuerySet[Any], key: Any) -> QuerySet[Any]:
    """The rows of a queryset of one column in which ``key`` stands."""
    column = keys.query.values_select[0] if keys.query.values_select else "pk"
    return keys.filter(**{column: key})


def _where(grant: Grant, actor: Actor) -> Q:
    """What ``grant`` reaches. A rule that compares with something the actor lacks (None) reaches nothing by it.

    The database would read such a comparison as IS NULL, and find what belongs to nobody.
    """
    return _rewritten(grant.where(actor), _something)


def _something(child: Any) -> Any:
    return NOTHING if child[1] is None and _split(child)[1] == "exact" else child


def holds(condition: Q, record: Model) -> bool:
    """``condition`` evaluated on a record in hand, as the database would."""
    if condition.negated:
        raise ValueError("an access rule must be positive: SQL's unknown and Python's None part ways under NOT")
    if condition == EVERYTHING:
        return True
    results = (_leaf(child, record) for child in condition.children)
    return any(results) if condition.connector == Q.OR else all(results)


def _leaf(child: Any, record: Model) -> bool:
    if isinstance(child, Q):
        return holds(child, record)
    name, lookup, value = _split(child)
    return _LOOKUPS[lookup](getattr(record, name), value)


def _among(value: Any, others: Any) -> bool:
    """Membership; a queryset of one column is asked rather than read."""
    return _holding(others, value).exists() if isinstance(others, QuerySet) else value in others


def _split(child: Any) -> tuple[str, str, Any]:
    path, value = child
    name, _sep, lookup = path.partition("__")
    if lookup not in _LOOKUPS and lookup:
        raise ValueError(f"an access rule may use {sorted(_LOOKUPS)} on the record's own columns, not {path!r}")
    return name, lookup or "exact", value


def as_where(condition: Q, columns: Mapping[str, str]) -> str:
    """``condition`` as an SQL filter over an index whose columns carry the record's (``columns``: ours → theirs)."""
    if condition.negated:
        raise ValueError("an access rule must be positive")
    if condition == EVERYTHING:
        return "true"
    parts = [
        as_where(child, columns) if isinstance(child, Q) else _sql(*_split(child), columns)
        for child in condition.children
    ]
    return "(" + f" {condition.connector} ".join(parts) + ")"


def _sql(name: str, lookup: str, value: Any, columns: Mapping[str, str]) -> str:
    if lookup == "in" and not (value := list(value)):
        return "false"
    column = columns[name]
    match lookup:
        case "exact" if value == "":
            return f"({column} IS NULL OR {column} = '')"
        case "exact":
            return f"{column} = {_literal(value)}"
        case "in":
            return f"{column} IN ({', '.join(map(_literal, value))})"
        case "isnull":
            return f"{column} IS {'' if value else 'NOT '}NULL"
        case "startswith":
            return f"starts_with({column}, {_literal(value)})"
        case _:
            return f"{column} {'<=' if lookup == 'lte' else '>='} {_literal(value)}"


def _literal(value: Any) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def _grants(model: type[Model], action: str) -> tuple[Grant, ...]:
    if model not in _declared:
        raise LookupError(f"{model.__name__} has no declaration of access")
    return _declared[model].get(action, ())


def _denial(actor: Actor) -> str:
    if not actor.signed_in:
        return _("需要登录后才能查看或操作。")
    return _("您当前的身份没有这项权限。如确有需要，请联系记录的所属单位或本地区的管理部门。")
