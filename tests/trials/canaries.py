"""Words that stand in one closed place each, and how they are found in whatever an answer holds."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from rongtong.domain.foundation.actors import Actor

MARK, LATIN = "鸑鷟", "yuezhuo"
"""What every planted word begins with: a bird that no other text of the project names."""
_SPELT = (MARK, json.dumps(MARK).strip('"'), quote(MARK), quote(MARK).lower(), LATIN)
_WORD = re.compile("(?:" + "|".join(re.escape(each) for each in _SPELT) + r")(\d{4})?", re.IGNORECASE)

May = Callable[[Actor], bool]


@dataclass(frozen=True)
class Planted:
    """A word, where it stands, and who may read it there."""

    word: str
    where: str
    may: May


@dataclass
class Aviary:
    """Every word planted in a world: those with a number, and secrets that are found as they are."""

    numbered: dict[str, Planted] = field(default_factory=dict)
    secrets: dict[str, Planted] = field(default_factory=dict)

    def plant(self, where: str, may: May, *, latin: bool = False) -> str:
        """A new word for a place."""
        number = f"{len(self.numbered) + 1:04d}"
        word = f"{LATIN if latin else MARK}{number}"
        self.numbered[number] = Planted(word, where, may)
        return word

    def keep(self, secret: str, where: str, may: May) -> str:
        """A secret that the platform made up itself."""
        self.secrets[secret] = Planted(secret, where, may)
        return secret

    def all(self) -> Iterator[Planted]:
        yield from self.numbered.values()
        yield from self.secrets.values()

    def closed_to(self, actor: Actor) -> "Cage":
        """What ``actor`` may not read."""
        return Cage(self, {each.word for each in self.all() if not each.may(actor)})

    def standing(self, texts: Iterable[str]) -> set[str]:
        """The places whose words stand in ``texts``, secrets aside."""
        found = {match[1] for text in texts for match in _WORD.finditer(text)}
        return {self.numbered[number].where for number in found & self.numbered.keys()}

    def masked(self, text: str) -> str:
        """``text`` with every planted word taken out, so that it can be sent by somebody else."""
        clean = _WORD.sub("石灰", text)
        for secret in self.secrets:
            clean = clean.replace(secret, "石灰")
        return clean


@dataclass(frozen=True)
class Cage:
    """The words closed to one reader."""

    aviary: Aviary
    closed: set[str]

    def found(self, texts: Iterable[str]) -> list[str]:
        """The places whose words stand in ``texts`` though they are closed."""
        given = list(texts)
        return sorted({where for text in given for where in self._in(text)})

    def _in(self, text: str) -> Iterator[str]:
        for match in _WORD.finditer(text):
            planted = self.aviary.numbered.get(match[1] or "")
            if planted is None:
                if len(self.closed) == len(list(self.aviary.all())):
                    yield f"part of a planted word: {text[max(0, match.start() - 30) : match.end() + 10]!r}"
            elif planted.word in self.closed:
                yield planted.where
        for secret, planted in self.aviary.secrets.items():
            if secret in self.closed and secret in text:
                yield planted.where


def texts_of(content: bytes) -> list[str]:
    """What stands in a body, in the members of an archive (a workbook) too."""
    if content[:2] != b"PK":
        return [content.decode("utf-8", errors="replace")]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [archive.read(name).decode("utf-8", errors="replace") for name in archive.namelist()]
