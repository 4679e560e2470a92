"""Another total of a running project's budget: who agrees to it, how it is divided to the fen, what it leaves alone."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.errors import AccessDenied, IllegalTransition, Invalid
from rongtong.domain.mailbox.models import Message
from rongtong.domain.parties.models import Account, Party
from rongtong.domain.parties.queries import actor_of
from rongtong.domain.programmes.actions.changes import advance_change, ask_change
from rongtong.domain.programmes.actions.milestones import examine_milestone
from rongtong.domain.programmes.actions.obligations import cancel_obligation
from rongtong.domain.programmes.actions.projects import advance_project, create_project, edit_project
from rongtong.domain.programmes.models import Change, Milestone, Obligation, Project
from rongtong.domain.programmes.totals import MOST
from tests.factories import PLATFORM, member, officer
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.programmes.running import (
    OFFICER,
    agreed,
    awarded_topic,
    contracted,
    decided,
    member_of,
    passed,
    projects_of,
    race,
    reported,
    running_project,
    with_record,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
SETTER, PUBLIC = 300_000_00, 100_000_00
THIRDS = {"payments": ["1/3", "1/3", "1/3"]}
LINE = {"item": "equipment", "fen": 250_000_00, "purse": "setter", "note": ""}


def asked(project: Project, *lines: dict[str, Any], **money: Any) -> Change:
    return ask_change(
        actor=member_of(project.leader), project=project, kind="budget", after=f"改为 {money}", reason="样机增加一台",
        effect={"money": money, "budget": list(lines)},
    )  # fmt: skip


def approved(change: Change) -> Project:
    advance_change(
        actor=OFFICER, change=change, event="approve", reason="出题方 3 月 2 日函同意",
        agreement=str(agreed(change.project).pk),
    )  # fmt: skip
    return Project.objects.get(pk=change.project_id)


def money_of(project: Project) -> list[tuple[int, int]]:
    """The totals of a project, then the money of each milestone."""
    again = Project.objects.get(pk=project.pk)
    stones = [(stone.setter_money, stone.public_money) for stone in again.milestones.order_by("order")]
    return [(again.setter_money, again.public_money), *stones]


def problems_of(call: Callable[[], object]) -> list[str]:
    with pytest.raises(Invalid) as refused:
        call()
    return [problem.field for problem in refused.value.problems]


def test_what_is_passed_stays_and_the_rest_is_divided_to_the_fen() -> None:
    project = running_project(**THIRDS)
    passed(project, 1)
    approved(asked(project, setter=400_000_01, public=50_000_00))
    assert money_of(project) == [
        (400_000_01, 50_000_00), (100_000_00, 33_333_34), (150_000_01, 8_333_33), (150_000_00, 8_333_33),
    ]  # fmt: skip
    passed(project, 2)
    owed = project.obligations.order_by("milestone__order", "-purse").values_list("purse", "fen")
    assert list(owed) == [("setter", 100_000_00), ("public", 33_333_34), ("setter", 150_000_01), ("public", 8_333_33)]


def test_nothing_stands_before_it_is_approved_nor_when_it_is_refused() -> None:
    project = running_project(**THIRDS)
    stood = money_of(project)
    change = asked(project, setter=1)
    assert money_of(project) == stood
    advance_change(actor=OFFICER, change=change, event="refuse", reason="没有理由")
    assert money_of(project) == stood


def test_no_total_is_less_than_what_is_owed() -> None:
    project = running_project(**THIRDS)
    passed(project, 1)
    assert problems_of(lambda: asked(project, setter=99_999_99, public=33_333_33)) == ["setter_money", "public_money"]
    change = asked(project, setter=150_000_00)
    passed(project, 2)
    assert problems_of(lambda: approved(change)) == ["setter_money"]
    approved(asked(project, setter=200_000_00))
    assert [setter for setter, _public in money_of(project)] == [200_000_00, 100_000_00, 100_000_00, 0]


@pytest.mark.parametrize("fen", [-1, MOST, True, "100", 1.5])
def test_an_absurd_amount_is_refused(fen: object) -> None:
    project = running_project()
    assert problems_of(lambda: asked(project, public=fen)) == ["public_money"]


def test_a_total_that_stays_and_a_purse_that_does_not_exist_are_refused() -> None:
    project = running_project()
    assert problems_of(lambda: asked(project, setter=SETTER, public=PUBLIC)) == ["setter_money"]
    assert problems_of(lambda: asked(project, own=1)) == ["kind"]


@pytest.mark.parametrize("kind", ["other", "end", "chief"])
def test_another_kind_of_change_moves_no_money(kind: str) -> None:
    project = running_project()
    given: dict[str, Any] = {"money": {"public": 1}, "ends_on": project.ends_on, "chief": project.chief}
    with pytest.raises(Invalid, match="预算总额"):
        ask_change(
            actor=member_of(project.leader), project=project, kind=kind, after="增资", reason="需要", effect=given
        )


def test_nothing_is_added_when_no_milestone_is_to_come() -> None:
    project = running_project(**THIRDS)
    for order in (1, 2, 3):
        passed(project, order)
    assert problems_of(lambda: asked(project, public=PUBLIC + 1)) == ["public_money"]


def test_what_came_to_nothing_gives_its_money_to_what_is_to_come() -> None:
    project = running_project(**THIRDS)
    Milestone.objects.filter(project=project, order=2).update(state="failed")
    approved(asked(project, setter=200_000_00))
    assert [setter for setter, _public in money_of(project)] == [200_000_00, 100_000_00, 0, 100_000_00]


def test_a_payment_that_was_cancelled_is_free_again() -> None:
    project = running_project(**THIRDS)
    passed(project, 1)
    cancel_obligation(actor=OFFICER, obligation=project.obligations.get(purse="setter"), reason="合同另有约定")
    approved(asked(project, setter=SETTER - 100_000_00 + 1))
    assert money_of(project)[0] == (200_000_01, PUBLIC)
    assert [setter for setter, _public in money_of(project)[1:]] == [0, 100_000_01, 100_000_00]


def test_what_ended_meanwhile_gets_no_other_total() -> None:
    project = running_project(**THIRDS)
    change = asked(project, setter=SETTER - 1)
    advance_project(actor=OFFICER, project=project, event="terminate", reason="主体变更")
    with pytest.raises(IllegalTransition, match="不在执行中"):
        approved(change)
    assert money_of(project)[0] == (SETTER, PUBLIC)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 9), min_size=3, max_size=3), st.integers(2, 4), st.integers(1, 10**9),
    st.lists(st.integers(-(10**9), 10**9), min_size=4, max_size=4), st.data(),
)  # fmt: skip
def test_a_race_gives_what_the_topic_has_and_to_each_team_what_was_added_to_it(
    weights: list[int], teams: int, setter: int, more: list[int], data: st.DataObject
) -> None:
    payments = [str(Fraction(weight, sum(weights))) for weight in weights]
    topic, projects = race(teams, payments=payments, setter_money=setter, public_money=0)
    for project in projects:
        passed(project, 1)
    own = {}
    for project, by in zip(projects, more, strict=False):
        (total, _none), (first, _nothing), *_ahead = money_of(project)
        wanted = max(total + by, first + 60)  # enough is left that no rounding at the gate meets an empty instalment
        own[project.pk] = wanted - total
        if wanted != total:
            approved(asked(project, setter=wanted))
        reported(project, 2)
    on = projects[: data.draw(st.integers(1, teams))]
    decided(topic, 2, on=on, out=projects[len(on) :])
    for project in on:
        passed(project, 3)
    owed = sum(Obligation.objects.filter(project__topic=topic, purse="setter").values_list("fen", flat=True))
    assert owed == setter + sum(own[project.pk] for project in on)


def test_the_setters_money_moves_with_its_agreement_alone() -> None:
    project = running_project()
    change = asked(project, setter=SETTER + 1)
    one_side, stranger = with_record(project), agreed(running_project())
    for reason, document, wrong in (
        ("", "", ["reason", "agreement"]),
        ("函", "", ["agreement"]),
        ("函", "nonsense", ["agreement"]),
        ("函", str(one_side.pk), ["agreement"]),
        ("函", str(stranger.pk), ["agreement"]),
        (" ", str(agreed(project).pk), ["reason"]),
    ):
        kept = {"actor": OFFICER, "change": change, "event": "approve", "reason": reason, "agreement": document}
        assert problems_of(lambda kept=kept: advance_change(**kept)) == wrong  # type: ignore[misc]
    change.refresh_from_db()
    assert (change.state, money_of(project)[0]) == ("asked", (SETTER, PUBLIC))


def test_public_money_is_the_bureaus_word_alone() -> None:
    project = running_project()
    change = asked(project, public=PUBLIC + 3)
    for actor in (member_of(project.leader), member_of(Party.objects.get(pk=project.setter))):
        with pytest.raises(AccessDenied):
            advance_change(actor=actor, change=change, event="approve")
    advance_change(actor=OFFICER, change=change, event="approve")
    assert money_of(project)[0] == (SETTER, PUBLIC + 3)


def test_a_request_from_before_the_money_changed_is_not_approved() -> None:
    project = running_project()
    first, second = asked(project, public=PUBLIC + 1), asked(project, public=PUBLIC + 2)
    approved(first)
    with pytest.raises(IllegalTransition, match="核定的资金变过"):
        approved(second)
    second.refresh_from_db()
    assert (second.state, money_of(project)[0]) == ("asked", (SETTER, PUBLIC + 1))


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_approved_at_once_one_stands() -> None:
    project = running_project()
    changes = [asked(project, public=PUBLIC + more) for more in (7, 9)]
    results = at_once(*(lambda change=each: approved(change) for each in changes))  # type: ignore[misc]
    assert sorted(type(each).__name__ for each in results) == ["IllegalTransition", "Project"]
    total = money_of(project)[0][1]
    assert (total in (PUBLIC + 7, PUBLIC + 9), sum(part for _setter, part in money_of(project)[1:])) == (True, total)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_milestone_that_passes_at_the_same_moment_is_owed_what_it_has() -> None:
    project = running_project(**THIRDS)
    reported(project, 1)
    change = asked(project, public=PUBLIC + 30)
    at_once(lambda: approved(change), lambda: passed_reported(project))
    stone, owed = project.milestones.get(order=1), project.obligations.get(purse="public")
    assert (stone.public_money == owed.fen, sum(part for _setter, part in money_of(project)[1:])) == (True, PUBLIC + 30)


def passed_reported(project: Project) -> object:
    return examine_milestone(actor=OFFICER, milestone=project.milestones.get(order=1), event="pass", finding="达到。")


def test_the_lines_fit_the_new_total() -> None:
    project = projects_of(awarded_topic())[0]
    edit_project(actor=OFFICER, project=project, budget=[LINE])
    contracted(project)
    assert problems_of(lambda: asked(project, setter=200_000_00)) == ["budget"]
    assert problems_of(lambda: asked(project, LINE | {"fen": 400_000_01}, setter=400_000_00)) == ["budget"]
    assert approved(asked(project, LINE | {"fen": 400_000_00}, setter=400_000_00)).budget == [
        LINE | {"fen": 400_000_00}
    ]


def test_the_event_tells_before_and_after_and_both_sides_are_told() -> None:
    project = running_project(**THIRDS)
    team, commissioner = member(project.leader), member(Party.objects.get(pk=project.setter))
    approved(asked(project, setter=SETTER + 3))
    event = audit.history(project.pk).get(action="programmes.change_total")
    assert (event.details["before"], event.details["after"]) == (
        {"setter": SETTER, "public": PUBLIC}, {"setter": SETTER + 3, "public": PUBLIC},
    )  # fmt: skip
    assert event.details["milestones"]["3"] == {"setter": 100_000_01, "public": 33_333_33}
    assert event.details["agreement"]["name"] == "出题方同意函.pdf"
    told = {key: set(Message.objects.filter(key=key).values_list("account_id", flat=True))
            for key in ("change.ask", "change.approve")}  # fmt: skip
    assert commissioner.account in told["change.ask"]
    assert {team.account, commissioner.account} <= told["change.approve"]


def test_a_gate_leaves_what_was_added_to_one_team_with_that_team() -> None:
    topic, (raised, lowered, out) = race(3, **THIRDS, setter_money=900, public_money=0)
    for project in (raised, lowered, out):
        passed(project, 1)
    approved(asked(raised, setter=360))
    approved(asked(lowered, setter=200))
    assert [setter for setter, _public in money_of(raised)] == [360, 100, 130, 130]
    for project in (raised, lowered, out):
        reported(project, 2)
    decided(topic, 2, on=[raised, lowered], out=[out])
    assert [setter for setter, _public in money_of(raised)] == [460, 100, 180, 180]
    assert [setter for setter, _public in money_of(lowered)] == [300, 100, 100, 100]
    assert money_of(out)[0] == (100, 0)


def test_who_steps_up_gets_what_the_topic_gave_whatever_was_added_to_another() -> None:
    topic = awarded_topic(2, template="horse-race", **THIRDS, setter_money=600, public_money=0)
    first, second = topic.submissions.order_by("rank")
    raised = contracted(create_project(actor=PLATFORM, submission=first))
    approved(asked(raised, setter=390))
    assert [setter for setter, _public in money_of(create_project(actor=PLATFORM, submission=second))] == [
        300, 100, 100, 100,
    ]  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 97), min_size=2, max_size=5), st.integers(0, 10**12), st.integers(0, 10**12),
    st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 4),
)  # fmt: skip
def test_the_parts_are_the_purse_whatever_the_amounts_and_shares(
    weights: list[int], setter: int, public: int, more: int, less: int, done: int
) -> None:
    payments = [str(Fraction(weight, sum(weights))) for weight in weights]
    project = running_project(payments=payments, setter_money=setter, public_money=public)
    done = min(done, len(weights) - 1)
    for order in range(1, done + 1):
        passed(project, order)
    stood = money_of(project)
    kept = sum(part for _setter, part in stood[1 : done + 1])
    wanted = (setter + more + 1, max(public - less, kept))
    approved(asked(project, setter=wanted[0], public=wanted[1]))
    total, *parts = money_of(project)
    assert total == wanted
    assert (sum(part for part, _public in parts), sum(part for _setter, part in parts)) == wanted
    assert parts[:done] == stood[1 : done + 1]
    assert min(fen for part in parts for fen in part) >= 0


def test_it_is_asked_for_and_approved_on_the_pages(signed_in: SignIn) -> None:
    project = running_project(**THIRDS)
    team = signed_in(actor_of(Account.objects.get(pk=project.chief)))
    form = reverse("portal:ask-change", args=(project.pk,))
    page = team.get(form).content.decode()
    assert "现为 300,000 元，其中已付和应付 0 元" in page
    written = {"kind": "budget", "after": "增加试验", "reason": "样机增加一台", "setter_money": "40万",
               "revision": project.revision}  # fmt: skip
    refused = team.post(form, written | {"setter_money": "-1"})
    assert (refused.status_code, "样机增加一台" in refused.content.decode()) == (422, True)
    assert team.post(form, written).status_code == 302
    change = Change.objects.get(project=project)
    bureau, here = signed_in(officer()), reverse("portal:project", args=(project.pk,))
    assert "出题方资金 30 万元 → 40 万元" in bureau.get(here).content.decode()
    step = reverse("portal:advance-change", args=(change.pk,))
    pressed = {"event": "approve", "seen_state": "asked", "reason": "出题方 3 月 2 日函同意"}
    again = bureau.post(step, pressed)
    assert (again.status_code, "请选择出题方书面同意的附件" in again.content.decode()) == (409, True)
    assert bureau.post(step, pressed | {"agreement": agreed(project).pk}).status_code == 302
    page = bureau.get(here).content.decode()
    assert "出题方同意的附件：出题方同意函.pdf" in page
    assert money_of(project)[0] == (400_000_00, PUBLIC)
    with translation.override("en"):
        english = bureau.get(here, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Setter's money 300,000 CNY → 400,000 CNY" in english
    sheet = bureau.get(reverse("portal:projects-file", args=("csv",)))
    assert "400000" in b"".join(sheet.streaming_content).decode()


def test_a_stale_form_is_refused(signed_in: SignIn) -> None:
    project = running_project()
    team = signed_in(actor_of(Account.objects.get(pk=project.chief)))
    approved(asked(project, public=PUBLIC + 1))
    written = {
        "kind": "budget",
        "after": "再增加",
        "reason": "需要",
        "public_money": "20万",
        "revision": project.revision,
    }
    answer = team.post(reverse("portal:ask-change", args=(project.pk,)), written)
    assert (answer.status_code, "别人改过这个项目" in answer.content.decode()) == (422, True)
    assert Change.objects.filter(project=project).count() == 1
