"""Documents as somebody may have them."""

from uuid import UUID

from django.db.models import Model, QuerySet

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import allows, find_one, scope
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.documents.belonging import ATTACHABLE, attach_needs, reading_needs
from rongtong.domain.foundation.documents.checks import ODDITIES
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words

_SHOWN_AS = "document:"


def documents_of(actor: Actor, entity: Model) -> QuerySet[Document]:
    """The documents of a record that ``actor`` may have, newest first, without those a newer one replaced."""
    return scope(actor, "view", held_by(entity), entity_kind=entity._meta.label_lower)


def held_by(entity: Model) -> QuerySet[Document]:
    """Every document of a record that is neither withdrawn nor replaced, whoever may have it."""
    held = Document.objects.filter(entity_kind=entity._meta.label_lower, entity_id=entity.pk)
    return held.filter(superseded_by__isnull=True, withdrawn_at__isnull=True)


def ever_held_by(entity: Model) -> QuerySet[Document]:
    """Every document of a record whose content is still kept, those that were withdrawn or replaced as well."""
    return Document.objects.filter(entity_kind=entity._meta.label_lower, entity_id=entity.pk, erased_at=None)


def listed(actor: Actor, entity: Model, channel: str) -> list[Document]:
    """:func:`documents_of`, about to be shown through ``channel``: that those not public were listed is noted first."""
    found = list(documents_of(actor, entity))
    everyones = set(documents_of(VISITOR, entity).values_list("pk", flat=True))
    private: dict[str, list[Document]] = {}
    for document in found:
        if document.pk not in everyones:
            private.setdefault(document.visibility, []).append(document)
    rows = [(entity, map(shown_as, alike), ground(actor, alike[0], entity)) for alike in private.values()]
    audit.shown(actor, channel, rows)
    return found


def shown_as(document: Document) -> str:
    """What the events of its record call a document that was shown."""
    return f"{_SHOWN_AS}{document.pk}"


def is_document(name: str) -> bool:
    """Whether a name among the fields that were shown means a document."""
    return name.startswith(_SHOWN_AS)


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


def ground(actor: Actor, document: Document, entity: Model) -> str:
    """On what ground ``actor`` reads a document of ``entity``, in Chinese: that of its class there, else its own."""
    because = allows(actor, reading_needs(document), entity).ground or allows(actor, "view", document).ground
    return because.zh if because else ""


def oddities(document: Document) -> list[Words]:
    """What a reader should know before opening it."""
    return [ODDITIES[key] for key in document.oddities]
