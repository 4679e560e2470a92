"""Who could sit on a panel: the region's reviewers as the draw sees them, and what stands between them and applicants.

A person is in the pool by an account that may act as a reviewer in the region; what is known of the person comes from
the register of experts, from affiliations with their periods, and from the seats held before.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from rongtong.domain.foundation import clock
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.words import Words
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Account, Affiliation, Consent, Party, RoleGrant
from rongtong.domain.programmes.models import Round, Seat, Submission, Topic
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.persons import PURPOSE
from rongtong.domain.registry.states import LISTED
from rongtong.engines.review import Candidate, Kind, Proposal, Relation

JUNIOR = ("助理", "讲师", "助教", "技术员", "实习", "初级")
SENIOR = ("高级", "教授", "研究员", "主任医师", "主任药师", "主任护师", "主任技师", "编审", "译审",
          "研究馆员", "农艺师", "一级律师", "二级律师", "正高", "副高")  # fmt: skip
"""Words of senior titles in the series of professional titles; a deputy professor is senior, an assistant is not."""
SENIOR_ENGLISH = ("senior", "professor", "chief physician")
PROFILE = ("roles", "experience_years", "rank", "side", "avoid", "orcid")
"""What of a record of an expert a pool rests on."""
BELONGS = ("employee", "legal_representative", "director", "supervisor", "technology_manager", "student")
"""Affiliations of today by which a person counts as of that legal entity."""
RELATION_OF: Mapping[str, Kind] = {
    "employee": "employment",
    "technology_manager": "employment",
    "legal_representative": "board",
    "director": "board",
    "supervisor": "board",
    "shareholder": "shares",
    "adviser": "shares",
    "student": "teaching",
}
UNAVAILABLE = {
    "organiser": Words("组织本次评审", "organises this review"),
    "unwilling": Words("没有表示愿意承担评审", "has not said to be willing to review"),
    "opted_out": Words("本人不同意由平台推荐", "does not agree to be proposed by the platform"),
    "gone": Words("本轮已谢绝、回避或被更换", "declined, stood aside or was replaced in this round"),
}
Why = Literal["organiser", "unwilling", "opted_out", "gone"]


@dataclass(frozen=True)
class Pool:
    """Everything a draw rests on but the seed: ``accounts`` by person; ``away`` says why somebody is not available."""

    candidates: tuple[Candidate, ...]
    proposals: tuple[Proposal, ...]
    relations: tuple[Relation, ...]
    accounts: Mapping[str, int]
    away: Mapping[str, Why]


@dataclass(frozen=True, slots=True)
class Outline:
    """How large a pool is, how many of it are not available and why."""

    size: int
    away: Mapping[Why, int]


class Person(NamedTuple):
    """Of a person what a pool rests on: of ten thousand, no more is read."""

    pk: UUID
    name: str
    title: str
    orcid: str


@dataclass
class _Known:
    """What the register says of one person."""

    person: Person
    account: int
    profile: Mapping[str, Any] = field(default_factory=dict)
    affiliations: list[Affiliation] = field(default_factory=list)


def pool_of(round_: Round, organisers: Collection[int] = (), gone: Collection[str] = ()) -> Pool:
    """The pool of a round today.

    ``organisers`` are accounts that have a hand in it and do not sit; ``gone`` are persons who left its panel before.
    """
    known = _known(round_.topic)
    submissions = list(subjects(round_))
    parents = _parents()
    away = _away(known, _hands(round_, organisers), gone)
    proposals = (*(_proposal(each, parents) for each in submissions), _of_topic(round_.topic, parents))
    candidates = tuple(_candidates(known, parents, away))
    return Pool(
        candidates,
        proposals,
        tuple(_relations(known, submissions, round_.topic)),
        {id: each.account for id, each in known.items()},
        away,
    )


def outline_of(round_: Round, organisers: Collection[int] = ()) -> Outline:
    """What a pool comes to, for who is about to draw: only those are read of whom it is not clear that they may sit."""
    hands = _hands(round_, organisers)
    doubtful = _known(round_.topic, hands | _refusing() | _not_for_review())
    size = _reviewers(round_.topic).order_by().values("account__person").distinct().count()
    return Outline(size, Counter(_away(doubtful, hands, ()).values()))


def subjects(round_: Round) -> QuerySet[Submission]:
    """The submissions a round reviews."""
    return Submission.objects.filter(pk__in=round_.subjects).select_related("applicant", "topic__programme")


def accounts_of(people: Iterable[str], topic: Topic) -> dict[str, int]:
    """The account with which each of these persons may review in the region today; who has none is left out."""
    wanted = {UUID(each) for each in people}
    found = _reviewers(topic, Q(account__person__in=wanted)).order_by("-account_id")
    return {str(person): account for person, account in found.values_list("account__person_id", "account_id")}


def without_account(topic: Topic, most: int = 100) -> tuple[int, list[Resource]]:
    """Experts of the region's register who cannot be invited, because no reviewer's account is theirs: how many, and
    the first of them.
    """
    reviewers = _reviewers(topic)
    orcids = set(reviewers.exclude(account__person__orcid="").values_list("account__person__orcid", flat=True))
    listed = Resource.objects.filter(kind="expert", state__in=LISTED, region__startswith=_prefix(topic.region))
    others = listed.exclude(owner_id__in=reviewers.order_by().values("account__person"))
    keys = [pk for pk, orcid in others.values_list("pk", "values__orcid") if orcid not in orcids]
    found = Resource.objects.in_bulk(keys[:most])
    return len(keys), [found[key] for key in keys[:most]]


def senior(title: str) -> bool | None:
    """Whether a professional title is a senior one; None where none is written."""
    written = title.strip()
    if not written:
        return None
    if any(word in written for word in JUNIOR) and "高级" not in written:
        return False
    return any(word in written for word in SENIOR) or any(word in written.lower() for word in SENIOR_ENGLISH)


def _known(topic: Topic, only: Collection[str] | None = None) -> dict[str, _Known]:
    """What is known of the region's reviewers; or ``only`` of these persons what says whether they are available.

    An organisation describes a person by the ORCID: without one nobody's affiliations change what is known of them.
    """
    found: dict[str, _Known] = {}
    chosen = Q() if only is None else Q(account__person__in=[UUID(each) for each in only])
    columns = (f"account__person__{name}" for name in Person._fields)
    for account, *facts in _reviewers(topic, chosen).values_list("account_id", *columns):
        person = Person(*facts)
        found.setdefault(str(person.pk), _Known(person, account))
    people = current(_expert_grants().filter(chosen)).values("account__person")
    if only is None or any(each.person.orcid for each in found.values()):
        for affiliation in Affiliation.objects.filter(member__in=people).select_related("organisation"):
            if str(affiliation.member_id) in found:
                found[str(affiliation.member_id)].affiliations.append(affiliation)
    _add_profiles(found, Q() if only is None else Q(owner__in=people))
    return found


def _expert_grants() -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(role=Role.EXPERT.value, account__is_active=True, account__person__state="active")


def _reviewers(topic: Topic, more: Q | None = None) -> QuerySet[RoleGrant]:
    """The grants by which somebody may review in the region of a topic."""
    grants = current(_expert_grants().filter(more or Q()))
    if topic.region:
        held = grants.order_by().values_list("region", flat=True).distinct()
        grants = grants.filter(region__in=[each for each in held if topic.region.startswith(_prefix(each))])
    return grants.order_by("account_id")


def _prefix(region: str) -> str:
    return Actor(region=region).region_prefix


def _add_profiles(found: dict[str, _Known], own_records: Q) -> None:
    """A person's own record before one in which their organisation describes them, the newest of each."""
    by_orcid = {each.person.orcid: each for each in found.values() if each.person.orcid}
    records = Resource.objects.filter(kind="expert", state__in=LISTED).order_by("updated_at")
    described = records.filter(owner__kind="organisation") if by_orcid else records.none()
    for own, told in ((False, described), (True, records.filter(own_records, owner__kind="person"))):
        for owner, *row in told.values_list("owner_id", *(f"values__{name}" for name in PROFILE)):
            values = dict(zip(PROFILE, row, strict=True))
            known = found.get(str(owner)) if own else by_orcid.get(values["orcid"] or "")
            if known and (own or any(each.organisation_id == owner for each in known.affiliations)):
                known.profile = values


def _hands(round_: Round, organisers: Collection[int]) -> set[str]:
    """The persons who have a hand in a round."""
    accounts = {*organisers, *filter(None, (round_.author, round_.topic.author))}
    held = Account.objects.filter(pk__in=accounts, person__isnull=False)
    return {str(pk) for pk in held.values_list("person_id", flat=True)}


def _refusing() -> set[str]:
    """The persons who refuse to be proposed by the platform."""
    said = Consent.objects.filter(purpose=PURPOSE, recipient=None, subject__kind="person")
    agreed = {str(pk) for pk in in_force(PURPOSE).filter(recipient=None).values_list("subject", flat=True)}
    return {str(pk) for pk in said.values_list("subject", flat=True)} - agreed


def _not_for_review() -> set[str]:
    """The persons of whom some record says what they are willing to do, and does not name the review."""
    records = Resource.objects.filter(kind="expert", state__in=LISTED, values__has_key="roles")
    records = records.exclude(values__roles__icontains='"review"').order_by()
    owners = list(records.values_list("owner__kind", "owner_id", "values__orcid"))
    orcids = {orcid for kind, _owner, orcid in owners if kind == "organisation" and orcid}
    described = Party.objects.filter(kind="person", orcid__in=orcids).values_list("pk", flat=True)
    return {str(pk) for pk in (*(owner for kind, owner, _orcid in owners if kind == "person"), *described)}


