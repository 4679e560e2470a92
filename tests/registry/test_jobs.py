"""An import survives its worker: what was cut short begins again, and nothing is left behind."""

import datetime as dt
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError

from rongtong.domain.registry.exchange import jobs
from rongtong.domain.registry.exchange.actions import confirm_import, move_import
from rongtong.domain.registry.models import ImportJob, Resource
from rongtong.domain.registry.states import CHECKING
from tests.factories import PLATFORM
from tests.registry.files import DEMANDS, as_csv, upload

pytestmark = pytest.mark.django_db
AT_ONCE = dt.timedelta(0)


def test_the_process_has_no_unreachable_state_and_no_undeclared_end():
    assert CHECKING.unreachable() == set()
    assert CHECKING.dead_ends() == {state.key for state in CHECKING.states if state.end}


def test_the_worker_checks_what_was_uploaded_and_imports_what_was_confirmed():
    job = upload(as_csv(DEMANDS))
    assert jobs.run_pending() == 1
    job.refresh_from_db()
    assert (job.state, job.counts["created"], Resource.objects.count()) == ("ready", 2, 0)
    confirm_import(actor=PLATFORM, job=job)
    assert jobs.run_pending() == 1
    job.refresh_from_db()
    assert (job.state, Resource.objects.count()) == ("done", 2)
    assert jobs.run_pending() == 0


def test_progress_is_told_and_can_be_read_by_others():
    told = []
    job = jobs.run(upload(as_csv(DEMANDS)), progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == 2
    assert jobs.progress_of(job) == (2, 2)
    under_way = ImportJob(state="importing", file_path="imports/x/source", rows_total=9)
    default_storage.save("imports/x/progress", ContentFile(json.dumps([4, 9])))
    assert jobs.progress_of(under_way) == (4, 9)


def test_a_check_whose_worker_died_begins_again():
    job = move_import(job=upload(as_csv(DEMANDS)), event="check")
    assert jobs.recover() == 0
    assert jobs.recover(silence=AT_ONCE) == 1
    assert jobs.run_pending() == 1
    job.refresh_from_db()
    assert job.state == "ready"


class Killed(BaseException):
    """Stands for the signal that ends a worker."""


def breaking(fault: BaseException):
    """A progress callback during which ``fault`` strikes, after the first rows were written."""

    def progress(done: int, total: int) -> None:
        if done:
            raise fault

    return progress


def test_an_import_whose_worker_died_left_nothing_and_begins_again():
    job = confirm_import(actor=PLATFORM, job=jobs.run(upload(as_csv(DEMANDS))))
    with pytest.raises(Killed):
        jobs.run(job, progress=breaking(Killed()))
    job.refresh_from_db()
    assert (job.state, Resource.objects.count()) == ("importing", 0)
    jobs.recover(silence=AT_ONCE)
    jobs.run_pending()
    job.refresh_from_db()
    assert (job.state, Resource.objects.count()) == ("done", 2)


def test_a_file_that_keeps_breaking_its_worker_is_given_up():
    job = upload(as_csv(DEMANDS))
    for _attempt in range(jobs.MOST_ATTEMPTS):
        job = move_import(job=job, event="check", counts={"attempts": job.counts.get("attempts", 0) + 1})
        jobs.recover(silence=AT_ONCE)
        job.refresh_from_db()
    assert job.state == "failed"


def test_a_database_that_refuses_fails_the_job_with_a_reason():
    job = confirm_import(actor=PLATFORM, job=jobs.run(upload(as_csv(DEMANDS))))
    job = jobs.run(job, progress=breaking(DatabaseError("disk full")))
    assert (job.state, job.problems[0]["message"], Resource.objects.count()) == ("failed", "disk full", 0)


def test_two_workers_do_not_take_the_same_file():
    job = upload(as_csv(DEMANDS))
    seen_by_both = ImportJob.objects.get(pk=job.pk)
    jobs.run(job)
    with pytest.raises(jobs.IllegalTransition):
        jobs.run(seen_by_both)
