"""``rongtong audit`` as an operator uses it, in either language."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.models import AccessEvent, AuditEvent
from tests.cli.conftest import Run
from tests.factories import PLATFORM, AccountFactory, PartyFactory

pytestmark = pytest.mark.django_db


def test_chains_that_hold_are_told_with_their_heads(run: Run) -> None:
    PartyFactory()
    outcome = run("audit", "verify", "--json")
    acts, access, provision = json.loads(outcome.out)
    assert outcome.code == 0
    assert [(each["stream"], each["events"], each["fault"]) for each in (acts, access, provision)] == [
        ("acts", 1, ""),
        ("access", 0, ""),
        ("provision", 0, ""),
    ]
    assert run("audit", "verify", "--head", f"acts={acts['head']}").code == 0
    assert AccessEvent.objects.filter(action="audit.verified").count() == 2


def test_a_broken_chain_is_named_with_its_event_and_ends_with_one(run: Run) -> None:
    PartyFactory.create_batch(2)
    AuditEvent.objects.filter(seq=1).update(actor_name="别人")
    outcome = run("audit", "verify")
    assert (outcome.code, "办理 第 1 号：事件被改动" in outcome.err) == (1, True)


def test_an_archive_is_checked_where_there_is_no_database_and_in_english_too(run: Run, tmp_path: Path) -> None:
    PartyFactory()
    run("audit", "export", tmp_path)
    nowhere = {"RONGTONG_HOME": str(tmp_path), "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    asked = subprocess.run(
        [sys.executable, "-m", "rongtong.cli.main", "audit", "verify", "--archive", *tmp_path.glob("*.zip")],
        capture_output=True,
        text=True,
        env=os.environ | nowhere | {"RONGTONG_LANGUAGE": "en"},
        check=False,
    )
    assert (asked.returncode, "Holds: acts, 1 events" in asked.stdout) == (0, True)


def test_a_rewritten_chain_is_known_by_a_head_kept_elsewhere(run: Run) -> None:
    PartyFactory()
    assert run("audit", "verify", "--head", "acts=" + "0" * 63 + "1").code == 1
    assert run("audit", "verify", "--head", "0" * 64).code == 2


def test_an_archive_is_written_and_checked(run: Run, tmp_path: Path) -> None:
    PartyFactory.create_batch(2)
    written = json.loads(run("audit", "export", tmp_path, "--json").out)
    assert [(each["stream"], each["events"]) for each in written] == [("acts", 2)]
    file, head = written[0]["file"], written[0]["head_hash"]
    AuditEvent.objects.all()._raw_delete(using="default")
    assert run("audit", "verify", "--archive", file, "--head", f"acts={head}").code == 0
    assert run("audit", "verify", "--archive", file, "--head", "acts=" + "0" * 63 + "1").code == 1


def test_a_period_and_a_chain_can_be_chosen(run: Run, tmp_path: Path) -> None:
    PartyFactory()
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "没有写文件" in run("audit", "export", tmp_path, "--since", tomorrow).err
    assert run("audit", "export", tmp_path, "--stream", "acts", "--until", timezone.localdate()).code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["rongtong-audit-acts-1-4.zip"]
    assert run("audit", "export", tmp_path, "--stream", "letters").code == 2


def test_somebody_without_the_right_does_not_export(run: Run, tmp_path: Path) -> None:
    AccountFactory(username="clerk")
    assert run("audit", "export", tmp_path, "--as", "clerk").code == 2
    assert AccessEvent.objects.filter(action="refused").count() == 1
    assert list(tmp_path.iterdir()) == []


def test_a_pruning_can_be_looked_at_first(run: Run) -> None:
    audit.note(PLATFORM, "signed_in")
    AccessEvent.objects.update(at=timezone.now() - dt.timedelta(days=401))
    (access, provision) = json.loads(run("audit", "prune", "--dry-run", "--json").out)
    assert (access["events"], provision["events"], AccessEvent.objects.count()) == (1, 0, 1)
    assert run("audit", "prune").code == 0
    assert AccessEvent.objects.count() == 0
    assert "没有到期的事件" in run("audit", "prune").err
