"""What of signing in has served its time."""

from importlib import import_module

from django.conf import settings

from rongtong.domain.foundation import limits
from rongtong.domain.parties.signing import links, sessions, waits


def sweep() -> int:
    """Close sessions that ran out, forget waits, windows, old links and expired session data; answers how many."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return sum(each.sweep() for each in (sessions, waits, limits, links))
