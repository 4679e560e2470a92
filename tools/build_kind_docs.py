"""Write the pages of the documentation that follow from the kinds of record and from the taxonomies.

    python tools/build_kind_docs.py [--check]

With ``--check`` nothing is written; the exit code is 1 when a page is not what the code says.
"""

import os
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rongtong.site.settings")
django.setup()

from django.utils import translation  # noqa: E402  # needs the settings

from rongtong.domain.registry.declaration import Field, Kind  # noqa: E402
from rongtong.domain.registry.kinds import all_kinds  # noqa: E402
from rongtong.domain.registry.taxonomies import Scheme, all_schemes  # noqa: E402
from rongtong.domain.registry.types import Choice, Level, Many, Term  # noqa: E402

DOCS = Path(__file__).resolve().parent.parent / "docs" / "kinds"


def pages() -> dict[str, str]:
    """Every page by its name, in Chinese first as the declarations have it."""
    with translation.override("zh-hans"):
        kinds = {f"{kind.key}.md": kind_page(kind) for kind in all_kinds().values()}
        return {"README.md": index_page(), **kinds, "taxonomies.md": taxonomy_page()}


def index_page() -> str:
    """The kinds in a table."""
    rows = [
        f"| [{kind.label.zh}]({kind.key}.md) | {kind.label.en} | {kind.group} | {len(kind.fields)} "
        f"| {kind.description.zh} |"
        for kind in all_kinds().values()
    ]
    return "\n".join(
        [
            "# Kinds of record\n",
            "Generated from `rongtong/domain/registry/kinds`: a new register is a new file there.",
            "Codes of classifications come from the [taxonomies](taxonomies.md).\n",
            "| 类别 | kind | side of a match | fields | |",
            "| --- | --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def kind_page(kind: Kind) -> str:
    """One kind: what it is, its fields, what is advised while they are empty."""
    head = f"# {kind.label.zh} · {kind.label.en}\n\n{kind.description.zh}。{kind.description.en}.\n"
    about = f"Key `{kind.key}`; a record is called 「{kind.title.zh}」; {_staleness(kind)}.\n"
    fields = [
        "| 字段 | field | name | type | who may read | search | completeness |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_field_row(field) for field in kind.fields),
    ]
    return "\n".join([head, about, *fields, "", *_advice(kind), *_options(kind)])


def _staleness(kind: Kind) -> str:
    days = kind.stale_after_days
    return f"to be confirmed every {days} days" if days else "not dated"


def _field_row(field: Field) -> str:
    label = field.label.zh + ("（必填）" if field.required else "")
    english = f"{field.label.en}{': ' + field.help.en if field.help else ''}"
    weight, score = field.search or "", field.score or ""
    return (
        f"| {label} | {english} | `{field.name}` | {_type(field)} | {field.visibility.label.zh} | {weight} | {score} |"
    )


def _type(field: Field) -> str:
    several = "several: " if isinstance(field.type, Many) else ""
    of = field.type.of if isinstance(field.type, Many) else field.type
    scheme = f" ({of.scheme})" if isinstance(of, Term | Level) else ""
    unit = f", {field.unit.zh}" if field.unit else ""
    return f"{several}{of.name}{scheme}{unit}"


def _advice(kind: Kind) -> list[str]:
    completeness = kind.completeness({})
    lines = [f"- {kind.field(advice.field).label.zh}：{advice.message}" for advice in completeness.advice]
    return ["## 填写建议 · Advice on an empty record\n", *lines, ""]


def _options(kind: Kind) -> list[str]:
    lines = []
    for field in kind.fields:
        of = field.type.of if isinstance(field.type, Many) else field.type
        if isinstance(of, Choice):
            listed = "；".join(f"{label.zh} ({label.en}, `{key}`)" for key, label in of.options)
            lines.append(f"- {field.label.zh}：{listed}")
    return ["## 可选项 · Options\n", *lines, ""] if lines else []


def taxonomy_page() -> str:
    """Every taxonomy with its size, its source and how far it was checked."""
    return "\n".join(
        [
            "# Taxonomies\n",
            "Generated from `rongtong/packs/taxonomies`. `verified` was checked against the official text, `list` is",
            "from a published list that was not checked term by term, `memory` was not checked.\n",
            "| 分类 | taxonomy | terms | status | seen | source |",
            "| --- | --- | --- | --- | --- | --- |",
            *(_scheme_row(scheme) for scheme in all_schemes()),
            "",
        ]
    )


def _scheme_row(scheme: Scheme) -> str:
    names = f"{scheme.label.zh} `{scheme.name}` | {scheme.label.en}"
    return f"| {names} | {len(scheme.terms)} | {scheme.status} | {scheme.seen} | {scheme.source} |"


def main() -> int:
    """Write or check every page; the exit code."""
    from generated import settle

    return settle(DOCS.parent, {f"kinds/{name}": text for name, text in pages().items()}, __doc__)


if __name__ == "__main__":
    raise SystemExit(main())
