"""Figures of the day, as charts, as tables and as files."""

import io
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.sheets import SheetWriter
from rongtong.domain.leads.queries import funnel, leads_by_state
from rongtong.domain.registry.queries import Filters, counts_by_kind, facets, listing
from rongtong.portal.http import Request, known_or_404, page


@dataclass(frozen=True)
class Figure:
    """A named series of counts: what it counts, where it comes from."""

    key: str
    title: str
    note: str
    rows: list[tuple[str, int]]

    @property
    def told(self) -> bool:
        """Whether there is anything to draw."""
        return any(count for _label, count in self.rows)

    @property
    def script(self) -> str:
        """The id of the element that carries :attr:`data`."""
        return f"{self.key}-data"

    @property
    def data(self) -> dict[str, object]:
        """What the chart script reads."""
        return {"labels": [label for label, _n in self.rows], "values": [count for _l, count in self.rows]}


@require_safe
def figures(request: Request) -> HttpResponse:
    """Every figure with its table, source and date."""
    return page(request, "figures", {"figures": _all(request.actor), "at": timezone.now()})


@require_safe
def download(request: Request, key: str) -> HttpResponse:
    """One figure as a sheet of two columns."""
    found = known_or_404(next((figure for figure in _all(request.actor) if figure.key == key), None))
    text = io.StringIO()
    writer = SheetWriter(text)
    writer.row([found.title, _("数量")])
    writer.rows(found.rows)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="rongtong-{key}-{timezone.localdate()}.csv"'
    return response


def _all(actor: Actor) -> list[Figure]:
    split = facets(listing(actor, Filters(state="published")), ("field", "region", "trl"))
    by_facet = {name: [(label, count) for _value, label, count in rows] for name, rows in split.items()}
    counts = [(str(kind.label), count) for kind, count in counts_by_kind(actor) if count]
    kinds = sorted(counts, key=lambda row: -row[1])
    return [
        Figure("kinds", _("各类资源"), _("您可见的已发布记录"), kinds),
        Figure(
            "funnel", _("需求走到了哪一步"), _("每一步包含其后各步"), [(str(s.label), s.count) for s in funnel(actor)]
        ),
        Figure(
            "leads", _("线索的状态"), _("您可见的线索"), [(str(label), n) for _key, label, n in leads_by_state(actor)]
        ),
        Figure("fields", _("技术领域"), _("已发布记录，最多三十项"), by_facet["field"]),
        Figure("regions", _("所在地区"), _("已发布记录，最多三十项"), by_facet["region"]),
        Figure("levels", _("技术成熟度"), _("填写了成熟度的已发布记录"), sorted(by_facet["trl"])),
    ]
