"""The reviewer's pages: invitations, a seat, a review; and the opinions that an applicant reads at the end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import allows
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.serving import POLICY
from rongtong.domain.foundation.errors import DomainError, Problem
from rongtong.domain.programmes.access import reviews_due
from rongtong.domain.programmes.actions import reviews as actions
from rongtong.domain.programmes.actions import rounds
from rongtong.domain.programmes.models import Review, Seat, Submission
from rongtong.domain.programmes.queries import reviewing as queries
from rongtong.domain.programmes.states import REVIEW, SEAT
from rongtong.portal.attempts import Attempt
from rongtong.portal.http import Request, done, found_or_404, page, paged, step_in
from rongtong.portal.views.challenge.rounds import KINDS

MARK = "mark-"
"""Begins the names of the inputs that take a mark."""


@login_required
@require_safe
def mine(request: Request) -> HttpResponse:
    """Where one is invited or sits, with what is due and the one thing to do next."""
    found = paged(request, queries.own_seats(request.actor))
    rows = _seats_with_reviews(request.actor, list(found.object_list))
    return page(request, "challenge/reviews", {"rows": rows, "page": found, "total": found.paginator.count})


@login_required
@require_safe
def seat(request: Request, identifier: UUID) -> HttpResponse:
    """An invitation with everybody it concerns; once accepted, the submissions to review."""
    return _seat_page(request, _seat(request, identifier))


@login_required
@require_POST
def answer(request: Request, identifier: UUID) -> HttpResponse:
    """Accept, decline, or stand aside later."""
    found, given, step = _seat(request, identifier), request.POST, step_in(request)
    with Attempt(DomainError) as attempt:
        if step["event"] == "recuse":
            rounds.recuse_seat(actor=request.actor, seat=found, reason=step["reason"], seen_state=step["seen_state"])
        else:
            declares, promises = given.get("declares", ""), "promises" in given
            rounds.answer_seat(actor=request.actor, seat=found, declares=declares, promises=promises, **step)
        said = {"accept": _("已应允。评审开始后，申请材料会在这里出现。"), "decline": _("已谢绝。谢谢答复。")}
        told = said.get(step["event"], _("已回避。您写过的意见已作废。"))
        return done(request, told, reverse("portal:seat", args=(found.pk,)))
    return _seat_page(request, _seat(request, identifier), attempt.told)


@login_required
@require_safe
def detail(request: Request, identifier: UUID) -> HttpResponse:
    """A submission beside its marks; after the signature or the end, what one wrote."""
    return _review_page(request, _review(request, identifier))


@login_required
@require_POST
def save(request: Request, identifier: UUID) -> HttpResponse:
    """Keep what was typed, by itself or by the button."""
    review = _review(request, identifier)
    by_itself = "autosave" in request.POST
    with Attempt(DomainError) as attempt:
        saved = actions.write_review(actor=request.actor, review=review, **_typed(request))
        if not by_itself:
            return done(request, _("已保存。"), _address(saved))
        context = {"saved_at": timezone.now(), "total": saved.total, "criteria": _criteria(saved, saved.marks, ())}
        return page(request, "challenge/review_saved", context)
    if by_itself:
        return page(request, "challenge/review_saved", {"problems": attempt.told}, status=attempt.status)
    return _review_page(request, _review(request, identifier), attempt.told)


@login_required
@require_POST
def sign(request: Request, identifier: UUID) -> HttpResponse:
    """Keep what was typed and sign it; a second click finds it signed."""
    review = _review(request, identifier)
    if review.state == "signed":
        return HttpResponseRedirect(_address(review))
    with Attempt(DomainError) as attempt:
        written = actions.write_review(actor=request.actor, review=review, **_typed(request))
        actions.sign_review(actor=request.actor, review=written)
    if attempt.refused:
        again = _review(request, identifier)
        signed = again.state == "signed"
        return HttpResponseRedirect(_address(again)) if signed else _review_page(request, again, attempt.told)
    messages.success(request, _("已签署。"))
    following = queries.own_reviews(request.actor).filter(seat=review.seat_id, state="open").first()
    return HttpResponseRedirect(_address(following) if following else reverse("portal:my-reviews"))


@login_required
@require_safe
def file(request: Request, identifier: UUID, place: int) -> HttpResponseBase:
    """An attachment of the submission under review, read from its envelope."""
    review = _review(request, identifier)
    part, chunks = queries.dossier_file(request.actor, review, place)
    _note(request.actor, review, ["attachments"])
    answer = StreamingHttpResponse(chunks, content_type=part.media_type)
    for name, value in {
        "Content-Disposition": content_disposition_header(True, part.name) or "attachment",
        "Content-Length": str(part.size),
        "Content-Encoding": "identity",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }.items():
        answer.headers[name] = value
    return answer


@login_required
@require_safe
def opinions(request: Request, identifier: UUID) -> HttpResponse:
    """What the reviewers wrote of one's submission, once the result stands; their names are not told."""
    submissions = Submission.objects.select_related("topic", "applicant")
    submission = found_or_404(request, "read_marks", submissions, identifier)
    found = queries.opinions(request.actor, submission)
    ground = allows(request.actor, "read_marks", submission).reason
    audit.shown(request.actor, "page", [(submission, ["opinions", "score"], ground)])
    context = {
        "submission": submission,
        "topic": submission.topic,
        "rounds": [(each, KINDS[each.kind], written) for each, written in found],
    }
    return page(request, "challenge/review_opinions", context)


