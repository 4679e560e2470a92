"""Loading the sample region through the actions, so that it has owners, states, audit events and leads like any other.

Loading again adds what is missing and leaves everything else as people have made it; ``restore`` also gives the sample
records back the content they were shipped with.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from rongtong.cli import sample_pack, sample_vectors
from rongtong.cli.sample_assessing import load_assessments
from rongtong.cli.sample_challenges import STAGES, load_challenges
from rongtong.cli.sample_pack import INVENTED, SampleParty, SampleRecord
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor, Role, system_actor
from rongtong.domain.leads.actions import advance_lead, give_feedback, propose_lead
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.parties.actions import add_affiliation, create_account, grant_role, register_party
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.models import Topic
from rongtong.domain.registry import indexing
from rongtong.domain.registry.actions import advance_resource, consent_blind, create_resource, update_resource
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.disclosing.actions import advance_disclosure, ask_disclosure, grant_disclosure
from rongtong.domain.registry.disclosing.queries import disclosures
from rongtong.domain.registry.models import Resource

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""

PLATFORM = system_actor("示例地区装入")
BATCH = 250
Parties = dict[str, Party]
Records = dict[tuple[str, str], Resource]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: how many parties, accounts, records, leads and topics are new, how many records it restored."""

    parties: int
    accounts: int
    records: int
    restored: int
    leads: int
    topics: int


def load(progress: Progress | None = None, *, restore: bool = False, stages: Sequence[str] = tuple(STAGES)) -> Loaded:
    """Load the sample region, its challenges at ``stages``; idempotent. The index is for the caller (:func:`index`) or
    the worker.
    """
    before = _counts()
    with transaction.atomic():
        parties = load_parties()
        actors = _load_personas(parties)
    restored = _load_records(parties, progress, restore=restore)
    with transaction.atomic():
        _load_leads(actors)
        _load_disclosures(actors)
        load_assessments(parties, actors)
    load_challenges(parties, stages)
    after = _counts()
    return Loaded(
        parties=after["parties"] - before["parties"],
        accounts=after["accounts"] - before["accounts"],
        records=after["records"] - before["records"],
        restored=restored,
        leads=after["leads"] - before["leads"],
        topics=after["topics"] - before["topics"],
    )


def index(progress: Progress | None = None) -> int:
    """Bring the loaded records into the search index with their shipped vectors; answers how many vectors were used.

    Raises indexing.Busy when another process writes the index.
    """
    indexing.drain(progress)
    return sample_vectors.use(indexing.store())


def _counts() -> dict[str, int]:
    models = {"parties": Party, "accounts": Account, "records": Resource, "leads": Lead, "topics": Topic}
    return {name: model._default_manager.count() for name, model in models.items()}


# -- parties and personas --


def load_parties() -> Parties:
    """The organisations and people of the region by key, registered where they are missing."""
    known = {(party.source, party.external_id): party for party in Party.objects.exclude(external_id="")}
    parties = {
        each.key: known.get((each.source, each.key)) or _register_organisation(each)
        for each in sample_pack.organisations()
    }
    for person in sample_pack.people():
        parties[person.key] = known.get((person.source, person.key)) or _register_person(person, parties)
    return parties


def _register_organisation(each: SampleParty) -> Party:
    return register_party(
        actor=PLATFORM,
        kind="organisation",
        name=each.name,
        name_en=each.name_en,
        organisation_type=each.type,
        region=each.region,
        industry=each.industry,
        source=each.source,
        external_id=each.key,
    )


def _register_person(each: SampleParty, parties: Parties) -> Party:
    person = register_party(
        actor=PLATFORM, kind="person", name=each.name, title=each.title, source=each.source, external_id=each.key
    )
    since: dt.date = each.since
    add_affiliation(
        actor=PLATFORM, member=person, organisation=parties[each.employer], role=each.relation, starts=since
    )
    return person


def _load_personas(parties: Parties) -> dict[str, Actor]:
    accounts = {account.username: account for account in Account.objects.filter(is_sample=True)}
    personas = sample_pack.personas()
    return {each["username"]: actor_of(accounts.get(each["username"]) or _make(each, parties)) for each in personas}


def _make(persona: dict[str, Any], parties: Parties) -> Account:
    """An account without a password: it is chosen on the sign-in page, and only while this is a sample region."""
    account = create_account(
        actor=PLATFORM,
        username=persona["username"],
        display_name=persona["name"]["zh"],
        password=None,
        person=parties[persona["person"]],
        description=f"{persona['description']['zh']} · {persona['description']['en']}",
        is_sample=True,
    )
    grant_role(
        actor=PLATFORM,
        account=account,
        role=Role(persona["role"]),
        party=parties[persona["party"]] if "party" in persona else None,
        region=persona.get("region", ""),
    )
    return account


# -- records --


