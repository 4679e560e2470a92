"""Taxonomies as data: one CSV for each scheme (``code,zh,en,broader``), its source and date in ``schemes.yaml``."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

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
    """A taxonomy with its source; ``find`` reads a code or a label, ``show`` writes one for a person."""

    name: str
    label: Words
    source: str
    status: str
    terms: dict[str, TaxonomyTerm]
    by_label: dict[str, str]

    def get(self, code: str) -> TaxonomyTerm | None:
        return self.terms.get(code)

    def find(self, written: str) -> TaxonomyTerm | None:
        """The term with this code or exactly this label in either language (unique labels only)."""
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
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        terms = {
            row["code"]: TaxonomyTerm(row["code"], Words(row["zh"], row["en"] or row["zh"]), row["broader"])
            for row in csv.DictReader(file)
        }
    label = Words(about["label"]["zh"], about["label"]["en"])
    return Scheme(name, label, about["source"], about["status"], terms, _labels(terms))


def all_schemes() -> list[Scheme]:
    return [scheme(name) for name in _declared()]


@cache
def _declared() -> dict[str, dict[str, object] | object]:  # type: ignore[type-arg]
    declared: dict[str, object] = yaml.safe_load((FOLDER / "schemes.yaml").read_text(encoding="utf-8"))
    return declared


def _labels(terms: dict[str, TaxonomyTerm]) -> dict[str, str]:
    """Label → code, leaving out labels that several terms share: such a one must be given by its code."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for term in terms.values():
        for label in {term.label.zh.lower(), term.label.en.lower()}:
            if found.setdefault(label, term.code) != term.code:
                shared.add(label)
    return {label: code for label, code in found.items() if label not in shared}
