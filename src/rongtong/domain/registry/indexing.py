"""The search index kept in step with the register.

The register is the truth; the index is derived and can be rebuilt. A record whose ``indexed_revision`` lags behind its
``revision`` is waiting, so nothing is lost when the process that was to index it dies: the next one finds it waiting.
Only what is published and not sealed stands in the index, and of it only the fields anybody may read, so that no match,
no snippet and no score can tell what a reader may not know.
"""

import fcntl
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db.models import F

from rongtong.domain.foundation.access import as_where, reachable
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.states import LISTED
from rongtong.engines.matching.encoder import Encoder, EncoderError, EncoderSettings, open_encoder
from rongtong.engines.matching.fill import fill_vectors
from rongtong.engines.matching.matcher import Matcher
from rongtong.engines.matching.records import Record
from rongtong.engines.matching.store import Store

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""

BATCH = 500
NOTHING = "false"
COLUMNS = {
    "id": "id",
    "state": "state",
    "visibility": "visibility",
    "owner_id": "owner",
    "kind": "kind",
    "region": "region",
}
"""The record's columns under the names they have in the index, for the filter that access asks for."""


class Busy(RuntimeError):
    """Another process is writing to the index."""


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """How far the index has come: records in it, records waiting, records whose vector is computed."""

    records: int
    waiting: int
    vectors: int

    @property
    def vector_share(self) -> float:
        return self.vectors / self.records if self.records else 1.0


@cache
def store() -> Store:
    """The index of this installation, opened once for each process.

    Each model has vectors of its own; only a server has to be asked how long they are.
    """
    chosen = _encoder_settings()
    try:
        if chosen.kind == "server" and (engine := encoder()):
            return Store.open(settings.HOME / "index", model=chosen.model, dimension=engine.dimension)
    except EncoderError as error:
        logger.warning("the embedding server does not answer, words alone answer until a restart: %s", error)
    return Store.open(settings.HOME / "index")


@cache
def encoder() -> Encoder | None:
    """The encoder of this installation; None, with the reason in the log, when it has none: words alone answer then."""
    try:
        return open_encoder(_encoder_settings())
    except EncoderError as error:
        logger.warning("no sentence vectors, words alone answer: %s", error)
        return None


@cache
def matcher() -> Matcher:
    """The matching engine over :func:`store`, opened once for each process."""
    return Matcher(store(), encoder())


def forget() -> None:
    """Close what this process has opened, so that the next use opens it anew (after a rebuild, between tests)."""
    for opened in (matcher, store, encoder):
        opened.cache_clear()


def where(actor: Actor) -> str:
    """The filter that keeps the index to what ``actor`` may find; it is applied before ranking."""
    reach = reachable(actor, "find", Resource)
    return NOTHING if reach is None else as_where(reach, COLUMNS)


def entry(record: Resource) -> Record:
    """What the index holds of a record: its title in both languages and the fields that anybody may read."""
    body = record.declaration.body(record.values, record.public_fields)
    return Record(
        id=str(record.pk),
        kind=record.kind,
        title=record.title,
        text=f"{record.title_en}\n{body}" if record.title_en else body,
        field=record.field or None,
        region=record.region or None,
        holder=record.holder or None,
        trl=record.trl,
        date=record.date.isoformat() if record.date else None,
        state=record.state,
        visibility=record.visibility,
        owner=str(record.owner_id) if record.owner_id else None,
    )


def waiting() -> int:
    """How many records the index has not seen in their present form."""
    return Resource.objects.filter(indexed_revision__lt=F("revision")).count()


def drain(progress: Progress | None = None) -> int:
    """Bring every waiting record into the index (or out of it) and answer how many there were.

    Raises Busy when another process is at it.
    """
    done, total = 0, waiting()
    if not total:
        return 0
    with _only_writer():
        while batch := list(Resource.objects.filter(indexed_revision__lt=F("revision")).order_by("id")[:BATCH]):
            _index(batch)
            done += len(batch)
            if progress:
                progress(done, max(total, done))
        if done >= BATCH:
            store().optimise()
    return done


def fill(most: int | None = None, progress: Progress | None = None) -> int:
    """Compute vectors that are missing, at most ``most``; answers how many were computed. Raises Busy."""
    engine = encoder()
    if engine is None:
        return 0
    with _only_writer():
        return fill_vectors(store(), engine, most=most, progress=progress)


def rebuild(progress: Progress | None = None) -> int:
    """Empty the index and build it again from the register. Raises Busy."""
    with _only_writer():
        store().clear()
        Resource.objects.update(indexed_revision=0)
    return drain(progress)


def status() -> IndexStatus:
    """How far the index has come."""
    coverage = store().coverage()
    return IndexStatus(coverage.records, waiting(), coverage.vectors)


def _index(batch: Sequence[Resource]) -> None:
    """Write a batch and mark what was seen; a record that changed meanwhile stays waiting."""
    listed = [entry(record) for record in batch if _belongs(record)]
    gone = [str(record.pk) for record in batch if not _belongs(record) and record.indexed_revision]
    store().add(listed)
    if gone:
        store().remove(gone)
    for record in batch:
        record.indexed_revision = record.revision
    Resource.objects.bulk_update(batch, ["indexed_revision"])


def _belongs(record: Resource) -> bool:
    return record.state in LISTED and not record.sealed


@contextmanager
def _only_writer() -> Iterator[None]:
    """Hold the lock of the index's folder: one writer at a time, whatever process it lives in."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    with (settings.HOME / "index.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("another process is writing to the index") from None
        yield


def _encoder_settings() -> EncoderSettings:
    environment = settings.ENVIRONMENT
    return EncoderSettings(
        kind=environment.encoder,
        cache=settings.HOME / "cache",
        threads=environment.encoder_threads,
        url=str(environment.encoder_url or ""),
        model=environment.encoder_model,
        key=environment.encoder_key,
    )
