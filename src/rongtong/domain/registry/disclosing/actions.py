"""Every write to disclosures."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import AccessDenied, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.parties.conferring import current
from rongtong.domain.parties.models import Account, RoleGrant
from rongtong.domain.registry.disclosing import agreement
from rongtong.domain.registry.disclosing.queries import askable, closed_names, refused_until
from rongtong.domain.registry.models import Disclosure, Resource
from rongtong.domain.registry.reading import read
from rongtong.domain.registry.states import DISCLOSURE

LONGEST = dt.timedelta(days=180)
"""No disclosure is longer; who needs more asks again, so that a forgotten one ends by itself."""
PURPOSE_LONGEST = 500


@action("registry.ask_disclosure")
def ask_disclosure(
    *, actor: Actor, record: Resource, purpose: str, accepts: str, fields: Iterable[str] | None = None
) -> Disclosure:
    """Ask the owner of ``record`` to let one's organisation read what is closed: ``fields``, by default all of it.

    ``accepts`` is the version of the confidentiality agreement that the person was shown and accepted; its text is kept
    with the request. Asked again while the first waits, the first is answered; after a refusal one waits for a while
    (``agreement.again_after``). Raises Invalid, AccessDenied.
    """
    require(actor, "view", record)
    locked = Resource.objects.select_for_update().get(pk=record.pk)
    asked = Disclosure(record=locked, record_owner=locked.owner_id, party_id=actor.party)
    require(actor, "ask", asked)
    waiting = locked.disclosures.filter(party=asked.party, state=DISCLOSURE.initial).first()
    if waiting is None:
        asked.fields = _wanted(actor, locked, fields)
        _not_just_refused(asked)
        _accept(actor, asked, purpose, accepts)
        asked.save(force_insert=True)
    made = waiting or asked
    audit.record(
        actor,
        "registry.ask_disclosure",
        made,
        record=str(record.pk),
        fields=made.fields,
        agreement=made.agreement_version,
        again=waiting is not None,
    )
    if waiting is None:
        tell(actor, "disclosure.ask", made)
    return made


@action("registry.grant_disclosure")
def grant_disclosure(
    *, actor: Actor, disclosure: Disclosure, fields: Iterable[str], ends: dt.datetime, starts: dt.datetime | None = None
) -> Disclosure:
    """Let the party that asked read ``fields`` from ``starts`` (now) until ``ends``, at most LONGEST.

    The owner's administrator decides, or who wrote the record; any member where there is no administrator.
    """
    begins = starts or clock.now()
    names = sorted(set(fields))
    problems = [*_wrong_fields(disclosure.record, names), *_wrong_period(begins, ends)]
    moved = advance(DISCLOSURE, disclosure, "grant", actor=actor)
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems)
    moved.fields, moved.starts, moved.ends, moved.decided_by = names, begins, ends, actor.name
    moved.save()
    audit.record(
        actor,
        "registry.grant_disclosure",
        moved,
        record=str(moved.record_id),
        party=str(moved.party_id),
        fields=names,
        starts=begins.isoformat(),
        ends=ends.isoformat(),
    )
    return moved


@action("registry.advance_disclosure")
def advance_disclosure(
    *, actor: Actor, disclosure: Disclosure, event: str, reason: str = "", seen_state: str | None = None
) -> Disclosure:
    """Refuse, take back, revoke, dismiss or expire; what is revoked is shut that moment. Granting needs its terms."""
    if event == "grant":
        raise Invalid(_("同意披露时要写明给看哪些内容、到什么时候。"))
    moved = advance(DISCLOSURE, disclosure, event, actor=actor, reason=reason, seen_state=seen_state)
    moved.reason = reason.strip()[:PURPOSE_LONGEST]
    moved.decided_by = actor.name if event in ("refuse", "revoke", "dismiss") else moved.decided_by
    moved.save()
    return moved


@action("registry.convene_reader")
def convene_reader(
    *,
    actor: Actor,
    record: Resource,
    account: Account,
    ends: dt.datetime,
    purpose: str,
    starts: dt.datetime | None = None,
) -> Disclosure:
    """Give a reviewer's account the time in which it reads the panel material of ``record``.

    Raises Invalid when the account is no reviewer's or belongs to the record's own organisation.
    """
    require(actor, "assign_reader", record)
    begins = starts or clock.now()
    problems = [*_wrong_period(begins, ends), *_wrong_reader(account, record)]
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems)
    given = Disclosure(
        record=record,
        record_owner=record.owner_id,
        layer="panel",
        account=account.pk,
        purpose=purpose.strip()[:PURPOSE_LONGEST],
        state="granted",
        starts=begins,
        ends=ends,
        decided_by=actor.name,
    )
    require(actor, "convene", given)
    given.save(force_insert=True)
    audit.record(
        actor,
        "registry.convene_reader",
        given,
        record=str(record.pk),
        reader=account.pk,
        starts=begins.isoformat(),
        ends=ends.isoformat(),
    )
    return given


def _wanted(actor: Actor, record: Resource, fields: Iterable[str] | None) -> list[str]:
    """The names asked for, of those that are closed to the actor."""
    if record.owner_id is None or record.owner_id == actor.party:
        raise Invalid(_("这条记录没有需要向您披露的内容。"))
    closed = askable(read(actor, record))
    if not closed:
        raise Invalid(_("这条记录没有需要向您披露的内容。"))
    names = closed if fields is None else sorted(set(fields) & set(closed))
    if not names:
        raise Invalid(_("请选择要申请查看的内容。"))
    return names


def _not_just_refused(asked: Disclosure) -> None:
    """An owner who said no is not asked the same every day."""
    until = refused_until(asked.record, asked.party_id)
    if until:
        day = timezone.localdate(until) + dt.timedelta(days=1)
        raise Invalid(_("所属单位没有同意上一次申请，%(day)s 起可以再次申请。") % {"day": day.isoformat()})


def _accept(actor: Actor, asked: Disclosure, purpose: str, accepts: str) -> None:
    """Write down what was accepted, by whom and when."""
    if actor.account is None:
        raise AccessDenied(_("请先登录，再申请查看。"), "ask", asked)
    said = purpose.strip()
    problems = [] if said else [Problem("purpose", _("请写明用途：所属单位据此决定是否同意。"))]
    if len(said) > PURPOSE_LONGEST:
        problems.append(Problem("purpose", _("用途不能超过 %(longest)s 个字。") % {"longest": PURPOSE_LONGEST}))
    if accepts != agreement.version():
        problems.append(Problem("accepts", _("请阅读并接受保密约定。约定有更新时，请重新打开页面再提交。")))
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems)
    now = clock.now()
    asked.purpose, asked.agreed_by, asked.agreed_at = said, actor.name, now
    asked.agreement_version = agreement.version()
    asked.agreement = agreement.worded(actor, asked.record, read(actor, asked.record).owner, purpose=said, at=now)


def _wrong_fields(record: Resource, names: list[str]) -> list[Problem]:
    if not names:
        return [Problem("fields", _("请选择给对方看的内容。"))]
    if set(names) <= set(closed_names(record)):
        return []
    return [Problem("fields", _("只能披露这条记录中设为保密、且没有封存的内容。"))]


def _wrong_period(starts: dt.datetime, ends: dt.datetime) -> list[Problem]:
    if ends <= max(starts, clock.now()):
        return [Problem("ends", _("截止时间应在开始时间和现在之后。"))]
    if ends - starts > LONGEST:
        return [Problem("ends", _("一次最长 %(days)s 天，到期可以再申请。") % {"days": LONGEST.days})]
    return []


def _wrong_reader(account: Account, record: Resource) -> list[Problem]:
    """A reviewer is one by role, and not of the organisation whose record it is."""
    grants = current(RoleGrant.objects.filter(account=account))
    if not account.is_active or not grants.filter(role=Role.EXPERT.value).exists():
        return [Problem("account", _("这个账号现在不是评审专家。"))]
    of_owner = record.owner_id and grants.filter(party_id=record.owner_id).exists()
    return [Problem("account", _("评审人与记录的所属单位是同一单位，应当回避。"))] if of_owner else []
