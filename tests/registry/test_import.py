"""A file comes in whole or not at all, twice as once, and every problem is named by row and column."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from rongtong.domain.foundation import audit
from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.errors import AccessDenied, Invalid
from rongtong.domain.foundation.models import AuditEvent
from rongtong.domain.registry.actions import update_resource
from rongtong.domain.registry.exchange import findings, jobs
from rongtong.domain.registry.exchange.actions import cancel_import, confirm_import, map_columns
from rongtong.domain.registry.exchange.cells import HIDDEN, SKIPPED
from rongtong.domain.registry.exchange.template import write_template
from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.models import ImportMapping, Resource
from tests.factories import PLATFORM, ResourceFactory, member, officer
from tests.registry.files import DEMANDS, FORMATS, as_csv, as_jsonl, as_xlsx, bring, upload

pytestmark = pytest.mark.django_db


def counts(job) -> tuple[int, int, int]:
    return job.counts["created"], job.counts["updated"], job.counts["unchanged"]


def messages(job) -> list[tuple[int | None, str, str]]:
    return [(problem["row"], problem["field"], problem["message"]) for problem in job.problems]


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_any_format_becomes_records_and_a_second_time_nothing(form):
    content = FORMATS[form](DEMANDS)
    job = bring(content)
    assert (job.state, counts(job)) == ("done", (2, 0, 0))
    record = Resource.objects.get(external_id="D1")
    assert (record.title, record.state, record.source) == ("自动出灰", "draft", PLATFORM.name)
    assert record.values["budget"] == 50_000_000
    assert record.field == "MAT02"
    assert record.fingerprint
    assert counts(bring(content)) == (0, 0, 2)
    assert Resource.objects.get(external_id="D1").revision == 1


def test_a_changed_row_updates_its_record_and_says_what_changed():
    bring(as_csv(DEMANDS))
    changed = [DEMANDS[0], ["D1", "自动出灰", DEMANDS[1][2], 60, "MAT02", DEMANDS[1][5]], DEMANDS[2]]
    job = bring(as_csv(changed))
    assert counts(job) == (0, 1, 1)
    record = Resource.objects.get(external_id="D1")
    assert (record.values["budget"], record.revision) == (60_000_000, 2)
    event = audit.history(record.pk).last()
    assert (event.action, event.details["change"], event.details["changed"]) == (
        "registry.import_record",
        "updated",
        ["budget"],
    )
    assert audit.verify().fault == ""


def test_a_column_that_is_not_there_leaves_the_field_and_an_empty_cell_clears_it():
    bring(as_csv(DEMANDS))
    bring(as_csv([["外部编号", "需求名称", "技术领域"], ["D1", "自动出灰", ""]]))
    values = Resource.objects.get(external_id="D1").values
    assert "field" not in values
    assert values["budget"] == 50_000_000


def test_a_hidden_value_is_left_as_it_is():
    bring(as_csv(DEMANDS))
    job = bring(as_csv([["外部编号", "需求名称", "联系人"], ["D1", "自动出灰", HIDDEN]]))
    assert counts(job) == (0, 0, 1)


def test_one_bad_row_keeps_the_whole_file_out_and_every_problem_is_named():
    bad = [*DEMANDS, ["D3", "", "太短", "很多", "炼金术", ""], ["D1", "又一条", "编号重复了", "", "", ""]]
    job = bring(as_csv(bad))
    assert job.state == "rejected"
    assert Resource.objects.count() == 0
    found = messages(job)
    assert [(row, field) for row, field, _message in found] == [
        (4, "title"), (4, "budget"), (4, "field"), (5, "external_id"),
    ]  # fmt: skip
    assert "“需求名称”必填" in found[0][2]
    assert "炼金术" in found[2][2]
    assert "第 2 行" in found[3][2]


def test_the_report_holds_more_than_the_page_keeps(monkeypatch):
    monkeypatch.setattr(findings, "KEPT", 2)
    job = bring(as_csv([DEMANDS[0], *([f"D{n}", f"名{n}", f"问题{n}", "=x", "", ""] for n in range(5))]))
    assert (len(job.problems), job.counts["problems"], job.counts["problems.budget"]) == (2, 5, 5)
    with jobs.open_report(job) as report:
        lines = list(csv.reader(io.StringIO(report.read().decode("utf-8"))))
    assert [line[:3] for line in lines if line[0] == "问题"] == [["问题", str(n), "预算上限"] for n in range(2, 7)]


def test_problems_speak_the_readers_language():
    actor = member()
    job = upload(as_csv([DEMANDS[0], ["D1", "", "问题", "", "", ""]]), actor=actor)
    with translation.override("en"):
        job = jobs.run(job)
    assert job.problems[0]["label"] == "Demand"


def test_a_required_column_that_is_missing_matters_for_new_records_only():
    sheet = [["外部编号", "需求名称"], ["D1", "改名"]]
    job = bring(as_csv(sheet))
    assert (job.state, messages(job)[0][:2]) == ("rejected", (2, "problem"))
    bring(as_csv(DEMANDS))
    assert counts(bring(as_csv(sheet))) == (0, 1, 0)


def test_without_an_external_id_the_content_tells_rows_apart():
    rows = [["需求名称", "要解决的问题"], ["甲", "窑炉卡料"], ["乙", "催化剂失活"], ["甲", "窑炉卡料"]]
    job = bring(as_csv(rows))
    assert counts(job) == (2, 0, 1)
    assert "第 2 行" in job.warnings[0]["message"]
    record = Resource.objects.get(title="甲")
    update_resource(actor=PLATFORM, record=record, values={"problem": "后来改过"})
    assert counts(bring(as_csv(rows))) == (0, 0, 3)
    assert Resource.objects.get(title="甲").values["problem"] == "后来改过"


def test_a_record_is_found_by_its_own_id_too():
    record = ResourceFactory()
    job = bring(as_csv([["记录编号", "需求名称"], [str(record.pk), "新名称"]]))
    assert counts(job) == (0, 1, 0)
    record.refresh_from_db()
    assert record.title == "新名称"


@pytest.mark.parametrize("id_", ["01a203ef-1f48-79c6-b1ee-ca574ae6f660", "无此编号"])
def test_an_id_that_does_not_exist_is_a_problem(id_):
    job = bring(as_csv([["记录编号", "需求名称"], [id_, "名"]]))
    assert messages(job) == [(2, "id", "没有这条记录，或者您无权修改它。")]


def test_nobody_writes_over_the_record_of_another_organisation():
    theirs = ResourceFactory(source="甲方", external_id="X1")
    job = bring(as_csv([["记录编号", "需求名称"], [str(theirs.pk), "改掉"]]), actor=member(), source="甲方")
    assert (job.state, messages(job)) == ("rejected", [(2, "id", "没有这条记录，或者您无权修改它。")])
    theirs.refresh_from_db()
    assert theirs.title != "改掉"


def test_a_number_that_another_organisation_has_used_tells_nothing():
    theirs = ResourceFactory(source="甲方", external_id="D1")
    actor = member()
    job = bring(as_csv(DEMANDS), actor=actor, source="甲方")
    assert counts(job) == (2, 0, 0)
    assert Resource.objects.filter(external_id="D1").count() == 2
    theirs.refresh_from_db()
    assert theirs.revision == 1


def test_a_guess_at_what_stands_in_another_record_tells_nothing():
    theirs = ResourceFactory()
    for title in (theirs.title, "猜错的名称"):
        job = bring(as_csv([["记录编号", "需求名称"], [str(theirs.pk), title]]), actor=member())
        assert (job.state, messages(job)) == ("rejected", [(2, "id", "没有这条记录，或者您无权修改它。")])


def test_staff_neither_read_nor_overwrite_what_an_owner_keeps_closed():
    record = ResourceFactory(closed={"budget": "owner"})
    heading = ["记录编号", "需求名称", "预算上限"]
    for guess in ("50万元", "60万元"):
        job = bring(as_csv([heading, [str(record.pk), record.title, guess]]), actor=officer())
        assert counts(job) == (0, 0, 1)
    record.refresh_from_db()
    assert record.values["budget"] == 50_000_000


def test_a_sheet_may_say_what_is_closed():
    actor = member()
    rows = [["外部编号", "需求名称", "要解决的问题", "预算上限", "保密字段"]]
    rows += [["D1", "自动出灰", DEMANDS[1][2], "50万元", "预算上限；单位名称（引荐后可见）"]]
    bring(as_csv(rows), actor=actor)
    assert Resource.objects.get().closed == {"budget": "owner", "owner": "matched"}
    bring(as_csv([["外部编号", "需求名称"], ["D1", "自动出灰装置"]]), actor=actor)
    assert Resource.objects.get().closed == {"budget": "owner", "owner": "matched"}
    job = bring(as_csv([rows[0], [*rows[1][:4], "预算（天知道）"]]), actor=actor)
    assert [place for place in messages(job) if place[1] == "closed"]


def test_a_member_brings_drafts_of_their_organisation_and_cannot_publish():
    actor = member()
    bring(as_csv(DEMANDS), actor=actor)
    record = Resource.objects.get(external_id="D1")
    assert (record.owner_id, record.author, record.state) == (actor.party, actor.account, "draft")
    job = bring(as_csv([DEMANDS[0], ["D9", *DEMANDS[1][1:]]]), actor=actor, publish=True)
    assert job.state == "rejected"


def test_the_bureau_may_publish_at_once():
    bring(as_csv(DEMANDS), actor=officer(), publish=True)
    assert set(Resource.objects.values_list("state", flat=True)) == {"published"}


def test_a_visitor_brings_nothing():
    with pytest.raises(AccessDenied):
        upload(as_csv(DEMANDS), actor=VISITOR)


def test_nothing_is_taken_without_the_declaration():
    from rongtong.domain.registry.exchange.actions import upload_file

    with pytest.raises(Invalid, match="国家秘密"):
        upload_file(actor=PLATFORM, kind="demand", file=io.BytesIO(b"a"), name="a", no_secrets=False)


def test_a_file_beyond_the_limit_is_refused(settings):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"upload_limit_mb": 1})
    with pytest.raises(Invalid, match="1 MB"):
        upload(b"a" * (2 << 20))


def test_a_clients_path_is_never_used():
    job = upload(as_csv(DEMANDS), name="../../etc/passwd")
    assert job.file_name == "passwd"
    assert job.file_path.startswith("imports/")


def test_what_was_said_of_the_columns_is_remembered_and_checked_again():
    actor = member()
    rows = [["外部编号", "题", "内容甲"], ["1", "名", "问题甲"]]
    job = jobs.run(upload(as_csv(rows), actor=actor))
    assert (job.state, job.problems[0]["row"]) == ("failed", None)
    job = map_columns(actor=actor, job=job, columns={"外部编号": "external_id", "题": "title", "内容甲": "problem"})
    assert job.state == "uploaded"
    assert jobs.run(job).state == "ready"
    assert upload(as_csv(rows), actor=actor).columns == job.columns
    assert upload(as_csv(rows), actor=member()).columns != job.columns
    assert ImportMapping.objects.count() == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"没有的列": "title"}, "文件里没有"), ({"需求名称": "colour"}, "没有“colour”"),
     ({"需求名称": "title", "技术领域": "title"}, "只能保留一列")],
)  # fmt: skip
def test_columns_that_contradict_one_another_are_refused(columns, said):
    with pytest.raises(Invalid) as refused:
        map_columns(actor=PLATFORM, job=upload(as_csv(DEMANDS)), columns=columns)
    assert said in refused.value.problems[0].message


def test_an_object_may_hold_its_values_apart():
    line = {"external_id": "D1", "title": "自动出灰", "values": {"problem": "窑炉卡料", "wanted": ["joint", "expert"]}}
    bring(json.dumps(line, ensure_ascii=False).encode())
    assert Resource.objects.get().values == {"problem": "窑炉卡料", "wanted": ["joint", "expert"]}


def test_an_object_that_lacks_a_key_says_nothing_of_it_and_null_clears_it():
    lines = [{"external_id": "D1", "title": "一", "problem": "窑炉卡料", "budget": "50万", "scene": "窑下"}]
    bring(json.dumps(lines[0]).encode())
    changes = [
        {"external_id": "D1", "title": "一", "budget": None},
        {"external_id": "D2", "title": "二", "problem": "新"},
    ]
    job = bring("\n".join(map(json.dumps, changes)).encode())
    assert counts(job) == (1, 1, 0)
    assert Resource.objects.get(external_id="D1").values == {"problem": "窑炉卡料", "scene": "窑下"}


def test_spaces_within_a_title_are_no_change():
    ResourceFactory(title="石灰窑  自动出灰", source="甲", external_id="X")
    assert counts(bring(as_csv([["外部编号", "需求名称"], ["X", "石灰窑  自动出灰"]]), source="甲")) == (0, 0, 1)


def test_advertising_and_repeated_passages_are_pointed_out_and_kept():
    passage = "石灰窑出灰系统在高温下频繁卡料，人工清理危险，需要自动出灰的装置与控制方法。"
    told = f"{passage}\n{passage}\n加微信 lime12345 免费领取资料"
    job = bring(as_csv([DEMANDS[0], ["D1", "自动出灰", told, "", "", ""]]))
    assert job.state == "done"
    assert [("重复" in warning["message"], "广告" in warning["message"]) for warning in job.warnings] == [
        (True, False),
        (False, True),
    ]
    assert Resource.objects.get().values["problem"] == told


def test_a_text_that_was_pasted_twice_is_pointed_out():
    passage = "石灰窑出灰系统在高温下频繁卡料，人工清理危险，每班停机两次，需要自动出灰的装置。"
    job = bring(as_csv([DEMANDS[0][:3], ["D1", "自动出灰", (passage + "另外还要节能。") * 4]]))
    assert "出现了两遍" in job.warnings[0]["message"]


def test_near_duplicates_are_pointed_out_within_the_file_and_against_what_one_may_see():
    text = "石灰窑出灰系统在高温下频繁卡料，人工清理危险，每班停机两次，需要自动出灰的装置与控制方法，降低故障率。"
    seen = ResourceFactory(title="公开的需求", values={"problem": text * 3})
    ResourceFactory(title="别人的草稿", values={"problem": text * 3}, published=False)
    rows = [DEMANDS[0][:3], ["D1", "公开的需求", text * 3], ["D2", "公开的需求", text * 3 + "。"]]
    job = bring(as_csv(rows), actor=member())
    said = [(warning["row"], warning["message"]) for warning in job.warnings]
    assert (3, "与第 2 行内容几乎相同，请确认不是重复登记。") in said
    assert [f"“{seen.title}”" in message for _row, message in said] == [False, True, True]


def test_the_sample_line_of_a_template_is_passed_over():
    target = io.BytesIO()
    write_template(kind_of("demand"), target)
    assert SKIPPED
    job = bring(target.getvalue())
    assert (job.state, job.counts["rows"]) == ("rejected", 0)
    assert messages(job) == [(None, "", "表格里没有可以导入的行。")]


def test_a_cancelled_file_leaves_nothing():
    job = jobs.run(upload(as_csv(DEMANDS)))
    assert cancel_import(actor=PLATFORM, job=job).state == "cancelled"
    assert Resource.objects.count() == 0


def test_another_persons_file_is_not_confirmed():
    actor = member()
    job = jobs.run(upload(as_csv(DEMANDS), actor=actor))
    with pytest.raises(AccessDenied):
        confirm_import(actor=member(), job=job)


def test_importing_is_one_transaction_with_an_event_for_each_record():
    job = bring(as_csv(DEMANDS))
    actions = list(AuditEvent.objects.values_list("action", flat=True))
    assert actions.count("registry.import_record") == 2
    assert actions.count("registry.import_records") == 1
    assert AuditEvent.objects.get(action="registry.import_records").details["sha256"] == job.sha256


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan of SQLite; PostgreSQL chooses by its statistics")
def test_a_batch_finds_its_records_by_the_index():
    bring(as_csv(DEMANDS))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        bring(as_csv(DEMANDS))
    lookups = [query["sql"] for query in asked if "external_id" in query["sql"] and " IN (" in query["sql"]]
    assert lookups
    with connection.cursor() as cursor:
        for sql in lookups:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            assert any("resource_external_by_owner" in row[3] for row in cursor.fetchall())


def test_a_record_taken_away_between_check_and_import_keeps_the_file_out():
    actor = member()
    mine = ResourceFactory(owner=None, source="甲", external_id="D1", actor=PLATFORM)
    Resource.objects.filter(pk=mine.pk).update(owner=actor.party)
    rows = [["记录编号", "外部编号", "需求名称", "要解决的问题"], ["", "D0", "零", "新问题"]]
    rows += [[str(mine.pk), "", "改名", "改过"]]
    job = jobs.run(upload(as_csv(rows), actor=actor, source="甲"))
    assert job.state == "ready"
    Resource.objects.filter(pk=mine.pk).update(owner=None)
    job = jobs.run(confirm_import(actor=actor, job=job))
    assert job.state == "failed"
    assert "整个文件均未导入" in job.problems[0]["message"]
    assert not Resource.objects.filter(external_id="D0").exists()


@pytest.mark.parametrize("key", sorted(all_kinds()))
def test_every_kind_comes_in_as_a_sheet(key):
    from importlib import import_module

    module = import_module(f"tests.registry.test_{key}")
    suite = next(suite for suite in vars(module).values() if getattr(suite, "key", "") == key)
    kind = kind_of(key)
    values = kind.clean(suite.example).values
    columns = [field for field in kind.fields if field.name in values]
    sheet = [
        ["外部编号", kind.title.zh, *(field.label.zh for field in columns)],
        ["1", suite.title, *(field.type.cell(values[field.name]) for field in columns)],
    ]
    job = bring(as_xlsx(sheet), kind=key)
    assert (job.state, job.problems) == ("done", [])
    assert Resource.objects.get().values == values


def test_json_keeps_what_a_sheet_would_divide():
    rows = [["external_id", "title", "problem", "targets"],
            ["1", "名", "问题", [{"name": "温度", "relation": "<=", "value": "80", "unit": "℃"}]]]  # fmt: skip
    bring(as_jsonl(rows))
    assert Resource.objects.get().values["targets"][0]["value"] == "80"
