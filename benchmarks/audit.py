"""The audit with a million events: how fast it is written, verified and asked, and what noting costs a page.

    python -m benchmarks.audit [--events 1000000]
    python -m benchmarks.audit --database postgresql://user@host/empty_database

Without ``--database`` it runs on SQLite in a folder that is removed afterwards. Events are written through the
functions that the platform uses. What noting costs is measured in one run: the same page with it and without it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from statistics import median
from typing import Any

RECORDS, ACCOUNTS, BATCH, TURNS = 3000, 1000, 500, 15
PROBLEM = "石灰窑出灰系统在高温下卡料。"


def one(events: int) -> dict[str, float]:
    """Fill the database of this process and measure."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    figures = filled(events)
    figures |= verified()
    figures |= asked()
    return figures | noted()


def filled(events: int) -> dict[str, float]:
    """Six of ten events are acts, four provision; every record and every account has its share."""
    from django.db import transaction

    from rongtong.domain.foundation import audit
    from rongtong.domain.foundation.actors import Actor
    from rongtong.domain.registry.models import Resource

    facts = {"kind": "demand", "state": "published", "visibility": "members", "values": {"problem": PROBLEM}}
    regions = ("440300", "330100", "330100")
    records = [Resource(title=f"示例需求{n}", region=regions[n % 3], **facts) for n in range(RECORDS)]
    Resource.objects.bulk_create(records, batch_size=500)
    actors = [Actor(name=f"人员{n}", account=n + 1) for n in range(ACCOUNTS)]
    begun = time.perf_counter()
    for number in range(events // BATCH):
        part = [records[(number * 7 + n) % RECORDS] for n in range(BATCH)]
        actor = actors[number % ACCOUNTS]
        if number % 10 < 6:
            with transaction.atomic():
                action = "registry.withdraw" if number % 1000 == 0 else "registry.update_resource"
                audit.record_many(actor, action, [(each, {"changed": ["budget"], "revision": 2}) for each in part])
        else:
            audit.shown(actor, "page", [(each, ["budget", "contact"], "本单位的记录") for each in part])
    return {"write": events / (time.perf_counter() - begun)}


def verified() -> dict[str, float]:
    from rongtong.domain.foundation import audit

    begun = time.perf_counter()
    found = audit.verify_all()
    if any(each.fault for each in found):
        raise SystemExit(f"a chain is broken: {found}")
    return {"verify": sum(each.events for each in found) / (time.perf_counter() - begun)}


def asked() -> dict[str, float]:
    """A page of fifty for an auditor and for a supervisor, first by one thing and then by another."""
    from django.utils import timezone

    from rongtong.domain.foundation.actors import Actor, Role
    from rongtong.domain.foundation.asking import Question, ask
    from rongtong.domain.registry.models import Resource

    here = str(Resource.objects.filter(region="330100").first().pk)
    today = timezone.localdate()
    questions = {
        "all": Question(),
        "record": Question(entity_id=here),
        "person": Question(account=7),
        "rare": Question(action="registry.withdraw"),
        "period": Question(since=today, until=today),
        "mixed": Question(account=7, action="registry.update_resource", since=today),
    }
    auditor = Actor(name="审计员", account=1, roles=frozenset({Role.AUDITOR}))
    supervisor = Actor(name="监督员", account=2, roles=frozenset({Role.SUPERVISOR}), region="330100")
    figures = {}
    for who, actor in (("auditor", auditor), ("supervisor", supervisor)):
        for key, question in questions.items():
            figures[f"{who}_{key}"] = taken(lambda actor=actor, question=question: ask(actor, question))
    older = "acts-300000.provision-200000"
    figures["auditor_old"] = taken(lambda: ask(auditor, Question(), older=older))
    return figures


def noted() -> dict[str, float]:
    """Pages as the test client gets them, with noting and without."""
    from django.test import Client
    from django.urls import reverse

    from rongtong.domain.foundation import audit
    from rongtong.domain.foundation.actors import Role, system_actor
    from rongtong.domain.parties.actions import create_account, grant_role
    from rongtong.domain.registry.models import Resource

    platform = system_actor("benchmark")
    client = Client(SERVER_NAME="localhost")
    reader = create_account(actor=platform, username="reader", display_name="读者", password=None)
    enter(client, reader)
    record = Resource.objects.first()
    pages = {
        "record": reverse("portal:record", args=("demand", record.pk)),
        "list": reverse("portal:list", args=("demand",)),
    }
    figures = {}
    shown = audit.shown
    for key, address in pages.items():
        figures[f"page_{key}"] = taken(lambda address=address: fetched(client, address))
        audit.shown = lambda *_given: None
        figures[f"page_{key}_bare"] = taken(lambda address=address: fetched(client, address))
        audit.shown = shown
    auditor = create_account(actor=platform, username="auditor", display_name="审计员", password=None)
    grant_role(actor=platform, account=auditor, role=Role.AUDITOR)
    enter(client, auditor)
    figures["page_audit"] = taken(lambda: fetched(client, reverse("portal:audit")))
    address = reverse("portal:audit-record", args=("registry.resource", record.pk))
    figures["page_audit_record"] = taken(lambda: fetched(client, address))
    return figures


def enter(client: Any, account: Any) -> None:
    """Sign ``account`` in as the door does, a code shown."""
    from rongtong.domain.parties.signing.sessions import open_session
    from rongtong.portal.door import SESSION

    client.force_login(account)
    session = client.session
    session[SESSION] = str(open_session(account, how="password", two_factors=True).pk)
    session.save()


def fetched(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")


def taken(action: Callable[[], object]) -> float:
    """Milliseconds in the median."""
    action()
    spent = []
    for _turn in range(TURNS):
        begun = time.perf_counter()
        action()
        spent.append(time.perf_counter() - begun)
    return median(spent) * 1000


def apart(events: int, database: str) -> dict[str, float]:
    """The figures of :func:`one` from a process with a data folder of its own."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "RONGTONG_HOME": home, "DJANGO_SETTINGS_MODULE": "rongtong.site.settings"}
        environment |= {"DATABASE_URL": database, "RONGTONG_LIMITS": "0", "RONGTONG_HOSTS": "localhost,testserver"}
        if not database:
            environment.pop("DATABASE_URL")
        command = [sys.executable, "-m", "benchmarks.audit", "--one", "--events", str(events)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--database", default="")
    parser.add_argument("--one", action="store_true")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.events)))
        return
    from benchmarks.harness import Benchmark

    benchmark = Benchmark("audit_postgresql" if options.database else "audit")
    for key, value in apart(options.events, options.database).items():
        benchmark.record(key, value)
    benchmark.finish()


if __name__ == "__main__":
    main()
