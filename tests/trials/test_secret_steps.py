"""A step that is nobody else's business leaves everybody else's pages as they were, in what they say and ask."""

import html
import re
from itertools import zip_longest

import pytest
from django.db import DatabaseError
from django.test import Client

from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.ids import new_id
from rongtong.domain.foundation.models import AccessEvent, AuditEvent, Envelope, ProvisionEvent
from rongtong.domain.parties.models import Party
from rongtong.domain.programmes.actions.calls import advance_topic
from rongtong.domain.programmes.actions.deciding import end_notice, override_veto, veto_proposal
from rongtong.domain.programmes.actions.objections import advance_objection, file_objection
from rongtong.domain.programmes.models import Decision, Examiner, Notice, Review, Submission, Topic
from rongtong.domain.programmes.queries.nexts import MODELS, TABLE, what_next
from tests import factories as make
from tests.programmes.bidding import bidding
from tests.programmes.deciding_scene import (
    COLLEAGUE,
    GROUND,
    WEEK,
    bids_of,
    day_after,
    noticed,
    on,
    prepared,
    ranked_topic,
)
from tests.programmes.panels import account_actor, checked_topic, opened, reviewers, sign, write
from tests.programmes.running import passed, running_project
from tests.trials.forms import forms_of
from tests.trials.test_sealed_silence import browser, places, told

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BUSINESS = (
    "/challenges",
    "/me/",
    "/messages",
    "/notices",
    "/objections",
    "/projects",
    "/workbench",
    "/audit",
    "/processes",
)
"""Where the pages begin on which a challenge is told of."""


LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)"')
LEAVES = ("/static/", "/sign-", "/language", "/me/seat")
"""What is no page, or ends the visit."""
DRAWN = re.compile(r'name="secret" value="[^"]*"')
"""What is drawn anew for every form."""
NOT_ASKED = 405
BROKEN = "草稿的行读不出来"


class Watch:
    """What some people read on every page of a challenge before a step; afterwards nothing of it may differ."""

    def __init__(self, people: dict[str, Actor | None], **known: object) -> None:
        self.browsers: dict[str, Client] = {name: browser(actor) for name, actor in people.items()}
        records = {str(each) for each in known.values()}
        pages = [each for each in places(known) if each.startswith(BUSINESS) or records & set(each.split("/"))]
        for client in self.browsers.values():
            client.get("/challenges/")  # what is made at the first look stands from here on
        first = {page: told(next(iter(self.browsers.values())), page) for page in pages}
        self.pages = [page for page in pages if first[page].status != NOT_ASKED]
        self.before = {(name, page): self._read(name, page) for name in self.browsers for page in self.pages}

    def _read(self, name: str, page: str) -> tuple[int, str]:
        said = told(self.browsers[name], page)
        return said.status, DRAWN.sub("", said.text)

    def differing(self) -> list[str]:
        """The pages that differ, with the first line that does."""
        after = {place: self._read(*place) for place in self.before}
        return [
            f"{place} {was[0]} {after[place][0]} {_first_line(was[1], after[place][1])}"
            for place, was in self.before.items()
            if was != after[place]
        ]


def _first_line(before: str, after: str) -> str:
    pairs = zip_longest(before.splitlines(), after.splitlines(), fillvalue="")
    return next((f"{one!r} / {other!r}" for one, other in pairs if one != other), "")


def outsiders(topic: Topic) -> dict[str, Actor | None]:
    """Whoever plays no part, who applied, and an officer of another region."""
    best, *_others, last = bids_of(topic)
    return {
        "visitor": None, "member": make.member(), "officer elsewhere": make.holder(Role.OFFICER, "440300"),
        "applicant": make.member(best.applicant), "another": make.member(last.applicant),
    }  # fmt: skip


def test_that_a_decision_is_prepared_vetoed_and_kept_to_is_known_to_who_decides_alone() -> None:
    topic = ranked_topic(3)
    watch = Watch(outsiders(topic), topics=topic.pk, programmes=topic.programme_id)
    decision = prepared(topic)
    best = bids_of(topic)[0]
    assert watch.differing() == []
    veto_proposal(actor=make.member(topic.setter), decision=decision, submission=best, reason="设备有纠纷。")
    override_veto(actor=COLLEAGUE, decision=Decision.objects.get(), submission=best, reason="纠纷已了结。")
    assert watch.differing() == []


def test_an_objection_is_known_to_who_raised_and_who_answers_it_alone() -> None:
    with on(WEEK):
        topic = ranked_topic(3)
        notice = noticed(topic)
        people = outsiders(topic) | {"setter": make.member(topic.setter)}
        watch = Watch(people, topics=topic.pk, notices=notice.pk, decisions=notice.decision_id)
        raised = file_objection(actor=make.member(), notice=notice, name="张三", contact="13900000000", ground=GROUND)
        advance_objection(actor=COLLEAGUE, objection=raised, event="admit")
        assert watch.differing() == []


def test_nor_does_the_end_of_the_notice_tell_of_it() -> None:
    said = []
    for objected in (False, True):
        with on(WEEK):
            topic = ranked_topic(3, title="石灰窑出灰")
            notice = noticed(topic)
            if objected:
                file_objection(actor=make.member(), notice=notice, name="张三", contact="13900000000", ground=GROUND)
        with on(day_after(notice)):
            end_notice(actor=make.PLATFORM, notice=Notice.objects.get(pk=notice.pk))
            said.append(_steps(topic))
    assert said[0] == said[1]


def _steps(topic: Topic) -> list[str]:
    """What an applicant reads of what happens next."""
    actor = make.member(bids_of(topic)[0].applicant)
    return [str(each.what) for each in what_next(actor, Topic.objects.get(pk=topic.pk))]


