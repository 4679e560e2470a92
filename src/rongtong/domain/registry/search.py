"""Search over the register: words and vectors rank, the access declaration filters, facets narrow."""

import time
from dataclasses import dataclass
from uuid import UUID

from rongtong.domain.foundation.access import scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.registry import indexing
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.queries import Filters, facets
from rongtong.engines.matching.query import Query
from rongtong.engines.matching.records import all_of

MOST = 300
"""How many hits are ranked; beyond them a reader is asked to narrow."""
SEARCH_FACETS = ("kind", "field", "region", "trl")


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: a page of records best first, how many hits in all, the facets over all of them."""

    records: list[Resource]
    total: int
    capped: bool
    facets: dict[str, list[tuple[str, str, int]]]
    milliseconds: int


def search(actor: Actor, filters: Filters, *, offset: int = 0, limit: int = 20) -> Found:
    """The records that best answer ``filters.q`` among those ``actor`` may find, narrowed by the other filters.

    Without words it is the list, newest first.
    """
    started = time.perf_counter()
    if not filters.q:
        reach = filters.apply(actor, scope(actor, "find", Resource.objects.select_related("owner")))
        total = reach.count()
        page, counts = list(reach[offset : offset + limit]), facets(reach, SEARCH_FACETS)
        return Found(page, total, False, counts, _since(started))
    ranked = _ranked(actor, filters)
    counts = facets(Resource.objects.filter(pk__in=ranked), SEARCH_FACETS)
    page = in_order(actor, ranked[offset : offset + limit])
    return Found(page, len(ranked), len(ranked) >= MOST, counts, _since(started))


def in_order(actor: Actor, ids: list[UUID]) -> list[Resource]:
    """The records of ``ids`` in that order, without those that ``actor`` may not find in the register as it is now."""
    reach = scope(actor, "find", Resource.objects.select_related("owner")).filter(pk__in=ids)
    by_id = {record.pk: record for record in reach}
    return [by_id[pk] for pk in ids if pk in by_id]


def _ranked(actor: Actor, filters: Filters) -> list[UUID]:
    """The ids of the hits, best first; only those the register itself, asked with the same filters, agrees to."""
    query = Query(id="search", title=filters.q)
    where = all_of(indexing.where(actor), _where(filters))
    answer = next(indexing.matcher().match_many([query], top=MOST, where=where))
    ids = [UUID(candidate.id) for candidate in answer.candidates]
    plain = Filters(**{name: getattr(filters, name) for name in Filters.__slots__ if name != "q"})
    allowed = set(
        plain.apply(actor, scope(actor, "find", Resource.objects.all())).filter(pk__in=ids).values_list("pk", flat=True)
    )
    return [pk for pk in ids if pk in allowed]


def _where(filters: Filters) -> str | None:
    """The filters that the index can apply before ranking; the register applies all of them again."""
    return f"kind = '{filters.kind}'" if filters.kind.isidentifier() else None


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)
