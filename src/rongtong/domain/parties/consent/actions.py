"""Giving and withdrawing consent."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.parties.consent.ending import ended
from rongtong.domain.parties.consent.queries import in_force
from rongtong.domain.parties.models import Consent, Party
from rongtong.domain.parties.models.consents import PURPOSES


@action("parties.give_consent")
def give_consent(
    *,
    actor: Actor,
    subject: Party,
    purpose: str,
    recipient: Party | None = None,
    ends: dt.date | None = None,
    version: str = "",
) -> Consent:
    """Agree to ``purpose`` towards ``recipient`` (None: the platform) from today to ``ends``.

    ``version`` is that of the notice that was read, and is kept with the wording. Given again while it holds, the
    consent there is, is answered. Raises Invalid, AccessDenied.
    """
    today = timezone.localdate()
    if purpose not in PURPOSES:
        raise Invalid(_("没有“%(purpose)s”这种用途。") % {"purpose": purpose})
    if ends and ends < today:
        raise Invalid(_("截止日期已经过去。"), [Problem("ends", _("截止日期已经过去。"))])
    consent = Consent(
        subject=subject, recipient=recipient, purpose=purpose, wording=f"{PURPOSES[purpose].zh} {version}".strip(),
        starts=today, ends=ends, given_by=actor.name,
    )  # fmt: skip
    require(actor, "give", consent)
    Party.objects.select_for_update().get(pk=subject.pk)  # of two clicks the second finds what the first made
    known = in_force(purpose).filter(subject=subject, recipient=recipient, ends=ends, wording=consent.wording).first()
    if known is None:
        consent.save(force_insert=True)
    named = {"purpose": purpose, "recipient": recipient and recipient.pk, "ends": ends, "again": known is not None}
    audit.record(actor, "parties.give_consent", known or consent, **named)
    return known or consent


@action("parties.withdraw_consent")
def withdraw_consent(*, actor: Actor, consent: Consent) -> Consent:
    """Take a consent back; it ends at once, with what follows, and stays as a record. Again, nothing changes."""
    locked = Consent.objects.select_for_update().get(pk=consent.pk)
    require(actor, "withdraw", locked)
    if locked.withdrawn_at is None:
        locked.withdrawn_at, locked.withdrawn_by = timezone.now(), actor.name
        locked.save()
    audit.record(actor, "parties.withdraw_consent", locked, purpose=locked.purpose)
    if locked.recipient_id is None:
        ended(actor, locked.subject, locked.purpose)
    return locked


@action("parties.decline_purpose")
def decline_purpose(*, actor: Actor, subject: Party, purpose: str) -> Consent:
    """Say no to what the platform may do for ``purpose``: what was agreed ends, and the refusal itself is on record."""
    if purpose not in PURPOSES:
        raise Invalid(_("没有“%(purpose)s”这种用途。") % {"purpose": purpose})
    Party.objects.select_for_update().get(pk=subject.pk)
    told = Consent.objects.filter(subject=subject, purpose=purpose, recipient=None)
    latest = told.first() or Consent(
        subject=subject, purpose=purpose, wording=PURPOSES[purpose].zh, starts=timezone.localdate(), given_by=actor.name
    )
    require(actor, "withdraw", latest)
    if latest.withdrawn_at is None:
        latest.withdrawn_at, latest.withdrawn_by = timezone.now(), actor.name
        latest.save()
    told.filter(withdrawn_at__isnull=True).update(withdrawn_at=latest.withdrawn_at, withdrawn_by=actor.name)
    audit.record(actor, "parties.decline_purpose", latest, purpose=purpose)
    ended(actor, subject, purpose)
    return latest