def _load_records(parties: Parties, progress: Progress | None, *, restore: bool) -> int:
    """Create what is missing, in batches of one transaction each; answers how many were restored."""
    wanted = list(sample_pack.records())
    known = _known()
    restored = done = 0
    for start in range(0, len(wanted), BATCH):
        batch = wanted[start : start + BATCH]
        with transaction.atomic():
            restored += _write(batch, known, parties, restore=restore)
        done += len(batch)
        if progress:
            progress(done, len(wanted))
    return restored


def _known() -> Records:
    """The sample records that are there, by kind and key, whatever their source said when they were loaded."""
    ours = Q(source__startswith=INVENTED) | Q(source__startswith=sample_pack.REAL)
    return {(each.kind, each.external_id): each for each in Resource.objects.filter(ours).exclude(external_id="")}


def _write(
    batch: Iterable[SampleRecord],
    known: Records,
    parties: Parties,
    *,
    restore: bool,
) -> int:
    restored = 0
    for each in batch:
        record = known.get((each.kind, each.key))
        if record is None:
            _create(each, parties)
        elif restore:
            restored += _restore(each, record)
    return restored


def _create(each: SampleRecord, parties: Parties) -> None:
    published = each.state == sample_pack.PUBLISHED
    record = create_resource(
        actor=PLATFORM,
        kind=each.kind,
        title=each.title,
        title_en=each.title_en,
        values=each.values,
        owner=parties.get(each.owner),
        visibility=each.visibility,
        closed=each.closed,
        source=each.source,
        external_id=each.key,
        published=published,
        draft=each.state == "draft",
    )
    for event in _STEPS.get(each.state, ()):
        record = advance_resource(actor=PLATFORM, record=record, event=event, reason=each.reason, no_secrets=True)


_STEPS = {"submitted": ("submit",), "returned": ("submit", "return")}
"""How a record that is not published comes to the state it is shipped in."""


def _restore(each: SampleRecord, record: Resource) -> bool:
    """Give a record its shipped content back; answers whether it had another."""
    shipped = record.declaration.clean(each.values).values
    if (record.title, record.title_en, record.values) == (each.title, each.title_en, shipped):
        return False
    update_resource(
        actor=PLATFORM, record=record, values=each.values, title=each.title, title_en=each.title_en, draft=True
    )
    return True


# -- leads --


def _load_leads(actors: dict[str, Actor]) -> None:
    records = _known()
    for each in sample_pack.leads():
        demand, candidate = _pair(each, records)
        if not Lead.objects.filter(demand=demand, candidate=candidate).exists():
            _play(each, demand, candidate, actors)
    said = set(Feedback.objects.values_list("demand", "candidate", "account"))
    for each in sample_pack.feedback():
        demand, candidate = _pair(each, records)
        actor = actors[each["by"]]
        if (demand.pk, candidate.pk, actor.account) not in said:
            words = {name: each[name] for name in ("verdict", "reason", "note") if name in each}
            give_feedback(actor=actor, demand=demand, candidate=candidate, **words)


def _pair(each: dict[str, Any], records: Records) -> tuple[Resource, Resource]:
    kind, _, key = each["candidate"].partition("/")
    return records["demand", each["demand"]], records[kind, key]


def _play(each: dict[str, Any], demand: Resource, candidate: Resource, actors: dict[str, Actor]) -> None:
    """Propose a lead and take the steps after that, each by the persona who would."""
    lead = propose_lead(
        actor=actors[each["by"]],
        demand=demand,
        candidate=candidate,
        probability=each["probability"],
        note=each.get("note", ""),
    )
    for step in each.get("steps", ()):
        lead = advance_lead(actor=actors[step["by"]], lead=lead, event=step["event"], reason=step.get("reason", ""))


# -- what is kept confidential --


def _load_disclosures(actors: dict[str, Actor]) -> None:
    """The owner's word to look with the closed part, and the requests to read it with their answers."""
    records = _known()
    for shipped in sample_pack.records():
        record = records[shipped.kind, shipped.key]
        if shipped.blind and not _decided_before(record):
            consent_blind(actor=_owner_among(actors, record), record=record, agrees=True)
    for each in sample_pack.disclosures():
        record, actor = records["demand", each["demand"]], actors[each["by"]]
        if not disclosures(actor).filter(record=record).exists():
            _ask(each, record, actor, actors)


def _decided_before(record: Resource) -> bool:
    """Whether the owner has said yes or no already; what people have changed stays."""
    return audit.history(record.pk).filter(action="registry.consent_blind").exists()


def _owner_among(actors: dict[str, Actor], record: Resource) -> Actor:
    return next(actor for actor in actors.values() if actor.party == record.owner_id)


def _ask(each: dict[str, Any], record: Resource, actor: Actor, actors: dict[str, Actor]) -> None:
    asked = ask_disclosure(actor=actor, record=record, purpose=each["purpose"], accepts=agreement.version())
    if "decided_by" not in each:
        return
    decider = actors[each["decided_by"]]
    if reason := each.get("refuse"):
        advance_disclosure(actor=decider, disclosure=asked, event="refuse", reason=reason)
    else:
        ends = timezone.now() + dt.timedelta(days=each["days"])
        grant_disclosure(actor=decider, disclosure=asked, fields=each["fields"], ends=ends)
