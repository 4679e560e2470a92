"""Search over every register, with facets; the place is kept in the address."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rongtong.domain.registry import indexing
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.queries import Filters, state_label, summary
from rongtong.domain.registry.search import SEARCH_FACETS, Found
from rongtong.domain.registry.search import search as search_register
from rongtong.domain.registry.showing import note_rows
from rongtong.portal import lists
from rongtong.portal.http import Request, page

PARAMETERS = {"trl": "trl_from"}
SHOWN = 12
PAGE = 20


@require_safe
def search(request: Request) -> HttpResponse:
    """What was found for ``q``, narrowed by the facets chosen."""
    filters = Filters.read(request.GET)
    number = request.GET.get("page", "1")
    offset = PAGE * (int(number) - 1) if number.isdecimal() and 0 < int(number) < 1000 else 0
    found = search_register(request.actor, filters, offset=offset, limit=PAGE)
    note_rows(request.actor, "search", found.records, _summaries(found.records))
    context = {
        "filters": filters,
        "kept": [(name, value) for name, value in filters.params().items() if name != "q"],
        "chips": [chip for chip in lists.chips(filters) if chip[0] != "q"],
        "page": Paginator(range(found.total), PAGE).get_page(offset // PAGE + 1),
        "total": found.total,
        "capped": found.capped,
        "rows": [(record, state_label(record), summary(record)) for record in found.records],
        "facets": _facets(found, filters),
        "vectors": indexing.status().vector_share if filters.q else None,
        "milliseconds": found.milliseconds,
    }
    return page(request, "search", context)


def _summaries(records: list[Resource]) -> set[str]:
    """The fields that the rows quote."""
    return {record.declaration.columns["summary"] for record in records if "summary" in record.declaration.columns}


def _facets(found: Found, filters: Filters) -> list[dict[str, Any]]:
    labels = {"kind": _("类别"), "field": _("技术领域"), "region": _("地区"), "trl": _("成熟度")}
    return [
        {
            "name": PARAMETERS.get(name, name),
            "label": labels[name],
            "rows": found.facets.get(name, [])[:SHOWN],
            "chosen": str(getattr(filters, PARAMETERS.get(name, name)) or ""),
        }
        for name in SEARCH_FACETS
    ]
