"""The empty sheet of a kind: headings with their help, lists to choose from, one sample line."""

from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext as _

from rongtong.domain.foundation.sheets import write_cells
from rongtong.domain.registry import taxonomies
from rongtong.domain.registry.declaration import Field, Kind
from rongtong.domain.registry.exchange import columns as sheet
from rongtong.domain.registry.exchange.cells import SKIPPED
from rongtong.domain.registry.measures import Measures
from rongtong.domain.registry.types import Choice, Day, Flag, IpcSymbol, Level, Link, Many, Money, Number, Term, Whole

ROWS_WITH_LISTS = 5000
_OPTIONS_LIMIT = 255  # of characters in a list written into a sheet, by the format
_EXAMPLES: dict[type, str | int | float] = {
    Measures: "抗冲击韧性 >= 67 %; (宜)粒径 = 3~5 μm",
    Money: "50万元",
    Day: "2026-11-22",
    Flag: "是",
    Whole: 10,
    Number: 12.5,
    Link: "https://example.com/",
    IpcSymbol: "C04B 14/06",
}


def write_template(kind: Kind, target: BinaryIO) -> None:
    """Write the template of ``kind`` as .xlsx: a sheet to fill and a sheet that explains every column."""
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    formats = {
        "plain": workbook.add_format({"bold": True, "bg_color": "#e8f1f7", "bottom": 1}),
        "required": workbook.add_format({"bold": True, "bg_color": "#e8f1f7", "bottom": 1, "font_color": "#b42318"}),
        "sample": workbook.add_format({"font_color": "#5b6675", "italic": True}),
        "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
    }
    columns = sheet.columns_of(kind)
    _write_data(workbook.add_worksheet(_("数据")), columns, formats)
    _write_guide(workbook.add_worksheet(_("填写说明")), columns, formats)
    workbook.close()


def example(column: Field) -> str | int | float:
    """A value that shows how ``column`` is written; importing it would be accepted."""
    kind_of_value = column.type.of if isinstance(column.type, Many) else column.type
    if column.name == sheet.EXTERNAL:
        return SKIPPED
    if column.name == sheet.CLOSED:
        return ""
    if isinstance(kind_of_value, Choice):
        return kind_of_value.options[0][1].zh
    if isinstance(kind_of_value, Term | Level):
        return next(reversed(taxonomies.scheme(kind_of_value.scheme).terms))
    return _EXAMPLES.get(type(kind_of_value), _("（示例）") + column.label.zh)


def rule(column: Field) -> str:
    """How ``column`` is to be filled, in one or two sentences."""
    parts = [_("必填。") if column.required else "", str(column.help or ""), _how(column)]
    if column.unit:
        parts.append(_("单位：%(unit)s。") % {"unit": column.unit})
    return " ".join(part for part in parts if part)


def _how(column: Field) -> str:
    value = column.type.of if isinstance(column.type, Many) else column.type
    several = _("多项用分号隔开。") if isinstance(column.type, Many) else ""
    match value:
        case Choice():
            return several + _("可选：%(listed)s。") % {
                "listed": "、".join(str(label) for _key, label in value.options)
            }
        case Term() | Level():
            return several + _("填《%(scheme)s》的代码或名称。") % {"scheme": taxonomies.scheme(value.scheme).label}
        case Measures():
            return _("每项写“名称 关系 数值 单位”，多项用分号隔开；前面写（宜）表示希望而非必须。")
        case Money():
            return several + _("金额，单位元，也可写“50万元”。")
        case Day():
            return several + _("日期，例如 2026-11-22。")
        case Flag():
            return _("填“是”或“否”。")
        case _:
            return several


def _write_data(page: Any, columns: tuple[Field, ...], formats: dict[str, Any]) -> None:
    page.freeze_panes(1, 0)
    for index, column in enumerate(columns):
        write_cells(page, (0, index), [column.label.zh], formats["required" if column.required else "plain"])
        page.write_comment(0, index, rule(column) or column.label.zh)
        write_cells(page, (1, index), [example(column) if column.name != sheet.RECORD else ""], formats["sample"])
        page.set_column(index, index, max(12, min(40, 2 * len(column.label.zh) + 8)))
        if options := _options(column):
            refusal = {"error_title": column.label.zh[:32], "error_message": _("请从列表中选择。")}
            choice = {"validate": "list", "source": options, **refusal}
            page.data_validation(1, index, ROWS_WITH_LISTS, index, choice)


def _options(column: Field) -> list[str]:
    """What a drop-down may offer; none where several may be given at once or the list is too long for the format."""
    if isinstance(column.type, Flag):
        return ["是", "否"]
    if isinstance(column.type, Level):
        return list(taxonomies.scheme(column.type.scheme).terms)
    if not isinstance(column.type, Choice):
        return []
    labels = [label.zh for _key, label in column.type.options]
    return labels if len(",".join(labels)) <= _OPTIONS_LIMIT else []


def _write_guide(page: Any, columns: tuple[Field, ...], formats: dict[str, Any]) -> None:
    page.set_column(0, 1, 24)
    page.set_column(2, 2, 80)
    write_cells(page, (0, 0), [_("列"), _("英文"), _("怎么填")], formats["plain"])
    for index, column in enumerate(columns, start=1):
        write_cells(page, (index, 0), [column.label.zh, column.label.en, rule(column)], formats["wrap"])
