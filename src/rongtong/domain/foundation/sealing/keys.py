"""Officers' keys in use: what vouches for them, and how one is unlocked."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import Actor
from rongtong.domain.foundation.errors import DomainError, Invalid, Problem
from rongtong.domain.foundation.models import AccessEvent, SealKey
from rongtong.domain.foundation.sealing import installation
from rongtong.domain.foundation.sealing.encoding import canonical, context
from rongtong.domain.foundation.sealing.suites import Unreadable, suite

LEAST_LETTERS = 14
LEAST_DISTINCT = 6
TRIES = 5
TRIES_WITHIN = timedelta(minutes=15)
WRONG = "sealing.wrong_passphrase"


class WrongPassphrase(DomainError):
    """A passphrase does not open its key."""


def endorse(key: SealKey) -> str:
    """The installation's word that this public key is this officer's."""
    return installation.sign(_statement(key))


def endorsed(key: SealKey) -> bool:
    """Whether a key was enrolled here, and not slipped into the database."""
    return installation.signed_here(_statement(key), key.endorsement)


def locking_context(key: SealKey) -> bytes:
    """What the locked private key is bound to."""
    return context("seal key", key.pk, key.account)


def check_passphrase(actor: Actor, passphrase: str) -> None:
    """Raise Invalid with every reason why ``passphrase`` will not do."""
    problems = [Problem("passphrase", said) for said in _weaknesses(actor, passphrase)]
    if problems:
        raise Invalid(" ".join(problem.message for problem in problems), problems)


def unlocked(actor: Actor, key: SealKey, passphrase: str) -> bytes:
    """The private half of ``key``. Raises WrongPassphrase; every failure is noted, and ``actor`` waits after some.

    Must run outside a transaction that a failure would undo. The wait holds ``actor`` alone, so nobody can keep an
    officer from their own key.
    """
    _wait_after_failures(actor)
    try:
        return suite(key.suite).unlock(passphrase, key.locked, locking_context(key))
    except Unreadable:
        audit.note(actor, WRONG, key, holder=key.holder_name)
        raise WrongPassphrase(_("%(name)s的口令不对，密钥没有打开。") % {"name": key.holder_name}) from None


def _statement(key: SealKey) -> bytes:
    return canonical(["seal key", str(key.pk), key.account, key.suite, key.public_key])


def _weaknesses(actor: Actor, passphrase: str) -> list[str]:
    said = []
    if len(passphrase) < LEAST_LETTERS:
        said.append(_("口令至少 %(count)s 个字符，可以用几个不相干的词。") % {"count": LEAST_LETTERS})
    elif len(set(passphrase)) < LEAST_DISTINCT:
        said.append(_("口令里重复的字符太多，容易被猜到。"))
    if _is_sign_in_password(actor, passphrase):
        said.append(_("口令不能与登录密码相同：知道登录密码的人不应能开启密封箱。"))
    try:
        validate_password(passphrase)
    except ValidationError as fault:
        said += [] if said else list(fault.messages)
    return said


def _is_sign_in_password(actor: Actor, passphrase: str) -> bool:
    account: Any = get_user_model()._default_manager.filter(Q(pk=actor.account)).first()
    return account is not None and check_password(passphrase, account.password)


def _wait_after_failures(actor: Actor) -> None:
    since = timezone.now() - TRIES_WITHIN
    failures = AccessEvent.objects.filter(account=actor.account, action=WRONG, at__gte=since).count()
    if failures >= TRIES:
        raise WrongPassphrase(_("口令连续输错次数太多，请 15 分钟后再试。"))
