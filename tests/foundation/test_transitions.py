"""A process is a table: every table walked, every illegal step refused, and of two who act at once one wins."""

import pkgutil
import threading
from collections.abc import Callable
from contextvars import copy_context
from importlib import import_module

import pytest
from django.db import close_old_connections, connection, models

from rongtong import domain
from rongtong.domain.assessments.models import Certificate, Run
from rongtong.domain.assessments.states import CERTIFICATE, RUN
from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import declared
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import AccessDenied, DomainError, IllegalTransition
from rongtong.domain.foundation.models import AuditEvent, Envelope, SealedBox
from rongtong.domain.foundation.states import BOX, ENVELOPE
from rongtong.domain.foundation.transitions import Process
from rongtong.domain.leads.actions import advance_lead
from rongtong.domain.leads.models import Lead
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.models import PersonalRequest
from rongtong.domain.parties.states import REQUEST
from rongtong.domain.programmes import models as challenge
from rongtong.domain.programmes import states as programmes
from rongtong.domain.registry.actions import advance_resource
from rongtong.domain.registry.models import Disclosure, ImportJob, Resource
from rongtong.domain.registry.states import CHECKING, DISCLOSURE, LIFE
from tests.factories import LeadFactory, PartyFactory, ResourceFactory, member, officer

RECORDS: dict[str, type[models.Model]] = {
    LIFE.name: Resource,
    CHECKING.name: ImportJob,
    DISCLOSURE.name: Disclosure,
    LEAD.name: Lead,
    BOX.name: SealedBox,
    ENVELOPE.name: Envelope,
    REQUEST.name: PersonalRequest,
    CERTIFICATE.name: Certificate,
    RUN.name: Run,
    programmes.PROGRAMME.name: challenge.Programme,
    programmes.TOPIC.name: challenge.Topic,
    programmes.SUBMISSION.name: challenge.Submission,
    programmes.ROUND.name: challenge.Round,
    programmes.SEAT.name: challenge.Seat,
    programmes.REVIEW.name: challenge.Review,
    programmes.DECISION.name: challenge.Decision,
    programmes.NOTICE.name: challenge.Notice,
    programmes.OBJECTION.name: challenge.Objection,
    programmes.PROJECT.name: challenge.Project,
    programmes.MILESTONE.name: challenge.Milestone,
    programmes.CHANGE.name: challenge.Change,
    programmes.OBLIGATION.name: challenge.Obligation,
    programmes.SPENDING.name: challenge.Spending,
}


def every_process() -> list[Process]:
    """The tables of all apps, found where the house keeps them: ``states.py``."""
    apps = [app.name for app in pkgutil.iter_modules(domain.__path__) if app.ispkg]
    found = [import_module(f"rongtong.domain.{app}.states") for app in apps if _has_states(app)]
    return [value for module in found for value in vars(module).values() if isinstance(value, Process)]


def _has_states(app: str) -> bool:
    package = import_module(f"rongtong.domain.{app}")
    return any(module.name == "states" for module in pkgutil.iter_modules(package.__path__))


each_process = pytest.mark.parametrize("process", every_process(), ids=lambda process: process.name)


def test_every_process_has_the_record_that_it_moves() -> None:
    assert {process.name for process in every_process()} == set(RECORDS)


@each_process
def test_every_state_can_be_reached(process: Process) -> None:
    assert process.unreachable() == set()


@each_process
def test_every_dead_end_is_declared(process: Process) -> None:
    assert process.dead_ends() == {state.key for state in process.states if state.end}


@each_process
def test_every_step_begins_and_ends_in_a_state_of_the_table(process: Process) -> None:
    named = {name for row in process.transitions for name in (*row.sources, row.target)}
    assert named <= {state.key for state in process.states}


@each_process
def test_an_event_leads_from_a_state_to_one_state_only(process: Process) -> None:
    steps = [(row.event, source) for row in process.transitions for source in row.sources]
    assert len(steps) == len(set(steps))


@each_process
def test_every_permission_that_a_step_needs_is_declared(process: Process) -> None:
    assert {row.needs for row in process.transitions} <= set(declared()[RECORDS[process.name]])


@each_process
def test_every_label_stands_in_both_languages(process: Process) -> None:
    labels = [process.label, *(state.label for state in process.states), *(row.label for row in process.transitions)]
    assert all(label.zh and label.en for label in labels)


@each_process
def test_the_diagram_draws_every_step(process: Process) -> None:
    assert process.diagram().count("-->") == 1 + sum(len(row.sources) for row in process.transitions) + sum(
        state.end for state in process.states
    )