def _away(known: Mapping[str, _Known], organisers: set[str], gone: Collection[str]) -> dict[str, Why]:
    refuses = _refusing()
    found: dict[str, Why] = {}
    for id, each in known.items():
        willing = each.profile.get("roles")
        if id in organisers:
            found[id] = "organiser"
        elif id in gone:
            found[id] = "gone"
        elif id in refuses:
            found[id] = "opted_out"
        elif willing and "review" not in willing:
            found[id] = "unwilling"
    return found


def _candidates(
    known: Mapping[str, _Known], parents: Mapping[UUID, UUID], away: Mapping[str, Why]
) -> Iterator[Candidate]:
    today = clock.today()
    load, watching = _load(), _supervising()
    for id, each in sorted(known.items()):
        current_ = [a for a in each.affiliations if a.role in BELONGS and _lasts(a, today)]
        houses = list(dict.fromkeys(a.organisation_id for a in _employers_first(current_)))
        above = [parents[house] for house in houses if house in parents]
        years = each.profile.get("experience_years")
        yield Candidate(
            id=id,
            organisation=str(houses[0]) if houses else "",
            also=tuple(str(house) for house in dict.fromkeys([*houses[1:], *above]) if house != houses[0]),
            enterprise=_of_enterprise(each, current_),
            supervisor=id in watching,
            available=id not in away,
            years=int(years) if years is not None else None,
            senior=senior(str(each.profile.get("rank") or each.person.title)),
            **load.get(id, {"open_reviews": 0, "year_reviews": 0}),
        )


def _employers_first(affiliations: list[Affiliation]) -> list[Affiliation]:
    return sorted(affiliations, key=lambda each: each.role != "employee")


def _of_enterprise(known: _Known, affiliations: list[Affiliation]) -> bool:
    side = known.profile.get("side")
    if side:
        return bool(side == "enterprise")
    first = next(iter(_employers_first(affiliations)), None)
    return first is not None and first.organisation.organisation_type == "enterprise"


def _lasts(affiliation: Affiliation, today: dt.date) -> bool:
    return affiliation.ends is None or affiliation.ends >= today


def _load() -> dict[str, dict[str, Any]]:
    """By person: rounds that wait for them, rounds within a year, the day of the last."""
    since = clock.now() - dt.timedelta(days=365)
    waiting = Q(state__in=("invited", "accepted"), round__state__in=("drawn", "open"))
    rows = (
        Seat.objects.filter(state__in=Seat.HELD)
        .values("person")
        .annotate(
            open=Count("pk", filter=waiting),
            year=Count("pk", filter=Q(state="finished", state_since__gte=since)),
            last=Max("state_since", filter=Q(state="finished")),
        )
    )
    return {
        str(row["person"]): {
            "open_reviews": row["open"],
            "year_reviews": row["year"],
            "last_review": row["last"] and row["last"].date(),
        }
        for row in rows
    }


def _supervising() -> set[str]:
    """Persons who also serve the bureau or watch over it, through whichever account."""
    held = current(RoleGrant.objects.filter(role__in=(Role.OFFICER.value, Role.SUPERVISOR.value)))
    return {str(pk) for pk in held.values_list("account__person", flat=True) if pk}


def _parents() -> dict[UUID, UUID]:
    """The house of which an organisation is a part."""
    return dict(Affiliation.objects.filter(role="part_of", ends=None).values_list("member_id", "organisation_id"))


def parties_of(submission: Submission) -> list[str]:
    """The organisations and persons behind a submission, the applicant first."""
    members = [each.get("party") for each in submission.content.get("members", []) if isinstance(each, dict)]
    writers = Account.objects.filter(pk=submission.account or 0).values_list("person_id", flat=True)
    found = [submission.applicant_id, *submission.members, *members, *writers]
    return list(dict.fromkeys(str(each) for each in found if each))


