"""The numbers of panel and recusal from rule packs, each with the article it stands in."""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction

from rongtong.engines.review.demands import Ground, PanelRules, RecusalRules
from rongtong.engines.review.people import Kind
from rongtong.engines.rules.evaluate import evaluate
from rongtong.engines.rules.pack import Pack
from rongtong.engines.rules.values import Value

PANEL, RECUSAL = "cn.review-panel", "cn.review-recusal"
BROKEN_BY = {
    "few": "enough",
    "even": "odd",
    "experts": "experts_enough",
    "enterprise": "enterprise_voice",
    "years": "experts_qualified",
    "senior": "experts_qualified",
    "supervisor": "no_supervisors",
}
"""The gate of the panel's pack that stands behind a code."""
FORBIDDEN_BY: dict[Kind, str] = {
    "relatives": "relatives",
    "kin": "kin",
    "entity": "entity",
    "own_application": "own_application",
    "employment": "employment",
    "board": "board",
    "control": "control",
    "influence": "influence",
    "declared": "influence",
    "named": "not_named",
    "co_work": "co_work",
    "teaching": "teaching",
    "shares": "shares",
}
"""The gate of the recusal pack that stands behind a kind of relation; a gate that only warns is told, not decisive."""


class UnfitPack(ValueError):
    """A pack does not hold a number that is needed here."""


def panel_rules(pack: Pack, as_of: date) -> PanelRules:
    """What a pack asks of a panel; quotas and loads that no law sets are added by the programme. Raises UnfitPack."""
    numbers = _numbers(pack, as_of)
    share = numbers.get("enterprise_share")
    return PanelRules(
        least=_whole(pack, numbers, "members_least"),
        expert_share=_exact(pack, numbers, "expert_share"),
        enterprise_share=None if share is None else _exact(pack, numbers, "enterprise_share"),
        expert_years=_whole(pack, numbers, "expert_years"),
        articles=_articles(pack),
        origin=_origin(pack),
    )


def recusal_rules(pack: Pack, as_of: date, bars: Collection[Kind] = ()) -> RecusalRules:
    """What a pack says of recusal; ``bars``: kinds it only tells, made decisive by a programme. Raises UnfitPack."""
    numbers = _numbers(pack, as_of)
    years = numbers.get("co_work_years")
    return RecusalRules(
        years_back=_whole(pack, numbers, "years_back"),
        names_most=_whole(pack, numbers, "names_most"),
        grounds=_grounds(pack, bars),
        co_work_years=None if years is None else _whole(pack, numbers, "co_work_years"),
        origin=_origin(pack),
    )


def _articles(pack: Pack) -> dict[str, str]:
    gates = {gate.id: gate for gate in pack.gates}
    cited = {code: pack.cited(gates[id].cite) for code, id in BROKEN_BY.items() if id in gates}
    return {code: article for code, article in cited.items() if article}


def _grounds(pack: Pack, bars: Collection[Kind]) -> dict[Kind, Ground]:
    gates = {gate.id: gate for gate in pack.gates}
    return {
        kind: Ground(pack.cited(gates[id].cite), not gates[id].warning or kind in bars)
        for kind, id in FORBIDDEN_BY.items()
        if id in gates
    }


def _numbers(pack: Pack, as_of: date) -> Mapping[str, Value]:
    row = evaluate(pack, {}, as_of).row
    return {each.id: row[each.id] for each in pack.parameters}


def _whole(pack: Pack, numbers: Mapping[str, Value], name: str) -> int:
    found = _exact(pack, numbers, name)
    if found.denominator != 1:
        raise UnfitPack(f"{pack.id}: {name} is {found}, a whole number is expected")
    return found.numerator


def _exact(pack: Pack, numbers: Mapping[str, Value], name: str) -> Fraction:
    found = numbers.get(name)
    if isinstance(found, bool) or not isinstance(found, (int, Fraction)):
        raise UnfitPack(f"{pack.id}: the number {name} is not set")
    return Fraction(found)


def _origin(pack: Pack) -> str:
    return f"{pack.id}@{pack.version} {pack.digest}"