def _seats_with_reviews(actor: Actor, seats: list[Seat]) -> list[dict[str, Any]]:
    """Seats with their reviews, in two queries whatever their number."""
    by_seat: dict[UUID, list[Review]] = {}
    for review in queries.own_reviews(actor).filter(seat__in=seats):
        by_seat.setdefault(review.seat_id, []).append(review)
    due = set(reviews_due(actor).values_list("pk", flat=True))
    return [_row(each, by_seat.get(each.pk, []), due) for each in seats]


def _row(seat: Seat, reviews: list[Review], due: set[UUID]) -> dict[str, Any]:
    return {
        "seat": seat,
        "state": SEAT.state(seat.state),
        "kind": KINDS[seat.round.kind],
        "all": len(reviews),
        "signed": sum(each.state == "signed" for each in reviews),
        "next": next((each for each in reviews if each.state == "open" and each.pk in due), None),
        "asked": seat.state == "invited" and seat.round.state in ("drawn", "open"),
        "ended": seat.round.ends_at is not None and seat.round.ends_at <= clock.now(),
    }


def _seat_page(request: Request, seat: Seat, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    round_, actor = seat.round, request.actor
    asked = seat.state == "invited" and round_.state in ("drawn", "open")
    concerned = queries.parties_concerned(round_) if asked else []
    if concerned:
        audit.shown(actor, "page", [(round_, ["parties"], allows(actor, "view", seat).reason)])
    (row,) = _seats_with_reviews(actor, [seat])
    numbers = queries.aliases(round_)
    reviews = [
        (numbers.get(str(each.submission_id), 1), each, REVIEW.state(each.state))
        for each in queries.own_reviews(actor).filter(seat=seat)
    ]
    context = row | {
        "round": round_,
        "topic": round_.topic,
        "concerned": concerned,
        "setter": round_.topic.setter_id,
        "reviews": sorted(reviews, key=lambda each: each[0]),
        "may_leave": seat.state == "accepted" and round_.state in ("drawn", "open"),
        "problems": problems,
        "wrong": {each.field for each in problems},
        "given": request.POST,
    }
    return page(request, "challenge/seat", context, status=422 if problems else 200)


def _review_page(request: Request, review: Review, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = request.actor
    due = reviews_due(actor).filter(pk=review.pk).exists()
    found = queries.dossier(actor, review) if due and allows(actor, "read_assigned", review.submission) else None
    if found:
        _note(actor, review, ["content"])
    typed = _typed(request) if request.method == "POST" and review.state == "open" else None
    marks = typed["marks"] if typed else review.marks
    siblings = list(queries.own_reviews(actor).filter(seat=review.seat_id))
    numbers = queries.aliases(review.seat.round)
    context = {
        "review": review,
        "round": review.seat.round,
        "topic": review.seat.round.topic,
        "kind": KINDS[review.seat.round.kind],
        "state": REVIEW.state(review.state),
        "dossier": found,
        "alias": numbers.get(str(review.submission_id), 1),
        "siblings": sorted(
            ((numbers.get(str(each.submission_id), 1), each) for each in siblings), key=lambda each: each[0]
        ),
        "writing": due and review.state == "open",
        "criteria": _criteria(review, marks, problems),
        "opinion": typed["opinion"] if typed else review.opinion,
        "dissent": typed["dissent"] if typed else review.dissent,
        "confidence": typed["confidence"] if typed else review.confidence,
        "levels": [(level, label) for level, label in enumerate(_confidences(), 1)],
        "total": review.total,
        "problems": problems,
        "others": [each.message for each in problems if not each.field],
        "wrong": {each.field: each.message for each in problems},
    }
    return page(request, "challenge/review_form", context, status=422 if problems else 200)


def _confidences() -> tuple[str, ...]:
    return (_("不熟悉"), _("略有了解"), _("比较熟悉"), _("熟悉"), _("本人专长"))


def _criteria(review: Review, marks: dict[str, str], problems: Any) -> list[dict[str, Any]]:
    wrong = {each.field: each.message for each in problems}
    return [
        each | {"field": (name := MARK + each["id"]), "mark": marks.get(each["id"], ""), "error": wrong.get(name, "")}
        for each in review.seat.round.criteria
    ]


def _typed(request: Request) -> dict[str, Any]:
    """What stands in the form."""
    given = request.POST
    confidence = given.get("confidence", "")
    return {
        "marks": {name.removeprefix(MARK): given[name] for name in given if name.startswith(MARK)},
        "opinion": given.get("opinion", ""),
        "dissent": given.get("dissent", ""),
        "confidence": int(confidence) if confidence.isdecimal() and len(confidence) < 3 else None,
    }


def _seat(request: Request, identifier: UUID) -> Seat:
    """One's own seat: the bureau reads the panel on the page of the round."""
    own = Seat.objects.filter(account=request.actor.account or 0).defer("round__draw", "round__earlier")
    related = ("round__topic__programme", "round__topic__setter")
    return found_or_404(request, "view", own.select_related(*related), identifier)


def _review(request: Request, identifier: UUID) -> Review:
    own = Review.objects.filter(account=request.actor.account or 0).exclude(state="void")
    own = own.defer("seat__round__draw", "seat__round__earlier")
    related = ("seat__round__topic__programme", "submission__topic__programme", "submission__applicant")
    return found_or_404(request, "view", own.select_related(*related), identifier)


def _address(review: Review) -> str:
    return reverse("portal:review", args=(review.pk,))


def _note(actor: Actor, review: Review, fields: list[str]) -> None:
    """What a reviewer was shown, noted of the submission; the ground says that it was for review."""
    ground = allows(actor, "read_assigned", review.submission).reason
    audit.shown(actor, "page", [(review.submission, fields, ground)])
