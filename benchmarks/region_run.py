"""How long a rule pack over a region of ten thousand enterprises takes, from the database to the kept tables.

    RONGTONG_HOME=/tmp/region python -m benchmarks.region_run [ENTERPRISES]

RONGTONG_HOME must name a folder to throw away: made-up enterprises and their indicators are written into its database.
"""

import os
import random
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rongtong.site.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from rongtong.domain.assessments.computing import run_pending  # noqa: E402
from rongtong.domain.assessments.models import Fact  # noqa: E402
from rongtong.domain.assessments.queries import enterprises, standings  # noqa: E402
from rongtong.domain.assessments.results import rows  # noqa: E402
from rongtong.domain.assessments.runs import ask_run  # noqa: E402
from rongtong.domain.foundation.actors import system_actor  # noqa: E402
from rongtong.domain.parties.models import Party  # noqa: E402

CLERK = system_actor("测量")
FLAGS = ("resident", "products_allowed", "clean_record", "not_listed")
NOT = ("high_tech_certificate", "national_award", "rd_institution", "led_standard_5y")


def main(count: int) -> None:
    """Fill the database once, then measure."""
    call_command("migrate", verbosity=0)
    if not Party.objects.exists():
        fill(count)
    run = ask_run(actor=CLERK, pack="cn.tech-sme", as_of=timezone.localdate())
    measured("run over the region", run_pending)
    run.refresh_from_db()
    print(run.total, run.summary["outcomes"], f"{run.summary['near_misses']} near misses")
    measured("a page of the results", lambda: rows(run))
    measured("a page of the list of enterprises", lambda: standings(CLERK, list(enterprises(CLERK)[:25])))


def fill(count: int) -> None:
    """Made-up enterprises, the same each time."""
    chance = random.Random(1)
    made = [
        Party(kind="organisation", organisation_type="enterprise", name=f"示例{n:06}", region="330100")
        for n in range(count)
    ]
    Party.objects.bulk_create(made, batch_size=2000)
    Fact.objects.bulk_create((fact for party in made for fact in facts(party, chance)), batch_size=5000)


def facts(party: Party, chance: random.Random) -> list[Fact]:
    """One enterprise's indicators of last year, one in fifty unknown."""
    staff, sales = chance.randint(5, 600), chance.randint(1, 250) * 100_000_000
    values = dict.fromkeys(FLAGS, True) | dict.fromkeys(NOT, False)
    values |= {
        "staff": staff, "tech_staff_employed": chance.randint(0, staff), "tech_staff_part_time": 0,
        "sales_last": sales, "cost_last": sales * 9 // 10, "assets": sales,
        "rd_last": sales * chance.randint(0, 90) // 1000,
        "class1_ip": chance.choice((0, 0, 1, 2)), "class2_ip": chance.randint(0, 6),
    }  # fmt: skip
    year = timezone.localdate().year - 1
    return [
        Fact(party=party, name=name, year=year, value=value, entered_by="测量")
        for name, value in values.items()
        if chance.random() > 1 / 50
    ]


def measured(what: str, call: object) -> None:
    """Print seconds by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    call()  # type: ignore[operator]  # any callable without arguments
    print(f"{what}: {time.perf_counter() - clock:.2f} s, {time.process_time() - processor:.2f} s of the processor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
