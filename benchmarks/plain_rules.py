"""Four rules written out in plain Python over single rows of stored facts: outcomes alone, unknowns included.

What somebody would write who has no engine: each rule by hand, with True, False and None for unknown. Amounts are fen,
shares are in 10⁻⁹.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

Row = dict[str, Any]
Truth = bool | None
Span = tuple[int, int]

DAY = date(2026, 6, 30)
WAN = 10**6
PER_CENT = 10**7


def high_tech(row: Row) -> str:
    """The national high-tech enterprise, without the experts' marks."""
    gates = [_with(row["registered_on"], lambda day: (DAY - day).days >= 365)]
    gates += [row["owns_core_ip"], row["in_field"], row["no_accident"]]
    gates.append(_least(row["tech_staff"], row["staff"], 10))
    gates.append(_intensity(row))
    gates.append(_least(row["rd_3y_domestic"], row["rd_3y"], 60))
    gates.append(_least(row["high_tech_income_last"], row["income_last"], 60))
    return _outcome(gates, _reached(_points(row), 71))


def tech_sme(row: Row) -> str:
    """The technology-based SME."""
    gates = [row["resident"], row["products_allowed"], row["clean_record"], row["not_listed"]]
    gates.append(_with(row["staff"], lambda count: count <= 500))
    gates += [_with(row[name], lambda fen: fen <= 20_000 * WAN) for name in ("sales_last", "assets")]
    people = _plus(row["tech_staff_employed"], row["tech_staff_part_time"])
    staff = _ratio(people, row["staff"], ((30, 20), (25, 16), (20, 12), (15, 8), (10, 4)))
    rd, sales, cost = row["rd_last"], row["sales_last"], row["cost_last"]
    by_sales = (0, 0) if sales == 0 else _ratio(rd, sales, ((6, 50), (5, 40), (4, 30), (3, 20), (2, 10)))
    by_cost = (0, 0) if cost == 0 else _ratio(rd, cost, ((30, 50), (25, 40), (20, 30), (15, 20), (10, 10)))
    best = max(by_sales[0], by_cost[0]), max(by_sales[1], by_cost[1])
    two = row["class2_ip"]
    rights = [(_from(row["class1_ip"], 1), 30), *((_from(two, edge), 6 * edge) for edge in (4, 3, 2, 1))]
    scored = _reached([staff, best, _first_of(rights)], 60)
    some_staff = True if staff[0] > 0 else None if staff[1] > 0 else False
    direct = [row[name] for name in ("high_tech_certificate", "national_award", "rd_institution", "led_standard_5y")]
    return _outcome(gates, _some([_every([scored, some_staff]), *direct]))


def srdi_sme(row: Row) -> str:
    """The specialised SME, without the experts' marks."""
    rd, revenue, equity = row["rd_last"], row["revenue_last"], row["equity_2y"]
    gates = [_from(row["niche_years"], 2), _from(rd, 100 * WAN), _least(rd, revenue, 3)]
    gates.append(_some([_from(revenue, 1000 * WAN), _from(equity, 2000 * WAN)]))
    parts = [_specialised(row), _refined(row), (0, 15), _innovation(row)]
    mean = _from(_plus(rd, row["rd_before_last"]), 2 * 1000 * WAN)
    direct = [row["ranked_award_3y"], mean, _from(equity, 6000 * WAN), row["maker_500"]]
    return _outcome(gates, _some([_reached(parts, 60), *direct]))


