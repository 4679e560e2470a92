"""What there is: kinds of record with their schemas, taxonomies, the caller, and whether the platform is well."""

import datetime as dt
from typing import Annotated, Any
from uuid import UUID

from django.http import Http404
from ninja import Query, Router, Schema
from pydantic import Field

from rongtong.api.caller import Call
from rongtong.api.failures import REFUSALS
from rongtong.api.shapes import Page, PartyShape
from rongtong.domain.registry import indexing, taxonomies
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.states import LIFE
from rongtong.domain.registry.taxonomies import Scheme, TaxonomyTerm

router = Router(tags=["catalogue"])


class KindShape(Schema):
    """A kind of record."""

    key: str
    label: str
    description: str
    group: str


class KindDetail(KindShape):
    """A kind with the JSON Schema of its values and the states a record goes through."""

    values_schema: dict[str, Any]
    states: dict[str, str]


class SchemeShape(Schema):
    """A taxonomy and where it comes from."""

    name: str
    label: str
    source: str
    status: str
    seen: dt.date
    terms: int


class TermShape(Schema):
    """A term of a taxonomy."""

    code: str
    label: str
    broader: str


class TermList(Schema):
    """A part of a taxonomy."""

    count: int
    items: list[TermShape]


class TermQuery(Page):
    """Terms whose code begins with or whose label contains ``q``, below ``broader`` if given."""

    q: Annotated[str, Field(max_length=100)] = ""
    broader: Annotated[str, Field(max_length=20)] | None = None


class Me(Schema):
    """Who the caller is taken for."""

    signed_in: bool
    name: str
    party: PartyShape | None
    roles: list[str]
    region: str


class Health(Schema):
    """That the platform answers, and how far its index has come."""

    records: int
    waiting: int
    vectors: int


@router.get("/health", response={200: Health, **REFUSALS}, summary="Whether the platform is well")
def health(request: Call) -> Any:
    return indexing.status()


@router.get("/me", response={200: Me, **REFUSALS}, summary="Who the caller is")
def me(request: Call) -> Any:
    actor = request.auth
    party = PartyShape(id=actor.party, name=actor.party_name) if isinstance(actor.party, UUID) else None
    return Me(signed_in=actor.signed_in, name=actor.name, party=party, roles=sorted(actor.roles), region=actor.region)


@router.get("/kinds", response={200: list[KindShape], **REFUSALS}, summary="The kinds of record")
def kinds(request: Call) -> Any:
    return [KindShape(**_described(kind)) for kind in all_kinds().values()]


@router.get("/kinds/{key}", response={200: KindDetail, **REFUSALS}, summary="One kind, with its schema")
def kind_detail(request: Call, key: str) -> Any:
    kind = all_kinds().get(key)
    if kind is None:
        raise Http404
    states = {state.key: str(state.label) for state in LIFE.states}
    return KindDetail(**_described(kind), values_schema=kind.schema(), states=states)


@router.get("/taxonomies", response={200: list[SchemeShape], **REFUSALS}, summary="The taxonomies")
def schemes(request: Call) -> Any:
    return [_scheme(scheme) for scheme in taxonomies.all_schemes()]


@router.get("/taxonomies/{name}", response={200: TermList, **REFUSALS}, summary="Terms of a taxonomy")
def terms(request: Call, name: str, query: Query[TermQuery]) -> Any:
    scheme = next((scheme for scheme in taxonomies.all_schemes() if scheme.name == name), None)
    if scheme is None:
        raise Http404
    found = [term for term in scheme.terms.values() if _fits(term, query)]
    part = found[query.offset : query.offset + query.limit]
    return TermList(count=len(found), items=[_term(term) for term in part])


def _described(kind: Kind) -> dict[str, str]:
    return {"key": kind.key, "label": str(kind.label), "description": str(kind.description), "group": kind.group}


def _scheme(scheme: Scheme) -> SchemeShape:
    return SchemeShape(
        name=scheme.name,
        label=str(scheme.label),
        source=scheme.source,
        status=scheme.status,
        seen=scheme.seen,
        terms=len(scheme.terms),
    )


def _term(term: TaxonomyTerm) -> TermShape:
    return TermShape(code=term.code, label=str(term.label), broader=term.broader)


def _fits(term: TaxonomyTerm, query: TermQuery) -> bool:
    if query.broader is not None and term.broader != query.broader:
        return False
    words = query.q.lower()
    return term.code.lower().startswith(words) or words in term.label.zh.lower() or words in term.label.en.lower()
