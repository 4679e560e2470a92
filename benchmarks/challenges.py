"""How long the pages of challenges take with ten thousand topics, projects, rounds and reviewers.

    RONGTONG_HOME=<a folder to throw away> python -m benchmarks.challenges [ROWS]

RONGTONG_HOME must name such a folder: made-up rows are written into its database. Each page is asked for
through the whole portal, as a visitor and as an officer; reported is the middle of nine times of the processor, which
on SQLite is what one waits on a machine with nothing else to do, beside one plain query over the same table.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rongtong.site.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.challenge_rows import CLERK, CROWDED, DRAFTED, REGION, fill  # noqa: E402
from benchmarks.harness import Benchmark  # noqa: E402
from rongtong.domain.foundation.actors import Role  # noqa: E402
from rongtong.domain.parties.actions import create_account, grant_role  # noqa: E402
from rongtong.domain.parties.models import Account  # noqa: E402
from rongtong.domain.parties.signing.sessions import open_session  # noqa: E402
from rongtong.domain.programmes.models import Project, Round, Topic  # noqa: E402

TIMES = 9


def main(count: int) -> None:
    """Fill the database once, then measure."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Topic.objects.exists():
        fill(count)
    benchmark = Benchmark("challenges")
    visitor, officer = Client(SERVER_NAME="localhost"), clerk()
    topic = Topic.objects.filter(state="open").order_by("pk")[:1].get()
    full = Topic.objects.get(title=CROWDED)
    planned, drawn = Round.objects.filter(topic=full).order_by("order").only("pk")
    asked: dict[str, tuple[Client, str]] = {
        "list": (visitor, "/challenges/"),
        "last_page": (visitor, "/challenges/?page=9999"),
        "words": (visitor, "/challenges/?q=轴承&soon=30"),
        "topic": (visitor, f"/challenges/topics/{topic.pk}/"),
        "board": (officer, "/challenges/board"),
        "board_table": (officer, "/challenges/board?view=table"),
        "argued": (officer, f"/challenges/topics/{Topic.objects.get(title=DRAFTED).pk}/"),
        "bids": (officer, f"/challenges/topics/{full.pk}/bids"),
        "projects": (officer, "/projects/"),
        "projects_last": (officer, "/projects/?page=9999"),
        "projects_late": (officer, "/projects/?late=1"),
        "project": (officer, f"/projects/{Project.objects.filter(state='running')[:1].get().pk}/"),
        "workbench": (officer, "/workbench"),
        "review": (officer, f"/challenges/topics/{full.pk}/review"),
        "round_planned": (officer, f"/rounds/{planned.pk}/"),
        "round_drawn": (officer, f"/rounds/{drawn.pk}/"),
    }
    for key, (client, address) in asked.items():
        benchmark.record(key, milliseconds(lambda client=client, address=address: answered(client, address)))
    benchmark.record("export", milliseconds(lambda: answered(visitor, "/challenges/topics.csv"), times=3))
    benchmark.record("one_query", milliseconds(lambda: Topic.objects.filter(title__icontains="轴承").count()))
    benchmark.finish()


def answered(client: Client, address: str) -> None:
    """Ask, and read the answer to its end."""
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    if answer.streaming:
        for _part in answer.streaming_content:
            pass


def milliseconds(run: Callable[[], object], times: int = TIMES) -> float:
    """The middle of so many runs by the processor's time, after one that warms up."""
    run()
    taken = []
    for _time in range(times):
        started = time.process_time()
        run()
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


def clerk() -> Client:
    """A browser in which an officer has signed in."""
    account = Account.objects.filter(username="benchmark").first()
    if account is None:
        account = create_account(actor=CLERK, username="benchmark", display_name="测量", password=None)
        grant_role(actor=CLERK, account=account, role=Role.OFFICER, region=REGION)
    client = Client(SERVER_NAME="localhost")
    client.force_login(account)
    session = client.session
    session["sign_in"] = str(open_session(account, how="password", two_factors=True).pk)
    session.save()
    return client


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
