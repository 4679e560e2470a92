"""What if: an assessment with other figures, computed on the spot and never stored."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rongtong.domain.assessments.knowledge import known_inputs
from rongtong.engines import rules
from rongtong.engines.rules import Input, Pack, Text, Value, WrongValue
from rongtong.engines.rules.shown import shown
from rongtong.portal import assessing
from rongtong.portal.http import Request, page
from rongtong.portal.views.assess import common, pack_or_404, party_or_404

NUMBERS = ("money", "count", "share", "number")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: Request, party: UUID, pack: str) -> HttpResponse:
    """The form with every input that can change; htmx asks for the answer alone."""
    subject, rule = party_or_404(request.actor, party), pack_or_404(pack)
    today = timezone.localdate()
    now = {name: each.value for name, each in known_inputs(subject, rule, today).items()}
    supposed, problems = _supposed(rule, now, request.POST)
    answer = rules.assess(rule, supposed, today, with_remedies=False)
    result = answer.as_dict()
    context = common(request, subject) | {
        "pack": rule,
        "result": result,
        "word": assessing.outcome_word(answer.outcome),
        "tone": assessing.tone(answer.outcome),
        "because": assessing.because_word(answer.because),
        "bars": assessing.bars(rule, result),
        "missing": assessing.missing(rule, answer.missing),
        "changes": _changes(rule, now, supposed),
        "problems": problems,
    }
    if request.htmx:
        return page(request, "assess/what_if_answer", context)
    shown_rows = [_row(each, now.get(each.id), request.POST) for each in _changeable(rule)]
    return page(request, "assess/what_if", context | {"rows": shown_rows})


def _changeable(pack: Pack) -> list[Input]:
    return [each for each in pack.inputs.values() if not each.judged and each.type in (*NUMBERS, "flag", "choice")]


def _supposed(pack: Pack, now: dict[str, Value], given: Any) -> tuple[dict[str, Value], list[str]]:
    """What is known with what the form supposes instead, and what could not be read."""
    supposed, problems = dict(now), []
    for asked in _changeable(pack):
        written = given.get(asked.id, "").strip()
        if not written:
            continue
        try:
            supposed[asked.id] = rules.stored(asked, assessing.as_given(asked, written))
        except WrongValue as wrong:
            problems.append(f"{_said(asked.label)}{_('：')}{_said(wrong.said)}")
    return supposed, problems


def _changes(pack: Pack, now: dict[str, Value], supposed: dict[str, Value]) -> list[tuple[Text, Text, Text]]:
    return [
        (asked.label, shown(now.get(name), asked.kind, asked.options), shown(value, asked.kind, asked.options))
        for name, value in supposed.items()
        if (asked := pack.inputs[name]) and value != now.get(name)
    ]


def _row(asked: Input, value: Value, given: Any) -> dict[str, Any]:
    """An input of the form: what it is now, the number in its unit, and how far its slider goes."""
    figure = assessing.written(asked, value) if asked.type in NUMBERS else ""
    return {
        "asked": asked,
        "now": shown(value, asked.kind, asked.options),
        "given": given.get(asked.id, ""),
        "unit": assessing.form_unit(asked),
        "figure": figure,
        "step": "1" if asked.type == "count" else "any",
        "most": f"{max(2 * float(figure), 10.0):g}" if figure and float(figure) >= 0 else "",
    }


def _said(text: Text) -> str:
    return text.en if (get_language() or "").startswith("en") else text.zh
