"""Everybody asks for everything: nothing closed is told, no stranger comes in but where declared, nothing breaks."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import CharField, JSONField, Model, TextField
from django.urls import reverse

from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.programmes.models import (
    Decision,
    Milestone,
    Notice,
    Objection,
    Programme,
    Project,
    Review,
    Round,
    Seat,
    Submission,
    Topic,
)
from rongtong.domain.registry import indexing
from tests.trials import challenges
from tests.trials.addresses import Address, addresses, declared_public
from tests.trials.canaries import texts_of
from tests.trials.trial import Request, Trial, _chunks
from tests.trials.world import Person, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHOLE = ("visitor", "member")
"""Who asks for everything here; everybody else asks for a fifth, `python -m benchmarks.trials` for everything."""
OWNERS = ["owner administrator", "officer"]
SEED = 20261122


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of this file, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        indexing.forget()
        indexing.store().clear()
        made = build()
        indexing.drain()
        yield made
        transaction.set_rollback(True)
    indexing.forget()


ROLES = [
    "visitor", "member", "administrator", "owner member", "owner administrator", "hidden member", "counterparty",
    "confidant", "former confidant", "manager", "expert", "idle expert", "officer", "second officer",
    "officer elsewhere", "analyst", "supervisor", "supervisor elsewhere", "sysadmin", "secadmin", "auditor",
    "ended grant", "expired session", "suspended",
]  # fmt: skip


@pytest.mark.parametrize("name", ROLES)
def test_nothing_closed_is_told(world: World, name: str) -> None:
    trial = Trial(world, SEED)
    for place, address in enumerate(trial.addresses):
        if name in WHOLE or (place + ROLES.index(name)) % 5 == 0:
            trial.every_method(name, address)
    assert trial.tally.faults == []
    assert trial.tally.opened <= set(declared_public())


def test_everybody_is_tried(world: World) -> None:
    assert set(world.people) == set(ROLES)
    assert {role for person in world.people.values() for role in person.actor.roles} == set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize("owner", OWNERS)
def test_forms_of_one_sent_by_another_tell_nothing(world: World, owner: str) -> None:
    trial = Trial(world, SEED)
    for sown in trial.harvest([owner]):
        for name in ("visitor", "member"):
            trial.replay(name, sown)
    assert trial.tally.faults == []
    assert trial.tally.opened <= set(declared_public())


def test_a_word_in_the_wrong_hands_is_found(world: World) -> None:
    """The trial itself is tried: what the owner's people read is a fault when held to what a stranger may."""
    trial = Trial(world, SEED)
    trial.cages = trial.cages | {"owner member": world.aviary.closed_to(VISITOR)}
    for address in trial.addresses:
        if "resources" in address.route:
            for _another in range(6 if "<uuid" in address.route else 1):
                trial.every_method("owner member", address)
    for closed in ("details of", "name of a members document of public"):
        assert any(fault.startswith(closed) for fault in trial.tally.told), closed


RECORDS = {
    "programme": Programme, "topic": Topic, "topic-result": Topic, "topic-review": Topic, "bids": Topic,
    "bid": Submission, "bid-opinions": Submission, "decision": Decision, "notice": Notice, "objection": Objection,
    "round": Round, "draw-record": Round, "marks-file": Round, "seat": Seat, "review": Review, "project": Project,
    "milestone": Milestone,
}  # fmt: skip
"""The pages and files that tell of one record of a challenge."""
UNREAD = (
    "what is sealed", "content of evidence", "content of a document of a project", "in what a topic differs",
    "what a user reached", "reason of a refusal at the door taking",
)  # fmt: skip
"""What nobody reads on a page: sealed, inside a file that is taken away, or shown where there is more of its sort."""


def _told_of_challenges(trial: Trial, person: Person) -> set[str]:
    """The words that somebody reads on the pages of every record of a challenge."""
    found: set[str] = set()
    for name, model in RECORDS.items():
        for record in model._default_manager.order_by("pk"):
            path = reverse(f"portal:{name}", args=(record.pk,))
            answer: Any = trial.send(person, Request("GET", Address(name, path), path))
            found |= trial.world.aviary.standing(texts_of(b"".join(_chunks(answer))))
    return found


def test_every_record_of_a_challenge_is_read_by_whom_it_is_for_alone(world: World) -> None:
    """Each record on its pages, for who plays a part and for one who plays none; no sort of word is planted in vain."""
    trial, read = Trial(world, SEED), set()
    for name in ("officer", "expert", "idle expert", challenges.USER, challenges.APPLICANT, "owner member"):
        read |= _told_of_challenges(trial, world.people[name])
    assert trial.tally.faults == []
    sorts = {_sort(where) for where in world.challenged if not any(part in where for part in UNREAD)}
    assert sorts - {_sort(where) for where in read} == set()


def _sort(where: str) -> str:
    """The sort of a place, whichever record it belongs to."""
    return re.sub(r" \d+ .*$", "", where)


WORDLESS: dict[str, tuple[str, ...]] = {
    "a word of ours, a code, a key": (
        "*.state", "*.kind", "programme.template", "*.region", "topic.number", "topic.field", "argument.verdict",
        "project.budget_mode", "project.forbidden", "milestone.share", "spending.purse", "obligation.purse",
        "followup.stage", "message.seat", "message.key", "message.entity", "delivery.often", "feed.seat", "feed.digest",
    ),
    "numbers, days, identifiers": (
        "programme.parameters", "topic.payments", "submission.members", "review.marks", "round.subjects",
        "round.standings", "change.effect",
    ),
    "kept as the secret it is": ("round.seed", "objection.digest"),
    "in public before anybody hands in": ("programme.criteria", "programme.form", "round.criteria"),
    "what the public reads of a notice": ("notice.title", "notice.content", "project.title"),
    "what the public reads of a deadline that moved": ("topic.postponed",),
    "in whose name somebody acted, which the audit says too": (
        "argument.name", "decision.decided_by", "objection.decided_by", "change.asked_by", "report.written_by",
        "spending.asked_by", "spending.booked_by", "markettest.signed_by", "followup.reported_by",
    ),
    "what stood before a change, of which the same is read": ("change.before",),
}  # fmt: skip
"""Columns of text in which no word is planted, and why."""


def test_every_column_that_may_be_closed_holds_a_word(world: World) -> None:
    """A new column of challenges or messages is planted in the world, or says here why not."""
    exempt = {name for names in WORDLESS.values() for name in names}
    columns = [
        (model, field.name)
        for app in ("programmes", "mailbox")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField | JSONField)
    ]
    known = {f"{model._meta.model_name}.{name}" for model, name in columns} | {f"*.{name}" for _model, name in columns}
    assert exempt <= known
    wanted = [each for each in columns if not {f"{each[0]._meta.model_name}.{each[1]}", f"*.{each[1]}"} & exempt]
    assert [f"{model.__name__}.{name}" for model, name in wanted if not _planted(world, model, name)] == []


def _planted(world: World, model: type[Model], name: str) -> set[str]:
    values = model._default_manager.values_list(name, flat=True)
    return world.aviary.standing(json.dumps(value, ensure_ascii=False, default=str) for value in values)


def test_what_is_declared_public_exists_and_says_why() -> None:
    there = {f"{method} {each.route}" for each in addresses() for method in each.methods}
    assert set(declared_public()) <= there
    assert all(len(reason) > 10 for reason in declared_public().values())
