"""Classes of visibility of a record or of one of its fields, widest first (there is none for state secrets)."""

from enum import StrEnum

from rongtong.domain.foundation.words import Words


class Visibility(StrEnum):
    """Who may read; there is deliberately no class for state secrets, which must never be entered."""

    PUBLIC = "public"
    MEMBERS = "members"
    MATCHED = "matched"
    PANEL = "panel"
    INTERNAL = "internal"
    OWNER = "owner"
    SEALED = "sealed"

    @property
    def label(self) -> Words:
        return LABELS[self]


LABELS = {
    Visibility.PUBLIC: Words("公开", "Public"),
    Visibility.MEMBERS: Words("登录成员可见", "Signed-in members"),
    Visibility.MATCHED: Words("已引荐的对方可见", "The other side, once introduced"),
    Visibility.PANEL: Words("评审期内的评审人可见", "Assigned reviewers, while they review"),
    Visibility.INTERNAL: Words("管理部门内部", "Bureau staff"),
    Visibility.OWNER: Words("仅本单位", "Own organisation only"),
    Visibility.SEALED: Words("封存，到时公开", "Sealed until its hour"),
}
ORDER = tuple(Visibility)


def narrower(first: Visibility, second: Visibility) -> Visibility:
    """The one of two classes that fewer may read."""
    return max(first, second, key=ORDER.index)
