"""Reads of the review: rounds and how far they are, what a reviewer reads of a submission, how the marks came out."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import require, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition
from rongtong.domain.foundation.models import Envelope
from rongtong.domain.foundation.sealing import queries as sealing
from rongtong.domain.foundation.sealing.contents import Listed
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.programmes.access import reviews_due
from rongtong.domain.programmes.apart import judges_own
from rongtong.domain.programmes.budgeting import item_label
from rongtong.domain.programmes.contents import Sums, sums
from rongtong.domain.programmes.models import Project, Review, Round, Seat, Submission, Topic
from rongtong.domain.programmes.queries.pool import parties_of, subjects
from rongtong.domain.programmes.terms import Template, template
from rongtong.engines.review import Record, kept_record, read_record

RECORDS = ("draw", "earlier")
"""Columns with a whole pool in them, megabytes in a large region: lists leave them where they are."""
LEGAL_FORM = re.compile(r"(（[^）]*）)?(股份|集团|科技)*(有限责任公司|有限公司|公司)$")
"""The end of a firm's name, without which people call it."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is: places, how many of them accepted, reviews to be written, how many of them signed."""

    places: int
    accepted: int
    reviews: int
    signed: int


@dataclass(frozen=True)
class Answer:
    """A field of the form as a reviewer reads it; ``choice`` names the option taken."""

    label: Words
    text: str
    choice: Words | None = None


@dataclass(frozen=True)
class Dossier:
    """What a reviewer reads of one submission: nothing that names who applies in a blind round, never whom they named.

    ``alias`` is its number within the round; ``applicant`` and ``members`` are empty and ``withheld`` counts the fields
    and files kept back where the round is blind. ``attachments`` are (place, what it is).
    """

    alias: int
    title: str
    answers: tuple[Answer, ...]
    promises: tuple[Mapping[str, Any], ...]
    budget: tuple[Mapping[str, Any], ...]
    sums: Sums
    bid: int | None
    applicant: str = ""
    members: tuple[Mapping[str, Any], ...] = ()
    attachments: tuple[tuple[int, Listed], ...] = ()
    withheld: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """A submission as a round left it; ``dots`` are (the reviewer's seat, total) of the signed reviews."""

    submission: Submission
    alias: int
    score: str | None
    spread: str
    rank: int | None
    second_look: bool
    dots: tuple[tuple[Seat | None, Fraction], ...]
    waiver: Mapping[str, str] | None
    void: int


@dataclass
class Excluded:
    """Somebody the draw did not consider: every reason with its evidence and article."""

    id: str
    name: str
    house: str
    reasons: list[Any] = field(default_factory=list)


def rounds_of(actor: Actor, topic: Topic) -> QuerySet[Round]:
    """The rounds of a topic that ``actor`` may see, in their order."""
    found = scope(actor, "view", Round.objects.filter(topic=topic, project=None)).order_by("order")
    return found.defer(*RECORDS)


def rounds_of_project(actor: Actor, project: Project) -> QuerySet[Round]:
    """The rounds in which experts examine the result of a project, those that ``actor`` may see."""
    return scope(actor, "view", Round.objects.filter(project=project)).order_by("order").defer(*RECORDS)


def concluded(project: Project) -> QuerySet[Round]:
    """The rounds of a project whose opinions its team may read: those before the conclusion that stands."""
    over = Round.objects.filter(project=project, state="aggregated")
    return over.filter(created_at__lt=project.state_since) if project.state == "acceptance" else over


def progress_of(rounds: QuerySet[Round]) -> dict[UUID, Progress]:
    """How far each of ``rounds`` is, in one query whatever their number."""
    valid = ~Q(seats__reviews__state="void")
    rows = (
        rounds.order_by()
        .defer(*RECORDS)
        .annotate(
            accepted=Count("seats", filter=Q(seats__state__in=("accepted", "finished")), distinct=True),
            written=Count("seats__reviews", filter=valid, distinct=True),
            signed=Count("seats__reviews", filter=Q(seats__reviews__state="signed"), distinct=True),
        )
    )
    return {each.pk: Progress(each.size, each.accepted, each.written, each.signed) for each in rows}


def seats_of(actor: Actor, round_: Round) -> QuerySet[Seat]:
    """The seats of a round that ``actor`` may see: the whole panel for the bureau, one's own for a reviewer."""
    return scope(actor, "view", Seat.objects.filter(round=round_)).select_related("person", "replaces__person")


def own_seats(actor: Actor) -> QuerySet[Seat]:
    """The invitations and panels of ``actor``, the newest first."""
    own = Seat.objects.filter(account=actor.account or 0)
    found = scope(actor, "view", own).select_related("round__topic__programme").order_by("-pk")
    return found.defer(*(f"round__{name}" for name in RECORDS))


