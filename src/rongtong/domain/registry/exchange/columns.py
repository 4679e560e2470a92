"""The columns of a kind's sheet, and which heading of somebody else's sheet means which of them."""

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rongtong.domain.foundation.visibility import LABELS, Visibility
from rongtong.domain.foundation.words import Words
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.kinds import kind_of
from rongtong.domain.registry.types import Choice, Line, Money
from rongtong.engines import text

IGNORED = ""
RECORD = "id"
EXTERNAL = "external_id"
TITLE = "title"
TITLE_EN = "title_en"
VISIBILITY = "visibility"
CLOSED = "closed"

VISIBILITIES = tuple((str(visibility), LABELS[visibility]) for visibility in Visibility)


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading was taken for: the key of a column ("" for none), and keys that it might mean instead."""

    header: str
    key: str
    suggestions: tuple[str, ...] = ()


def columns_of(kind: Kind) -> tuple[Field, ...]:
    """Every column of the sheet of ``kind``: what all kinds share, then its fields."""
    return (*common_columns(kind), *kind.fields)


def common_columns(kind: Kind) -> tuple[Field, ...]:
    """The columns that stand before the fields of any kind."""
    return (
        Field(
            RECORD,
            Words("记录编号", "Record id"),
            Line(36),
            help=Words("本平台的编号，导出时带出；新记录留空", "The platform's own; leave empty for a new record"),
        ),
        Field(
            EXTERNAL,
            Words("外部编号", "External id"),
            Line(120),
            help=Words(
                "贵方系统中的编号；再次导入时凭它更新同一条记录",
                "Your own number; a later import updates the record by it",
            ),
        ),
        Field(TITLE, kind.title, Line(300), required=True),
        Field(TITLE_EN, Words("英文名称", "Title in English"), Line(400)),
        Field(
            VISIBILITY,
            Words("可见范围", "Visibility"),
            Choice(options=VISIBILITIES),
            help=Words("不填则公开", "Public if left empty"),
        ),
        Field(
            CLOSED,
            Words("保密字段", "Closed fields"),
            Line(1000),
            help=Words(
                "可不填。写要保密的字段名称，用分号隔开；可加括号“引荐后可见”，如：预算上限；目标参数（引荐后可见）",
                "Optional: labels of fields to close, semicolons between; （引荐后可见） opens one once introduced",
            ),
        ),
    )


def guess(kind: Kind, headers: Sequence[str], remembered: Mapping[str, str] | None = None) -> list[Match]:
    """For each heading what it means: as remembered, else by label, name or synonym; else what it might mean."""
    known = _known(kind.key)
    keys = {column.name for column in columns_of(kind)} | {IGNORED}
    taken: set[str] = set()
    matches = []
    for header in headers:
        key = (remembered or {}).get(header)
        if key is None or key not in keys:
            key = known.get(plain_heading(header), IGNORED)
        key = IGNORED if key in taken else key
        taken |= {key} - {IGNORED}
        matches.append(Match(header, key, () if key else _suggestions(header, known)))
    return matches


def signature(headers: Iterable[str]) -> str:
    """What two sheets with the same headings have in common, in whatever order these stand.

    Order is left out because a job keeps its columns as JSON, whose keys PostgreSQL puts in an order of its own.
    """
    return hashlib.sha256(json.dumps(sorted(headers), ensure_ascii=False).encode()).hexdigest()


def money_unit(field: Field, header: str) -> str:
    """The unit that a heading states for its amounts: ``预算（万元）`` gives ``万元``; "" when it states none."""
    found = _UNIT.search(header) if isinstance(field.type, Money) else None
    return found[1] if found else ""


def plain_heading(header: str) -> str:
    """A heading without what people add to it: stars, units in brackets, colons, spaces."""
    bare = re.sub(r"[(（\[【][^)）\]】]*[)）\]】]|[*＊:：\s_]", "", header)
    return text.normalise(bare or header)


@cache
def _known(key: str) -> dict[str, str]:
    """Every way to head a column of a kind → its key; the kind's own labels win over synonyms."""
    kind = kind_of(key)
    known: dict[str, str] = {}
    for column in columns_of(kind):
        for written in (column.label.zh, column.label.en, column.name):
            known.setdefault(plain_heading(written), column.name)
    for column in columns_of(kind):
        for written in _SYNONYMS.get(column.name, ()):
            known.setdefault(plain_heading(written), column.name)
    return known


