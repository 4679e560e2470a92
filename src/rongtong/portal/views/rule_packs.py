"""Rule packs as pages made from the packs themselves: every number with its article and how sure it is."""

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rongtong.domain.assessments import catalogue
from rongtong.domain.assessments.shifting import shifted
from rongtong.engines import rules
from rongtong.engines.rules import Library, Pack, Version
from rongtong.engines.rules.compare import shown
from rongtong.engines.rules.pack import Cite
from rongtong.portal import assessing
from rongtong.portal.http import Request, page

CHANGE_TONES = {"added": "tag-success", "removed": "tag-danger", "changed": "tag-warning"}


@require_safe
def index(request: Request) -> HttpResponse:
    """Every pack with its place, how long it holds and how sure it is."""
    library = rules.shipped()
    packs = sorted(
        (library.open(each) for each in library.versions()), key=lambda pack: (pack.subject != "enterprise", pack.id)
    )
    rows = [(pack, assessing.status_word(pack.status)) for pack in packs]
    return page(request, "rules/index", {"rows": rows})


@require_safe
def pack(request: Request, name: str) -> HttpResponse:
    """One pack, whole; ``?version=`` an older one."""
    library = rules.shipped()
    versions = _versions(library, name)
    chosen = _version(versions, request.GET.get("version", "")) or versions[-1]
    found = library.open(chosen)
    context = {
        "pack": found,
        "status": assessing.status_word(found.status),
        "doubtful": assessing.doubtful(found),
        "groups": [
            (key, rows)
            for key, rows in (
                (_("必须全部符合的条件"), _rows(found, found.gates, library.data(chosen).get("gates", ()))),
                (
                    _("计分之外的要求"),
                    _rows(found, found.score.require if found.score else (), _score(library, chosen, "require")),
                ),
                (_("可以直接认定的情形"), _rows(found, found.direct, library.data(chosen).get("direct", ()))),
            )
            if rows
        ],
        "parameters": _named(found, library.data(chosen).get("parameters", {})),
        "items": [(bar, assessing.status_word(bar.item["status"])) for bar in _items(found)],
        "inputs": [each for each in found.inputs.values() if not each.judged],
        "assessable": found.subject == catalogue.SUBJECT,
        "versions": [each.version.isoformat() for each in versions],
        "chosen": found.version.isoformat(),
    }
    return page(request, "rules/pack", context)


def _versions(library: Library, name: str) -> list[Version]:
    found = library.versions(name)
    if not found:
        raise Http404
    return found


def _version(versions: Iterable[Version], wanted: str) -> Version | None:
    return next((each for each in versions if each.version.isoformat() == wanted), None)


def _score(library: Library, version: Version, part: str) -> Any:
    return (library.data(version).get("score") or {}).get(part, ())


def _source(found: Pack, cite: Cite) -> dict[str, Any]:
    source = found.sources.get(cite.source)
    return {
        "cited": found.cited(cite),
        "url": source.url if source else "",
        "status": assessing.status_word(cite.status),
        "sure": cite.status == "verified",
    }


def _rows(found: Pack, conditions: Iterable[Any], written: Any) -> list[dict[str, Any]]:
    """Conditions with their text as it stands in the file."""
    texts = {str(each.get("id")): each.get("expr") for each in written}
    return [
        {"label": each.label, "expr": texts.get(each.id, ""), "warning": each.warning, **_source(found, each.cite)}
        for each in conditions
    ]


def _named(found: Pack, written: Any) -> list[dict[str, Any]]:
    return [
        {"label": each.label, "value": shown((written.get(each.id) or {}).get("value")), **_source(found, each.cite)}
        for each in found.parameters
    ]


def _items(found: Pack) -> list[assessing.Bar]:
    """The scored items, at every depth, with bands."""
    return [
        assessing.declared_bar(item, depth, found.cited(item.cite))
        for item, depth in _deep(found.score.items if found.score else (), 0)
    ]


def _deep(items: Iterable[Any], depth: int) -> Iterable[tuple[Any, int]]:
    for item in items:
        yield item, depth
        yield from _deep(item.items, depth + 1)


@require_safe
def compare(request: Request, name: str) -> HttpResponse:
    """What differs between two versions of a pack (or between a pack and the one it descends from)."""
    library = rules.shipped()
    versions = _versions(library, name)
    before = _version(versions, request.GET.get("from", "")) or versions[0]
    after = _version(versions, request.GET.get("to", "")) or versions[-1]
    rows = [
        {
            "place": each.place,
            "change": each.change,
            "tone": CHANGE_TONES[each.change],
            "before": shown(each.before),
            "after": shown(each.after),
        }
        for each in rules.diff(library, before, after)
    ]
    context = {
        "pack": library.open(after),
        "rows": rows,
        "versions": [each.version.isoformat() for each in versions],
        "before": before.version.isoformat(),
        "after": after.version.isoformat(),
        "shifts": _shifts(request, library, before, after),
    }
    return page(request, "rules/compare", context)


def _shifts(request: Request, library: Library, before: Version, after: Version) -> list[tuple[Any, ...]] | None:
    """(party, name, verdict before, verdict after, score before, score after) for those whose result changes."""
    found = shifted(request.actor, library.open(before), library.open(after), timezone.localdate())
    if found is None:
        return None
    return [
        (
            each.party,
            each.name,
            assessing.outcome_word(each.before),
            assessing.outcome_word(each.after),
            _range(each.low[0], each.high[0]),
            _range(each.low[1], each.high[1]),
        )
        for each in found
    ]


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"
