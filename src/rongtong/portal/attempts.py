"""What a form asks for, tried: what stood against it is kept for the page from which it was asked."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from django.utils.translation import gettext as _

from rongtong.domain.foundation.errors import AccessDenied, DomainError, Invalid, Problem


class Attempt:
    """``with attempt:`` does it; a refusal of these ``kinds`` stays in the attempt instead of leaving the view.

    With no kinds named that is every refusal but a want of rights, which the middleware answers. A page that was only
    opened has an attempt too: one that nothing stood against.
    """

    def __init__(self, *kinds: type[DomainError]) -> None:
        self._kinds = kinds
        self.refused = False
        self.message = ""
        self.problems: tuple[Problem, ...] = ()

    @property
    def status(self) -> int:
        """The status of the page that tells how it went."""
        return 422 if self.refused else 200

    @property
    def told(self) -> tuple[Problem, ...]:
        """Every problem; the message as the only one where the refusal names none."""
        return self.problems or ((Problem("", self.message),) if self.refused else ())

    @property
    def sentences(self) -> list[str]:
        """What was wrong, in whole sentences."""
        return [problem.message for problem in self.told]

    @property
    def wrong(self) -> dict[str, str]:
        """What was wrong with each field."""
        return {problem.field: problem.message for problem in self.problems}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> bool:
        if not isinstance(error, DomainError) or not self._takes(error):
            return False
        self.refused, self.message = True, error.message
        self.problems = error.problems if isinstance(error, Invalid) else ()
        return True

    def _takes(self, error: DomainError) -> bool:
        return isinstance(error, self._kinds) if self._kinds else not isinstance(error, AccessDenied)


def refuse(problems: Sequence[Problem]) -> None:
    """Raise Invalid for a form that cannot be saved as it is."""
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
