"""Enterprises with indicators, assessments, certificates, runs and consents, made by the actions."""

import datetime as dt
from typing import Any

from django.utils import timezone

from rongtong.domain.assessments.actions import (
    accept_assessment,
    advance_certificate,
    assess_party,
    confirm_facts,
    record_certificate,
    record_facts,
)
from rongtong.domain.assessments.models import Assessment, Certificate, Fact, Run
from rongtong.domain.assessments.runs import ask_run, cancel_run, move_run
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.parties.consent.actions import give_consent, withdraw_consent
from rongtong.domain.parties.models import Consent, Party
from tests import factories as make

PACK = "cn.tech-sme"
POINTS = "demo.innovation-points"
YEAR = timezone.localdate().year - 1
PASSING = {
    "resident": True, "staff": 100, "sales_last": "20000000", "cost_last": "18000000", "assets": "30000000",
    "products_allowed": True, "clean_record": True, "not_listed": True, "tech_staff_employed": 31,
    "tech_staff_part_time": 0, "rd_last": "1300000", "class1_ip": 1, "class2_ip": 0, "high_tech_certificate": False,
    "national_award": False, "rd_institution": False, "led_standard_5y": False,
}  # fmt: skip
"""Of a small enterprise that the rule for technology SMEs lets pass by its score."""
POINTED = {
    "confirmed": True, "registered_on": "2018-05-01", "revenue_last": "20000000", "rd_amount": "1300000",
    "rd_growth": "10%", "rd_ratio": "6.5%", "rd_staff_ratio": "31%", "patents_filed": 2, "pct_filed": 0,
    "rights_valid": 5, "contract_value": "1000000", "high_tech_income": "9000000", "revenue_growth": "12%",
    "graduate_ratio": "10%", "super_deduction_tax": "200000", "profit_ratio": "8%", "new_graduates": 1, "platforms": 0,
    "awards": 0, "projects": 1, "venture_capital": 0,
}  # fmt: skip


def facts(party: Party | None = None, actor: Actor | None = None, **values: Any) -> list[Fact]:
    """Indicators of last year, entered by the enterprise itself unless ``actor`` does."""
    party = party or make.PartyFactory()
    actor = actor or make.member(party)
    return record_facts(actor=actor, party=party, year=YEAR, values=values or PASSING, source="审计报告")


def assessment(party: Party | None = None, pack: str = PACK, **how: Any) -> Assessment:
    """An assessment by ``pack`` with the indicators that make it pass."""
    party = party or make.PartyFactory()
    actor = make.member(party)
    facts(party, actor, **(POINTED if pack == POINTS else PASSING))
    return assess_party(actor=actor, party=party, pack=pack, **how)


def accepted(party: Party | None = None) -> Assessment:
    """Innovation points of confirmed facts that the enterprise stands for."""
    made = assessment(party, POINTS, confirmed_only=True)
    return accept_assessment(actor=make.member(made.party), assessment=made)


def certificate(party: Party | None = None, days: int = 400, actor: Actor | None = None) -> Certificate:
    """A certificate that ends in so many days."""
    today = timezone.localdate()
    return record_certificate(
        actor=actor or make.officer(), party=party or make.PartyFactory(), status=PACK,
        valid_from=today - dt.timedelta(days=30), valid_to=today + dt.timedelta(days=days),
    )  # fmt: skip


def run(pack: str = PACK, actor: Actor | None = None) -> Run:
    """A run that waits."""
    return ask_run(actor=actor or make.officer(), pack=pack, as_of=timezone.localdate())


def bank() -> Party:
    return make.PartyFactory(organisation_type="bank")


def consent(subject: Party | None = None, recipient: Party | None = None) -> Consent:
    """That an enterprise lets a bank read its innovation points."""
    subject = subject or make.PartyFactory()
    return give_consent(
        actor=make.member(subject), subject=subject, purpose="innovation_points", recipient=recipient or bank()
    )


def _confirm() -> int:
    party = make.PartyFactory()
    facts(party, make.officer(), staff=10)
    return confirm_facts(actor=make.member(party), party=party, year=YEAR)


def _withdraw() -> Consent:
    given = consent()
    return withdraw_consent(actor=make.member(given.subject), consent=given)


ASSESSMENTS = {
    "assessments.record_facts": facts,
    "assessments.confirm_facts": _confirm,
    "assessments.assess_party": assessment,
    "assessments.accept_assessment": accepted,
    "assessments.record_certificate": certificate,
    "assessments.advance_certificate": lambda: advance_certificate(
        actor=make.officer(), certificate=certificate(), event="verify"
    ),
    "assessments.ask_run": run,
    "assessments.move_run": lambda: move_run(run=run(), event="start"),
    "assessments.cancel_run": lambda: cancel_run(actor=make.officer(), run=run()),
    "parties.give_consent": consent,
    "parties.withdraw_consent": _withdraw,
}
