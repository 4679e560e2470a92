"""Two-language labels that stand beside the thing they name, so that a new kind of record stays one file."""

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Words:
    """A label in Simplified Chinese and in English; ``str()`` gives the one the reader's language asks for."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh
