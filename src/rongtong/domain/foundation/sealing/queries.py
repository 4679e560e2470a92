"""Reads about sealed boxes. Before the opening they answer about one's own envelopes alone."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from rongtong.domain.foundation.access import allows, require, scope
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition
from rongtong.domain.foundation.models import BoxCustodian, Envelope, SealedBox, SealKey
from rongtong.domain.foundation.sealing import inspection
from rongtong.domain.foundation.sealing.contents import Listed
from rongtong.domain.foundation.sealing.suites import Unreadable


def count_shown(actor: Actor, box: SealedBox) -> int | None:
    """How many envelopes lie in ``box``, if ``actor`` may know it: after the opening, or when the box says so."""
    if not (allows(actor, "view", box) and (box.show_count or box.state == "opened")):
        return None
    return Envelope.objects.filter(box=box).exclude(state__in=("replaced", "withdrawn")).count()


def envelopes_of(actor: Actor, box: SealedBox) -> QuerySet[Envelope]:
    """The envelopes of ``box`` that ``actor`` may know of: their own, and after the opening those opened."""
    return scope(actor, "view", Envelope.objects.filter(box=box))


def boxes_to_open(actor: Actor) -> QuerySet[SealedBox]:
    """Boxes that ``actor`` is to open one day, the next hour first."""
    return scope(actor, "open", SealedBox.objects.filter(state__in=("open", "closed"))).order_by("opens_at")


def own_key(actor: Actor) -> SealKey | None:
    """The key of an officer that is not revoked."""
    return scope(actor, "change", SealKey.objects.filter(revoked_at__isnull=True)).first()


def usable_custodians(box: SealedBox) -> QuerySet[BoxCustodian]:
    """Who can still take part in the opening of ``box``."""
    return box.custodians.filter(key__revoked_at__isnull=True).select_related("key").order_by("key__holder_name")


def unsealed_parts(envelope: Envelope) -> tuple[Listed, ...]:
    """What an opened envelope holds. The app that the box belongs to asks its own access first, and notes the showing.

    Raises IllegalTransition when it is sealed, was altered, or its file is damaged.
    """
    try:
        return inspection.listed_parts(envelope)
    except (Unreadable, OSError):
        raise IllegalTransition(_("这份密封件没有开启，或者已经损坏，读不出内容。")) from None


def unsealed_part(envelope: Envelope, place: int) -> Iterator[bytes]:
    """The content of one part, piece by piece and never on the disk; for callers as in :func:`unsealed_parts`."""
    unsealed_parts(envelope)
    return inspection.read_part(envelope, place)


def unsealed_form(envelope: Envelope) -> bytes | None:
    """The first part of an envelope that was just opened and checked; None where it is damaged."""
    if envelope.state != "opened":
        return None
    try:
        return inspection.read_first_part(envelope)
    except (Unreadable, OSError):
        return None


def own_part(actor: Actor, envelope: Envelope, place: int) -> Iterator[bytes]:
    """The content of one part for its submitter, after the opening."""
    require(actor, "read", envelope)
    return unsealed_part(envelope, place)
