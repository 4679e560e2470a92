"""Small answers for forms: the terms of a taxonomy while one types, another row of parameters."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from rongtong.domain.registry import taxonomies
from rongtong.portal.forms import relation_options
from rongtong.portal.http import Request, page

MOST = 20


@require_safe
def terms(request: Request, scheme: str) -> HttpResponse:
    """The terms that contain what was typed, nearest the top first, with the path that tells equal names apart."""
    try:
        found = taxonomies.scheme(scheme)
    except KeyError:
        raise Http404 from None
    typed = request.GET.get(request.GET.get("of", ""), "").strip().lower()
    hits = [term for term in found.terms.values() if typed and _matches(term, typed)][:MOST]
    return page(request, "widgets/terms", {"terms": [(term, found.path(term.code)[:-1]) for term in hits]})


@require_safe
def measure(request: Request) -> HttpResponse:
    """An empty row for a table of parameters."""
    context = {
        "name": request.GET.get("name", ""),
        "relations": relation_options(),
        "measure": None,
        "wants": bool(request.GET.get("wants")),
    }
    return page(request, "widgets/measure", context)


def _matches(term: taxonomies.TaxonomyTerm, typed: str) -> bool:
    return typed in term.label.zh.lower() or typed in term.label.en.lower() or term.code.lower().startswith(typed)
