"""The documents of a record as they stand on a page: what the reader may have, and the form to add one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.checks import accepted
from rongtong.domain.foundation.documents.media import ACCEPT, label_of
from rongtong.domain.foundation.documents.queries import classes_for, listed, may_attach, oddities
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import LABELS, Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.models import Resource

CHANNEL = "page"


@dataclass(frozen=True)
class Attached:
    """One document as a row of the list."""

    document: Document

    @property
    def label(self) -> Words:
        return label_of(self.document.media_type)

    @property
    def audience(self) -> Words:
        return LABELS[Visibility(self.document.visibility)]

    @property
    def oddities(self) -> list[Words]:
        return oddities(self.document)


def attached(actor: Actor, record: Resource) -> dict[str, Any]:
    """What the part ``documents/part.html`` needs for a record that ``actor`` may view."""
    may = may_attach(actor, record)
    return {
        "record": record,
        "attached": [Attached(document) for document in listed(actor, record, CHANNEL)],
        "may_attach": may,
        "classes": classes_for(actor, record) if may else [],
        "chosen_class": Visibility.OWNER,
        "accept": ACCEPT,
        "accepted": accepted(),
        "limit_mb": settings.ENVIRONMENT.document_limit_mb,
    }
