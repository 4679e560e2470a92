"""Search over every register, with facets; the place is kept in the address."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rongtong.domain.registry.queries import Filters, facets, listing, state_label, summary
from rongtong.portal import lists
from rongtong.portal.http import Request, page, paged

FACETS = ("kind", "field", "region", "trl")
PARAMETERS = {"trl": "trl_from"}
SHOWN = 12
PAGE = 20


@require_GET
def search(request: Request) -> HttpResponse:
    """What was found for ``q``, narrowed by the facets chosen."""
    filters = Filters.read(request.GET)
    records = listing(request.actor, filters)
    found = paged(request, records, PAGE)
    context = {
        "filters": filters,
        "kept": [(name, value) for name, value in filters.params().items() if name != "q"],
        "chips": lists.chips(filters),
        "page": found,
        "total": found.paginator.count,
        "rows": [(record, state_label(record), summary(record)) for record in found],
        "facets": _facets(facets(records, FACETS), filters),
        "vectors": None,
    }
    return page(request, "search", context)


def _facets(found: dict[str, list[tuple[str, str, int]]], filters: Filters) -> list[dict[str, Any]]:
    labels = {"kind": _("类别"), "field": _("技术领域"), "region": _("地区"), "trl": _("成熟度")}
    return [
        {
            "name": PARAMETERS.get(name, name),
            "label": labels[name],
            "rows": rows[:SHOWN],
            "chosen": str(getattr(filters, PARAMETERS.get(name, name)) or ""),
        }
        for name, rows in found.items()
    ]
