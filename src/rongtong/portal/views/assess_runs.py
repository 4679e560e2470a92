"""A rule pack over every enterprise: asked for, watched, read as a distribution, near misses and a table."""

import datetime as dt
import io
import tempfile
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.assessments import catalogue, queries, results
from rongtong.domain.assessments.models import Run
from rongtong.domain.assessments.runs import ask_run, cancel_run
from rongtong.domain.assessments.states import RUN
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, require
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.foundation.sheets import Cell
from rongtong.portal import assessing
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, known_or_404, page, paged
from rongtong.portal.templatetags.assessing import said
from rongtong.portal.views.assess import pack_or_404

PAGE = 25
OUTCOMES = ("passed", "failed", "undetermined")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: Request) -> HttpResponse:
    """The runs before, and the form for a new one."""
    attempt = Attempt(Invalid)
    if request.method == "POST":
        with attempt:
            run = ask_run(
                actor=request.actor,
                pack=request.POST.get("pack", ""),
                as_of=_day(request.POST.get("as_of", "")),
                confirmed_only="confirmed_only" in request.POST,
            )
            return HttpResponseRedirect(reverse("portal:run", args=(run.pk,)))
    elif not request.actor.staff:
        _require_reader(request)
    titles = assessing.titles()
    found = paged(request, queries.runs_of(request.actor))
    context = {
        "page": found,
        "total": found.paginator.count,
        "rows": [(each, titles.get(each.pack, each.pack), RUN.state(each.state)) for each in found],
        "packs": list(titles.items()),
        "today": timezone.localdate(),
        "may_ask": bool(allows(request.actor, "ask", Run(region=request.actor.region))),
        "said": attempt.message,
        "given": request.POST,
    }
    return page(request, "assess/runs", context, status=attempt.status)


def _require_reader(request: Request) -> None:
    require(request.actor, "view", Run(region=request.actor.region))


def _day(written: str) -> dt.date:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise Invalid(_("请填写测评日期，写法如 2026-06-30。")) from None


@login_required
@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """One run; htmx asks for the moving part while it is under way."""
    run = _run_or_404(request, identifier)
    ready, all_ = results.progress_of(run)
    context: dict[str, Any] = {
        "run": run,
        "pack": pack_or_404(run.pack),
        "state": RUN.state(run.state),
        "under_way": run.state in ("queued", "running"),
        "done": ready,
        "all": all_,
        "share": ready / all_ if all_ else 0.0,
        "events": {row.event for row in RUN.open_to(request.actor, run)},
    }
    if request.htmx and context["under_way"]:
        return page(request, "assess/run_state", context)
    if run.state == "done":
        context |= _finished(request, run)
    if request.htmx:
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return page(request, "assess/run", context)


def _finished(request: Request, run: Run) -> dict[str, Any]:
    outcome = request.GET.get("outcome", "")
    near = request.GET.get("near") == "1"
    start = (_page_number(request) - 1) * PAGE
    try:
        found = results.rows(run, outcome if outcome in OUTCOMES else "", near=near, start=start, size=PAGE)
        close = results.near_misses(run)
    except OSError:
        return {"gone": True}
    pages = paged(request, range(found.count), PAGE)
    labels = catalogue.inputs()
    counts = run.summary.get("outcomes", {})
    return {
        "page": pages,
        "total": found.count,
        "rows": [
            (each, assessing.outcome_word(each.outcome), assessing.tone(each.outcome), _reasons(each))
            for each in found.items
        ],
        "near": close,
        "only_near": near,
        "chosen": outcome,
        "outcomes": [(each, assessing.outcome_word(each), counts.get(each, 0)) for each in OUTCOMES],
        "missing": [(labels[name].label, count) for name, count in run.summary.get("missing", ()) if name in labels],
        "histogram": [
            {"from": low, "to": high, "count": count} for low, high, count in run.summary.get("histogram", ())
        ],
        "chart": _chart(run),
        "doubtful": assessing.doubtful(pack_or_404(run.pack)),
    }


def _page_number(request: Request) -> int:
    written = request.GET.get("page", "1")
    return max(1, int(written)) if written.isdecimal() and len(written) < 7 else 1


def _reasons(row: results.Row) -> list[str]:
    english = (get_language() or "").startswith("en")
    return (row.reasons_en if english else row.reasons_zh).splitlines()[:3]


def _chart(run: Run) -> dict[str, list[Any]]:
    """What the chart script draws: how many scores in each bar that is not beyond the last."""
    bars = run.summary.get("histogram", [])
    return {"labels": [f"{low:g}–{high:g}" for low, high, _n in bars], "values": [count for _l, _h, count in bars]}


@login_required
@require_POST
def cancel(request: Request, identifier: UUID) -> HttpResponse:
    """Take back a run that waits."""
    run = cancel_run(actor=request.actor, run=_run_or_404(request, identifier))
    return done(request, _("已取消这次批量测评。"), reverse("portal:run", args=(run.pk,)))


@login_required
@require_safe
def export(request: Request, identifier: UUID, form: str) -> HttpResponseBase:
    """Every row of a run as a sheet."""
    run = _run_or_404(request, identifier)
    if form not in ("csv", "xlsx") or run.state != "done":
        raise Http404
    headings = [_("单位"), _("结论"), _("得分（最低）"), _("得分（最高）"), _("理由"), _("还缺"), _("改一项就能符合")]
    audit.note(request.actor, "assessments.export_run", run, rows=run.total, form=form)
    target = tempfile.TemporaryFile()  # noqa: SIM115  # FileResponse closes it
    if form == "xlsx":
        results.write_xlsx(run, headings, _cells, target)
    else:
        stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
        results.write_csv(run, headings, _cells, stream)
        stream.flush()
        stream.detach()
    target.seek(0)
    kind = XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    name = f"rongtong-run-{run.as_of}.{form}"
    return FileResponse(target, as_attachment=True, filename=name, content_type=kind)


def _cells(row: results.Row) -> list[Cell]:
    known = catalogue.inputs()
    english = (get_language() or "").startswith("en")
    lacks = "、".join(said(known[name].label) for name in row.to_supply if name in known)
    scores: list[Cell] = ["" if end is None else end for end in (row.low, row.high)]
    reasons = row.reasons_en if english else row.reasons_zh
    return [
        row.name,
        assessing.outcome_word(row.outcome),
        *scores,
        reasons,
        lacks,
        "\n".join(said(each) for each in row.remedies),
    ]


def _run_or_404(request: Request, identifier: UUID) -> Run:
    return known_or_404(queries.runs_of(request.actor).filter(pk=identifier).first())