def test_to_who_is_outside_each_state_still_says_what_happens_next() -> None:
    for (process, state), rules in TABLE.items():
        if any(rule.outside for rule in rules):
            left = MODELS[process]._default_manager.all()
            record = ranked_topic(1)
            MODELS[process]._default_manager.filter(pk=record.pk).update(state=state)
            for rule in rules:
                told_of = (rule.outside or rule.when)()
                left = left.exclude(pk__in=MODELS[process]._default_manager.filter(told_of).values("pk"))
            assert not left.filter(pk=record.pk).exists()


def test_what_a_reviewer_writes_and_signs_shows_on_no_page_of_others() -> None:
    reviewers(12)
    topic = checked_topic(2)
    round_ = opened(topic)
    seats = list(round_.seats.filter(state="accepted").order_by("pk"))
    people = outsiders(topic) | {"setter": make.member(topic.setter), "colleague": account_actor(seats[1].account)}
    watch = Watch(people, topics=topic.pk, rounds=round_.pk, seats=seats[0].pk)
    first, second = Review.objects.filter(seat=seats[0]).order_by("pk")
    write(first, "70")
    assert watch.differing() == []
    sign(second)
    assert watch.differing() == []


def test_no_log_tells_that_a_draft_could_not_lapse(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*, actor: Actor, submission: Submission) -> None:
        raise DatabaseError(f"{BROKEN} {submission.pk}")

    call = bidding()
    submission = call.draft(make.member())
    monkeypatch.setattr("rongtong.domain.programmes.actions.clock.lapse_submission", broken)
    call.over()
    assert submission.state == "draft"
    assert "DatabaseError" in caplog.text
    assert not [word for word in (BROKEN, str(submission.pk), "submission", "lapse") if word in caplog.text]


def test_what_an_applicant_is_refused_before_the_opening_names_no_submission() -> None:
    call, actor = bidding(), make.member()
    sealed, client = call.sealed(actor), browser(actor)
    before = AccessEvent.objects.count()
    for pk in (sealed.pk, new_id()):
        assert client.post(f"/bids/{pk}/check", {"event": "pass_form"}).status_code == 404
        assert client.get(f"/bids/{pk}/files/1?token=x").status_code == 404
        assert client.get(f"/bids/{pk}/opinions").status_code == 404
    told_of = list(AccessEvent.objects.order_by("seq")[before:].values_list("action", "entity_id"))
    own, missing = ([each for each in told_of if each[1] == str(pk)] for pk in (sealed.pk, pk))
    assert len(own) <= len(missing)


def test_the_user_of_a_result_reads_nothing_of_what_is_paid_for_it() -> None:
    project = running_project()
    user = _examiner(project.topic)
    client, setter = browser(user), browser(make.member(Party.objects.get(pk=project.setter)))
    pages = (f"/projects/{project.pk}/", "/projects/", "/projects.csv")
    before = [_text(client, page) for page in pages]
    stone = passed(project, 1)
    owed = stone.obligations.get(purse="setter")
    shown = f"{owed.fen // 100}"
    assert owed.fen and "应付" in _text(setter, pages[0])
    for page, was in zip(pages, before, strict=True):
        now = _text(client, page)
        assert now.count(shown) <= was.count(shown)
        assert "应付 " not in now and "已付 " not in now


def _examiner(topic: Topic) -> Actor:
    party = make.PartyFactory()
    Examiner.objects.create(topic=topic, party=party)
    return make.member(party)


def _text(client: Client, page: str) -> str:
    return told(client, page).text


def test_a_draft_for_a_topic_that_was_cancelled_is_noted_nowhere() -> None:
    call, actor = bidding(), make.member()
    draft = call.draft(actor)
    advance_topic(actor=make.PLATFORM, topic=call.topic, event="cancel", reason="需求已撤回")
    client = browser(actor)
    for page in ("/workbench", "/me/bids", f"/bids/{draft.pk}/", "/me/messages"):
        assert client.get(page).status_code == 200
    assert not ProvisionEvent.objects.filter(entity_id__in=[str(call.topic.pk), str(draft.pk)]).exists()


def clicked(client: Client, start: list[str], most: int = 120) -> set[str]:
    """Every page that somebody comes to from ``start`` by links, two deep, having sent every form on the way."""
    seen: set[str] = set()
    here = start
    for _depth in range(2):
        there: list[str] = []
        for page in here:
            if page in seen or page.startswith(LEAVES) or len(seen) >= most:
                continue
            seen.add(page)
            answer = client.get(page)
            text = answer.content.decode() if "html" in answer.get("Content-Type", "") else ""
            there += [html.unescape(link) for link in LINK.findall(text)]
            for form in forms_of(text, page):
                if not form.action.startswith(LEAVES):
                    client.post(form.action, {name: value[0] for name, value in form.values.items()})
        here = there
    return seen


@pytest.mark.parametrize("sealed", [False, True])
def test_whatever_an_applicant_clicks_before_the_opening_leaves_no_trace(sealed: bool) -> None:
    call, actor = bidding(), make.member()
    submission = call.sealed(actor) if sealed else call.draft(actor)
    client = browser(actor)
    topic, bid = f"/challenges/topics/{call.topic.pk}/", f"/bids/{submission.pk}/"
    place = f"/processes/submission?of=submission/{submission.pk}"
    seen = clicked(client, [bid, place, "/me/bids", "/workbench", "/me/messages", topic, f"{topic}bids"])
    assert len(seen) > 20
    secrets = {str(submission.pk), *map(str, Envelope.objects.values_list("pk", flat=True))}
    for stream in (AuditEvent, AccessEvent, ProvisionEvent):
        rows = stream.objects.all()
        assert [row for row in rows if any(each in f"{row.entity_id} {row.details}" for each in secrets)] == []
