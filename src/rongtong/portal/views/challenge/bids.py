"""Submissions for people: written, sealed, withdrawn, drafted again by applicants; read and checked by the bureau."""

import json
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import allows, grounds, require
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents import links
from rongtong.domain.foundation.documents.media import ACCEPT
from rongtong.domain.foundation.documents.serving import POLICY
from rongtong.domain.foundation.errors import DomainError, IllegalTransition, Invalid
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.sealing.receipts import MOST_BYTES
from rongtong.domain.programmes import contents
from rongtong.domain.programmes.actions import opening as checks
from rongtong.domain.programmes.actions import submissions as actions
from rongtong.domain.programmes.actions.submissions import Attached
from rongtong.domain.programmes.budgeting import PURSES
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.programmes.queries import submissions as queries
from rongtong.domain.programmes.states import SUBMISSION, UNSEALED
from rongtong.domain.programmes.terms import template
from rongtong.portal import bid_form
from rongtong.portal.attempts import Attempt
from rongtong.portal.challenging import frame, topic_or_404
from rongtong.portal.http import Request, done, found_or_404, page, paged, step_in

MOST_COPY_BYTES = 64 * MOST_BYTES
WRITING = ("draft", "lapsed")


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """The submissions of one's organisation."""
    found = paged(request, queries.own_submissions(request.actor))
    rows = [(each, SUBMISSION.state(each.state).label) for each in found.object_list]
    return page(request, "challenge/bids_mine", {"rows": rows, "page": found, "total": found.paginator.count})


@login_required
@require_safe
def of_topic(request: Request, identifier: UUID) -> HttpResponse:
    """A topic's submissions: one's own, and once they are opened those one may read. Before, not even how many."""
    topic, actor = topic_or_404(request, identifier), request.actor
    found = paged(request, queries.submissions_of(actor, topic).exclude(applicant=actor.party))
    rows = list(found.object_list)
    why = grounds(actor, "view", Submission.objects.filter(pk__in=[each.pk for each in rows]))
    audit.shown(actor, "list", [(each, ["applicant", "title", "bid"], why[each.pk].zh) for each in rows])
    context = frame(actor, topic, "bids") | {
        "rows": [(each, SUBMISSION.state(each.state).label) for each in rows],
        "page": found,
        "total": found.paginator.count,
        "own": queries.own_submission(actor, topic),
        "may_begin": _may_begin(actor, topic),
        "may_steer": bool(allows(actor, "steer", topic)),
        "refusals": list(queries.refusals_of(actor, topic)[:200]),
        "check_until": queries.check_until(topic) if topic.state == "opened" else None,
        "waiting": topic.state in ("published", "open", "closed"),
    }
    return page(request, "challenge/bids", context)


@login_required
@require_POST
def begin(request: Request, identifier: UUID) -> HttpResponse:
    """Begin the draft of one's organisation, or go on with it."""
    begun = actions.begin_submission(actor=request.actor, topic=topic_or_404(request, identifier))
    return HttpResponseRedirect(reverse("portal:bid", args=(begun.pk,)))


@login_required
@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """The form while it is a draft; where a sealed one stands; what an opened one says."""
    submission = _bid(request, identifier)
    if submission.state == "draft":
        return _form(request, submission, None, Attempt())
    if submission.state in UNSEALED:
        return _opened(request, submission, Attempt())
    return _sealed(request, submission, Attempt())


@sensitive_post_parameters()
@login_required
@require_POST
def save(request: Request, identifier: UUID) -> HttpResponse:
    """Keep what was typed, as it is typed (``autosave``) or by the button."""
    submission = _bid(request, identifier)
    typed = bid_form.typed_in(submission, request.POST)
    facts, unread = bid_form.facts_of(request.actor, submission, typed)
    with Attempt(Invalid, IllegalTransition) as attempt:
        if unread:
            raise Invalid(_("有金额读不懂，没有保存。"), unread)
        saved = actions.save_draft(actor=request.actor, submission=submission, revision=_revision(request), facts=facts)
    if attempt.refused:
        return _not_saved(request, submission, typed, attempt)
    if "autosave" in request.POST:
        return page(request, "challenge/bid_autosaved", _standing(request.actor, saved) | {"saved_at": timezone.now()})
    if "seal" in request.POST:
        return HttpResponseRedirect(reverse("portal:seal-bid", args=(saved.pk,)))
    return done(request, _("草稿已保存。"), reverse("portal:bid", args=(saved.pk,)))


