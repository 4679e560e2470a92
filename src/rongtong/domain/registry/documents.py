"""Records of every kind carry documents: drawings, certificates, reports. Those kept within an organisation may be
disclosed to another like a field."""

from typing import Any

from django.db.models import QuerySet

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.documents.belonging import Disclosed, belongs
from rongtong.domain.foundation.documents.queries import held_by
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.access import in_force
from rongtong.domain.registry.models import DOCUMENTS, Disclosure, Resource
from rongtong.domain.registry.reading import CONFIDANT


def keeps_documents(record: Resource) -> bool:
    """Whether there are documents of a record that its organisation keeps to itself."""
    return held_by(record).filter(visibility=Visibility.OWNER).exists()


def _disclosed_to(actor: Actor) -> QuerySet[Disclosure, Any]:
    """The records whose documents are disclosed to the actor's party now."""
    named = Disclosure.objects.filter(fields__icontains=f'"{DOCUMENTS}"', party__isnull=False)
    return named.filter(in_force(actor, "confidential")).values("record_id")


belongs(Resource, attach="edit", disclosed=Disclosed(CONFIDANT, _disclosed_to))
