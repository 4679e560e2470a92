"""Everything that can be done, done twice at the same moment on two connections: once, or refused with a reason."""

import pytest
from django.db import connection  # noqa: F401  # the condition of needs_postgresql is evaluated here

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.models import Document, Envelope, SealKey
from rongtong.domain.leads.models import Feedback, Lead
from rongtong.domain.parties.models import Account, Affiliation, RoleGrant
from tests.foundation.test_actions import PERFORMED
from tests.foundation.test_transitions import at_once, needs_postgresql
from tests.trials.intercepted import Attempt, at_the_door

pytestmark = [needs_postgresql, pytest.mark.django_db(transaction=True)]
ONCE = {
    "parties.create_account": Account, "parties.grant_role": RoleGrant, "parties.add_affiliation": Affiliation,
    "parties.accept_invitation": Account, "parties.join_by_invitation": RoleGrant, "leads.propose_lead": Lead,
    "leads.give_feedback": Feedback, "foundation.attach_document": Document, "sealing.seal_envelope": Envelope,
    "sealing.enrol_seal_key": SealKey,
}  # fmt: skip
"""What is made once however often one asks: the model of which one more stands afterwards."""
MEANT_TWICE = {"registry.create_resource", "parties.register_party"}
"""Two demands or firms of one name may both be meant; likeness is pointed out, not refused."""


@pytest.mark.parametrize("name", sorted(PERFORMED))
def test_twice_at_once_is_once_or_refused(name: str) -> None:
    model = ONCE.get(name)
    counted: list[int] = []

    def attempt(again: Attempt) -> None:
        before = model._default_manager.count() if model else 0
        results = at_once(again, again)
        counted.append((model._default_manager.count() if model else 0) - before)
        assert all(_answered(result) for result in results), results
        assert any(not isinstance(result, DomainError) for result in results), results

    at_the_door(name, PERFORMED[name], attempt)
    assert counted in ([], [1 if model else 0])
    assert not any(found.fault for found in audit.verify_all())


def _answered(result: object) -> bool:
    """A result, or a refusal in words: at_once lets every other error of a thread through as nothing but a warning."""
    return not isinstance(result, BaseException) or isinstance(result, DomainError)


def test_what_is_made_once_names_actions_that_exist() -> None:
    assert set(ONCE) | MEANT_TWICE <= set(PERFORMED)
