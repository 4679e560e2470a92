"""Indicators, certificates, assessments, consents and runs of the sample region: invented, entered by the actions."""

import datetime as dt
from typing import Any

import yaml
from django.utils import timezone

from rongtong.cli.sample_pack import FOLDER
from rongtong.domain.assessments import queries
from rongtong.domain.assessments.actions import (
    accept_assessment,
    advance_certificate,
    assess_party,
    record_certificate,
    record_facts,
)
from rongtong.domain.assessments.models import Fact
from rongtong.domain.assessments.pointing import PURPOSE
from rongtong.domain.assessments.runs import ask_run
from rongtong.domain.foundation.actors import Actor, Role, system_actor
from rongtong.domain.parties.consent.actions import give_consent
from rongtong.domain.parties.models import Party

PLATFORM = system_actor("示例地区装入")
WAN = 10_000
STRONG, LARGE = 8, 100
"""From which growth (per cent) on a product is put down as strategic, from which staff on an institute as municipal."""
POINTS = "demo.innovation-points"
ASSESSED = ("cn.tech-sme", "cn.innovative-sme")
SURE = (
    "resident", "products_allowed", "clean_record", "not_listed", "owns_core_ip", "in_field", "no_accident",
    "own_rd_ip", "quality_system", "own_brand", "certified", "direct_brand", "chain_support", "in_key_field",
)  # fmt: skip
NOT = (
    "high_tech_certificate", "national_award", "rd_institution", "led_standard", "led_standard_5y", "award_3y",
    "honour", "quality_award", "standards_part", "ranked_award_3y", "maker_500", "maker_50", "national_award_3y",
)  # fmt: skip


def load_assessments(parties: dict[str, Party], actors: dict[str, Actor]) -> None:
    """Everything of the file, unless the region has indicators already: then it stays as people have made it."""
    if Fact.objects.exists():
        return
    given = yaml.safe_load((FOLDER / "assessments.yaml").read_text("utf-8"))
    year = timezone.localdate().year - 1
    for key, row in given["enterprises"].items():
        values = _indicators(dict(zip(given["columns"], row, strict=True)))
        record_facts(actor=_own(parties[key]), party=parties[key], year=year, values=values, source=given["source"])
    _leave_to_confirm(parties, actors["officer"], year, given)
    for each in given["certificates"]:
        _hold(parties[each["party"]], each, actors["officer"])
    _assess(parties, actors, given)
    _agree(parties, given["consents"])


def _own(party: Party) -> Actor:
    """Somebody of the enterprise itself, for what nobody else may do."""
    return Actor(name="示例企业经办人", party=party.pk, party_name=party.name, roles=frozenset({Role.MEMBER}))


def _leave_to_confirm(parties: dict[str, Party], officer: Actor, year: int, given: dict[str, Any]) -> None:
    """What the bureau has entered of one enterprise and that enterprise has not confirmed yet."""
    told = given["to_confirm"]
    record_facts(actor=officer, party=parties[told["party"]], year=year, values=told["values"], source=told["source"])


def _hold(party: Party, each: dict[str, Any], officer: Actor) -> None:
    today = timezone.localdate()
    begins, ends = (today + dt.timedelta(days=each[end]) for end in ("from", "to"))
    entered = record_certificate(
        actor=_own(party), party=party, status=each["status"], valid_from=begins, valid_to=ends, number=each["number"],
        source="示例数据，虚构",
    )  # fmt: skip
    advance_certificate(actor=officer, certificate=entered, event="verify")


def _assess(parties: dict[str, Party], actors: dict[str, Actor], given: dict[str, Any]) -> None:
    """The whole ladder for the enterprise of a persona, two rules for every other, two runs for the worker."""
    own = parties[given["to_confirm"]["party"]]
    for rung in queries.ladder(actors["enterprise"], own):
        assess_party(actor=actors["enterprise"], party=own, pack=rung.pack.id)
    for key in given["enterprises"]:
        for pack in ASSESSED:
            if parties[key] != own:
                assess_party(actor=PLATFORM, party=parties[key], pack=pack)
    for pack in given["runs"]:
        ask_run(actor=actors["officer"], pack=pack, as_of=timezone.localdate())