def own_reviews(actor: Actor) -> QuerySet[Review]:
    """What ``actor`` writes or wrote, void ones left out."""
    own = Review.objects.filter(account=actor.account or 0).exclude(state="void")
    found = scope(actor, "view", own).select_related("seat__round__topic__programme", "submission").order_by("pk")
    return found.defer(*(f"seat__round__{name}" for name in RECORDS))


def parties_concerned(round_: Round) -> list[Party]:
    """Everybody with whom a reviewer may have a conflict, by name, so that none can be told from the order."""
    found = {UUID(party) for each in subjects(round_) for party in parties_of(each)}
    found |= {round_.topic.setter_id, *round_.topic.examiners.values_list("party_id", flat=True)}
    return list(Party.objects.filter(pk__in=found).order_by("name"))


def aliases(round_: Round) -> dict[str, int]:
    """The number of each submission within a round: the same for all its reviewers, and telling nothing."""
    ordered = sorted(round_.subjects, key=lambda id: hashlib.sha256(f"{round_.pk}/{id}".encode()).digest())
    return {id: place for place, id in enumerate(ordered, 1)}


def dossier(actor: Actor, review: Review) -> Dossier:
    """What ``actor`` reads of the submission under a review of theirs, while it is theirs to write.

    The one place that decides what a blind round hides. Raises AccessDenied.
    """
    _require_due(actor, review)
    round_, submission = review.seat.round, review.submission
    content = submission.content
    form = submission.topic.programme.form
    shown = [each for each in form if not (round_.blind and each.get("names"))]
    kind = template(submission.topic.programme.template)
    hide = _Hiding(names_in(submission) if round_.blind else ())
    answers = [_answer(each, str(content.get("answers", {}).get(each["name"], "")), hide) for each in shown]
    files = tuple(_files(submission))
    return Dossier(
        alias=aliases(round_).get(str(submission.pk), 1),
        title=hide.text(submission.title),
        answers=tuple(each for each in answers if each.text),
        promises=tuple(hide.row(each) for each in content.get("promises", [])),
        budget=tuple(hide.row(_labelled(kind, each)) for each in content.get("budget", [])),
        sums=sums(content),
        bid=submission.bid,
        applicant="" if round_.blind else submission.applicant.name,
        members=() if round_.blind else tuple(content.get("members", [])),
        attachments=() if round_.blind else files,
        withheld=len(form) - len(shown) + len(files) if round_.blind else 0,
    )


def dossier_file(actor: Actor, review: Review, place: int) -> tuple[Listed, Iterator[bytes]]:
    """One file of the submission under review, piece by piece. Raises AccessDenied, IllegalTransition."""
    found = dict(dossier(actor, review).attachments)
    if place not in found:
        raise IllegalTransition(_("没有这份附件。"))
    return found[place], sealing.unsealed_part(_envelope(review.submission), place)


def names_in(submission: Submission) -> list[str]:
    """Every name by which a reader could tell who applies, the longest first."""
    people = Party.objects.filter(pk__in=[UUID(each) for each in parties_of(submission)])
    found = {name for each in people for name in (each.name, each.name_en, each.uscc)}
    found |= {str(each.get("name", "")) for each in submission.content.get("members", [])}
    found |= set(Account.objects.filter(pk=submission.account or 0).values_list("display_name", flat=True))
    found |= {stem for name in found if len(stem := LEGAL_FORM.sub("", name.strip())) > 2}
    return sorted((name.strip() for name in found if len(name.strip()) > 1), key=len, reverse=True)


def record_of(actor: Actor, round_: Round, *, checked: bool = False) -> Record | None:
    """The record of the last draw of a round: whole where it is to be ``checked``, else its pool narrowed to those it
    says something of, who are a few of thousands. Raises AccessDenied.
    """
    require(actor, "read_draw", round_)
    if not round_.draw:
        return None
    return read_record(round_.draw) if checked else kept_record(_narrowed(round_.draw))


def _narrowed(draw: Mapping[str, Any]) -> dict[str, Any]:
    result = draw["result"]
    told = {each["candidate"] for each in (*result["exclusions"], *result["told"])} | set(result["drawn"])
    pool = [each for each in draw["order"]["pool"] if each["id"] in told]
    return {**draw, "order": {**draw["order"], "pool": pool}}


def excluded(record: Record, names: Mapping[str, str]) -> list[Excluded]:
    """Everybody whom a draw left out, by name (``names`` as :func:`named` has them), with every reason."""
    people = {each.candidate for each in record.result.exclusions}
    houses = {each.id: each.organisation for each in record.order.pool}
    found = {id: Excluded(id, names.get(id, id), names.get(houses[id], "")) for id in people}
    for each in record.result.exclusions:
        found[each.candidate].reasons.append(each)
    return sorted(found.values(), key=lambda each: (each.name, each.id))