@pytest.mark.django_db
def test_every_step_that_the_table_lacks_is_refused_and_nothing_is_written() -> None:
    clerk = officer()
    record = ResourceFactory()
    events = {row.event for row in LIFE.transitions}
    for state in LIFE.states:
        Resource.objects.filter(pk=record.pk).update(state=state.key)
        record.refresh_from_db()
        before = AuditEvent.objects.count()
        for event in (event for event in events if LIFE.step(event, state.key) is None):
            with pytest.raises(IllegalTransition):
                advance_resource(actor=clerk, record=record, event=event, reason="理由", no_secrets=True)
        record.refresh_from_db()
        assert (record.state, AuditEvent.objects.count()) == (state.key, before)


@pytest.mark.django_db
def test_a_record_goes_from_draft_to_published_and_each_step_leaves_its_event() -> None:
    firm = PartyFactory()
    author, clerk = member(firm), officer()
    record = ResourceFactory(owner=firm, published=False, actor=author)
    advance_resource(actor=author, record=record, event="submit", no_secrets=True)
    advance_resource(actor=clerk, record=record, event="verify")
    assert advance_resource(actor=clerk, record=record, event="publish").state == "published"
    steps = AuditEvent.objects.filter(entity_id=str(record.pk)).order_by("seq").values_list("action", flat=True)
    assert list(steps) == ["registry.create_resource", "registry.submit", "registry.verify", "registry.publish"]


@pytest.mark.django_db
def test_nobody_verifies_what_they_wrote() -> None:
    clerk = officer()
    record = ResourceFactory(owner=None, published=False, actor=clerk)
    Resource.objects.filter(pk=record.pk).update(state="submitted")
    with pytest.raises(IllegalTransition, match="另一位"):
        advance_resource(actor=clerk, record=record, event="verify")


@pytest.mark.django_db
def test_a_step_that_needs_a_reason_is_refused_without_one() -> None:
    record = ResourceFactory()
    with pytest.raises(IllegalTransition, match="理由"):
        advance_resource(actor=officer(), record=record, event="archive", reason="  ")


@pytest.mark.django_db
def test_a_reason_of_endless_length_is_refused() -> None:
    record = ResourceFactory()
    with pytest.raises(IllegalTransition, match="理由最多 5000 个字"):
        advance_resource(actor=officer(), record=record, event="archive", reason="长" * 5001)
    assert advance_resource(actor=officer(), record=record, event="archive", reason="长" * 5000).state == "archived"


@pytest.mark.django_db
def test_a_step_that_somebody_may_not_take_is_refused() -> None:
    with pytest.raises(AccessDenied):
        advance_resource(actor=VISITOR, record=ResourceFactory(), event="archive", reason="理由")


@pytest.mark.django_db
def test_a_step_seen_from_an_older_state_is_refused() -> None:
    clerk, record = officer(), ResourceFactory()
    with pytest.raises(IllegalTransition, match="刷新"):
        advance_resource(actor=clerk, record=record, event="archive", reason="理由", seen_state="stale")


@pytest.mark.django_db
def test_the_steps_offered_are_those_that_succeed_or_that_a_guard_refuses() -> None:
    lead = LeadFactory()
    clerk = officer()
    for row in LEAD.open_to(clerk, lead):
        Lead.objects.filter(pk=lead.pk).update(state="suggested")
        assert advance_lead(actor=clerk, lead=lead, event=row.event, reason="理由").state == row.target


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave (or the refusal it met) when all were let go at the same moment."""
    barrier, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[place] = call()
        except DomainError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    # each with the hour that the platform's clock tells here
    threads = [threading.Thread(target=copy_context().run, args=(run, *pair)) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    close_old_connections()
    return results


needs_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="两个连接同时写，需要 PostgreSQL（DATABASE_URL）"
)


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_a_record_at_once_one_wins() -> None:
    clerk, record = officer(), ResourceFactory()

    def archive(actor: Actor) -> Callable[[], object]:
        return lambda: advance_resource(actor=actor, record=record, event="archive", reason="理由")

    results = at_once(archive(clerk), archive(clerk))
    assert sorted(type(result).__name__ for result in results) == ["IllegalTransition", "Resource"]
    assert AuditEvent.objects.filter(action="registry.archive").count() == 1


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_do_not_fork_the_audit_chain() -> None:
    at_once(*[PartyFactory for _ in range(8)])
    result = audit.verify()
    assert (result.events, result.broken_at) == (8, None)
