"""Documents as somebody may have them."""

from uuid import UUID

from django.db.models import Model, QuerySet

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, find_one, scope
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.documents.belonging import ATTACHABLE, attach_needs, entity_of, reading_needs
from rongtong.domain.foundation.documents.checks import ODDITIES
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words


def documents_of(actor: Actor, entity: Model) -> QuerySet[Document]:
    """The documents of a record that ``actor`` may have, newest first, without those a newer one replaced."""
    held = Document.objects.filter(
        entity_kind=entity._meta.label_lower, entity_id=entity.pk, superseded_by__isnull=True
    )
    return scope(actor, "view", held)


def listed(actor: Actor, entity: Model, channel: str) -> list[Document]:
    """:func:`documents_of`, about to be shown through ``channel``: that those not public were listed is noted first."""
    found = list(documents_of(actor, entity))
    everyones = set(documents_of(VISITOR, entity).values_list("pk", flat=True))
    by_class: dict[str, list[str]] = {}
    for document in found:
        if document.pk not in everyones:
            by_class.setdefault(reading_needs(document), []).append(f"document:{document.pk}")
    audit.shown(actor, channel, [(entity, names, _ground(actor, needs, entity)) for needs, names in by_class.items()])
    return found


def readable(actor: Actor, pk: UUID) -> Document:
    """The document, if ``actor`` may have it; Document.DoesNotExist alike when there is none and when one may not."""
    return find_one(actor, "view", Document.objects.all(), pk)


def may_attach(actor: Actor, entity: Model) -> bool:
    """Whether ``actor`` may attach documents to a record."""
    return bool(allows(actor, attach_needs(entity), entity))


def classes_for(actor: Actor, entity: Model) -> list[Visibility]:
    """The classes that ``actor`` may give a document of ``entity``: those they could then read."""
    held = {"entity_kind": entity._meta.label_lower, "entity_id": entity.pk}
    return [each for each in ATTACHABLE if allows(actor, "view", Document(visibility=each, **held))]


def is_public(document: Document) -> bool:
    """Whether anybody may have it."""
    return bool(allows(VISITOR, "view", document))


def ground(actor: Actor, document: Document) -> str:
    """On what ground ``actor`` reads the document: that of the record's class it stands in, in Chinese."""
    return _ground(actor, reading_needs(document), entity_of(document))


def oddities(document: Document) -> list[Words]:
    """What a reader should know before opening it."""
    return [ODDITIES[key] for key in document.oddities]


def _ground(actor: Actor, needs: str, entity: Model) -> str:
    because = allows(actor, needs, entity).ground
    return because.zh if because else ""
