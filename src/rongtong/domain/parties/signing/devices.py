"""Browsers that have signed in to an account before, known by a signed cookie.

Whoever fails on purpose makes strangers wait; the owner's own browser is no stranger (OWASP: device cookies). What it
holds is worth nothing without the password, and ends with it.
"""

import secrets
from typing import Any

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from rongtong.domain.parties.models import Account

SALT = "rongtong.device"
MAX_AGE_DAYS = 180
MOST_ACCOUNTS = 5
"""Accounts remembered of one browser; the one that has not signed in for longest is forgotten first."""


def device_of(token: str, account: Account | None) -> str:
    """The name of the browser behind ``token`` for ``account``; "" when it is a stranger there."""
    name, proof = _read(token).get(str(account.pk), ("", "")) if account else ("", "")
    return name if account and name and constant_time_compare(proof, _proof(account, name)) else ""


def remembered(token: str, account: Account) -> str:
    """The token with ``account`` in it, under its old name where it had one."""
    known = _read(token)
    name = device_of(token, account) or secrets.token_hex(8)
    known.pop(str(account.pk), None)
    known[str(account.pk)] = (name, _proof(account, name))
    kept = dict(list(known.items())[-MOST_ACCOUNTS:])
    return signing.dumps(kept, salt=SALT, compress=True)


def _read(token: str) -> dict[str, Any]:
    try:
        known = signing.loads(token, salt=SALT, max_age=MAX_AGE_DAYS * 86400) if token else {}
    except signing.BadSignature:
        return {}
    return dict(known)


def _proof(account: Account, name: str) -> str:
    """Binds to the password: who changes it because somebody else knew it forgets that one's browsers too."""
    return salted_hmac(SALT, f"{account.pk}:{name}:{account.password}").hexdigest()[:24]
