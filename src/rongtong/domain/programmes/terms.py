"""The terms of a kind of programme: a file of ``packs/programmes``, from which numbers, form and criteria come."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from rongtong.domain.foundation.words import Words


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a programme: its value unless the programme sets another, its bounds and where it comes from."""

    key: str
    label: Words
    value: int
    least: int
    most: int
    source: str = ""


@dataclass(frozen=True)
class Template:
    """A kind of programme. ``stages`` names the steps that apply; ``form`` the fields of a submission."""

    key: str
    label: Words
    summary: Words
    numbers: dict[str, Number]
    form: tuple[dict[str, Any], ...]
    criteria: tuple[dict[str, Any], ...]
    declarations: tuple[Words, ...]
    payments: tuple[Fraction, ...]
    stages: tuple[str, ...]

    def has(self, stage: str) -> bool:
        return stage in self.stages


@cache
def templates() -> dict[str, Template]:
    """Every kind of programme by its key."""
    folder = files("rongtong") / "packs" / "programmes"
    read = (_read(yaml.safe_load(file.read_text("utf-8"))) for file in folder.iterdir() if file.name.endswith(".yaml"))
    return {template.key: template for template in sorted(read, key=lambda each: each.key)}


def template(key: str) -> Template:
    return templates()[key]


def number(programme_parameters: dict[str, Any], template_key: str, name: str) -> int:
    """A number as this programme has it."""
    return int(programme_parameters.get(name, template(template_key).numbers[name].value))


def _read(data: dict[str, Any]) -> Template:
    return Template(
        key=data["programme"],
        label=_words(data["label"]),
        summary=_words(data["summary"]),
        numbers={
            key: Number(key, _words(each["label"]), each["value"], each["least"], each["most"], each.get("source", ""))
            for key, each in data["numbers"].items()
        },
        form=tuple(data["form"]),
        criteria=tuple(data["criteria"]),
        declarations=tuple(_words(each) for each in data["declarations"]),
        payments=tuple(Fraction(each) for each in data["payments"]),
        stages=tuple(data["stages"]),
    )


def _words(pair: dict[str, str]) -> Words:
    return Words(pair["zh"], pair["en"])