def zhejiang_split(row: Row) -> str:
    """The split of returns in Zhejiang."""
    public, mode = _is(row["unit_kind"], "public"), row["mode"]
    sold, equity, own = (_among(mode, modes) for modes in (("transfer", "licence"), ("equity",), ("own_use",)))
    negotiated = _is(row["pricing"], "negotiated")
    bound = _every([_some([public, _not(row["has_rule"])]), _not(row["takes_ownership"])])
    reward = row["team_reward"]
    costs = _plus(*(row[f"deduct_{each}"] for each in ("tax", "upkeep", "appraisal", "agency", "other", "rd_cost")))
    net = None if costs is None or row["gross"] is None else row["gross"] - costs
    main = _either(equity, _part(row["main_equity"], row["team_equity"], 70), _part(row["main_reward"], reward, 70))
    noticed = _every([row["noticed_in_unit"], row["noticed_in_market"], row["notice_complete"]])
    priced = _every([public, negotiated])
    gates = [
        _then(sold, None if net is None else net >= 0),
        _then(_every([bound, sold]), _part(reward, net, 70)),
        _then(_every([bound, equity]), _part(row["team_equity"], row["equity_formed"], 70)),
        _then(_every([bound, own]), _part(reward, row["operating_profit"], 5)),
        _then(_every([bound, own]), _from(row["reward_years"], 3)),
        _then(public, main),
        _then(_every([public, _not(equity)]), _part(row["tto_reward"], reward, 5)),
        _then(priced, noticed),
        _then(priced, _from(row["notice_days"], 15)),
        _then(_every([negotiated, row["related_party"]]), row["related_marked"]),
        _then(priced, row["objections_published"]),
        _then(public, _from(row["reward_notice_days"], 15)),
    ]
    return _outcome(gates, True)


RULES: dict[str, Callable[[Row], str]] = {
    "cn.high-tech-enterprise": high_tech,
    "cn.tech-sme": tech_sme,
    "cn.srdi-sme": srdi_sme,
    "cn.33.revenue-split": zhejiang_split,
}


