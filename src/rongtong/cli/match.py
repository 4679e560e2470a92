"""``rongtong match``: who can answer a demand, and why."""

import sys
from typing import Annotated, Any

import typer
from rich.panel import Panel
from rich.text import Text

from rongtong.cli.language import say
from rongtong.cli.output import as_json, err, out
from rongtong.cli.who import AS, acting
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.leads import matching
from rongtong.domain.leads.matching import GROUPS, Match, Matches
from rongtong.domain.registry.kinds import all_kinds
from rongtong.engines.matching.explain import Explanation

app = typer.Typer(add_completion=False)

GRADES = {
    "introduce": say("很可能", "very likely"),
    "consider": say("值得一谈", "worth a talk"),
    "related": say("同领域", "same field"),
    "remote": say("不合适", "not suitable"),
}
VERDICTS = {
    "suitable": say("有合适的供给。", "There is suitable supply."),
    "related_only": say("只有同领域的，没有直接合适的。", "Only supply of the same field; none that fits directly."),
    "none": say("这里没有合适的供给。", "There is no suitable supply here."),
}
MET = {"met": "✓", "not_met": "✗", "not_stated": "?"}
SIGNS_OF_MET = say("✓ 满足  ✗ 不满足  ? 未说明", "✓ met  ✗ not met  ? not stated")


@app.command(
    help=say("为一段需求找人找技术；文字写“-”则从标准输入读", "Who can answer a demand; '-' reads it from stdin")
)
def match(
    text: Annotated[str, typer.Argument(help=say("需求，用自己的话说", "The demand in your own words"))],
    kind: Annotated[
        str, typer.Option(help=say(f"找什么：{'、'.join(GROUPS)}", f"What to find: {', '.join(GROUPS)}"))
    ] = "technology",
    top: Annotated[int, typer.Option(min=1, max=100, help=say("列出几项", "How many"))] = 5,
    account: Annotated[str | None, AS] = None,
    json: Annotated[bool, typer.Option("--json", help=say("以 JSON 输出", "Answer in JSON"))] = False,
) -> None:
    actor = acting(account)
    words = sys.stdin.read() if text == "-" else text
    found = matching.match(actor, matching.text_query("", _some(words)), group=_group(kind), top=top)
    if json:
        as_json(_plain(actor, found))
    else:
        _tell(actor, found)


def _some(words: str) -> str:
    if not words.strip():
        raise Invalid(
            say(
                "需求是空的。请写一句：什么对象、什么困难、要达到什么。",
                "The demand is empty: say what, which difficulty, which aim.",
            )
        )
    return words


def _group(kind: str) -> str:
    """A group as it is called, or that of a kind of record."""
    if kind in GROUPS:
        return kind
    if kind in all_kinds():
        return all_kinds()[kind].group
    raise Invalid(say(f"没有“{kind}”。可以找：{'、'.join(GROUPS)}", f"No {kind!r}. Choose from {', '.join(GROUPS)}."))


def _tell(actor: Actor, found: Matches) -> None:
    out.print(f"[bold]{VERDICTS[found.verdict]}[/]", highlight=False)
    for place, each in enumerate(found.matches, start=1):
        why = matching.reasons(actor, found.query, each.record)
        out.print(Panel(_why(why), title=_heading(place, each), title_align="left", border_style="dim"))
    if found.missing:
        parts = say("、", ", ").join(part.text for part in found.missing)
        out.print(f"{say('没有一项覆盖', 'Covered by none')}: {parts}", highlight=False, markup=False)
    if found.vector_share < 1:
        done = f"{found.vector_share:.0%}"
        err.print(
            say(f"语义向量 {done}，补齐后结果会更好。", f"Vectors {done}: answers improve as they are filled in.")
        )


def _heading(place: int, each: Match) -> Text:
    holder = f" · {each.record.holder}" if each.record.holder else ""
    kind = each.record.declaration.label
    return Text(f"{place}. {each.probability:.0%} {GRADES[each.grade]}  {each.record.title} ({kind}{holder})")


def _why(why: Explanation) -> Text:
    lines = Text()
    for pair in why.pairs[:2]:
        lines.append(f"{say('要', 'ask')}  ", style="dim").append(f"{_one_line(pair.in_query.text)}\n")
        lines.append(f"{say('有', 'has')}  ", style="dim").append(f"{_one_line(pair.in_record.text)}\n")
    for row in why.parameters:
        offered = row.offered.span.text if row.offered else "—"
        lines.append(f"{MET[row.verdict]}  {row.required.span.text}  ←  {offered}\n")
    if why.parameters:
        lines.append(SIGNS_OF_MET, style="dim")
    lines.rstrip()
    return lines


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _plain(actor: Actor, found: Matches) -> dict[str, Any]:
    return {
        "verdict": found.verdict,
        "group": found.group,
        "vectors": found.vector_share,
        "missing": [{"code": part.code, "text": part.text} for part in found.missing],
        "matches": [_plain_match(each, matching.reasons(actor, found.query, each.record)) for each in found.matches],
    }


def _plain_match(each: Match, why: Explanation) -> dict[str, Any]:
    return {
        "id": str(each.record.pk),
        "kind": each.record.kind,
        "title": each.record.title,
        "holder": each.record.holder,
        "probability": round(each.probability, 4),
        "grade": each.grade,
        "pairs": [{"asks": pair.in_query.text, "has": pair.in_record.text} for pair in why.pairs],
        "parameters": [
            {
                "required": row.required.span.text,
                "offered": row.offered.span.text if row.offered else None,
                "verdict": row.verdict,
            }
            for row in why.parameters
        ],
        "unknown": list(why.unknown),
    }
