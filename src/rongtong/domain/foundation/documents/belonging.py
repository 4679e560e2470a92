"""Whose a document is: it belongs to a record, and who may have it follows from that record.

An app says once that its records carry documents (:func:`belongs`). A document is then read by whoever may view the
record *and* read fields of the document's class on it, and attached or withdrawn by whoever may edit the record: stated
as grants over the document's own columns, so that the three readings of access agree for documents too, and a change of
the record's rights is at once a change of theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.db.models import Count, Model, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import Grant, declare, declared, scope
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import DomainError, Invalid, Problem
from rongtong.domain.foundation.models import Document
from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.foundation.words import Words

ATTACHABLE = tuple(visibility for visibility in Visibility if visibility != Visibility.SEALED)
"""What is sealed goes into an envelope, not beside the record."""


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Records whose documents of class ``owner`` are disclosed to an actor: on which ground, and their keys."""

    because: Words
    reach: Callable[[Actor], QuerySet[Any, Any]]


@dataclass(frozen=True, slots=True)
class Room:
    """What one record may carry, the withdrawn ones among it, because they are kept as well."""

    files: int
    megabytes: int


_attach_needs: dict[type[Model], str] = {}
_rooms: dict[type[Model], Room] = {}
_withdraw_needs: dict[type[Model], str] = {}
_disclosed: dict[type[Model], Disclosed] = {}
_READERS = Words("能看到所属记录，且够得上附件的可见范围", "May see the record it belongs to, and this class on it")
_WRITERS = Words("能修改所属记录", "May change the record it belongs to")
_UPLOADERS = Words("由本方上传，所属记录还没有办结", "Your side attached it, and the record is not concluded yet")
_PLATFORM = Grant(
    Words("平台按保管期限清理", "The platform, when its time of keeping is over"),
    lambda actor: actor.is_any(Role.SYSTEM),
    lambda actor: Q(),
)


def belongs(
    model: type[Model],
    *,
    attach: str = "edit",
    withdraw: str = "",
    disclosed: Disclosed | None = None,
    room: Room | None = None,
) -> None:
    """Let records of ``model`` carry documents; ``attach`` is the action one needs on the record to attach one.
    ``withdraw``: where several sides attach to one record, the action by which each takes back its own, and no other's.
    ``disclosed`` says to whom else those of class ``owner`` are open, ``room`` how much one record may carry.

    The model's access declares ``view`` and, for each class of field, ``view_<class>_fields``.
    """
    _attach_needs[model] = attach
    if withdraw:
        _withdraw_needs[model] = withdraw
    if disclosed is not None:
        _disclosed[model] = disclosed
    if room is not None:
        _rooms[model] = room
    readers = [_readers(owner, visibility) for owner in _attach_needs for visibility in ATTACHABLE]
    readers += [
        Grant(each.because, _anyone, partial(_confided, owner, each), _of(owner)) for owner, each in _disclosed.items()
    ]
    writers = [_writers(owner) for owner in _attach_needs]
    declare(Document, view=tuple(readers), withdraw=tuple(writers), erase=(_PLATFORM,))


def attach_needs(entity: Model) -> str:
    """The action on ``entity`` that attaching to it needs."""
    if type(entity) not in _attach_needs:
        raise DomainError(f"{entity._meta.label} carries no documents")
    return _attach_needs[type(entity)]


def require_room(entity: Model, size: int = 0) -> None:
    """Raise Invalid when ``entity`` cannot carry one more document, of ``size`` bytes."""
    room = _rooms.get(type(entity))
    if room is None:
        return
    kept = Document.objects.filter(entity_kind=entity._meta.label_lower, entity_id=entity.pk, erased_at=None)
    held = kept.aggregate(files=Count("pk"), bytes=Coalesce(Sum("size"), 0))
    if held["files"] >= room.files or held["bytes"] + size > room.megabytes << 20:
        shown = {"files": room.files, "megabytes": room.megabytes}
        message = _("这里最多放 %(files)s 个附件、共 %(megabytes)s MB（撤回的也算），放不下这一个。") % shown
        raise Invalid(message, [Problem("file", message)])


def reading_needs(document: Document) -> str:
    """The action on the record that reading a document of this class needs."""
    return _class_action(Visibility(document.visibility))


def entity_of(document: Document) -> Model:
    """The record a document belongs to."""
    entity: Model = apps.get_model(document.entity_kind)._default_manager.get(pk=document.entity_id)
    return entity


def _readers(model: type[Model], visibility: Visibility) -> Grant:
    return Grant(_READERS, _anyone, partial(_readable, model, visibility), (*_of(model), ("visibility", visibility)))


def _writers(model: type[Model]) -> Grant:
    if model in _withdraw_needs:
        return Grant(_UPLOADERS, lambda actor: actor.account is not None, partial(_retractable, model), _of(model))
    return Grant(_WRITERS, _anyone, partial(_changeable, model), _of(model))


def _of(model: type[Model]) -> tuple[tuple[str, Any], ...]:
    return (("entity_kind", model._meta.label_lower),)


def _anyone(actor: Actor) -> bool:
    return True


def _readable(model: type[Model], visibility: Visibility, actor: Actor) -> Q:
    records = scope(actor, "view", model._default_manager.all())
    needed = _class_action(visibility)
    if needed != "view":
        records = scope(actor, needed, records) if needed in declared()[model] else records.none()
    return Q(entity_kind=model._meta.label_lower, visibility=visibility, withdrawn_at__isnull=True) & _among(records)


def _confided(model: type[Model], disclosed: Disclosed, actor: Actor) -> Q:
    records = scope(actor, "view", model._default_manager.filter(pk__in=disclosed.reach(actor)))
    held = Q(entity_kind=model._meta.label_lower, visibility=Visibility.OWNER, withdrawn_at__isnull=True)
    return held & _among(records)


def _changeable(model: type[Model], actor: Actor) -> Q:
    records = scope(actor, _attach_needs[model], scope(actor, "view", model._default_manager.all()))
    return Q(entity_kind=model._meta.label_lower, withdrawn_at__isnull=True) & _among(records)


def _retractable(model: type[Model], actor: Actor) -> Q:
    records = scope(actor, _withdraw_needs[model], scope(actor, "view", model._default_manager.all()))
    own = Q(uploader_party=actor.party) if actor.party else Q(uploader_party__isnull=True, uploaded_by=actor.account)
    return Q(entity_kind=model._meta.label_lower, withdrawn_at__isnull=True) & own & _among(records)


def _among(records: QuerySet[Any, Any]) -> Q:
    return Q(entity_id__in=records.order_by().values("pk"))


def _class_action(visibility: Visibility) -> str:
    return "view" if visibility is Visibility.PUBLIC else f"view_{visibility}_fields"