@login_required
@require_safe
def row(request: Request, identifier: UUID, table: str) -> HttpResponse:
    """One more row for a table of the form."""
    if table not in ("budget", "members", "avoid"):
        raise Http404
    submission = _bid(request, identifier)
    return page(request, f"challenge/bid_row_{table}", {"row": {}, **bid_form.choices(submission)})


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: Request, identifier: UUID) -> HttpResponse:
    """What will happen, the declarations, the attachments; then the receipt."""
    submission = _bid(request, identifier)
    require(request.actor, "submit", submission)
    here = reverse("portal:bid", args=(submission.pk,))
    if request.method != "POST":
        draft = submission.state == "draft"
        return _seal_page(request, submission, Attempt()) if draft else HttpResponseRedirect(here)
    with Attempt(DomainError) as attempt:
        actions.seal_submission(
            actor=request.actor,
            submission=submission,
            files=[Attached(each.name or "", cast(BinaryIO, each.file)) for each in request.FILES.getlist("files")],
            token=request.POST.get("token", ""),
            declared=_declared(request, submission),
            revision=_revision(request),
        )
        return done(request, _("已封存提交。请下载回执妥善保管。"), here)
    return _seal_page(request, submission, attempt)


@login_required
@require_POST
def withdraw(request: Request, identifier: UUID) -> HttpResponse:
    """Take a sealed submission back before the deadline."""
    submission = _bid(request, identifier)
    actions.withdraw_submission(actor=request.actor, submission=submission)
    return done(request, _("已撤回。封存件永不开启。"), reverse("portal:bid", args=(submission.pk,)))


@login_required
@require_POST
def redraft(request: Request, identifier: UUID) -> HttpResponse:
    """Draft again, empty or from the copy that was kept."""
    submission, kept = _bid(request, identifier), _copy_in(request)
    said = _said_of_copy(submission, kept) if kept else ""
    with Attempt(Invalid) as attempt:
        actions.redraft_submission(actor=request.actor, submission=submission, copy=kept)
        said += _("可以重新填写了，截止前须再次封存提交。")
        return done(request, said, reverse("portal:bid", args=(submission.pk,)))
    return _sealed(request, submission, attempt)


