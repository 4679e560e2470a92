"""The picture of a process says what its table says, and where a record stands only to who may view it."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.foundation.naming import named_processes
from rongtong.domain.programmes.models import Topic
from rongtong.portal.diagrams import PITCH, drawn, plan
from tests import factories as make
from tests.programmes.factories import TopicFactory

NAMES = sorted(named_processes())


@pytest.mark.parametrize("name", NAMES)
def test_every_step_of_the_table_is_in_the_picture_once_from_each_of_its_states(name: str) -> None:
    process = named_processes()[name]
    found = plan(process)
    rows = {state.key: number for number, state in enumerate(process.states)}
    wanted = sorted((str(s.label), rows[source], rows[s.target]) for s in process.transitions for source in s.sources)
    told = [(label, row, row + 1) for row, labels in found.straight.items() for label in labels]
    told += [(label, row, row) for row, labels in found.loops.items() for label in labels]
    told += [(line.label, source, line.target) for line in (*found.left, *found.right) for source in line.sources]
    assert sorted(told) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_lines_in_one_lane_never_touch(name: str) -> None:
    found = plan(named_processes()[name])
    for lines in (found.left, found.right):
        for number, line in enumerate(lines):
            for other in lines[:number]:
                assert line.lane != other.lane or line.last < other.first or other.last < line.first


@pytest.mark.parametrize("name", NAMES)
def test_words_stand_inside_the_picture_and_apart_from_each_other(name: str) -> None:
    """By the width that the picture reckons with; what a font really takes is looked at in a browser."""
    picture = drawn(named_processes()[name])
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', picture).groups())  # type: ignore[union-attr]
    boxes = []
    for css, x, y, words in re.findall(
        r'<text class="(step[^"]*)" x="(-?\d+)" y="(-?\d+)">([^<]*)<', unescape(picture)
    ):
        long = sum(12.5 if ord(letter) > 0x2E80 else 6.9 for letter in words)
        left = int(x) - long if "before" in css else int(x)
        assert left >= 0
        assert left + long <= width + 1
        assert 0 < int(y) < height
        boxes.append((left, left + long, int(y), words))
    for number, (left, right, y, words) in enumerate(boxes):
        for other_left, other_right, other_y, other in boxes[:number]:
            assert abs(y - other_y) > 12 or right <= other_left or other_right <= left, (words, other)
    assert height < PITCH * 20


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_no_line_that_runs_down_crosses_words(name: str, language: str) -> None:
    with translation.override(language):
        picture = drawn(named_processes()[name])
    lines = [
        (float(x), *sorted((float(top), float(foot))))
        for x, top, foot in re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)", picture)
    ]
    for css, x, y, words in re.findall(
        r'<text class="(step[^"]*)" x="(-?\d+)" y="(-?\d+)">([^<]*)<', unescape(picture)
    ):
        long = sum(12.5 if ord(letter) > 0x2E80 else 6.9 for letter in words)
        left = int(x) - long if "before" in css else int(x)
        crossed = [line for line in lines if left < line[0] < left + long and line[1] < int(y) < line[2]]
        assert crossed == [], words


def test_a_record_stands_in_one_state() -> None:
    picture = drawn(named_processes()["topic"], "open")
    assert picture.count('class="state here"') == 1
    assert 'class="state here"' not in drawn(named_processes()["topic"])


@pytest.mark.django_db
def test_the_place_of_a_record_is_shown_to_who_may_view_it(visitor: Client, signed_in: Callable[..., Client]) -> None:
    topic = TopicFactory()
    address = reverse("portal:process", args=("topic",)) + f"?of=topic/{topic.pk}"
    assert visitor.get(address).status_code == 404
    assert signed_in(make.member()).get(address).status_code == 404
    body = signed_in(make.member(topic.setter)).get(address).content.decode()
    assert 'class="state here"' in body
    assert "拟题中" in body
    assert ProvisionEvent.objects.filter(entity_id=str(topic.pk)).exists()
    Topic.objects.filter(pk=topic.pk).update(state="published")
    before = ProvisionEvent.objects.count()
    assert 'class="state here"' in visitor.get(address).content.decode()
    assert ProvisionEvent.objects.count() == before


@pytest.mark.django_db
def test_pages_of_processes_answer_everybody_in_both_languages(visitor: Client) -> None:
    for name in NAMES:
        assert visitor.get(reverse("portal:process", args=(name,))).status_code == 200
    body = Client(headers={"Accept-Language": "en"}).get(reverse("portal:process", args=("topic",))).content.decode()
    assert "Under argument" in body
    assert "拟题" not in body


@pytest.mark.django_db
@pytest.mark.parametrize("of", ["topic", "topic/1", "programme/00000000-0000-0000-0000-000000000000", "nothing/x"])
def test_an_address_made_up_is_not_found(visitor: Client, of: str) -> None:
    assert visitor.get(reverse("portal:process", args=("topic",)), {"of": of}).status_code == 404
    assert visitor.get(reverse("portal:process", args=("nothing",))).status_code == 404
