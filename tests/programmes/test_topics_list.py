"""The public list, the board and the file: what stands there, in which order, for whom, at what cost."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from rongtong.domain.foundation import clock as hours
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.models import AuditEvent, ProvisionEvent
from rongtong.domain.programmes.actions import calls, clock
from rongtong.domain.programmes.models import Submission, Topic
from rongtong.domain.programmes.queries.calls import Filters, board, counts_by_state, listing, solvers_of
from rongtong.domain.registry import indexing
from tests.factories import PLATFORM, AchievementFactory, PartyFactory, member, officer
from tests.foundation.sealing.scene import enrolled
from tests.programmes.factories import ProgrammeFactory, TopicFactory
from tests.programmes.test_calls import argued

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
LIST = "/challenges/"


def standing(state: str, **facts: object) -> Topic:
    """A topic in a state, as if it had come there."""
    topic = TopicFactory(**{name: value for name, value in facts.items() if name not in ("number",)})
    Topic.objects.filter(pk=topic.pk).update(state=state, number=str(facts.get("number", "")))
    topic.refresh_from_db()
    return topic


def titles(topics: object) -> list[str]:
    return [topic.title for topic in topics]  # type: ignore[attr-defined]  # a queryset or a list


def sheet(client: Client, form: str, **given: str) -> str:
    """What a file of the list holds, as text."""
    answer = client.get(reverse("portal:challenges-file", args=(form,)), given)
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file is streamed
    return content.decode("utf-8-sig", errors="replace")


def test_the_list_is_public_and_holds_what_was_published(visitor: Client) -> None:
    shown, hidden = standing("open", title="公开的题"), standing("argued", title="论证中的题")
    body = visitor.get(LIST).content.decode()
    assert (shown.title in body, hidden.title in body) == (True, False)
    assert "还有 " in body
    assert "40 万元" in body


def test_an_empty_list_says_how_a_topic_comes_about(visitor: Client) -> None:
    assert "现在没有榜题" in visitor.get(LIST).content.decode()
    assert "没有符合条件的榜题" in visitor.get(LIST, {"q": "无"}).content.decode()


def test_what_closes_next_comes_first(visitor: Client) -> None:
    now = timezone.now()
    late = standing("open", title="晚", opens_at=now, closes_at=now + dt.timedelta(days=9))
    soon = standing("open", title="早", opens_at=now, closes_at=now + dt.timedelta(days=2))
    coming, done = standing("published", title="未开始"), standing("awarded", title="已立项")
    assert titles(listing(Actor(), Filters())) == [soon.title, late.title, coming.title, done.title]
    assert titles(listing(Actor(), Filters.read({"soon": "7"}))) == [soon.title]


def test_every_filter_narrows(visitor: Client) -> None:
    programme = ProgrammeFactory()
    one = standing("open", title="电池材料", programme=programme, field="H", region="330100", number="2026-007")
    two = standing("closed", title="窑炉控制", setter_money=10_000_000_00, region="110000")
    wanted = {
        "q": ("电池", one), "state": ("closed", two), "programme": (str(programme.pk), one), "field": ("H", one),
        "region": ("330000", one), "least": ("10000000", two), "setter": (two.setter.name, two),
    }  # fmt: skip
    for name, (value, expected) in wanted.items():
        assert titles(listing(Actor(), Filters.read({name: value}))) == [expected.title], name
    assert titles(listing(Actor(), Filters.read({"q": "2026-007"}))) == [one.title]
    assert titles(listing(member(two.setter), Filters.read({"mine": "1"}))) == [two.title]
    body = visitor.get(LIST, {"q": "电池", "state": "open"}).content.decode()
    assert (one.title in body, two.title in body, "去掉这个筛选" in body) == (True, False, True)


@pytest.mark.parametrize("value", ["x" * 3000, "\x00", "' OR 1=1 --", "-1", "9" * 40, "²", "none", "%"])
def test_nothing_typed_into_a_filter_breaks_the_list(visitor: Client, value: str) -> None:
    names = ("q", "state", "field", "region", "programme", "setter", "soon", "least", "mine", "page")
    for name in names:
        assert visitor.get(LIST, {name: value}).status_code == 200


def test_rows_cost_no_queries(visitor: Client, signed_in: SignIn) -> None:
    clerk = signed_in(officer())
    pages = [(visitor, LIST), (clerk, reverse("portal:challenge-board")), (clerk, LIST + "board?view=table")]

    def cost() -> list[int]:
        counts = []
        for client, address in pages:
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    standing("open")
    standing("drafting")
    few = cost()
    for state in ("open", "closed", "drafting", "argued", "awarded"):
        standing(state)
    assert cost() == few


def test_the_board_shows_what_one_may_view_and_notes_it(signed_in: SignIn, visitor: Client) -> None:
    draft, open_ = standing("drafting", title="草拟的题"), standing("open", title="在揭的题")
    address = reverse("portal:challenge-board")
    assert visitor.get(address).status_code == 302
    clerk, setter, other = signed_in(officer()), signed_in(member(draft.setter)), signed_in(member())
    assert all(title in clerk.get(address).content.decode() for title in (draft.title, open_.title))
    assert draft.title in setter.get(address).content.decode()
    assert draft.title not in other.get(address).content.decode()
    noted = ProvisionEvent.objects.filter(action="shown.list", entity_id=str(draft.pk))
    assert noted.exists()
    assert not ProvisionEvent.objects.filter(entity_id=str(open_.pk)).exists()
    columns = {column.state: column.count for column in board(officer(), Filters())}
    assert (columns["drafting"], columns["open"], columns["closed"], "cancelled" in columns) == (1, 1, 0, False)
    assert counts_by_state(Actor(), Filters()) == {"open": 1}


def test_a_board_column_stops_at_its_first_cards() -> None:
    for _number in range(22):
        standing("drafting")
    column = next(each for each in board(PLATFORM, Filters()) if each.state == "drafting")
    assert (column.count, len(column.topics)) == (22, 12)


def test_the_list_leaves_as_a_sheet_that_holds_no_formula(visitor: Client, signed_in: SignIn) -> None:
    standing("open", title="=cmd|' /C calc'!A0")
    draft = standing("drafting", title="草拟的题")
    read = list(csv.reader(io.StringIO(sheet(visitor, "csv"))))
    assert [row[1] for row in read] == ["榜题", "'=cmd|' /C calc'!A0"]
    assert read[1][7:9] == ["300000", "100000"]
    assert sheet(visitor, "xlsx")
    assert visitor.get(reverse("portal:challenges-file", args=("exe",))).status_code == 404
    assert visitor.get(reverse("portal:challenges-file", args=("csv",)), {"whole": "1"}).status_code in (302, 403)
    assert draft.title in sheet(signed_in(officer()), "csv", whole="1")
    assert ProvisionEvent.objects.filter(action="shown.file", entity_id=str(draft.pk)).exists()


# the clock


def test_the_clock_opens_and_closes_and_lets_drafts_lapse(monkeypatch: pytest.MonkeyPatch) -> None:
    topic = standing("published")
    draft = Submission.objects.create(topic=topic, applicant=PartyFactory())
    for moment, state, of_draft in (
        (topic.opens_at - dt.timedelta(seconds=1), "published", "draft"),
        (topic.opens_at, "open", "draft"),
        (topic.closes_at - dt.timedelta(seconds=1), "open", "draft"),
        (topic.closes_at, "closed", "lapsed"),
    ):
        assert moment is not None
        monkeypatch.setattr(hours, "now", lambda moment=moment: moment)
        clock.run_clock(PLATFORM)
        topic.refresh_from_db()
        draft.refresh_from_db()
        assert (topic.state, draft.state) == (state, of_draft)
    assert clock.run_clock(PLATFORM) == 0


def test_what_fails_stops_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    first, second = (standing("open", opens_at=now, closes_at=now + dt.timedelta(seconds=each)) for each in (1, 2))
    real = calls.advance_topic

    def sometimes(*, actor: Actor, topic: Topic, event: str) -> Topic:
        if topic.pk == first.pk:
            raise RuntimeError("the disk")
        return real(actor=actor, topic=topic, event=event)

    monkeypatch.setattr(clock, "advance_topic", sometimes)
    monkeypatch.setattr(hours, "now", lambda: now + dt.timedelta(minutes=1))
    clock.run_clock(PLATFORM)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("open", "closed")


# who is told


def test_owners_of_likely_answers_are_told_once(index: object) -> None:
    topic = standing("published", title="石灰窑高温自动出灰装置与控制方法")
    owner, examiner = PartyFactory(), PartyFactory()
    same = "石灰窑高温自动出灰装置与控制方法"
    for party in (owner, owner, topic.setter, examiner):
        AchievementFactory(title=same, owner=party, values={"problem": topic.problem})
    AchievementFactory(title="锂电池电解液添加剂", values={"problem": "提高锂电池在低温下的放电容量。"})
    AchievementFactory(title=same, owner=PartyFactory(), values={"problem": topic.problem}, visibility="members")
    calls.appoint_examiner(actor=PLATFORM, topic=Topic.objects.get(pk=_drafted(topic)), party=examiner)
    Topic.objects.filter(pk=topic.pk).update(state="published")
    indexing.drain()
    assert [party.pk for party in solvers_of(topic)] == [owner.pk]
    clock.run_clock(PLATFORM)
    clock.run_clock(PLATFORM)
    told = AuditEvent.objects.filter(action="programmes.tell_solvers")
    assert [event.details["told"] for event in told] == [1]


def _drafted(topic: Topic) -> object:
    Topic.objects.filter(pk=topic.pk).update(state="drafting")
    return topic.pk


# two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are locked one by one on PostgreSQL alone")
def test_two_officers_publish_at_once_and_get_two_numbers() -> None:
    officers, keys, _passphrases = enrolled(2)
    topics = [argued(TopicFactory(title=title)) for title in ("石灰窑出灰", "锂电池回收", "环氧绝缘件", "滚筒轴承密封")]
    for topic in topics:
        calls.advance_programme(actor=PLATFORM, programme=topic.programme, event="start")
        calls.make_box(actor=officers[0], topic=topic, custodians=keys)

    def publish(topic: Topic) -> str:
        try:
            return calls.advance_topic(actor=officers[1], topic=topic, event="publish").number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(topics)) as pool:
        numbers = sorted(pool.map(publish, topics))
    year = timezone.localdate().year
    assert numbers == [f"{year}-{number:03d}" for number in range(1, len(topics) + 1)]
