"""What the platform does by itself: expire what is out of date, import what was confirmed, keep the index current."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.urls import reverse

from rongtong.cli.output import Report
from rongtong.domain.assessments.actions import advance_certificate
from rongtong.domain.assessments.queries import overdue_certificates, waiting_runs
from rongtong.domain.foundation.actors import system_actor
from rongtong.domain.foundation.documents.actions import tidy
from rongtong.domain.foundation.errors import DomainError
from rongtong.domain.foundation.keeping import prune_if_due
from rongtong.domain.foundation.sealing import housekeeping as sealing
from rongtong.domain.leads import blind
from rongtong.domain.mailbox.actions import prune_messages
from rongtong.domain.mailbox.digests import post_digests
from rongtong.domain.mailbox.queries import old_messages
from rongtong.domain.parties.signing import housekeeping as signing
from rongtong.domain.programmes.actions.clock import run_clock
from rongtong.domain.programmes.actions.forgetting import forget_objectors_due
from rongtong.domain.registry import indexing, queries
from rongtong.domain.registry.actions import advance_resource, unseal_resource
from rongtong.domain.registry.disclosing.actions import advance_disclosure
from rongtong.domain.registry.disclosing.queries import ended
from rongtong.domain.registry.exchange.jobs import run_pending
from rongtong.domain.registry.kinds import all_kinds

log = logging.getLogger("rongtong.worker")
CLOCK = system_actor("平台时钟")
PER_KIND = 500
"""Records of a kind expired in one round, so that imports and the index never wait long."""
FAILURES = (DomainError, DatabaseError, OSError, RuntimeError)
"""What a job may meet without being at fault: a refusal, database or disk; encoder and index raise RuntimeError."""
LONGEST_REST = 300.0
DAY_SECONDS = 86_400.0
BUSY_SECONDS = 5.0
VECTORS_AT_ONCE = 200
"""Vectors computed in one round (some seconds), so that a new record is searchable soon all the same."""


@dataclass
class Job:
    """Something to do every ``every`` seconds; ``run`` answers how much it did. It rests after a failure."""

    name: str
    run: Callable[[Report], int]
    every: float = 0.0
    not_before: float = 0.0
    failures: int = 0

    def due(self) -> bool:
        return time.monotonic() >= self.not_before

    def attempt(self, report: Report) -> int:
        """Run once. One job's failure is logged and stops no other; it is tried again later."""
        close_old_connections()
        try:
            done = self.run(report)
        except indexing.Busy:
            self.not_before = time.monotonic() + BUSY_SECONDS
            return 0
        except FAILURES as error:
            self._rest(error)
            return 0
        self.failures, self.not_before = 0, time.monotonic() + self.every
        return done

    def _rest(self, error: Exception) -> None:
        self.failures += 1
        wait = min(LONGEST_REST, 2.0**self.failures)
        self.not_before = time.monotonic() + wait
        log.error("%s failed, tried again in %.0f s: %s", self.name, wait, error, exc_info=error)


def expire(report: Report) -> int:
    """Mark published records stale whose day has passed or that nobody has touched for the kind's time."""
    records = [record for kind in all_kinds().values() for record in queries.overdue(kind)[:PER_KIND]]
    for done, record in enumerate(records, start=1):
        advance_resource(actor=CLOCK, record=record, event="expire")
        report(done, len(records))
    return len(records)


def keep_boxes(report: Report) -> int:
    """Close sealed boxes whose time is over, and take away what broken-off submissions left."""
    return sealing.close_due() + sealing.sweep()


def unseal(report: Report) -> int:
    """Open what is sealed of every record whose hour has come."""
    records = list(queries.to_unseal()[:PER_KIND])
    for done, record in enumerate(records, start=1):
        unseal_resource(actor=CLOCK, record=record)
        report(done, len(records))
    return len(records)


def end_disclosures(report: Report) -> int:
    """Say of each disclosure whose time is over that it is; it has shown nothing since."""
    over = list(ended()[:PER_KIND])
    for done, disclosure in enumerate(over, start=1):
        advance_disclosure(actor=CLOCK, disclosure=disclosure, event="expire")
        report(done, len(over))
    return len(over)


def expire_certificates(report: Report) -> int:
    """Say of each certificate whose last day has passed that it is over."""
    over = list(overdue_certificates()[:PER_KIND])
    for done, certificate in enumerate(over, start=1):
        advance_certificate(actor=CLOCK, certificate=certificate, event="expire")
        report(done, len(over))
    return len(over)


def compute_runs(report: Report) -> int:
    """Compute the runs that wait. What works on columns is loaded when there is one: it takes memory."""
    if not waiting_runs().exists():
        return 0
    done: int = import_module("rongtong.domain.assessments.computing").run_pending(progress=report)
    return done


def post_messages(report: Report) -> int:
    """Mail what people are told, once a day each."""
    base = str(settings.ENVIRONMENT.address or f"http://{settings.ENVIRONMENT.bind}").rstrip("/")
    return post_digests(CLOCK, base + reverse("portal:messages"))


def prune_messages_due(report: Report) -> int:
    """Let the messages go whose time is over."""
    return prune_messages(actor=CLOCK) if old_messages().exists() else 0


def all_jobs() -> list[Job]:
    """The jobs in the order in which they are tried."""
    return [
        Job("expire", expire, every=3600.0),
        Job("certificates", expire_certificates, every=3600.0),
        Job("signing", lambda report: signing.sweep(), every=300.0),
        Job("sealing", keep_boxes, every=60.0),
        Job("unseal", unseal, every=15.0),
        Job("challenges", lambda report: run_clock(CLOCK), every=15.0),
        Job("disclosures", end_disclosures, every=60.0),
        Job("documents", lambda report: tidy(), every=6 * 3600.0),
        Job("import", lambda report: run_pending(progress=report)),
        Job("runs", compute_runs),
        Job("index", lambda report: indexing.drain(progress=report)),
        Job("blind", lambda report: blind.run_due(), every=600.0),
        Job("messages", post_messages, every=300.0),
        Job("old messages", prune_messages_due, every=DAY_SECONDS),
        Job("objectors", lambda report: forget_objectors_due(CLOCK), every=DAY_SECONDS),
        Job("retention", lambda report: prune_if_due(CLOCK), every=DAY_SECONDS),
        Job("vectors", lambda report: indexing.fill(most=VECTORS_AT_ONCE, progress=report)),
    ]
