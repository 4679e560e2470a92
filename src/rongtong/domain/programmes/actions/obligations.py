"""Money that became due: raised when a milestone passes, paid with evidence, the public part after the setter's."""

import datetime as dt

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.mailbox.telling import tell
from rongtong.domain.programmes.holding import held
from rongtong.domain.programmes.models import Milestone, Obligation, Project
from rongtong.domain.programmes.states import OBLIGATION
from rongtong.domain.programmes.terms import number

EVIDENCE_LONGEST = 300


def raise_obligations(actor: Actor, milestone: Milestone) -> list[Obligation]:
    """What a passed milestone makes due, one for each purse that holds something; for use within an action.

    The public part has no day before the setter's is paid. Raises what the database says when it was raised before.
    """
    project = Project.objects.select_related("topic__programme").get(pk=milestone.project_id)
    day = _pay_day(project)
    owed = []
    if milestone.setter_money:
        owed.append(_owed(milestone, project, "setter", milestone.setter_money, day))
    if milestone.public_money:
        owed.append(
            _owed(milestone, project, "public", milestone.public_money, None if milestone.setter_money else day)
        )
    for each in owed:
        require(actor, "create", each)
        each.save(force_insert=True)
        audit.record(actor, "programmes.raise_obligation", each, purse=each.purse, fen=each.fen, due=each.due)
        tell(actor, "obligation.arise", each)
    return owed


@action("programmes.pay_obligation")
def pay_obligation(*, actor: Actor, obligation: Obligation, evidence: str, seen_state: str | None = None) -> Obligation:
    """Record that what was due was paid, with the ``evidence`` (number of the voucher, bank reference).

    Once the setter has paid, the day of the public part of the same milestone is set. Raises Invalid without evidence,
    IllegalTransition for public money before the setter's, AccessDenied for anybody but the payer.
    """
    project = held(obligation.project)
    locked = Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)
    require(actor, "pay", locked)
    written = evidence.strip()
    if not written or len(written) > EVIDENCE_LONGEST:
        message = _("请写明付款凭证号或银行回单号，最多 %(most)s 字。") % {"most": EVIDENCE_LONGEST}
        raise Invalid(message, [Problem("evidence", message)])
    if locked.state == "due":
        Obligation.objects.filter(pk=locked.pk).update(evidence=written)
    paid = advance(OBLIGATION, locked, "pay", actor=actor, seen_state=seen_state, evidence=written, fen=locked.fen)
    if paid.purse == "setter":
        public = Obligation.objects.filter(milestone=paid.milestone, purse="public", state="due", due=None)
        public.update(due=_pay_day(project))
    return paid


@action("programmes.cancel_obligation")
def cancel_obligation(
    *, actor: Actor, obligation: Obligation, reason: str, seen_state: str | None = None
) -> Obligation:
    """Say that what was due is not owed any more, and why."""
    held(obligation.project)
    return advance(OBLIGATION, obligation, "cancel", actor=actor, reason=reason, seen_state=seen_state)


def _owed(milestone: Milestone, project: Project, purse: str, fen: int, due: dt.date | None) -> Obligation:
    payer = project.setter if purse == "setter" else project.topic.programme.organiser_id
    return Obligation(
        project=project, milestone=milestone, purse=purse, payer_id=payer, payee_id=project.leader_id, fen=fen, due=due
    )


def _pay_day(project: Project) -> dt.date:
    programme = project.topic.programme
    return clock.today() + dt.timedelta(days=number(programme, "payment_days"))
