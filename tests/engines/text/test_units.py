"""The units of engineering as people write them, each against another writing of the same amount."""

import pytest

from rongtong.engines import text
from rongtong.engines.text.units import read_unit, unit_named


@pytest.mark.parametrize(
    ("written", "value", "other"),
    [
        ("kWh/t", 3.6, "MJ/t"),
        ("m3/h", 1000 / 60, "L/min"),
        ("L/min", 0.06, "m³/h"),
        ("N/mm2", 1, "MPa"),
        ("MPa·m1/2", 1, "MPa·m^0.5"),
        ("MPa·m½", 1, "MPa√m"),
        ("W/(m2·K)", 1, "W/(m²·℃)"),
        ("W/m2K", 1, "W/(m2·K)"),
        ("mg/Nm3", 1, "mg/m3"),
        ("Nm3/h", 1, "m³/h"),
        ("元/吨", 0.001, "元/kg"),
        ("次/分钟", 60, "次/h"),
        ("次/分", 1, "次/min"),
        ("转/分", 1, "r/min"),
        ("ppm", 1, "mg/kg"),
        ("NTU", 1, "FTU"),
        ("Shore A", 1, "邵氏A"),
        ("HA", 1, "邵A"),
        ("邵氏D", 1, "Shore D"),
        ("HRC", 1, "HRC"),
        ("HV0.3", 1, "HV"),
        ("mesh", 1, "目"),
        ("dpi", 1, "px/inch"),
        ("lp/mm", 1, "线对/mm"),
        ("cd/m2", 1, "nit"),
        ("lm/W", 1, "流明/瓦"),
        ("Ah", 1000, "mAh"),
        ("mAh/g", 1, "Ah/kg"),
        ("Wh/kg", 3.6, "kJ/kg"),
        ("S/cm", 100, "S/m"),
        ("Ω·cm", 0.01, "Ω·m"),
        ("mΩ/□", 0.001, "Ω/sq"),
        ("kV/mm", 10, "kV/cm"),
        ("dB(A)", 1, "分贝"),
        ("r/min", 1, "rpm"),
        ("cSt", 1, "mm2/s"),
        ("mPa·s", 1, "cP"),
        ("L/(m2·h)", 1, "L/m2/h"),
        ("g/m2", 1, "gsm"),
        ("dtex", 0.1, "tex"),
        ("cN/dtex", 10, "cN/tex"),
        ("g/(m2·24h)", 1, "g/(m2·d)"),
        ("g/m2·24h", 1, "g/(㎡·24 h)"),
        ("g / (m2 · 24 h)", 1, "g/(m2·24h)"),
        ("cm3/(m2·24h·0.1MPa)", 10, "cm3/(m2·d·MPa)"),
        ("N/25mm", 40, "N/m"),
        ("N/5cm", 20, "N/m"),
        ("g/10min", 0.1, "g/min"),
        ("U/mL", 1000, "IU/L"),
        ("cm2/Vs", 1, "cm2/(V·s)"),
        ("Gs", 1e-4, "T磁"),
        ("kOe", 79.57747, "kA/m"),
        ("MGOe", 7.957747, "kJ/m3"),
        ("TOPS/W", 1000, "GOPS/W"),
        ("kgce/t", 1, "kg/t"),
        ("mmH2O", 9.80665, "Pa"),
        ("Torr", 133.322368, "Pa"),
        ("/℃", 1, "/K"),
        ("Gb/s", 1, "Gbps"),
        ("vol.%", 1, "%"),
    ],
)
def test_a_unit_is_a_multiple_of_another_writing(written: str, value: float, other: str) -> None:
    first = unit_named(written)
    second = read_unit("T", 0, "磁感应") if other == "T磁" else (unit_named(other), 0)
    assert first and second and second[0]
    assert first.dimension == second[0].dimension
    assert first.scale == pytest.approx(value * second[0].scale, rel=1e-6)


@pytest.mark.parametrize("written", ["u", "5U", "/kg", "分", "xyz"])
def test_what_is_no_unit_is_none(written: str) -> None:
    assert unit_named(written) is None


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("水蒸气透过量≤5 g/(m2·24h)", "g/(m2·24h)"),
        ("电压220V/50Hz", "V"),
        ("热膨胀系数为110×10-7/℃以下", "/℃"),
        ("断裂韧性≥6 MPa·m1/2", "MPa·m1/2"),
        ("硬度为60 Shore A", "Shore A"),
        ("断裂强度≥8cN/dtex", "cN/dtex"),
    ],
)
def test_a_compound_unit_is_read_in_a_sentence(written: str, unit: str) -> None:
    assert [found.unit for found in text.parameters(written)][:1] == [unit]
