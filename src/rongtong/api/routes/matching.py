"""Who can answer a demand, or whom a record could serve; how sure, and why."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field, Strict

from rongtong.api.caller import Call
from rongtong.api.failures import REFUSALS
from rongtong.api.routes.resources import shaped_many
from rongtong.api.shapes import Flag, Given, RecordShape
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.leads import matching
from rongtong.domain.leads.matching import Match, Matches
from rongtong.domain.registry.queries import visible
from rongtong.domain.registry.showing import note_answers
from rongtong.engines.matching.explain import Explanation
from rongtong.engines.text import Satisfaction, Span

router = Router(tags=["matching"])
Group = Literal["technology", "expert", "facility", "capital", "policy", "demand"]
Top = Annotated[int, Field(ge=1, le=100)]


class Asked(Given):
    """A demand in somebody's own words."""

    title: Annotated[str, Field(max_length=300)] = ""
    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    group: Group = "technology"
    top: Annotated[Top, Strict()] = 20
    explain: Flag = False


class Wanted(Schema):
    """What to find for a record: by default technology for a demand, demands for anything else."""

    group: Group | None = None
    top: Top = 20
    explain: bool = False


class Place(Schema):
    """A piece of a text: characters from ``start`` up to ``end``."""

    start: int
    end: int
    text: str


class PairShape(Schema):
    """A sentence of the demand and the sentence that answers it best."""

    in_query: Place
    in_record: Place
    similarity: float
    shared: list[str]


class PhraseShape(Schema):
    """A phrase that both texts hold."""

    phrase: str
    in_query: list[Place]
    in_record: list[Place]


class ParameterShape(Schema):
    """A required parameter against what is offered: ``met``, ``not_met`` or ``not_stated``, with the reason's code."""

    required: str
    offered: str | None
    verdict: Literal["met", "not_met", "not_stated"]
    reason: str


class ReasonShape(Schema):
    """What speaks for a match, and what nobody stated. Places count in ``query_text`` and ``record_text``."""

    query_text: str
    record_text: str
    phrases: list[PhraseShape]
    pairs: list[PairShape]
    parameters: list[ParameterShape]
    field: str
    stage: int | None
    unknown: list[str]


class MatchShape(Schema):
    """A record that may answer; ``probability`` is that a technology manager would introduce the two."""

    record: RecordShape
    probability: float
    grade: Literal["introduce", "consider", "related", "remote"]
    reasons: ReasonShape | None = None


class MissingShape(Schema):
    """A part of the demand that no answer covers."""

    code: Literal["phrase", "sub_need", "parameter"]
    text: str


class MatchesShape(Schema):
    """The answers of one group, best first. ``none``: there is no suitable supply here, ``missing`` says of what.

    ``vectors`` is how far the vectors have come (0–1): below 1 the answers will still improve.
    """

    verdict: Literal["suitable", "related_only", "none"]
    group: Group
    matches: list[MatchShape]
    missing: list[MissingShape]
    vectors: float
    milliseconds: int


@router.post("/match", response={200: MatchesShape, **REFUSALS}, summary="Who can answer a demand in own words")
def match_words(request: Call, given: Asked) -> Any:
    query = matching.text_query(given.title, given.text)
    found = matching.match(request.auth, query, group=given.group, top=given.top)
    return _shaped(request.auth, found, explain=given.explain)


@router.get("/resources/{identifier}/matches", response={200: MatchesShape, **REFUSALS}, summary="Who answers a record")
def match_record(request: Call, identifier: UUID, wanted: Query[Wanted]) -> Any:
    record = visible(request.auth, identifier)
    found = matching.match_record(request.auth, record, group=wanted.group, top=wanted.top)
    return _shaped(request.auth, found, explain=wanted.explain)


def _shaped(actor: Actor, found: Matches, *, explain: bool) -> MatchesShape:
    if explain:
        note_answers(actor, "match", [each.record for each in found.matches])
    shapes = shaped_many(actor, [each.record for each in found.matches])
    return MatchesShape.model_validate(
        {
            "verdict": found.verdict,
            "group": found.group,
            "matches": [
                _match(actor, found, each, shape, explain=explain)
                for each, shape in zip(found.matches, shapes, strict=True)
            ],
            "missing": [{"code": part.code, "text": part.text} for part in found.missing],
            "vectors": found.vector_share,
            "milliseconds": found.milliseconds,
        }
    )


def _match(actor: Actor, found: Matches, each: Match, shape: RecordShape, *, explain: bool) -> dict[str, Any]:
    reasons = _reasons(matching.reasons(actor, found.query, each.record)) if explain else None
    return {
        "record": shape,
        "probability": each.probability,
        "grade": each.grade,
        "reasons": reasons,
    }


def _reasons(why: Explanation) -> ReasonShape:
    return ReasonShape(
        query_text=why.query_text,
        record_text=why.record_text,
        phrases=[
            PhraseShape(
                phrase=p.phrase, in_query=list(map(_place, p.in_query)), in_record=list(map(_place, p.in_record))
            )
            for p in why.phrases
        ],
        pairs=[
            PairShape(
                in_query=_place(p.in_query), in_record=_place(p.in_record), similarity=p.similarity, shared=p.shared
            )
            for p in why.pairs
        ],
        parameters=[_parameter(row) for row in why.parameters],
        field=why.field,
        stage=why.stage,
        unknown=list(why.unknown),
    )


def _parameter(row: Satisfaction) -> ParameterShape:
    return ParameterShape(
        required=row.required.span.text,
        offered=row.offered.span.text if row.offered else None,
        verdict=row.verdict,
        reason=row.reason,
    )


def _place(span: Span) -> Place:
    return Place(start=span.start, end=span.end, text=span.text)
