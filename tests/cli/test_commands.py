"""The command line: answers on stdout, everything else on stderr, exit codes that scripts can read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rongtong.cli.main import ENTRIES
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.parties.models import Account
from rongtong.domain.registry.models import Resource
from tests.cli.conftest import Run
from tests.factories import DEMAND, AccountFactory, AchievementFactory, PartyFactory, ResourceFactory, RoleGrantFactory

HELP = """
import sys
from rongtong.cli.main import main
sys.argv = ["rongtong", "--help"]
try:
    main()
except SystemExit:
    sys.exit("django" in sys.modules)
"""


def test_help_lists_every_command_without_starting_django(tmp_path: Path) -> None:
    asked = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert all(entry.name in asked.stdout for entry in ENTRIES)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", [entry.name for entry in ENTRIES])
def test_every_command_explains_itself(run: Run, name: str) -> None:
    outcome = run(name, "--help")
    assert (outcome.code, "Usage" in outcome.out) == (0, True)


def test_a_wrong_setting_is_wrong_use_and_is_named(tmp_path: Path) -> None:
    environment = os.environ | {"RONGTONG_HOME": str(tmp_path), "RONGTONG_THREADS": "many"}
    command = [sys.executable, "-m", "rongtong.cli.main", "audit", "verify"]
    asked = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (asked.returncode, "RONGTONG_THREADS='many'" in asked.stderr, asked.stdout) == (2, True, "")


@pytest.mark.django_db
def test_an_account_is_made_listed_and_given_a_password(run: Run) -> None:
    made = run("user", "add", "clerk", "--name", "王科员", "--role", "officer", "--region", "330100")
    assert Account.objects.get(username="clerk").check_password(made.out.split()[1])
    assert json.loads(run("user", "list", "--json").out)[0]["roles"] == ["管理部门工作人员"]
    changed = run("user", "password", "clerk")
    assert Account.objects.get(username="clerk").check_password(changed.out.split()[1])
    assert run("user", "add", "clerk", "--name", "重名").code == 2


@pytest.mark.django_db
def test_roles_are_conferred_listed_and_ended(run: Run) -> None:
    firm, other = PartyFactory(), PartyFactory()
    run("user", "add", "zhou", "--name", "周新", "--role", "administrator", "--party", firm.name)
    assert run("user", "grant", "zhou", "--role", "member", "--party", other.name, "--until", "2099-01-01").code == 0
    (row,) = json.loads(run("user", "list", "--json").out)
    assert [(grant["role"], grant["party"], grant["ends"]) for grant in row["grants"]] == [
        ("administrator", firm.name, None),
        ("member", other.name, "2099-01-01"),
    ]
    refused = run("user", "end", "zhou", "--role", "administrator", "--party", firm.name, "--reason", "离职")
    assert (refused.code, "唯一的单位管理员" in refused.err) == (2, True)
    assert run("user", "end", "zhou", "--role", "member", "--party", other.name, "--reason", "离职").code == 0
    assert run("user", "end", "zhou", "--role", "member", "--party", other.name, "--reason", "离职").code == 2


@pytest.mark.django_db
def test_an_account_that_breaks_the_terms_of_its_role_is_not_made(run: Run) -> None:
    assert run("user", "add", "zhou", "--name", "周新", "--role", "member").code == 2
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_an_account_is_suspended_and_restored(run: Run) -> None:
    account = AccountFactory(username="zhou")
    for command, active in (("suspend", False), ("restore", True)):
        assert run("user", command, "zhou", "--reason", "查证").code == 0
        account.refresh_from_db()
        assert account.is_active is active
    assert "安全管理员" in run("user", "roles").out


@pytest.mark.django_db
def test_a_key_is_shown_once_and_can_be_ended(run: Run) -> None:
    AccountFactory(username="robot")
    secret = run("api-key", "create", "robot").out.strip()
    assert secret.startswith("rt_")
    listed = run("api-key", "list").out
    assert secret not in listed
    assert run("api-key", "revoke", secret[:8]).code == 0
    assert run("api-key", "revoke", secret[:8]).code == 2


@pytest.mark.django_db
def test_an_unknown_account_is_wrong_use(run: Run) -> None:
    outcome = run("api-key", "create", "nobody")
    assert (outcome.code, "nobody" in outcome.err, outcome.out) == (2, True, "")


def sheet(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["需求名称,要解决的问题,预算上限,外部编号", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.django_db
def test_a_file_is_imported_once_however_often_it_is_given(run: Run, tmp_path: Path) -> None:
    file = sheet(tmp_path / "需求.csv", f"石灰窑出灰,{DEMAND['problem']},50万元,D1")
    command = ("import", file, "--kind", "demand", "--source", "某系统", "--no-secrets", "--json")
    assert json.loads(run(*command).out)["counts"]["created"] == 1
    assert json.loads(run(*command).out)["counts"]["unchanged"] == 1
    assert Resource.objects.count() == 1


@pytest.mark.django_db
def test_one_problem_and_nothing_is_imported(run: Run, tmp_path: Path) -> None:
    file = sheet(tmp_path / "需求.csv", f"石灰窑出灰,{DEMAND['problem']},50万元,D1", ",,很多,D2")
    outcome = run("import", file, "--kind", "demand", "--no-secrets")
    assert (outcome.code, Resource.objects.count(), "第 3 行" in outcome.err) == (1, 0, True)


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    file = sheet(tmp_path / "需求.csv", f"石灰窑出灰,{DEMAND['problem']},50万元,D1")
    outcome = run("import", file, "--kind", "demand", "--no-secrets", "--dry-run")
    assert (outcome.code, Resource.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_column_is_named_by_hand(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(f"甲,乙\n石灰窑出灰,{DEMAND['problem']}\n", encoding="utf-8")
    command = ("import", path, "--kind", "demand", "--no-secrets", "--map", "甲=title", "--map", "乙=problem")
    assert run(*command).code == 0
    assert Resource.objects.get().title == "石灰窑出灰"


@pytest.mark.django_db
def test_what_is_exported_as_one_account_is_what_it_may_see(run: Run, tmp_path: Path) -> None:
    grant = RoleGrantFactory()
    ResourceFactory(title="本单位的需求", owner=grant.party, published=False)
    ResourceFactory(title="别家的草稿", published=False)
    run("export", "demand", "--to", tmp_path / "需求.csv", "--as", grant.account.username)
    text = (tmp_path / "需求.csv").read_text(encoding="utf-8-sig")
    assert ("本单位的需求" in text, "别家的草稿" in text) == (True, False)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments", [("spell",), ("demand", "--filter", "colour=red"), ("demand", "--format", "xlsx")]
)
def test_what_cannot_be_exported_is_wrong_use(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("export", *arguments).code == 2


@pytest.mark.django_db
def test_the_index_says_how_far_it_is_and_goes_on(run: Run, index: Any) -> None:
    ResourceFactory.create_batch(2)
    assert json.loads(run("index", "status", "--json").out) == {"records": 0, "waiting": 2, "vectors": 0}
    assert run("index", "build").code == 0
    assert json.loads(run("index", "status", "--json").out)["records"] == 2
    assert run("index", "rebuild").code == 0


@pytest.mark.django_db
def test_a_demand_is_matched_with_reasons(run: Run, index: Any) -> None:
    found = AchievementFactory(title="石灰窑自动出灰装置")
    index.drain()
    told = json.loads(run("match", DEMAND["problem"], "--json").out)
    assert told["matches"][0]["id"] == str(found.pk)
    shown = run("match", DEMAND["problem"])
    assert (shown.code, "石灰窑自动出灰装置" in shown.out) == (0, True)


@pytest.mark.django_db
def test_an_empty_demand_is_wrong_use(run: Run, index: Any) -> None:
    assert run("match", "  ").code == 2
    assert run("match", "石灰窑", "--kind", "magic").code == 2


@pytest.mark.django_db
def test_doctor_says_what_is_missing_and_what_that_costs(run: Run, index: Any) -> None:
    outcome = run("doctor", "--json")
    findings = {item["what"]: item for item in json.loads(outcome.out)}
    assert (outcome.code, findings["记录"]["level"], findings["后台任务"]["level"]) == (0, "note", "note")
    assert all(item["cost"] for item in findings.values() if item["level"] != "ok")


@pytest.mark.django_db
def test_doctor_ends_with_one_when_something_essential_is_broken(run: Run, index: Any) -> None:
    PartyFactory.create_batch(2)
    AuditEvent.objects.filter(seq=2).update(actor_name="别人")
    assert run("doctor").code == 1
