"""Accounts' own things, consents and requests in every combination of the columns that their rights look at."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import product
from uuid import UUID

from django.db.models import Model
from django.utils import timezone

from rongtong.domain.foundation.models import AccessEvent, AuditEvent, AuditHead, Event, ProvisionEvent
from rongtong.domain.parties.models import (
    Consent,
    OneTimeLink,
    OutsideIdentity,
    PersonalRequest,
    SecondFactor,
    SignIn,
)
from rongtong.domain.parties.models.personal import REQUESTS
from rongtong.domain.parties.states import REQUEST

TODAY = dt.date(2026, 3, 2)
Grids = dict[type[Model], Callable[[], Sequence[Model]]]


def party_grids(accounts: Sequence[int], parties: Sequence[UUID]) -> Grids:
    """The grid of each model."""

    def consents() -> list[Model]:
        return [
            Consent(subject_id=subject, recipient_id=recipient, purpose="statistics", wording="…", starts=TODAY)
            for subject, recipient in product(parties, [None, *parties[:2]])
        ]

    def requests() -> list[Model]:
        return [
            PersonalRequest(person_id=parties[0], account=account, kind=kind, state=state.key)
            for account, kind, state in product(accounts, REQUESTS, REQUEST.states)
        ]

    def sign_ins() -> list[Model]:
        return [SignIn(account_id=account, how=how, idle_minutes=30) for account, how in product(accounts, SignIn.HOWS)]

    def factors() -> list[Model]:
        return [SecondFactor(account_id=account) for account in accounts]

    def identities() -> list[Model]:
        return [OutsideIdentity(account_id=account, issuer="-", subject=str(account)) for account in accounts]

    def links() -> list[Model]:
        owners = product([None, *accounts[:2]], [None, *parties[:2]])
        later = timezone.now() + dt.timedelta(days=1)
        return [
            OneTimeLink(account_id=account, party_id=party, digest=str(number), purpose="reset", expires_at=later)
            for number, (account, party) in enumerate(owners)
        ]

    return {
        Consent: consents,
        PersonalRequest: requests,
        SignIn: sign_ins,
        SecondFactor: factors,
        OutsideIdentity: identities,
        OneTimeLink: links,
    }


def audit_grids() -> Grids:
    """Events of every stream, refusals among them."""

    def events(stream: type[Event]) -> Callable[[], list[Model]]:
        actions = ("registry.create_resource", "refused", "not_found", "parties.took_seat")
        return lambda: [
            stream(seq=seq, at=timezone.now(), action=action, actor_name="某人", prev_hash="-", hash="-")
            for seq, action in enumerate(actions, start=1)
        ]

    return {
        **{stream: events(stream) for stream in (AuditEvent, AccessEvent, ProvisionEvent)},
        AuditHead: lambda: [AuditHead(pk=1)],
    }
