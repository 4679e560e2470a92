"""Sessions: opened when somebody has proved who they are, looked at with every request, ended for a stated reason.

What happens here is noted in the stream of access: that somebody came or went is no act upon a record.
"""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.access import require
from rongtong.domain.foundation.actions import action
from rongtong.domain.foundation.actors import Actor, Role
from rongtong.domain.foundation.errors import TryLater
from rongtong.domain.foundation.waiting import waiting_at_most
from rongtong.domain.parties.models import Account, SignIn
from rongtong.domain.parties.queries import actor_of, current
from rongtong.domain.parties.roles import needs_second_factor

SEEN_EVERY = dt.timedelta(minutes=1)
PATIENCE_SECONDS = 0.25
AGENTS = (
    ("Edg", "Edge"),
    ("MicroMessenger", "微信"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def must_show_two(account: Account) -> bool:
    """Whether a role that ``account`` holds today asks for a second factor. The sample's personas are shown about."""
    if account.is_sample and settings.ENVIRONMENT.sample:
        return False
    roles = frozenset(Role(role) for role in current(account.grants.all()).values_list("role", flat=True))
    return needs_second_factor(roles)


@transaction.atomic
def open_session(
    account: Account, *, how: str, two_factors: bool, address: str = "", agent: str = "", outside_token: str = ""
) -> SignIn:
    """Begin a session of ``account``, who has shown all that is asked of them."""
    environment, now = settings.ENVIRONMENT, timezone.now()
    opened = SignIn.objects.create(
        account=account,
        how=how,
        two_factors=two_factors,
        created_at=now,
        last_seen=now,
        idle_minutes=environment.idle_minutes_staff if must_show_two(account) else environment.idle_minutes,
        address=address[:45],
        agent=agent_summary(agent),
        outside_token=outside_token,
    )
    audit.note(actor_of(account), "signing.in", opened, how=how, two_factors=two_factors, address=address)
    return opened


def session_of(identifier: str | None, account: Account) -> SignIn | None:
    """The session called ``identifier``, if it is one of ``account``'s."""
    try:
        wanted = UUID(identifier or "")
    except ValueError:
        return None
    return SignIn.objects.filter(pk=wanted, account=account).first()


def fault_of(sign_in: SignIn, account: Account, now: dt.datetime) -> str:
    """Why a session no longer holds at ``now``: one of ``SignIn.ENDS``; "" when it does."""
    if sign_in.ended_at:
        return sign_in.ended_because
    if not account.is_active:
        return "inactive"
    if sign_in.how == "persona" and not settings.ENVIRONMENT.sample:
        return "ended"
    if now - sign_in.created_at >= dt.timedelta(hours=settings.ENVIRONMENT.session_hours):
        return "expired"
    if now - sign_in.last_seen >= dt.timedelta(minutes=sign_in.idle_minutes):
        return "idle"
    return ""


def see(sign_in: SignIn, now: dt.datetime) -> None:
    """Note that the session is in use, at most once a minute; not at all while an import holds the database."""
    if now - sign_in.last_seen < SEEN_EVERY:
        return
    try:
        with waiting_at_most(PATIENCE_SECONDS):
            SignIn.objects.filter(pk=sign_in.pk, ended_at__isnull=True).update(last_seen=now)
    except TryLater:
        return


@transaction.atomic
def close(sign_in: SignIn, because: str) -> None:
    """End a session that has come to its end by itself or by its holder's signing out."""
    if _end([sign_in], because):
        audit.note(actor_of(sign_in.account), "signing.out", sign_in, because=because)


@action("parties.end_session")
def end_session(*, actor: Actor, sign_in: SignIn) -> SignIn:
    """End a session from elsewhere: a lost telephone, an office computer left open."""
    require(actor, "end", sign_in)
    _end([sign_in], "ended")
    audit.record(actor, "parties.end_session", sign_in.account, session=str(sign_in.pk))
    audit.note(actor, "signing.out", sign_in, because="ended")
    return sign_in


@action("parties.end_other_sessions")
def end_other_sessions(*, actor: Actor, account: Account, keep: SignIn | None) -> int:
    """End every session of ``account`` but the one that asks; answers how many."""
    require(actor, "edit", account)
    count = end_all(account, "ended", but=keep)
    audit.record(actor, "parties.end_other_sessions", account, count=count)
    return count


def end_all(account: Account, because: str, *, but: SignIn | None = None) -> int:
    """End the sessions of ``account``; within an action that says why."""
    ended = _end(live(account, but), because)
    for sign_in in ended:
        audit.note(actor_of(account), "signing.out", sign_in, because=because)
    return len(ended)


def live(account: Account, but: SignIn | None = None) -> list[SignIn]:
    """The sessions of ``account`` that hold, last seen first."""
    now = timezone.now()
    kept = account.sign_ins.filter(ended_at__isnull=True).order_by("-last_seen")
    return [sign_in for sign_in in kept if sign_in != but and not fault_of(sign_in, account, now)]


def sweep() -> int:
    """Close sessions that ran out while nobody looked, forget those of long ago; answers how many were closed."""
    now = timezone.now()
    SignIn.objects.filter(ended_at__lt=now - dt.timedelta(days=settings.ENVIRONMENT.keep_access_days)).delete()
    stale = now - dt.timedelta(minutes=1)
    found = SignIn.objects.filter(ended_at__isnull=True, last_seen__lt=stale).select_related("account")
    over = [(sign_in, fault_of(sign_in, sign_in.account, now)) for sign_in in found]
    for sign_in, fault in over:
        if fault:
            close(sign_in, fault)
    return sum(bool(fault) for _sign_in, fault in over)


def agent_summary(agent: str) -> str:
    """A browser and a system as people call them; what else a browser says of itself is not kept."""
    browser = next((name for mark, name in AGENTS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part)


def _end(sign_ins: list[SignIn], because: str) -> list[SignIn]:
    """Mark those that still hold; what the identity provider gave for the session is forgotten with it."""
    now, ended = timezone.now(), []
    for sign_in in sign_ins:
        columns = {"ended_at": now, "ended_because": because, "outside_token": ""}
        if SignIn.objects.filter(pk=sign_in.pk, ended_at__isnull=True).update(**columns):
            ended.append(sign_in)
    return ended
