"""Taxonomies as data: one CSV for each scheme, its source and date in ``schemes.yaml`` (see ``packs/taxonomies``)."""

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from rongtong.domain.foundation.words import Words

FOLDER = files("rongtong") / "packs" / "taxonomies"


@dataclass(frozen=True, slots=True)
class TaxonomyTerm:
    """One term: its code, its label in both languages, the code of the broader term ("" at the top)."""

    code: str
    label: Words
    broader: str = ""


@dataclass(frozen=True)
class Scheme:
    """A taxonomy with its source; ``find`` reads a code or a label, ``show`` writes one for a person.

    ``status`` says how far it was checked on the day ``seen``: ``verified``, ``list`` or ``memory``.
    """

    name: str
    label: Words
    source: str
    status: str
    seen: dt.date
    terms: dict[str, TaxonomyTerm]
    by_label: dict[str, str]

    def get(self, code: str) -> TaxonomyTerm | None:
        return self.terms.get(code)

    def find(self, written: str) -> TaxonomyTerm | None:
        """The term with this code, this label in either language, or another way of writing it that is its alone."""
        written = written.strip()
        return self.terms.get(written) or self.terms.get(self.by_label.get(written.lower(), ""))

    def show(self, code: str) -> str:
        term = self.terms.get(code)
        return str(term.label) if term else code

    def path(self, code: str) -> list[TaxonomyTerm]:
        """From the top down to the term itself."""
        found: list[TaxonomyTerm] = []
        term = self.terms.get(code)
        while term and term not in found:
            found.insert(0, term)
            term = self.terms.get(term.broader)
        return found

    def top(self) -> list[TaxonomyTerm]:
        return [term for term in self.terms.values() if not term.broader]

    def narrower(self, code: str) -> list[TaxonomyTerm]:
        return [term for term in self.terms.values() if term.broader == code]


@cache
def scheme(name: str) -> Scheme:
    """The taxonomy called ``name`` (``industry``, ``division``, ``ipc``, ``trl``, ``field``)."""
    about = _declared()[name]
    rows = list(csv.DictReader((FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
    return Scheme(
        name=name,
        label=Words(about["label"]["zh"], about["label"]["en"]),
        source=about["source"],
        status=about["status"],
        seen=about["seen"],
        terms={row["code"]: _term(row) for row in rows},
        by_label=_labels(rows),
    )


def all_schemes() -> list[Scheme]:
    return [scheme(name) for name in _declared()]


@cache
def _declared() -> dict[str, dict[str, Any]]:
    declared: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "schemes.yaml").read_text(encoding="utf-8"))
    return declared


def _term(row: dict[str, str]) -> TaxonomyTerm:
    return TaxonomyTerm(row["code"], Words(row["zh"] or row["en"], row["en"] or row["zh"]), row["broader"])


def _labels(rows: list[dict[str, str]]) -> dict[str, str]:
    """Every way in which a term is written → its code.

    What several terms share is left out, so that such a term must be given by its code or by its name in full; but a
    province, a section (a term at the top) keeps its own name.
    """
    written: dict[str, set[str]] = {}
    top = {row["code"] for row in rows if not row["broader"]}
    for row in rows:
        for word in {row["zh"], row["en"], *row["also"].split(";")} - {""}:
            written.setdefault(word.lower(), set()).add(row["code"])
    chosen = {word: codes if len(codes) == 1 else codes & top for word, codes in written.items()}
    return {word: next(iter(codes)) for word, codes in chosen.items() if len(codes) == 1}
