"""What a view tries: which refusals stay for its page, and which go on to be answered elsewhere."""

import pytest

from rongtong.domain.foundation.errors import AccessDenied, DomainError, IllegalTransition, Invalid, Problem
from rongtong.portal.attempts import Attempt, refuse

PROBLEMS = (Problem("title", "名称必填。"), Problem("", "附件缺失。"))


def tried(attempt: Attempt, refusal: Exception) -> Attempt:
    with attempt:
        raise refusal
    return attempt


def test_what_was_done_was_not_refused():
    with Attempt() as attempt:
        pass
    assert (attempt.refused, attempt.status, attempt.message, attempt.told) == (False, 200, "", ())


def test_a_refusal_with_problems_tells_them_in_place_of_its_message():
    attempt = tried(Attempt(), Invalid("有两处", PROBLEMS))
    assert (attempt.refused, attempt.status, attempt.message) == (True, 422, "有两处")
    assert attempt.told == attempt.problems == PROBLEMS
    assert attempt.sentences == ["名称必填。", "附件缺失。"]
    assert attempt.wrong == {"title": "名称必填。", "": "附件缺失。"}


def test_a_refusal_without_problems_tells_its_message():
    attempt = tried(Attempt(), IllegalTransition("已经结束"))
    assert (attempt.problems, attempt.wrong, attempt.sentences) == ((), {}, ["已经结束"])


@pytest.mark.parametrize(
    ("kinds", "error"),
    [
        ((), AccessDenied("不可以")),
        ((), KeyError("title")),
        ((Invalid,), IllegalTransition("已经结束")),
        ((Invalid, IllegalTransition), AccessDenied("不可以")),
    ],
)
def test_what_is_not_the_pages_to_tell_goes_on(kinds: tuple[type[DomainError], ...], error: Exception):
    with pytest.raises(type(error)):
        tried(Attempt(*kinds), error)


def test_a_want_of_rights_stays_where_the_page_tells_every_refusal():
    assert tried(Attempt(DomainError), AccessDenied("不可以")).sentences == ["不可以"]


def test_only_a_form_with_problems_is_refused():
    refuse([])
    with pytest.raises(Invalid) as refused:
        refuse(PROBLEMS)
    assert refused.value.problems == PROBLEMS
