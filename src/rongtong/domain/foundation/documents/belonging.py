"""Whose a document is: it belongs to a record, and who may have it follows from that record.

An app says once that its records carry documents (:func:`belongs`). A document is then read by whoever may view the
record *and* read fields of the document's class on it, and attached or withdrawn by whoever may edit the record: stated
as grants over the document's own columns, so that the three readings of access agree for documents too, and a change of
the record's rights is at once a change of theirs.
"""

from functools import partial

from django.apps import apps
from django.db.models import Model, Q

from rongtong.domain.foundation.access import Grant, declare, declared, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words

ATTACHABLE = tuple(visibility for visibility in Visibility if visibility != Visibility.SEALED)
"""What is sealed goes into an envelope, not beside the record."""
_attach_needs: dict[type[Model], str] = {}
_READERS = Words("能看到所属记录，且够得上附件的可见范围", "May see the record it belongs to, and this class on it")
_WRITERS = Words("能修改所属记录", "May change the record it belongs to")
_PLATFORM = Grant(
    Words("平台按保管期限清理", "The platform, when its time of keeping is over"),
    lambda actor: actor.is_any(Role.SYSTEM),
    lambda actor: Q(),
)


def belongs(model: type[Model], *, attach: str = "edit") -> None:
    """Let records of ``model`` carry documents; ``attach`` is the action one needs on the record to attach one.

    The model's access declares ``view`` and, for each class of field, ``view_<class>_fields``.
    """
    _attach_needs[model] = attach
    readers = [_readers(owner, visibility) for owner in _attach_needs for visibility in ATTACHABLE]
    writers = [_writers(owner) for owner in _attach_needs]
    declare(Document, view=tuple(readers), withdraw=tuple(writers), erase=(_PLATFORM,))


def attach_needs(entity: Model) -> str:
    """The action on ``entity`` that attaching to it needs."""
    if type(entity) not in _attach_needs:
        raise DomainError(f"{entity._meta.label} carries no documents")
    return _attach_needs[type(entity)]


def reading_needs(document: Document) -> str:
    """The action on the record that reading a document of this class needs."""
    return _class_action(Visibility(document.visibility))


def entity_of(document: Document) -> Model:
    """The record a document belongs to."""
    entity: Model = apps.get_model(document.entity_kind)._default_manager.get(pk=document.entity_id)
    return entity


def _readers(model: type[Model], visibility: Visibility) -> Grant:
    return Grant(_READERS, partial(_anyone), partial(_readable, model, visibility))


def _writers(model: type[Model]) -> Grant:
    return Grant(_WRITERS, partial(_anyone), partial(_changeable, model))


def _anyone(actor: Actor) -> bool:
    return True


def _readable(model: type[Model], visibility: Visibility, actor: Actor) -> Q:
    records = scope(actor, "view", model._default_manager.all())
    needed = _class_action(visibility)
    if needed != "view":
        records = scope(actor, needed, records) if needed in declared()[model] else records.none()
    return Q(entity_kind=model._meta.label_lower, visibility=visibility, withdrawn_at__isnull=True) & _among(records)


def _changeable(model: type[Model], actor: Actor) -> Q:
    records = scope(actor, _attach_needs[model], scope(actor, "view", model._default_manager.all()))
    return Q(entity_kind=model._meta.label_lower, withdrawn_at__isnull=True) & _among(records)


def _among(records: object) -> Q:
    return Q(entity_id__in=records.order_by().values("pk"))  # type: ignore[attr-defined]


def _class_action(visibility: Visibility) -> str:
    return "view" if visibility is Visibility.PUBLIC else f"view_{visibility}_fields"
