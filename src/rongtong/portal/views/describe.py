"""描述需求: text in one's own words becomes a structured demand, and the answers appear while one writes."""

import json
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.leads import matching
from rongtong.domain.parties.models import Party
from rongtong.domain.registry import layers
from rongtong.domain.registry.actions import create_resource
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.kinds import kind_of
from rongtong.domain.registry.models import OWNER
from rongtong.domain.registry.types import Rejected
from rongtong.portal import answers, forms
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, own_party, page
from rongtong.portal.suggestion import Suggestion, merged, suggest, target_key

ASKED = ("targets", "constraints", "acceptance", "wanted", "budget", "deadline", "field")
KEPT = "keep"
ENOUGH = 8
"""Characters from which on a text is worth reading."""


@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: Request) -> HttpResponse:
    """The page; posting saves the demand as a draft and goes on to its matches."""
    if request.method == "POST":
        return _save(request)
    text = request.GET.get("text") or request.session.pop("told", "")
    context = {"text": text}
    if len(text) >= ENOUGH:
        given = QueryDict(mutable=True)
        given["text"] = text
        context |= _structure(given) | _answers(request, given, suggest(text).title)
    return page(request, "describe", context)


@require_POST
def read(request: Request) -> HttpResponse:
    """The structure suggested from the text as it stands, and the answers; ``only=answers`` leaves the form alone."""
    given = request.POST.copy()
    if len(given.get("text", "").strip()) < ENOUGH:
        return page(request, "describe_read", {"reading": False, "result": None})
    context = _structure(given)
    context |= _answers(request, given, context["title"])
    part = "describe_matched" if request.GET.get("only") == "answers" else "describe_read"
    return page(request, part, context)


def _save(request: Request) -> HttpResponse:
    if not request.actor.signed_in:
        request.session["told"] = request.POST.get("text", "")
        return HttpResponseRedirect(f"{reverse('portal:sign-in')}?next={reverse('portal:describe')}")
    kind = kind_of("demand")
    owner = own_party(request.actor)
    values = _values(kind, request.POST) | _layers(request.POST) | {"raised_on": timezone.localdate().isoformat()}
    with Attempt(Invalid) as attempt:
        record = create_resource(
            actor=request.actor,
            kind=kind.key,
            title=request.POST.get("title", ""),
            values=values | ({"holder": owner.name, **_region(owner)} if owner else {}),
            owner=owner,
            closed=_closed(request.POST),
            draft=True,
        )
        said = _("“%(title)s”已存为草稿。补全后提交核实，发布后对方才能看到。") % {"title": record.title}
        return done(request, said, reverse("portal:match", args=(record.pk,)))
    context = {"text": request.POST.get("text", ""), "summary": attempt.message}
    context |= _structure(request.POST.copy()) | {"errors": [problem.message for problem in attempt.problems]}
    return page(request, "describe", context, status=attempt.status)


def _closed(given: QueryDict) -> dict[str, str]:
    """What the person ticked to keep, and for whom it is then."""
    return {name: layers.PROPOSED[name].value for name in given.getlist(KEPT) if name in layers.PROPOSED}


def _layers(given: QueryDict) -> dict[str, str]:
    """In two layers the words as told are confidential, and the public summary says the problem."""
    if not given.getlist(KEPT):
        return {}
    told = given.get("text", "")
    return {"problem": given.get("public", "") or layers.public_draft(told), "details": told}


def _choices(given: QueryDict) -> list[tuple[str, str, bool]]:
    """(name, label, ticked) of what may be kept."""
    labels = {
        "targets": _("目标参数（引荐后可见）"),
        "budget": _("预算（保密）"),
        OWNER: _("单位名称（引荐后可见）"),
    }
    return [(name, labels[name], name in given.getlist(KEPT)) for name in layers.PROPOSED]


def _region(owner: Party) -> dict[str, str]:
    return {"region": owner.region} if owner.region else {}


def _values(kind: Kind, given: QueryDict) -> dict[str, Any]:
    """What the form says, of the fields that this page asks for, with the text itself as the problem."""
    said = forms.submitted(kind, given, ASKED)
    return {"problem": given.get("text", "")} | {name: said[name] for name in ASKED if name in said}


def _structure(given: QueryDict) -> dict[str, Any]:
    """The form's part, suggestions merged into what the person has; ``seen`` remembers what was ever suggested."""
    kind = kind_of("demand")
    suggestion = suggest(given.get("text", ""))
    seen = _seen(given.get("seen", ""))
    values = _merged_values(kind, given, suggestion, seen)
    title = given.get("title", "")
    if title in ("", given.get("suggested_title", "")):
        title = suggestion.title
    return {
        "reading": True,
        "rows": forms.rows(kind, kind.clean(values).values, ASKED),
        "keeping": _choices(given),
        "kept": bool(given.getlist(KEPT)),
        "public": _public(given),
        "suggested_public": layers.public_draft(given.get("text", "")),
        "title": title,
        "suggested_title": suggestion.title,
        "seen": json.dumps(sorted(seen | _keys(suggestion)), ensure_ascii=False),
        "completeness": kind.completeness(kind.clean(values).values),
    }


def _public(given: QueryDict) -> str:
    """The public summary: the person's own once they have changed it, else a draft that follows the text."""
    written = given.get("public", "")
    own = written not in ("", given.get("suggested_public", ""))
    return written if own else layers.public_draft(given.get("text", ""))


def _seen(written: str) -> set[str]:
    """The keys of what was suggested before; a field that was tampered with counts as nothing."""
    try:
        keys = json.loads(written or "[]")
    except json.JSONDecodeError:
        return set()
    return {key for key in keys if isinstance(key, str)} if isinstance(keys, list) else set()


def _merged_values(kind: Kind, given: QueryDict, suggestion: Suggestion, seen: set[str]) -> dict[str, Any]:
    said = _values(kind, given)
    lines = [line for line in str(said.get("constraints", "")).splitlines() if line.strip()]
    said["targets"] = merged(said.get("targets", []), suggestion.targets, seen, target_key)
    said["constraints"] = merged(lines, suggestion.constraints, seen)
    said["wanted"] = merged(said.get("wanted", []), suggestion.wanted, seen)
    for name in ("acceptance", "budget"):
        proposed = getattr(suggestion, name)
        if proposed and proposed not in seen and not said.get(name):
            said[name] = proposed
    return {name: value for name, value in said.items() if value}


def _keys(suggestion: Suggestion) -> set[str]:
    single = {text for text in (suggestion.acceptance, suggestion.budget) if text}
    return {*map(target_key, suggestion.targets), *suggestion.constraints, *suggestion.wanted} | single


def _answers(request: Request, given: QueryDict, title: str) -> dict[str, Any]:
    group = request.GET.get("group") or given.get("group", "")
    group = group if group in matching.ANSWERS else "technology"
    rows = kind_of("demand").field("targets").type
    try:
        targets = rows.parse(forms.measures_in(given, "targets"))
    except Rejected:  # a row that is still being typed
        targets = []
    result = answers.to_text(request.actor, title=title, text=given.get("text", ""), targets=targets, group=group)
    result.groups = answers.tabs(group, reverse("portal:describe"), reverse("portal:reading"))
    return {"result": result, "group": group}
