"""`rongtong engine draw` and `verify-draw`: the sample of the docs, and every problem by row and column."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from rongtong.cli.engine import app

PAGE = (Path(__file__).parents[3] / "docs" / "review.md").read_text(encoding="utf-8")
POOL = "id,organisation,years,senior\n" + "".join(f"E{n},U{n},10,是\n" for n in range(9))


def block(kind: str) -> str:
    found = re.findall(rf"```{kind}\n(.*?)```", PAGE, re.S)
    assert len(found) == 1
    return str(found[0])


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def drawn(folder: Path, *more: object, pool: str = POOL, relations: str = "") -> Result:
    (folder / "pool.csv").write_text(pool, encoding="utf-8")
    files = [f"--pool={folder}/pool.csv", f"--out={folder}/draw.json", "--as-of=2026-06-30"]
    if relations:
        (folder / "relations.csv").write_text(relations, encoding="utf-8")
        files.append(f"--relations={folder}/relations.csv")
    return run("draw", *files, *more)


def test_the_sample_of_the_docs_is_drawn_and_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("pool.csv", "relations.csv"):
        Path(name).write_text(block(f"csv {name}"), encoding="utf-8")
    for line in block("sh").splitlines():
        done = run(*shlex.split(line.removeprefix("rongtong engine ")))
        assert (done.exit_code, done.stderr) == (0, "")
    record = json.loads(Path("draw.json").read_text(encoding="utf-8"))
    assert record["result"]["drawn"] == block("text drawn").split()
    assert {(each["candidate"], each["code"]) for each in record["result"]["exclusions"]} == {
        ("E04", "employment"),
        ("E05", "entity"),
        ("E07", "years"),
        ("E09", "unknown"),
    }
    assert record["order"]["panel"]["origin"].startswith("cn.review-panel@2019-03-02 ")
    assert record["order"]["recusal"]["grounds"]["employment"]["article"].endswith("第九条第一款（一）")


def test_the_summary_in_json_is_told_and_the_record_is_right(tmp_path: Path) -> None:
    done = drawn(tmp_path, "--places=7", "--seed=s", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["pool"], len(told["drawn"]), told["reserve"]) == (0, 9, 7, 2)
    checked = run("verify-draw", tmp_path / "draw.json", "--json")
    same = json.loads(checked.stdout)
    assert (checked.exit_code, same["same"], same["unknown_packs"]) == (0, True, [])
    assert same["record_digest"] == told["record_digest"]


def test_a_record_is_not_written_over(tmp_path: Path) -> None:
    assert drawn(tmp_path, "--places=5").exit_code == 0
    before = (tmp_path / "draw.json").read_bytes()
    done = drawn(tmp_path, "--places=5")
    assert (done.exit_code, (tmp_path / "draw.json").read_bytes()) == (2, before)
    assert "已经存在" in done.stderr


def test_seeds_differ_unless_given(tmp_path: Path) -> None:
    seeds = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        seeds.add(json.loads(drawn(tmp_path / name, "--places=5", "--json").stdout)["seed"])
    assert len(seeds) == 2


def test_a_panel_the_rules_do_not_admit_ends_with_1_and_the_reason_is_kept(tmp_path: Path) -> None:
    done = drawn(tmp_path, "--places=6", "--per-organisation=1")
    assert (done.exit_code, "人数是双数，应为单数。" in done.stderr) == (1, True)
    record = json.loads((tmp_path / "draw.json").read_text(encoding="utf-8"))
    assert [each["code"] for each in record["result"]["obstacles"]] == ["even"]
    assert run("verify-draw", tmp_path / "draw.json").exit_code == 0


def test_a_changed_record_ends_with_1(tmp_path: Path) -> None:
    drawn(tmp_path, "--places=5", "--seed=s")
    path = tmp_path / "draw.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["result"]["drawn"][0] = data["result"]["reserve"][0]
    path.write_text(json.dumps(data), encoding="utf-8")
    done = run("verify-draw", path)
    assert (done.exit_code, "result.drawn" in done.stdout) == (1, True)


def test_what_was_published_before_is_compared(tmp_path: Path) -> None:
    drawn(tmp_path, "--places=5", "--seed=s")
    path = tmp_path / "draw.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    right = ("--commitment", record["commitment"].upper(), "--pool-digest", record["pool_digest"])
    assert run("verify-draw", path, *right).exit_code == 0
    done = run("verify-draw", path, "--commitment", "0" * 64, "--json")
    assert [each["place"] for each in json.loads(done.stdout)["differences"]] == ["commitment"]


def test_rules_of_unknown_packs_are_told(tmp_path: Path) -> None:
    drawn(tmp_path, "--places=5", "--seed=s")
    path = tmp_path / "draw.json"
    text = path.read_text(encoding="utf-8").replace(
        '"origin": "cn.review-panel@2019-03-02 ', '"origin": "cn.x@2019-03-02 '
    )
    path.write_text(text, encoding="utf-8")
    done = run("verify-draw", path)
    assert (done.exit_code, "cn.x@2019-03-02" in done.stderr) == (0, True)


def test_every_problem_is_told_by_row_and_column_and_nothing_is_written(tmp_path: Path) -> None:
    pool = "编号,单位,企业专家,从业年限,最近评审日期\nE1,U,也许,ten,2026-02-30\nE1,U,否,9,\nE1,,是,8,昨天\n"
    relations = "评审人,申请方,关系,截止日期\nE1,P,朋友,2026\nE1,P,近亲属,2026-01-01\n"
    done = drawn(tmp_path, "--places=5", pool=pool, relations=relations)
    assert (done.exit_code, (tmp_path / "draw.json").exists()) == (2, False)
    places = re.findall(r"^(\w+\.csv): 第 (\d+) 行 (\w+)", done.stderr, re.M)
    assert places == [
        ("pool.csv", "2", "enterprise"),
        ("pool.csv", "2", "last_review"),
        ("pool.csv", "2", "years"),
        ("pool.csv", "4", "last_review"),
        ("pool.csv", "4", "organisation"),
        ("relations.csv", "2", "kind"),
        ("relations.csv", "2", "until"),
        ("relations.csv", "3", "until"),
    ]


@pytest.mark.parametrize(
    ("pool", "said"),
    [
        ("", "第 1 行: 文件是空的"),
        ("id,organisation\n", "第 1 行: 文件里没有人"),
        ("id,organisation,colour\nE,U,red\n", "第 1 行 colour: 不认识这一列"),
        ("id\nE\n", "第 1 行 organisation: 缺这一列（单位）"),
        ("id,organisation,id\nE,U,F\n", "第 1 行 id: 这一列写了两次"),
        ("id,organisation\nE,U,more\n", "第 2 行: 多出 1 格"),
        ("id,organisation\nE,U\nE,V\n", "第 3 行 id: E 已经出现过"),
        ('id,organisation\nE,"U\nV"\n', "第 2 行 organisation: 不能空，也不能换行"),
        ('id,organisation\nE,"U\n', "第 1 行: 不是 CSV"),
    ],
)
def test_a_pool_that_cannot_be_used(tmp_path: Path, pool: str, said: str) -> None:
    done = drawn(tmp_path, "--places=5", pool=pool)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr


def test_a_relation_of_a_stranger_or_to_no_party_is_a_problem(tmp_path: Path) -> None:
    relations = "candidate,party,kind\nE99,P,kin\nE1,Q,kin\n"
    done = drawn(tmp_path, "--places=5", "--party=P", relations=relations)
    assert re.findall(r"第 (\d) 行 (\w+)", done.stderr) == [("2", "candidate"), ("3", "party")]


def test_a_sheet_in_gb18030_with_full_width_signs_is_read(tmp_path: Path) -> None:
    (tmp_path / "pool.csv").write_bytes(POOL.replace("U1", "青山（集团）").encode("gb18030"))
    relations = "candidate,party,kind,until\nE2,青山(集团),employment,至今\n"
    (tmp_path / "relations.csv").write_text(relations, encoding="utf-8-sig")
    files = [f"--{name}={tmp_path}/{name}.csv" for name in ("pool", "relations")]
    done = run("draw", *files, f"--out={tmp_path}/draw.json", "--places=5", "--json")
    assert (done.exit_code, json.loads(done.stdout)["excluded"]) == (0, 2)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--enterprise-share=much", "不是比例"),
        ("--enterprise-share=120%", "不是比例"),
        ("--bar=friends", "没有关系 friends"),
    ],
)
def test_options_that_say_nothing_end_with_2(tmp_path: Path, option: str, said: str) -> None:
    done = drawn(tmp_path, "--places=5", option)
    assert (done.exit_code, said in done.stderr, (tmp_path / "draw.json").exists()) == (2, True, False)


def test_quotas_and_bars_of_the_programme_are_kept_in_the_record(tmp_path: Path) -> None:
    pool = POOL.replace("senior\n", "senior,企业专家\n").replace(",是\n", ",是,是\n")
    relations = "candidate,party,kind\nE2,P,named\n"
    done = drawn(tmp_path, "--places=5", "--enterprise-share=20%", "--bar=named", pool=pool, relations=relations)
    assert done.exit_code == 0
    record = json.loads((tmp_path / "draw.json").read_text(encoding="utf-8"))
    assert (record["order"]["panel"]["enterprise_share"], record["order"]["panel"]["expert_share"]) == ("1/5", "2/3")
    assert [(each["candidate"], each["code"]) for each in record["result"]["exclusions"]] == [("E2", "named")]


def test_files_that_are_not_there_and_records_that_are_none_end_with_2(tmp_path: Path) -> None:
    assert run("draw", f"--pool={tmp_path}/none.csv", "--places=5", f"--out={tmp_path}/draw.json").exit_code == 2
    assert run("verify-draw", tmp_path / "none.json").exit_code == 2
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    done = run("verify-draw", tmp_path / "bad.json")
    assert (done.exit_code, "bad.json: order" in done.stderr) == (2, True)
