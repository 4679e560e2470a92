"""Classes of visibility of a record or of one of its fields, widest first (there is none for state secrets)."""

from enum import StrEnum

from rongtong.domain.foundation.words import Words


class Visibility(StrEnum):
    """Who may read; there is deliberately no class for state secrets, which must never be entered."""

    PUBLIC = "public"
    MEMBERS = "members"
    INTERNAL = "internal"
    OWNER = "owner"

    @property
    def label(self) -> Words:
        return LABELS[self]


LABELS = {
    Visibility.PUBLIC: Words("公开", "Public"),
    Visibility.MEMBERS: Words("登录成员可见", "Signed-in members"),
    Visibility.INTERNAL: Words("管理部门内部", "Bureau staff"),
    Visibility.OWNER: Words("仅本单位", "Own organisation only"),
}
ORDER = tuple(Visibility)
