"""Files as people send them, and an import of one from beginning to end."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from rongtong.domain.foundation.actors import Actor
from rongtong.domain.registry.exchange import jobs
from rongtong.domain.registry.exchange.actions import upload_file
from rongtong.domain.registry.models import ImportJob
from tests.factories import PLATFORM

Rows = Sequence[Sequence[Any]]
DEMANDS = [
    ["外部编号", "需求名称", "要解决的问题", "预算上限（万元）", "技术领域", "联系人"],
    ["D1", "自动出灰", "石灰窑出灰系统在高温下频繁卡料，人工清理危险。", 50, "MAT02", "王工 0571-00000000"],
    ["D2", "低温脱硝", "焦炉烟气温度低，现有催化剂活性不足，需要低温脱硝催化剂。", "", "", ""],
]


def as_csv(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding)


def as_xlsx(rows: Rows) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    page = workbook.add_worksheet()
    for index, row in enumerate(rows):
        page.write_row(index, 0, row)
    workbook.close()
    return target.getvalue()


def as_jsonl(rows: Rows) -> bytes:
    headers, *records = rows
    items = (dict(zip(headers, record, strict=True)) for record in records)
    return "\n".join(json.dumps(item, ensure_ascii=False) for item in items).encode()


FORMATS = {"csv": as_csv, "xlsx": as_xlsx, "jsonl": as_jsonl}


def upload(content: bytes, *, actor: Actor = PLATFORM, kind: str = "demand", **terms: Any) -> ImportJob:
    return upload_file(
        actor=actor, kind=kind, file=io.BytesIO(content), name=terms.pop("name", "需求.csv"), no_secrets=True, **terms
    )


def bring(content: bytes, *, actor: Actor = PLATFORM, **terms: Any) -> ImportJob:
    """Upload, check and, if it passes, import."""
    return jobs.import_now(actor=actor, job=upload(content, actor=actor, **terms))