def _agree(parties: dict[str, Party], consents: dict[str, Any]) -> None:
    """Points of confirmed facts, accepted by the enterprise, and its consent that the bank reads them."""
    ends = timezone.localdate() + dt.timedelta(days=consents["days"])
    for party in (parties[key] for key in consents["enterprises"]):
        actor = _own(party)
        made = assess_party(actor=actor, party=party, pack=POINTS, confirmed_only=True)
        accept_assessment(actor=actor, assessment=made)
        give_consent(actor=actor, subject=party, purpose=PURPOSE, recipient=parties[consents["recipient"]], ends=ends)


def _indicators(row: dict[str, Any]) -> dict[str, object]:
    """The indicators that follow from one row of the file; what it leaves empty stays unknown."""
    return {
        name: value for name, value in {**_counted(row), **_money(row), **_shares(row)}.items() if value is not None
    }


def _counted(row: dict[str, Any]) -> dict[str, object]:
    class1, class2 = row["class1"], row["class2"]
    flags = {**dict.fromkeys(SURE, True), **dict.fromkeys(NOT, False)}
    return (
        flags
        | {
            "registered_on": f"{row['founded']}-05-20",
            "niche_years": max(0, timezone.localdate().year - row["founded"] - 3),
            "staff": row["staff"],
            "rd_staff": row["rd_staff"],
            "tech_staff": row["rd_staff"],
            "tech_staff_employed": row["rd_staff"],
            "tech_staff_part_time": 0,
            "class1_ip": class1,
            "class1_own": class1,
            "class1_high_value": class1 and class1 // 2,
            "class1_effective": class1,
            "class2_ip": class2,
            "rights_valid": None if class1 is None else class1 + class2,
            "patents_filed": class1,
            "conversions_3y": row["conversions"],
            "product_class": "strategic" if row["growth"] > STRONG else "other",
            "product_field": "base",
            "institution_level": "municipal" if row["staff"] > LARGE else "below",
            "confirmed": True,
        }
        | dict.fromkeys(("pct_filed", "platforms", "awards", "projects", "new_graduates"), 1)
    )


def _money(row: dict[str, Any]) -> dict[str, object]:
    revenue, rd, profit = row["revenue"] * WAN, row["rd"] * WAN, row["profit"]
    return {
        **dict.fromkeys(("revenue_last", "sales_last", "income_last"), revenue),
        "sales_3y": revenue * 27 // 10,
        "main_revenue_last": row["main_revenue"] * WAN,
        "high_tech_income": row["main_revenue"] * WAN * 8 // 10,
        "high_tech_income_last": row["main_revenue"] * WAN * 8 // 10,
        "cost_last": revenue * (100 - profit) // 100,
        "assets": row["assets"] and row["assets"] * WAN,
        **dict.fromkeys(("rd_last", "rd_amount"), rd),
        "rd_before_last": row["rd_before"] * WAN,
        **dict.fromkeys(("rd_3y", "rd_3y_domestic"), (rd + row["rd_before"] * WAN) * 14 // 10),
        "contract_value": row["conversions"] and row["conversions"] * 60 * WAN,
        "super_deduction_tax": rd * 15 // 100,
        **dict.fromkeys(("equity_2y", "equity_3y", "venture_capital"), 0),
    }


def _shares(row: dict[str, Any]) -> dict[str, object]:
    return {
        **dict.fromkeys(("rd_ratio", "rd_ratio_last"), _share(row["rd"], row["revenue"])),
        "rd_ratio_before": _share(row["rd_before"], row["revenue"]),
        "rd_growth": _share(row["rd"] - row["rd_before"], row["rd_before"]),
        "rd_staff_ratio": _share(row["rd_staff"], row["staff"]),
        "main_ratio": _share(row["main_revenue"], row["revenue"]),
        **dict.fromkeys(
            ("main_growth", "main_growth_2y", "revenue_growth", "sales_growth", "net_assets_growth"),
            f"{row['growth']}%",
        ),
        "debt_ratio": f"{row['debt']}%",
        **dict.fromkeys(("profit_ratio", "net_profit_ratio"), f"{row['profit']}%"),
        "graduate_ratio": f"{row['graduates']}%",
    }


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}%"
