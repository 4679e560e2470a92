"""Shapes of what goes in and comes out."""

import datetime as dt
import re
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.kinds import all_kinds
from rongtong.domain.registry.queries import Filters

Short = Annotated[str, Field(max_length=200)]
Order = Literal["-updated", "updated", "title", "-date", "-completeness"]


def _known_kind(key: str) -> str:
    if key not in all_kinds():
        raise PydanticCustomError("kind_unknown", "no such kind", {"kind": key})
    return key


KindKey = Annotated[str, AfterValidator(_known_kind), WithJsonSchema({"type": "string", "enum": list(all_kinds())})]


def _iso_day(written: object) -> object:
    if isinstance(written, str) and not _ISO_DAY.match(written):
        raise PydanticCustomError("date_parsing", "not a day")  # pydantic would read 0 as 1970-01-01
    return written


_ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
Day = Annotated[dt.date, BeforeValidator(_iso_day)]
Flag = Annotated[bool, Strict()]
Count = Annotated[int, Strict(), Field(ge=1)]


class Given(Schema):
    """What a caller sends: a name that is not known is a mistake to be told of."""

    model_config = ConfigDict(extra="forbid")


class ProblemShape(Schema):
    """One thing wrong: the field it concerns, what is wrong, the row of the file if there is one."""

    field: str
    message: str
    row: int | None = None


class Failure(Schema):
    """A refusal; nothing was changed."""

    message: str
    problems: list[ProblemShape] = []


class Page(Schema):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=200)] = 20
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class ListQuery(Page):
    """The filters of a list and the part of it that is wanted."""

    kind: KindKey | None = None
    q: Short = ""
    field: Short = ""
    region: Short = ""
    industry: Short = ""
    state: Short = ""
    holder: Short = ""
    trl_from: Annotated[int, Field(ge=1, le=9)] | None = None
    since: Day | None = None
    mine: bool = False
    order: Order = "-updated"

    def filters(self) -> Filters:
        return Filters(**self.model_dump(exclude={"limit", "offset", "kind"}), kind=self.kind or "")


class PartyShape(Schema):
    """An organisation or a person."""

    id: UUID
    name: str


class AdviceShape(Schema):
    """What would make a record better."""

    field: str
    message: str


class StepShape(Schema):
    """A step that may be taken now."""

    event: str
    label: str
    reason_required: bool


class RecordShape(Schema):
    """A record as the caller may see it; ``withheld`` names the filled fields that they may not.

    ``closed`` and ``opens_at`` are for its owner: which fields are narrower than declared, until when what is sealed.
    """

    id: UUID
    kind: str
    title: str
    title_en: str
    values: dict[str, Any]
    withheld: list[str]
    closed: dict[str, Visibility] | None
    opens_at: dt.datetime | None
    state: str
    visibility: Visibility
    owner: PartyShape | None
    holder: str
    region: str
    field: str
    industry: str
    trl: int | None
    date: dt.date | None
    valid_until: dt.date | None
    completeness: int
    revision: int
    source: str
    external_id: str
    created_at: dt.datetime
    updated_at: dt.datetime


class RecordDetail(RecordShape):
    """One record, with what would make it better and the steps open to the caller."""

    advice: list[AdviceShape]
    steps: list[StepShape]


class RecordList(Schema):
    """A part of a list and how long the whole is."""

    count: int
    items: list[RecordShape]


class NewRecord(Given):
    """A record to add; it begins as a draft of the caller's organisation.

    ``closed`` narrows who reads single fields (``owner``: the organisation's name); ``opens_at`` is the hour of seals.
    """

    kind: KindKey
    title: Annotated[str, Field(min_length=1, max_length=300)]
    title_en: Annotated[str, Field(max_length=400)] = ""
    values: dict[str, Any]
    visibility: Visibility = Visibility.PUBLIC
    source: Annotated[str, Field(max_length=120)] = ""
    external_id: Annotated[str, Field(max_length=120)] = ""
    closed: dict[str, Visibility] = {}
    opens_at: AwareDatetime | None = None
    draft: Flag = False


class ChangedRecord(Given):
    """New values of a record; ``revision`` is the one that was read, so that nobody's change is overwritten unseen."""

    values: dict[str, Any]
    revision: Count
    title: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    title_en: Annotated[str, Field(max_length=400)] | None = None
    visibility: Visibility | None = None
    closed: dict[str, Visibility] | None = None
    opens_at: AwareDatetime | None = None
    draft: Flag = False


class Step(Given):
    """A step to take; ``state`` is the one that was read.

    ``no_secrets`` declares that the record holds no state secret, without which it is not handed in (``submit``).
    """

    event: Annotated[str, Field(max_length=40)]
    reason: Annotated[str, Field(max_length=1000)] = ""
    state: Annotated[str, Field(max_length=20)] | None = None
    no_secrets: Flag = False


class EventShape(Schema):
    """Something that was done to a record."""

    seq: int
    at: dt.datetime
    action: str
    actor: str
    details: dict[str, Any]
    hash: str


class EventList(Schema):
    """What was done to a record, latest first."""

    count: int
    items: list[EventShape]