def _specialised(row: Row) -> Span:
    years, field = row["niche_years"], row["product_field"]
    main = _ratio(row["main_revenue_last"], row["revenue_last"], ((80, 5), (70, 3), (60, 1)))
    growth = _share(row["main_growth_2y"], ((10, 10), (8, 8), (6, 6), (4, 4), (0, 2)))
    niche = (0, 5) if years is None else (min(years // 2, 5),) * 2
    return _capped([main, growth, niche, _first_of([(_is(field, "gap"), 5), (_is(field, "base"), 3)])], 25)


def _refined(row: Row) -> Span:
    flags = [row[name] for name in ("quality_award", "quality_system", "own_brand", "standards_part")]
    sure, open_ = flags.count(True), flags.count(None)
    quality = [(True if sure >= least else None if sure + open_ >= least else False) for least in (2, 1)]
    digital = _first_of([(_from(row["digital_level"], 3), 5), (_from(row["digital_level"], 2), 3)])
    profit = _share(row["net_profit_ratio"], ((10, 10), (8, 8), (6, 6), (4, 4), (2, 2)))
    debt = row["debt_ratio"]
    owed = [(None if debt is None else debt <= edge * PER_CENT, worth) for edge, worth in ((50, 5), (60, 3), (70, 1))]
    return _capped([digital, _first_of(list(zip(quality, (5, 3), strict=True))), profit, _first_of(owed)], 25)


def _innovation(row: Row) -> Span:
    names = (("class1_high_value", 10), ("class1_own", 8), ("class1_ip", 6), ("class2_ip", 2))
    rights = _first_of([(_from(row[name], 1), worth) for name, worth in names])
    rd, revenue = row["rd_last"], row["revenue_last"]
    edges = ((500, 10, 10), (400, 8, 8), (300, 6, 6), (200, 4, 4), (100, 3, 2))
    spent = [(_some([_from(rd, wan * WAN), _least(rd, revenue, share)]), worth) for wan, share, worth in edges]
    staff = _ratio(row["rd_staff"], row["staff"], ((20, 5), (10, 3), (5, 1)))
    levels = (("national", 10), ("provincial", 8), ("municipal", 4), ("below", 2))
    institution = _first_of([(_is(row["institution_level"], level), worth) for level, worth in levels])
    return _capped([rights, _first_of(spent), staff, institution], 35)


def _intensity(row: Row) -> Truth:
    sales = row["sales_last"]
    if sales is None:
        return None
    return _least(row["rd_3y"], row["sales_3y"], 5 if sales <= 5000 * WAN else 4 if sales <= 20_000 * WAN else 3)


def _points(row: Row) -> list[Span]:
    one, two = row["class1_ip"], row["class2_ip"]
    number, origin = _ip_number(one, two), _ip_origin(one, two, row["own_rd_ip"])
    bonus = (0, 0) if row["led_standard"] is False else (0, 2)
    ip = (min(30, number[0] + origin[0] + bonus[0]), min(30, 16 + number[1] + origin[1] + bonus[1]))
    mean = row["conversions_3y"]
    converted = (
        (0, 30) if mean is None else _band(mean, ((15, 25, 30), (12, 19, 24), (9, 13, 18), (6, 7, 12), (3, 1, 6)))
    )
    growth = [_growth(row[name]) for name in ("net_assets_growth", "sales_growth")]
    return [ip, converted, (0, 20), *growth]


def _band(value: int, bands: tuple[tuple[int, int, int], ...]) -> Span:
    return next(((low, high) for edge, low, high in bands if value >= edge), (0, 0))


def _ip_number(one: int | None, two: int | None) -> Span:
    if one:
        return 7, 8
    by_two = (0, 6) if two is None else _band(two, ((5, 5, 6), (3, 3, 4), (1, 1, 2)))
    return (min(7, by_two[0]), 8) if one is None else by_two


def _ip_origin(one: int | None, two: int | None, own: bool | None) -> Span:
    has = True if one or two else None if one is None or two is None else False
    if has is False:
        return 0, 0
    most = 3 if own is False else 6
    return (1 if has else 0), most


def _growth(share: int | None) -> Span:
    if share is None:
        return 0, 10
    found = _band(share, ((350_000_000, 9, 10), (250_000_000, 7, 8), (150_000_000, 5, 6), (50_000_000, 3, 4)))
    return found if found != (0, 0) else ((1, 2) if share > 0 else (0, 0))


def _outcome(gates: Iterable[Truth], way: Truth) -> str:
    return {True: "passed", False: "failed", None: "undetermined"}[_every([*gates, way])]


def _reached(parts: list[Span], least: int) -> Truth:
    low, high = (sum(part) for part in zip(*parts, strict=True))
    return True if low >= least else None if high >= least else False


def _capped(parts: list[Span], most: int) -> Span:
    low, high = (min(sum(part), most) for part in zip(*parts, strict=True))
    return low, high


def _first_of(cases: list[tuple[Truth, int]]) -> Span:
    """The points of the first case that holds, nought where none does; all of those it may be."""
    may_be = []
    for holds, worth in cases:
        if holds is not False:
            may_be.append(worth)
        if holds:
            break
    else:
        may_be.append(0)
    return min(may_be), max(may_be)


def _ratio(over: int | None, under: int | None, bands: tuple[tuple[int, int], ...]) -> Span:
    return _first_of([(_least(over, under, edge), worth) for edge, worth in bands])


def _share(share: int | None, bands: tuple[tuple[int, int], ...]) -> Span:
    return _first_of([(_from(share, edge * PER_CENT), worth) for edge, worth in bands])


def _least(over: int | None, under: int | None, percent: int) -> Truth:
    return None if over is None or not under else over * 100 >= percent * under


def _part(one: int | None, whole: int | None, percent: int) -> Truth:
    return None if one is None or whole is None else one * 100 >= percent * whole


def _from(value: int | None, least: int) -> Truth:
    return None if value is None else value >= least


def _is(value: str | None, code: str) -> Truth:
    return None if value is None else value == code


def _among(value: str | None, codes: tuple[str, ...]) -> Truth:
    return None if value is None else value in codes


def _with(value: Any, holds: Callable[[Any], bool]) -> Truth:
    return None if value is None else holds(value)


def _plus(*values: int | None) -> int | None:
    return None if None in values else sum(value for value in values if value is not None)


def _every(truths: list[Truth]) -> Truth:
    return False if False in truths else None if None in truths else True


def _some(truths: list[Truth]) -> Truth:
    return True if True in truths else None if None in truths else False


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _then(condition: Truth, follows: Truth) -> Truth:
    return _some([_not(condition), follows])


def _either(condition: Truth, one: Truth, other: Truth) -> Truth:
    if condition is None:
        return one if one == other else None
    return one if condition else other
