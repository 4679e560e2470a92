"""Proving who one is with a password, and changing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import VISITOR, Actor
from rongtong.domain.foundation.errors import Invalid, Problem
from rongtong.domain.foundation.limits import TooMany
from rongtong.domain.parties.models import Account, PasswordHistory, SignIn
from rongtong.domain.parties.signing import waits
from rongtong.domain.parties.signing.ciphers import keyed_digest
from rongtong.domain.parties.signing.devices import device_of
from rongtong.domain.parties.signing.policy import REMEMBERED, check_new_password
from rongtong.domain.parties.signing.sessions import end_all


def proven(username: str, password: str, *, address: str, device: str = "") -> Account | None:
    """The account whose name and password these are, or None.

    ``device`` is the token of :mod:`devices` that the browser carries. A name that does not exist takes as long and
    leaves the same traces as one that does. Raises TooMany while the caller has to wait.
    """
    named = Account.objects.filter(username=username).first()
    counters = waits.at_the_door(username, address, device_of(device, named))
    try:
        last = waits.charge(counters)
    except TooMany as held:
        _note("signing.held", named, username, address, seconds=held.retry_after)
        raise
    account = authenticate(None, username=username, password=password)  # hashes for unknown names too
    if not isinstance(account, Account):
        _note("signing.failed", named, username, address, held=last)
        return None
    waits.settle(counters)
    return account


def _note(what: str, named: Account | None, username: str, address: str, **details: Any) -> None:
    """What was typed is not kept: people type passwords into the wrong field. Its digest shows that it was the same."""
    typed = keyed_digest("typed name", username.strip().casefold())[:16]
    audit.note(VISITOR, what, named, typed=typed, address=address, **details)


@action("parties.change_password")
def change_password(*, actor: Actor, account: Account, old: str, new: str, keep: SignIn | None = None) -> Account:
    """Give ``account`` a new password, which its holder asks for with the old one; every session but ``keep`` ends."""
    require(actor, "edit", account)
    check_old_password(account, old)
    _put(actor, account, new, field="new")
    end_all(account, "password", but=keep)
    audit.record(actor, "parties.change_password", account)
    return account


@action("parties.set_password")
def set_password(*, actor: Actor, account: Account, password: str) -> Account:
    """Give ``account`` a password without asking for the old one: for the operator of the machine."""
    require(actor, "set_password", account)
    _put(actor, account, password)
    end_all(account, "password")
    audit.record(actor, "parties.set_password", account)
    return account


def put_password(actor: Actor, account: Account, password: str) -> None:
    """Check and store a new password, and end every session; within the action that has the right to."""
    _put(actor, account, password)
    end_all(account, "password")


def _put(actor: Actor, account: Account, password: str, field: str = "password") -> None:
    check_new_password(password, account, field)
    if account.has_usable_password():
        PasswordHistory.objects.create(account=account, hash=account.password)
    account.set_password(password)
    account.save(update_fields=["password"])
    kept = account.passwords.values_list("pk", flat=True)[:REMEMBERED]
    account.passwords.exclude(pk__in=list(kept)).delete()


def check_old_password(account: Account, old: str) -> None:
    """Ask again for the password before something that changes who can sign in."""
    if not account.check_password(old):
        raise Invalid(_("现在的密码不对，没有改动。"), [Problem("old", _("现在的密码不对。"))])


@contextmanager
def asking_again(account: Account) -> Iterator[None]:
    """Around what asks for the password again: whoever sits at somebody else's open session cannot try for long.

    It stands around the action rather than within, where a refusal would undo the count. Raises TooMany.
    """
    counters = (waits.Counter(keyed_digest("wait", "again", account.pk), 5),)
    waits.charge(counters)
    try:
        yield
    except Invalid as wrong:
        if not any(problem.field == "old" for problem in wrong.problems):
            waits.settle(counters)
        raise
    waits.settle(counters)
