"""What a reviewer writes of a submission: saved as one types, signed once, read by others when the round is over."""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit, clock
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import IllegalTransition, Invalid, Problem
from rongtong.domain.foundation.transitions import advance
from rongtong.domain.programmes.access import reviews_due
from rongtong.domain.programmes.apart import judges_own
from rongtong.domain.programmes.models import Review
from rongtong.domain.programmes.states import REVIEW
from rongtong.engines.review import Criterion
from rongtong.engines.review.aggregate import total

LONGEST = 5000
CONFIDENCE = range(1, 6)
WRITTEN = re.compile(r"\d{1,4}(\.\d{1,2})?")
"""A mark as people write one: two decimals at most, so that it is exact."""


@action("programmes.write_review")
def write_review(
    *,
    actor: Actor,
    review: Review,
    marks: Mapping[str, str],
    opinion: str,
    dissent: str = "",
    confidence: int | None = None,
) -> Review:
    """Keep what a reviewer has so far. ``marks`` by criterion, as written ("85.5"); an empty one is not given yet.

    Raises Invalid with every problem by field (``mark-<criterion>``), IllegalTransition once it is signed or the time
    is over, AccessDenied.
    """
    locked = _held(actor, review)
    problems = [*_wrong_marks(locked, marks), *_wrong_text(opinion, dissent, confidence)]
    if problems:
        raise Invalid(_("有 %(count)s 处需要修改，未保存。") % {"count": len(problems)}, problems)
    locked.marks = {name: written.strip() for name, written in marks.items() if written.strip()}
    locked.opinion, locked.dissent, locked.confidence = opinion, dissent, confidence
    locked.total = total_of(locked)
    locked.save(update_fields=["marks", "opinion", "dissent", "confidence", "total"])
    # the marks stay out of the chain: whoever may read it is not to learn them before the round is over
    audit.record(actor, "programmes.write_review", locked, complete=locked.total is not None)
    return locked


@action("programmes.sign_review")
def sign_review(*, actor: Actor, review: Review, seen_state: str | None = None) -> Review:
    """Sign a review; it does not change any more. Asks for a mark for every criterion, and an opinion."""
    _held(actor, review)
    moved = advance(REVIEW, review, "sign", actor=actor, seen_state=seen_state)
    moved.signed_at, moved.total = clock.now(), total_of(moved)
    moved.save(update_fields=["signed_at", "total"])
    return moved


def total_of(review: Review) -> Decimal | None:
    """The weighted total of a hundred, to four decimals for reading; None while a mark is missing."""
    criteria = [
        Criterion(each["id"], Fraction(each["weight"]), Fraction(str(each["highest"])))
        for each in review.seat.round.criteria
    ]
    if any(each.id not in review.marks for each in criteria):
        return None
    exact = total({name: Fraction(mark) for name, mark in review.marks.items()}, criteria)
    return round(Decimal(exact.numerator) / Decimal(exact.denominator), 4)


def _held(actor: Actor, review: Review) -> Review:
    """The review, locked, while its writer may still write it."""
    locked = Review.objects.select_for_update().get(pk=review.pk)
    require(actor, "write", locked)
    if locked.state == "signed":
        raise IllegalTransition(_("您已经签署这份意见，不能再改。"))
    if not reviews_due(actor).filter(pk=locked.pk).exists():
        raise IllegalTransition(_("现在不在评审时间内，不能填写。需要延长请联系组织评审的工作人员。"))
    if judges_own(actor.account, locked.submission):
        raise IllegalTransition(_("您现在属于申请方、出题方或阅卷方，应当回避，不能再评审这份申请。"))
    return locked


def _wrong_marks(review: Review, marks: Mapping[str, str]) -> list[Problem]:
    published = {each["id"]: each for each in review.seat.round.criteria}
    problems = [Problem(f"mark-{name}", _("没有公布过这项标准。")) for name in marks if name not in published]
    for name, written in marks.items():
        if name in published and written.strip() and not _is_mark(written.strip(), published[name]):
            most = published[name]["highest"]
            problems.append(Problem(f"mark-{name}", _("应为 0 到 %(most)s 之间的数，最多两位小数。") % {"most": most}))
    return problems


def _is_mark(written: str, criterion: Mapping[str, Any]) -> bool:
    return bool(WRITTEN.fullmatch(written)) and Fraction(written) <= Fraction(str(criterion["highest"]))


def _wrong_text(opinion: str, dissent: str, confidence: int | None) -> list[Problem]:
    shown = {"longest": LONGEST}
    problems = [
        Problem(name, _("不能超过 %(longest)s 个字。") % shown)
        for name, text in (("opinion", opinion), ("dissent", dissent))
        if len(text) > LONGEST
    ]
    if confidence is not None and confidence not in CONFIDENCE:
        problems.append(Problem("confidence", _("请选择 1 到 5。")))
    return problems