def _suggestions(header: str, known: Mapping[str, str]) -> tuple[str, ...]:
    plain = plain_heading(header)
    near = difflib.get_close_matches(plain, known, n=5, cutoff=0.5)
    within = [written for written in known if len(plain) > 1 and (plain in written or written in plain)]
    return tuple(dict.fromkeys(known[written] for written in (*near, *within)))[:3]


_UNIT = re.compile(r"[(（\[【]\s*(?:单位[:：])?\s*(?:人民币)?(亿元|百万元|万元|千元|元)\s*[)）\]】]")
_SYNONYMS: dict[str, tuple[str, ...]] = {
    TITLE: ("名称", "标题", "题目", "项目名称", "name", "title", "专利名称", "论文题目", "产品"),
    EXTERNAL: ("编号", "外部ID", "来源编号", "唯一标识", "identifier", "uid"),
    RECORD: ("平台编号", "record"),
    "problem": ("需求描述", "需求内容", "技术需求描述", "问题描述", "难题描述", "成果简介", "成果介绍", "主要内容"),
    "abstract": ("简介", "内容摘要", "description"),
    "summary": ("简介", "主要内容", "项目简介", "内容", "政策要点"),
    "description": ("简介", "介绍", "产品介绍", "场景描述", "数据简介"),
    "functions": ("功能", "仪器功能", "用途", "主要用途"),
    "services": ("服务", "服务范围", "平台简介", "主要服务"),
    "strategy": ("简介", "投资策略", "基金简介"),
    "expertise": ("简介", "研究专长", "擅长领域", "个人简介"),
    "targets": ("技术指标", "指标", "主要技术指标", "考核指标", "目标指标"),
    "parameters": ("技术指标", "主要技术指标", "参数", "技术参数", "性能指标"),
    "specifications": ("指标", "主要技术指标", "参数", "技术参数"),
    "keywords": ("关键字", "主题词", "标签", "key words"),
    "holder": ("单位", "单位名称", "企业名称", "所属单位", "申请人", "专利权人", "权利人", "完成人单位", "第一完成单位",
               "机构", "所在企业", "organisation", "organization", "company"),
    "contact": ("联系人", "联系方式", "联系电话", "联系人及电话", "电话", "手机", "邮箱"),
    "budget": ("预算", "经费预算", "拟投入", "计划投入", "拟投入资金"),
    "price": ("价格", "报价", "转让价格", "意向金额"),
    "deadline": ("截止日期", "期限", "需求时限", "完成时间"),
    "trl": ("成熟度", "技术成熟度", "技术就绪度", "technology readiness level"),
    "stage": ("成果阶段", "成熟阶段", "阶段"),
    "field": ("领域", "所属领域", "技术领域分类", "高新技术领域"),
    "industry": ("所属行业", "国民经济行业", "行业分类", "应用行业"),
    "region": ("地区", "区域", "行政区划", "所属地区", "所在地", "省市区"),
    "ipc": ("ipc", "分类号", "主分类号", "国际分类号"),
    "application_number": ("专利申请号", "专利号"),
    "publication_number": ("公开号", "公告号", "公开公告号"),
    "inventors": ("发明设计人", "inventor"),
    "filed_on": ("申请日期", "专利申请日"),
    "granted_on": ("授权日", "授权日期", "公告日"),
    "authors": ("作者姓名", "author"),
    "venue": ("期刊", "期刊名称", "来源", "出处"),
    "published_on": ("发表时间", "出版日期", "发布时间"),
    "ip": ("专利", "知识产权情况", "专利号"),
    "modes": ("合作方式", "转化方式", "交易方式"),
    "wanted": ("合作方式", "合作意向"),
    "finishers": ("主要完成人", "完成人员"),
    "model": ("型号规格", "规格", "型号"),
    "maker": ("厂家", "制造商", "生产厂商"),
    "rank": ("职称职务", "技术职称"),
}  # fmt: skip
