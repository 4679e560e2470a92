"""Build the taxonomies of ``rongtong/packs/taxonomies`` from lists that others publish.

    python tools/build_taxonomies.py LISTS

``LISTS`` is a folder with ``gbt4754_2017.csv`` (code, level, name, parent), ``divisions.json`` (nested code, name,
children) and ``ipc_subclass_en.csv`` (ipc, title_en). ``ipc_names.csv`` beside this file has what the last one lacks:
sections, classes, and the subclasses of G and H, in both languages. ``trl.csv`` and ``field.csv`` are written by hand.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "src" / "rongtong" / "packs" / "taxonomies"
Row = dict[str, str]

SECTIONS = {
    "A": "Agriculture, forestry, animal husbandry and fishery",
    "B": "Mining",
    "C": "Manufacturing",
    "D": "Production and supply of electricity, heat, gas and water",
    "E": "Construction",
    "F": "Wholesale and retail trade",
    "G": "Transport, storage and post",
    "H": "Accommodation and catering",
    "I": "Information transmission, software and information technology services",
    "J": "Finance",
    "K": "Real estate",
    "L": "Leasing and business services",
    "M": "Scientific research and technical services",
    "N": "Water conservancy, environment and public facilities",
    "O": "Household services, repair and other services",
    "P": "Education",
    "Q": "Health and social work",
    "R": "Culture, sports and entertainment",
    "S": "Public administration, social security and social organisations",
    "T": "International organisations",
}
PROVINCES = {
    "110000": "Beijing", "120000": "Tianjin", "130000": "Hebei", "140000": "Shanxi", "150000": "Inner Mongolia",
    "210000": "Liaoning", "220000": "Jilin", "230000": "Heilongjiang", "310000": "Shanghai", "320000": "Jiangsu",
    "330000": "Zhejiang", "340000": "Anhui", "350000": "Fujian", "360000": "Jiangxi", "370000": "Shandong",
    "410000": "Henan", "420000": "Hubei", "430000": "Hunan", "440000": "Guangdong", "450000": "Guangxi",
    "460000": "Hainan", "500000": "Chongqing", "510000": "Sichuan", "520000": "Guizhou", "530000": "Yunnan",
    "540000": "Tibet", "610000": "Shaanxi", "620000": "Gansu", "630000": "Qinghai", "640000": "Ningxia",
    "650000": "Xinjiang", "710000": "Taiwan", "810000": "Hong Kong", "820000": "Macao",
}  # fmt: skip
BEYOND_THE_LIST = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}
GROUPINGS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
_PROVINCES_ZH = (
    "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "江苏省", "浙江省", "安徽省", "福建省",
    "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "四川省", "贵州省",
    "云南省", "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区",
)  # fmt: skip
SUFFIX = re.compile(r"(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$")


def industry(lists: Path) -> Iterator[Row]:
    """GB/T 4754; ``also`` is the code without its section's letter, as most forms print it."""
    for row in _read(lists / "gbt4754_2017.csv"):
        code = row["code"]
        yield _term(code, row["name"], SECTIONS.get(code, ""), row["parent"], code[1:])


def division(lists: Path) -> Iterator[Row]:
    """Divisions as six digits down to the county; ``also`` is the name in full and the name people say."""
    yield from _divisions(json.loads((lists / "divisions.json").read_text(encoding="utf-8")), "", "")
    for code, name in BEYOND_THE_LIST.items():
        yield _term(code, name, PROVINCES[code], "", SUFFIX.sub("", name))


def _divisions(nodes: Iterable[dict[str, Any]], broader: str, above: str) -> Iterator[Row]:
    for node in nodes:
        if len(node["code"]) > 6:
            continue
        code, name = node["code"].ljust(6, "0"), node["name"]
        full = above if name in GROUPINGS else above + name
        yield _term(code, name, PROVINCES.get(code, ""), broader, _spoken(name, code, full, above))
        yield from _divisions(node.get("children", ()), code, full)


def _spoken(name: str, code: str, full: str, above: str) -> str:
    """The full name and what people say: ``浙江`` for a province, ``杭州``, ``杭州市西湖区`` for a county."""
    if name in GROUPINGS:
        return ""
    province = next((word for word in _PROVINCES_ZH if above.startswith(word)), "")
    short = SUFFIX.sub("", name) if code.endswith("00") else above.removeprefix(province) + name
    return ";".join(word for word in dict.fromkeys((full, short)) if word not in ("", name))


def ipc(lists: Path) -> Iterator[Row]:
    """IPC sections, classes and subclasses, in the order of their codes."""
    named = {row["code"]: row for row in _read(HERE / "ipc_names.csv")}
    titles = {row["ipc"]: _title(row["title_en"]) for row in _read(lists / "ipc_subclass_en.csv")}
    for code in sorted(named.keys() | titles.keys()):
        row = named.get(code, {"zh": "", "en": titles.get(code, "")})
        yield _term(code, row["zh"], row["en"], {1: "", 3: code[:1], 4: code[:3]}[len(code)], "")


def _title(written: str) -> str:
    """A title without its marks of edition and its references to other places, in sentence case."""
    bare = re.sub(r"\s*\[[\d,. ]+\]", "", written)
    bare = re.sub(r"\s*\([^()]*\)", "", re.sub(r"\s*\([^()]*\)", "", bare))
    parts = [part.strip() for part in re.sub(r"\(.*$", "", bare).split(";") if part.strip()]
    return "; ".join(parts).capitalize()


def _term(code: str, zh: str, en: str, broader: str, also: str) -> Row:
    return {"code": code, "zh": zh, "en": en, "broader": broader, "also": also}


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write(name: str, rows: Iterable[Row]) -> None:
    with (TARGET / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("code", "zh", "en", "broader", "also"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    _write("industry", industry(folder))
    _write("division", division(folder))
    _write("ipc", ipc(folder))
