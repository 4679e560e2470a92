"""The small parts of pages: bars, numbers, highlighted sentences, addresses; and pages for what went wrong."""

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from rongtong.portal import errors
from rongtong.portal.templatetags import portal as parts


def test_highlighting_marks_what_it_should_and_escapes_everything() -> None:
    shown = parts.highlighted("<b>出灰</b>卡料", [(3, 5), (9, 11)])
    assert shown == "&lt;b&gt;<mark>出灰</mark>&lt;/b&gt;<mark>卡料</mark>"


def test_overlapping_marks_become_one() -> None:
    assert parts.highlighted("自动出灰装置", [(0, 4), (2, 6)]) == "<mark>自动出灰装置</mark>"


@pytest.mark.parametrize(("share", "width"), [(-1.0, "0.0"), (0.634, "63.4"), (2.0, "100.0")])
def test_a_bar_never_leaves_its_frame(share: float, width: str) -> None:
    assert f'width="{width}"' in parts.meter(share)


@pytest.mark.parametrize(
    ("language", "number", "written"),
    [("zh-hans", 3653, "3,653"), ("zh-hans", 12_345_678, "1,234.6 万"), ("en", 12_345_678, "12,345,678")],
)
def test_numbers_follow_the_habit_of_the_reader(language: str, number: int, written: str) -> None:
    with translation.override(language):
        assert parts.grouped(number) == written


def test_a_text_in_both_languages_shows_its_readers_half() -> None:
    with translation.override("en"):
        assert parts.in_language("看匹配 · Reads matches") == "Reads matches"
    with translation.override("zh-hans"):
        assert parts.in_language("看匹配 · Reads matches") == "看匹配"
        assert parts.in_language("只有一种") == "只有一种"


@pytest.mark.django_db
def test_a_failure_is_told_in_the_frame_even_before_anybody_is_known() -> None:
    request = RequestFactory().get("/")
    answer = errors.server_error(request)
    assert (answer.status_code, "已保存的内容是安全的" in answer.content.decode()) == (500, True)


@pytest.mark.django_db
def test_a_form_from_an_expired_page_is_refused_with_what_to_do() -> None:
    answer = errors.csrf_failed(RequestFactory().post("/"))
    assert (answer.status_code, "页面已过期" in answer.content.decode()) == (403, True)


@pytest.mark.django_db
def test_a_bad_request_is_told_in_the_frame(visitor: Client) -> None:
    answer = errors.bad_request(RequestFactory().get("/"), ValueError())
    assert (answer.status_code, "这个请求读不懂" in answer.content.decode()) == (400, True)
