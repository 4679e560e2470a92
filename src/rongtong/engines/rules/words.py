"""What a pack or the engine says, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One sentence or label in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh

    def as_dict(self) -> dict[str, str]:
        """As it stands in a result file."""
        return {"zh": self.zh, "en": self.en}

    def format(self, zh: dict[str, str], en: dict[str, str]) -> "Text":
        """Both sentences with their placeholders filled."""
        return Text(self.zh.format_map(zh), self.en.format_map(en))


def joined(parts: list[Text]) -> Text:
    """A list of names as each language writes it."""
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))
