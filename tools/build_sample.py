"""Make the real part of the sample region from its sources: patents, industry chains, universities.

    python tools/build_sample.py SOURCE

SOURCE is a folder with ``kppatent`` (tanggongbo/KPPatent-ZH, MIT), ``chain_atlas`` (JiMoxiao/industry-chain-atlas, MIT)
and ``lists/universities.csv`` as their authors publish them. Writes ``src/rongtong/packs/sample/records/*.jsonl`` and
``organisations.jsonl``; running it again writes the same bytes.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from sample_fields import field_of

PACK = Path(__file__).resolve().parent.parent / "src" / "rongtong" / "packs" / "sample"
PATENTS = "真实：KPPatent-ZH（MIT）"
CHAINS = "真实：industry-chain-atlas（MIT），一位作者整理，仅供示意"
UNIVERSITIES = "真实：全国高等学校名单（约 2017 年）"
PROVINCES = {
    "北京": "110000", "天津": "120000", "河北": "130000", "山西": "140000", "内蒙古": "150000", "辽宁": "210000",
    "吉林": "220000", "黑龙江": "230000", "上海": "310000", "江苏": "320000", "浙江": "330000", "安徽": "340000",
    "福建": "350000", "江西": "360000", "山东": "370000", "河南": "410000", "湖北": "420000", "湖南": "430000",
    "广东": "440000", "广西": "450000", "海南": "460000", "重庆": "500000", "四川": "510000", "贵州": "520000",
    "云南": "530000", "西藏": "540000", "陕西": "610000", "甘肃": "620000", "青海": "630000", "宁夏": "640000",
    "新疆": "650000",
}  # fmt: skip
UNIVERSITIES_KEPT = 60
CLAIM_LONGEST = 400
ABSTRACT_SHORTEST = 15
PHRASES_KEPT = 20
TITLE_SHORTEST, TITLE_LONGEST = 4, 60

Record = dict[str, Any]

_PRINTED = re.compile(r"^权利要求书\d+页说明书\d+页(?:附图\d+页)?")
_OPENING = re.compile(r"(?:本|该)(?:发明|申请|公开|实用新型|技术)")
_SPEAKER = r"(?:(?:本|该|此)(?:发明|申请|公开|实用新型|技术|文)(?:的?(?:实施例|实施方式|目的))?(?:所)?[，,]?)"
_SUBJECT = re.compile(
    rf"^{_SPEAKER}?(?:具体|主要|还)?(?:公开|提供|涉及|描述|揭示|披露|公布|提出)(?:了)?(?:的)?(?:是)?[：:]?"
    rf"|^{_SPEAKER}(?:是|为)?(?=一种)"
)
_OF_FIELD = re.compile(
    r"^[^，。；]{2,30}(?:技术领域|领域)[，,；;]?(?:具体|尤其|特别)?(?:地)?(?:说|而言|涉及)?(?:是)?(?:涉及)?(?:是)?"
)
_LEAD_IN = re.compile(r"^(?:的?目的(?:在于|是)(?:提供)?|为(?=一)|根据本发明的|实施方式的|(?:一种)?(?:关于|涉及))")
_TAIL = re.compile(r"(?:主要|可以|其)?(?:包括|包含|具有|具备|由)$")
_NO_SUBJECT = ("本", "该", "其", "在", "通过", "为")
_UNFINISHED = ("的", "中", "时", "为")
_FIGURE_MARK = re.compile(r"[（(]\s*[\d,，、a-zA-Z‑\-~～]{1,12}\s*[）)]")


def main(source: Path) -> None:
    """Write every file of the real part."""
    write("records/patent.jsonl", patents(source / "kppatent"))
    write("records/product.jsonl", segments(source / "chain_atlas"))
    write("organisations.jsonl", [*companies(source / "chain_atlas"), *universities(source / "lists")])


def write(name: str, records: Iterable[Record]) -> None:
    """One JSON object a line, in the order given."""
    lines = [json.dumps(record, ensure_ascii=False, sort_keys=True) for record in records]
    (PACK / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{name}: {len(lines)}\n")


def patents(folder: Path) -> Iterator[Record]:
    """The patents with title, abstract and claims, then those of which only abstract and key phrases are published."""
    seen: set[str] = set()
    for number, (title, abstract, claims, phrases) in enumerate(_entries(folder)):
        body = _clean_abstract(abstract) if claims else abstract
        body = body if len(body) >= ABSTRACT_SHORTEST else _first_claim(claims)
        if not body or body in seen:
            continue
        seen.add(body)
        name, basis = _title(title, body, phrases)
        values: Record = {"abstract": body, "keywords": phrases, "claims": _first_claim(claims)}
        field = field_of(name, phrases, body)
        values["field"] = field
        said = [PATENTS, basis, "领域由程序推断" if field else ""]
        yield {
            "id": f"KP{number:04d}",
            "title": name,
            "source": "；".join(part for part in said if part),
            "values": {key: value for key, value in values.items() if value},
        }


def _entries(folder: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    for entry in json.loads((folder / "test_data_TAC.json").read_text(encoding="utf-8")):
        title, rest = re.split(r"\n?摘要：", entry["input"].removeprefix("标题："), maxsplit=1)
        abstract, claims = re.split(r"\n?权利声明：", rest, maxsplit=1)
        yield title, abstract, claims, _phrases(entry["output"])
    for entry in json.loads((folder / "data_A.json").read_text(encoding="utf-8")):
        yield "", _unspaced(entry["input"].removeprefix("摘要：")), "", _phrases(entry["output"])


def _phrases(written: str) -> list[str]:
    """The key phrases of two characters and more, each once."""
    found = (phrase.strip() for phrase in re.split(r"[,，、]", written))
    return list(dict.fromkeys(phrase for phrase in found if len(phrase) >= 2))[:PHRASES_KEPT]


def _clean_abstract(abstract: str) -> str:
    """The abstract without what was read off the drawings before its first and after its last sentence."""
    text = _unspaced(abstract)
    opening = _OPENING.search(text[:80])
    if opening and not text.startswith("一种"):
        text = text[opening.start() :]
    end = text.rfind("。")
    return text[: end + 1] if end > len(text) / 3 else text


def _unspaced(text: str) -> str:
    """Chinese text without the line breaks and blanks of its page."""
    return re.sub(r"\s+", "", text)


def _first_claim(claims: str) -> str:
    first = re.split(r"\n\s*2\s*[.．、]", claims.strip(), maxsplit=1)[0]
    first = re.sub(r"\s+", "", re.sub(r"^\s*1\s*[.．、]", "", first))
    return first if len(first) <= CLAIM_LONGEST else first[:CLAIM_LONGEST] + "……"


def _title(printed: str, abstract: str, phrases: list[str]) -> tuple[str, str]:
    """The title and, where it is not the printed one, what it was taken from."""
    title = _clean_title(printed)
    if title:
        return title, ""
    subject = _subject(abstract)
    if subject:
        return subject, "原数据无标题，标题取自摘要首句"
    if len(phrases) > 1:
        return "、".join(phrases[:4]), "原数据无标题，标题由关键词拼成"
    return abstract[:30] + "……", "原数据无标题，标题取自摘要开头"


def _clean_title(printed: str) -> str:
    title = _PRINTED.sub("", printed.strip())
    title = title.split("。")[-1]
    inner = title.find("一种")
    return title[inner:] if inner > 0 and printed.startswith("权利要求书") else title


def _subject(abstract: str) -> str:
    """What the first sentence says the patent is about, when it says so at a title's length."""
    sentence = re.split(r"[。；;]", _FIGURE_MARK.sub("", abstract))[0]
    clauses = [clause for clause in re.split(r"[，,：:]", _OF_FIELD.sub("", _SUBJECT.sub("", sentence))) if clause]
    clause = _SUBJECT.sub("", clauses[0]).strip() if clauses else ""
    clause = _TAIL.sub("", _LEAD_IN.sub("", clause))
    told = not clause.startswith(_NO_SUBJECT) and not clause.endswith(_UNFINISHED)
    return clause if told and TITLE_SHORTEST <= len(clause) <= TITLE_LONGEST else ""


def segments(folder: Path) -> Iterator[Record]:
    """Segments of the industry chains as products, with the companies named for each."""
    for chain in _chains(folder):
        for segment in chain["segments"]:
            names = "、".join(company["name"] for company in segment.get("key_companies", []))
            listed = f"\n整理者列出的企业：{names}。" if names else ""
            yield {
                "id": f"CA-{segment['id']}",
                "title": f"{segment['name']}（{chain['industry'].split('（')[0]}）",
                "source": CHAINS,
                "values": {
                    "description": segment["description"] + listed,
                    "category": "ordinary",
                    "chain_node": segment["name"],
                    "field": "IT" if chain["industry"].startswith("半导体") else "MAT",
                },
            }


def companies(folder: Path) -> Iterator[Record]:
    """The companies named in the chains, each once."""
    segments_of = (segment for chain in _chains(folder) for segment in chain["segments"])
    names = {company["name"] for segment in segments_of for company in segment.get("key_companies", [])}
    for name in sorted(names):
        yield {"id": f"CA-{name}", "name": name, "type": "enterprise", "region": "", "source": CHAINS}


def _chains(folder: Path) -> list[Record]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))]


def universities(folder: Path) -> Iterator[Record]:
    """The first universities of the national list that are run by the Ministry of Education."""
    with (folder / "universities.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["department"] == "教育部" and row["level"] == "本科"]
    for row in rows[:UNIVERSITIES_KEPT]:
        yield {
            "id": f"UN-{row['code']}",
            "name": row["name"],
            "type": "university",
            "region": _province(row["address"]),
            "source": UNIVERSITIES,
        }


def _province(address: str) -> str:
    return next((code for name, code in PROVINCES.items() if address.startswith(name)), "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