def _proposal(submission: Submission, parents: Mapping[UUID, UUID]) -> Proposal:
    return Proposal(str(submission.pk), _with_parents(parties_of(submission), parents))


def _of_topic(topic: Topic, parents: Mapping[UUID, UUID]) -> Proposal:
    """Who set the topic and who will examine the result are as near to it as the applicants are."""
    parties = [str(topic.setter_id), *(str(pk) for pk in topic.examiners.values_list("party_id", flat=True))]
    return Proposal(str(topic.pk), _with_parents(parties, parents))


def _with_parents(parties: list[str], parents: Mapping[UUID, UUID]) -> tuple[str, ...]:
    above = [str(parents[UUID(each)]) for each in parties if UUID(each) in parents]
    return tuple(dict.fromkeys([*parties, *above]))


def _relations(known: Mapping[str, _Known], submissions: list[Submission], topic: Topic) -> Iterator[Relation]:
    """Every relation of somebody in the pool that the platform knows of; named ones in the order of the applicants."""
    concerned = {UUID(party) for each in submissions for party in parties_of(each)}
    concerned |= {topic.setter_id, *topic.examiners.values_list("party_id", flat=True)}
    concerned |= {parent for child, parent in _parents().items() if child in concerned}
    names = {party.name: str(party.pk) for party in Party.objects.filter(pk__in=concerned)}
    for id, each in sorted(known.items()):
        yield from _by_affiliation(id, each, concerned)
        yield from _own_words(id, each, names)
        if UUID(id) in concerned:
            yield Relation(id, id, "own_application", evidence="本榜题申请")
    yield from _stood_aside(known, topic, submissions)
    for submission in submissions:
        yield from _named(known, submission)
        yield from _mentioned(known, submission)


def _by_affiliation(id: str, known: _Known, concerned: set[UUID]) -> Iterator[Relation]:
    for each in known.affiliations:
        kind = RELATION_OF.get(each.role)
        if kind is None or each.organisation_id not in concerned:
            continue
        over = each.ends is not None and each.ends < clock.today()
        evidence = each.evidence or f"任职关系 {each.starts or ''}–{each.ends or ''}"
        yield Relation(id, str(each.organisation_id), kind, each.ends if over else None, not over, evidence)


def _own_words(id: str, known: _Known, names: Mapping[str, str]) -> Iterator[Relation]:
    """Organisations that the expert asked not to judge."""
    for name in known.profile.get("avoid") or ():
        if name.strip() in names:
            yield Relation(id, names[name.strip()], "declared", evidence="专家库登记的回避单位")


def _stood_aside(known: Mapping[str, _Known], topic: Topic, submissions: list[Submission]) -> Iterator[Relation]:
    for seat in Seat.objects.filter(round__topic=topic, state="recused"):
        for each in submissions if str(seat.person_id) in known else []:
            evidence = f"本榜题已回避：{seat.reason}"
            yield Relation(str(seat.person_id), str(each.applicant_id), "declared", evidence=evidence)


def _named(known: Mapping[str, _Known], submission: Submission) -> Iterator[Relation]:
    """Reviewers the applicant thinks unsuitable; a name alone means everybody who bears it."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for id, each in sorted(known.items()):
        by_name[each.person.name].append(id)
    for row in submission.content.get("avoid", []):
        house = str(row.get("organisation", "")).strip()
        for id in by_name.get(str(row.get("name", "")).strip(), []):
            if not house or any(house == each.organisation.name for each in known[id].affiliations):
                evidence = str(row.get("reason", "")).strip() or "申请书列明"
                yield Relation(id, str(submission.applicant_id), "named", evidence=evidence)


def _mentioned(known: Mapping[str, _Known], submission: Submission) -> Iterator[Relation]:
    """Whose name stands in the submission may have worked with the applicant, or only bear the same name."""
    told = [*submission.content.get("answers", {}).values(), *(each.get("name") for each in _members(submission))]
    text = "\n".join(str(each) for each in told)
    for id, each in sorted(known.items()):
        if len(each.person.name) > 1 and each.person.name in text:
            evidence = "申请材料中出现这个姓名"
            yield Relation(id, str(submission.applicant_id), "co_work", ongoing=True, evidence=evidence)


def _members(submission: Submission) -> list[dict[str, Any]]:
    return [each for each in submission.content.get("members", []) if isinstance(each, dict)]
