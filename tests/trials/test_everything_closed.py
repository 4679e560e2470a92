"""Everybody asks for everything: nothing closed is told, no stranger comes in but where declared, nothing breaks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from rongtong.domain.foundation.actors import VISITOR, Role
from rongtong.domain.foundation.sealing import suites
from rongtong.domain.registry import indexing
from tests.trials.addresses import addresses
from tests.trials.trial import Trial
from tests.trials.world import World, build

pytestmark = pytest.mark.django_db
PUBLIC = Path(__file__).with_name("public_addresses.txt")
WHOLE = ("visitor", "member", "officer elsewhere", "supervisor", "ended grant")
"""Who asks for everything here; everybody else asks for a third."""
OWNERS = ["owner administrator", "officer"]
SEED = 20261122


def declared_public() -> dict[str, str]:
    """Method and route of every address at which a stranger may be answered with 200, and why."""
    lines = [line for line in PUBLIC.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {" ".join(parts[:2]): parts[2] for line in lines if (parts := line.split(maxsplit=2))}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of this file, undone at its end."""
    before = settings.ENVIRONMENT
    settings.ENVIRONMENT = before.model_copy(update={"encoder": "none"})
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(suites, "SCRYPT_N", 2**10)
        indexing.forget()
        indexing.store().clear()
        made = build()
        indexing.drain()
        yield made
        transaction.set_rollback(True)
    indexing.forget()
    settings.ENVIRONMENT = before


ROLES = [
    "visitor", "member", "administrator", "owner member", "owner administrator", "hidden member", "counterparty",
    "confidant", "former confidant", "manager", "expert", "idle expert", "officer", "second officer",
    "officer elsewhere", "analyst", "supervisor", "supervisor elsewhere", "sysadmin", "secadmin", "auditor",
    "ended grant", "expired session", "suspended",
]  # fmt: skip


@pytest.mark.parametrize("name", ROLES)
def test_nothing_closed_is_told(world: World, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "SCRYPT_N", 2**10)
    trial = Trial(world, SEED)
    for place, address in enumerate(trial.addresses):
        if name in WHOLE or (place + ROLES.index(name)) % 3 == 0:
            trial.every_method(name, address)
    assert trial.tally.faults == []
    assert trial.tally.opened <= set(declared_public())


def test_everybody_is_tried(world: World) -> None:
    assert set(world.people) == set(ROLES)
    assert {role for person in world.people.values() for role in person.actor.roles} == set(Role) - {Role.SYSTEM}


@pytest.mark.parametrize("owner", OWNERS)
def test_forms_of_one_sent_by_another_tell_nothing(world: World, owner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suites, "SCRYPT_N", 2**10)
    trial = Trial(world, SEED)
    for sown in trial.harvest([owner]):
        for name in ("visitor", "member"):
            trial.replay(name, sown)
    assert trial.tally.faults == []
    assert trial.tally.opened <= set(declared_public())


def test_a_word_in_the_wrong_hands_is_found(world: World) -> None:
    """The trial itself is tried: what the owner's people read is a fault when held to what a stranger may."""
    trial = Trial(world, SEED)
    trial.cages["owner member"] = world.aviary.closed_to(VISITOR)
    for address in trial.addresses:
        if "resources" in address.route:
            trial.every_method("owner member", address)
    assert any("details of" in fault for fault in trial.tally.faults)


def test_what_is_declared_public_exists_and_says_why() -> None:
    there = {f"{method} {each.route}" for each in addresses() for method in each.methods}
    assert set(declared_public()) <= there
    assert all(len(reason) > 10 for reason in declared_public().values())