def named(record: Record) -> dict[str, str]:
    """The names of the persons and organisations that a record tells of; those nothing is said of are left out."""
    left_out, told = record.result.exclusions, record.result.told
    ids = {each.candidate for each in left_out} | {each.candidate for each in told}
    ids |= {each.organisation for each in record.order.pool if each.id in ids}
    ids |= {each.party for each in left_out} | {each.party for each in told}
    ids |= {party for each in record.order.proposals for party in each.parties}
    ids |= {person for people in record.refused_names.values() for person in people}
    ids |= {person for each in record.replacements for person in (each.gone, *each.came)}
    return {str(pk): name for pk, name in Party.objects.filter(pk__in=filter(None, ids)).values_list("pk", "name")}


def results_of(actor: Actor, round_: Round) -> list[Result]:
    """How a round came out, the best first, for who may read the marks of its submissions. Raises AccessDenied."""
    require(actor, "read_draw", round_)
    numbers = aliases(round_)
    seats = {str(each.pk): each for each in Seat.objects.filter(round=round_).select_related("person")}
    voided = dict(
        Review.objects.filter(seat__round=round_, state="void")
        .order_by().values("submission").annotate(n=Count("pk")).values_list("submission", "n")
    )  # fmt: skip
    found = [
        _result(each, round_, round_.standings[str(each.pk)], numbers[str(each.pk)], seats, voided.get(each.pk, 0))
        for each in subjects(round_)
        if str(each.pk) in round_.standings
    ]
    return sorted(found, key=lambda each: (each.rank is None, each.rank, each.alias))


def reviews_of(actor: Actor, round_: Round, submission: Submission) -> list[Review]:
    """The signed reviews of a submission in a round, for who may read them."""
    found = Review.objects.filter(seat__round=round_, submission=submission, state="signed")
    return list(scope(actor, "view", found).select_related("seat__person", "seat__round"))


def opinions(actor: Actor, submission: Submission) -> list[tuple[Round, list[Review]]]:
    """What the reviewers wrote, round by round, for the applicant to read; who wrote it is not told.

    Raises AccessDenied before the result stands.
    """
    require(actor, "read_marks", submission)
    signed = Review.objects.filter(submission=submission, state="signed", seat__round__state="aggregated")
    under_way = Q(seat__round__project__state="acceptance")
    signed = signed.exclude(under_way & Q(seat__round__created_at__gte=F("seat__round__project__state_since")))
    found: dict[UUID, tuple[Round, list[Review]]] = {}
    for review in signed.select_related("seat__round").order_by("seat__round__order", "signed_at"):
        round_ = review.seat.round
        found.setdefault(round_.pk, (round_, []))[1].append(review)
    return list(found.values())


class _Hiding:
    """Puts a sign in place of each of ``names``."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names, self._sign = tuple(names), _("〔已隐去〕")

    def text(self, written: str) -> str:
        for name in self._names:
            written = written.replace(name, self._sign)
        return written

    def row(self, written: Mapping[str, Any]) -> dict[str, Any]:
        return {key: self.text(value) if isinstance(value, str) else value for key, value in written.items()}


def _require_due(actor: Actor, review: Review) -> None:
    require(actor, "write", review)
    require(actor, "read_assigned", review.submission)
    if not reviews_due(actor).filter(pk=review.pk).exists():
        raise AccessDenied(_("现在不在评审时间内。"), "read_assigned", review)
    if judges_own(actor.account, review.submission):
        raise AccessDenied(
            _("您现在属于申请方、出题方或阅卷方，应当回避，不能再评审这份申请。"), "read_assigned", review
        )


def _labelled(kind: Template, line: Mapping[str, Any]) -> dict[str, Any]:
    return {**line, "label": item_label(kind, str(line.get("item", "")))}


def _answer(declared: Mapping[str, Any], given: str, hide: _Hiding) -> Answer:
    option = declared.get("options", {}).get(given) if declared["type"] == "choice" else None
    return Answer(Words(**declared["label"]), hide.text(given), Words(**option) if option else None)


def _files(submission: Submission) -> Iterator[tuple[int, Listed]]:
    envelope = _envelope(submission)
    if envelope is not None:
        yield from ((place, part) for place, part in enumerate(sealing.unsealed_parts(envelope)) if place)


def _envelope(submission: Submission) -> Any:
    if submission.envelope is None:
        return None
    return Envelope.objects.filter(pk=submission.envelope, opened_at__isnull=False).select_related("box").first()


def _result(
    submission: Submission,
    round_: Round,
    standing: Mapping[str, Any],
    alias: int,
    seats: Mapping[str, Seat],
    void: int,
) -> Result:
    dots = [(seats.get(id), Fraction(total)) for id, total in standing["totals"].items()]
    return Result(
        submission,
        alias,
        standing["score"],
        standing["spread"],
        standing["rank"],
        standing["second_look"],
        tuple(sorted(dots, key=lambda each: each[1])),
        round_.waivers.get(str(submission.pk)),
        void,
    )