@login_required
@require_safe
def copy(request: Request, identifier: UUID) -> HttpResponse:
    """The draft as a file for the applicant to keep."""
    submission = _bid(request, identifier)
    answer = JsonResponse(
        queries.copy_of(request.actor, submission), json_dumps_params={"indent": 1, "ensure_ascii": False}
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="submission-{submission.pk}.json"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_safe
def file(request: Request, identifier: UUID, place: int) -> HttpResponseBase:
    """An attachment of an opened submission, for the account that was given the link, read from its envelope."""
    submission = _bid(request, identifier)
    if submission.state not in UNSEALED:
        raise Http404
    links.require_good(request.actor, submission.pk, request.GET.get("token", ""))
    part, chunks = queries.attachment(request.actor, submission, place)
    _note(request.actor, submission, ["attachments"])
    headers = {
        "Content-Disposition": content_disposition_header(True, part.name) or "attachment",
        "Content-Length": str(part.size),
        "Content-Encoding": "identity",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(chunks, content_type=part.media_type, headers=headers)


@login_required
@require_POST
def check(request: Request, identifier: UUID) -> HttpResponse:
    """The formal check of an opened submission."""
    submission = _bid(request, identifier, "check")
    points = template(submission.topic.programme.template).formal_checks
    given = {key: request.POST.get(f"point.{key}") for key, _label in points}
    checklist = {key: said == "yes" for key, said in given.items() if said in ("yes", "no")}
    with Attempt(Invalid, IllegalTransition) as attempt:
        moved = checks.check_submission(
            actor=request.actor, submission=submission, checklist=checklist, **step_in(request)
        )
        said = _("“%(title)s”%(state)s。") % {"title": moved, "state": SUBMISSION.state(moved.state).label}
        return done(request, said, reverse("portal:bids", args=(moved.topic_id,)))
    return _opened(request, submission, attempt, given)


def _bid(request: Request, identifier: UUID, needs: str = "view") -> Submission:
    """The submission, if there is one to which the reader may do that: the event of a refusal names none."""
    found = Submission.objects.select_related("topic__programme", "topic__setter", "applicant")
    return found_or_404(request, needs, found, identifier)


def _may_begin(actor: Actor, topic: Topic) -> bool:
    """Whether the reader's organisation could hand in here now, as far as that can be told before it tries."""
    if topic.state not in ("published", "open") or actor.party is None or actor.party == topic.setter_id:
        return False
    if allows(actor, "steer", topic):
        return False
    return not (topic.closes_at and topic.closes_at <= clock.now())


def _revision(request: Request) -> int:
    written = request.POST.get("revision", "")
    return int(written) if written.isdigit() and len(written) < 10 else 0


def _declared(request: Request, submission: Submission) -> list[bool]:
    content = queries.content_for(request.actor, submission)
    words = contents.declarations(submission.topic, content)
    return [f"declared.{place}" in request.POST for place in range(len(words))]


def _copy_in(request: Request) -> dict[str, Any] | None:
    sent = request.FILES.get("copy")
    if sent is None:
        return None
    try:
        found = json.loads(sent.read(MOST_COPY_BYTES))
    except (ValueError, RecursionError):
        found = {}
    return found if isinstance(found, dict) and found else {"type": ""}


def _said_of_copy(submission: Submission, copy: dict[str, Any]) -> str:
    """Whether a copy is what was sealed, in words."""
    return {
        queries.Copied.SEALED: _("副本与封存的那一份内容相同。"),
        queries.Copied.OTHER: _("副本不是封存的那一份，是另一稿，请核对内容。"),
        queries.Copied.UNKNOWN: _("副本没有本平台的签名，或下载后改动过，无法核对是不是封存的那一份，请核对内容。"),
    }[queries.copied(submission, copy)]


def _standing(actor: Actor, submission: Submission) -> dict[str, Any]:
    """What the side of the form says: what is missing, and the sums."""
    content = queries.content_for(actor, submission)
    missing = [each for each in queries.problems(submission) if each.field != "declared"]
    return {
        "submission": submission,
        "topic": submission.topic,
        "missing": [(f"b-{each.field.replace('.', '-')}", each) for each in missing],
        "sums": contents.sums(content),
    }


def _form(request: Request, submission: Submission, typed: bid_form.Typed | None, attempt: Attempt) -> HttpResponse:
    content = queries.content_for(request.actor, submission)
    shown = typed or bid_form.typed_from(submission, content)
    wrong = bid_form.by_field(attempt.told)
    context = _standing(request.actor, submission) | {
        "typed": shown,
        "answers": bid_form.answers(submission, shown, wrong),
        "metrics": bid_form.metrics(submission, shown["promises"]),
        "lump_sum": shown["answers"].get("budget_mode") == contents.LUMP_SUM,
        "wrong": wrong,
        "summary": attempt.message,
        "revision": request.POST.get("revision") or submission.revision,
        **bid_form.choices(submission),
    }
    return page(request, "challenge/bid_form", context, status=attempt.status)


def _not_saved(request: Request, submission: Submission, typed: bid_form.Typed, attempt: Attempt) -> HttpResponse:
    if "autosave" in request.POST:
        return page(request, "parts/not_saved", {"problems": attempt.told})
    if submission.state != "draft":
        return HttpResponseRedirect(reverse("portal:bid", args=(submission.pk,)))
    return _form(request, submission, typed, attempt)


def _seal_page(request: Request, submission: Submission, attempt: Attempt) -> HttpResponse:
    content = queries.content_for(request.actor, submission)
    words = contents.declarations(submission.topic, content)
    context = _standing(request.actor, submission) | {
        "content": content,
        "declarations": [(place, each, f"declared.{place}" in request.POST) for place, each in enumerate(words)],
        "token": request.POST.get("token") or str(new_id()),
        "revision": request.POST.get("revision") or submission.revision,
        "summary": attempt.message,
        "problems": bid_form.by_field(attempt.problems),
        "accept": ACCEPT,
        "most": actions.MOST_FILES,
    }
    return page(request, "challenge/bid_seal", context, status=attempt.status)


def _sealed(request: Request, submission: Submission, attempt: Attempt) -> HttpResponse:
    """A submission that is not open to anybody: sealed, withdrawn, lapsed, returned."""
    topic = submission.topic
    context = {
        "submission": submission,
        "topic": topic,
        "state": SUBMISSION.state(submission.state),
        "envelope": queries.receipt_of(request.actor, submission),
        "in_time": topic.state == "open" and bool(topic.closes_at and clock.now() < topic.closes_at),
        "errors": [problem.message for problem in attempt.problems],
    }
    return page(request, "challenge/bid_sealed", context, status=attempt.status)


def _opened(
    request: Request, submission: Submission, attempt: Attempt, given: dict[str, str | None] | None = None
) -> HttpResponse:
    actor = request.actor
    content = queries.content_for(actor, submission)
    _note(actor, submission, ["content"])
    may_check = bool(allows(actor, "check", submission)) and submission.topic.state in ("opened", "ranked")
    kind = template(submission.topic.programme.template)
    kept = submission.formal.get("checklist", {})
    said = given or {key: "yes" if holds else "no" for key, holds in kept.items()}
    context = frame(actor, submission.topic, "bids") | {
        "submission": submission,
        "bid_state": SUBMISSION.state(submission.state),
        "content": content,
        "answers": bid_form.answers(submission, {"answers": content["answers"]}, {}),
        "metrics": bid_form.metrics(submission, content["promises"]),
        "budget": _budget(kind.budget.items, content),
        "sums": contents.sums(content),
        "lump_sum": contents.lump_sum(content),
        "attachments": _attachments(actor, submission),
        "token": links.signed(actor, submission.pk)[0],
        "shows_avoided": bool(allows(actor, "check", submission)) or submission.applicant_id == actor.party,
        "may_check": may_check and submission.state in ("opened", "formal_rejected"),
        "opinions_told": bool(allows(actor, "read_marks", submission))
        and submission.state in ("awarded", "not_awarded"),
        "points": [(key, label, said.get(key)) for key, label in kind.formal_checks],
        "checked": [(label, kept.get(key)) for key, label in kind.formal_checks] if kept else [],
        "reason": request.POST.get("reason", ""),
        "check_until": queries.check_until(submission.topic),
        "failed": attempt.message,
    }
    return page(request, "challenge/bid_opened", context, status=attempt.status)


def _budget(items: Any, content: dict[str, Any]) -> list[dict[str, Any]]:
    labels = dict(items)
    return [
        line | {"label": labels.get(line["item"], line["item"]), "from": PURSES.get(line["purse"], line["purse"])}
        for line in content["budget"]
    ]


def _attachments(actor: Actor, submission: Submission) -> Any:
    """The files of an envelope; None where it is damaged."""
    try:
        return queries.attachments(actor, submission)
    except IllegalTransition:
        return None


def _note(actor: Actor, submission: Submission, fields: list[str]) -> None:
    """Who reads what is not their own leaves a note before it is shown."""
    if submission.applicant_id != actor.party:
        ground = allows(actor, "view", submission).ground
        audit.shown(actor, "page", [(submission, fields, ground.zh if ground else "")])
