"""What goes out is what the reader may see, is no formula, and comes back unchanged."""

import csv
import io

import openpyxl
import pytest

from rongtong.domain.foundation.actors import VISITOR
from rongtong.domain.foundation.models import ProvisionEvent
from rongtong.domain.registry.exchange.cells import HIDDEN
from rongtong.domain.registry.exchange.export import Export, write_csv, write_xlsx
from rongtong.domain.registry.kinds import kind_of
from rongtong.domain.registry.models import Resource
from tests.factories import PLATFORM, PartyFactory, ResourceFactory, member, officer
from tests.registry.files import bring

pytestmark = pytest.mark.django_db
DEMAND = kind_of("demand")


def export(actor, **filters) -> Export:
    return Export(actor, DEMAND, Resource.objects.filter(**filters).order_by("title"))


def as_csv(actor, **filters) -> bytes:
    target = io.BytesIO()
    write_csv(export(actor, **filters), target)
    return target.getvalue()


def as_xlsx(actor) -> bytes:
    target = io.BytesIO()
    write_xlsx(export(actor), target)
    return target.getvalue()


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
@pytest.mark.parametrize("actor", [lambda: PLATFORM, officer], ids=["platform", "officer"])
def test_what_is_exported_comes_back_unchanged(write, actor):
    actor = actor()
    ResourceFactory(
        source="甲", external_id="E1", title="=SUM(A1)", values={"problem": "-40 ℃ 下\n\t卡料", "budget": 1.05}
    )
    ResourceFactory(
        title_en="Ash discharge", visibility="members", values={"problem": "'=也会写成这样", "wanted": "合作研发"}
    )
    before = {record.pk: (record.values, record.title, record.source) for record in Resource.objects.all()}
    job = bring(write(actor), actor=actor)
    assert (job.state, job.problems) == ("done", [])
    assert (job.counts["rows"], job.counts["unchanged"]) == (2, 2)
    assert {record.pk: (record.values, record.title, record.source) for record in Resource.objects.all()} == before


def test_no_cell_begins_like_a_formula():
    ResourceFactory(title="=cmd|' /C calc'!A0", values={"problem": "@SUM(1)", "contact": "+86 571", "ip_wish": "\t-1"})
    cells = [cell for row in table(as_csv(PLATFORM)) for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    page = openpyxl.load_workbook(io.BytesIO(as_xlsx(PLATFORM))).worksheets[0]
    assert {cell.data_type for cell in page[2]} <= {"s", "n"}


def test_nobody_exports_what_they_may_not_see():
    party = PartyFactory()
    ResourceFactory(title="公开", owner=party)
    ResourceFactory(title="草稿", owner=party, published=False)
    ResourceFactory(title="成员可见", owner=party, visibility="members")

    def titles(actor):
        return [row["需求名称"] for row in table(as_csv(actor))]

    assert titles(VISITOR) == ["公开"]
    assert titles(member()) == ["公开", "成员可见"]
    assert titles(member(party)) == ["公开", "成员可见", "草稿"]


def test_a_field_that_is_not_for_the_reader_is_hidden_or_left_out():
    party = PartyFactory()
    mine = member(party)
    ResourceFactory(title="甲", owner=party)
    ResourceFactory(title="乙")
    assert "联系人与联系方式" not in table(as_csv(VISITOR))[0]
    assert "预算上限" not in table(as_csv(VISITOR))[0]
    contacts = {row["需求名称"]: row["联系人与联系方式"] for row in table(as_csv(mine))}
    assert contacts == {"甲": "王工 0571-00000000", "乙": HIDDEN}


def test_filters_of_the_list_hold_and_only_one_kind_goes_out():
    ResourceFactory(title="甲")
    ResourceFactory(title="乙")
    ResourceFactory(kind="achievement", title="成果", values={"problem": "解决出灰卡料"})
    assert [row["需求名称"] for row in table(as_csv(PLATFORM, title="乙"))] == ["乙"]
    assert len(table(as_csv(PLATFORM))) == 2


def test_an_empty_list_is_a_sheet_with_headings():
    assert table(as_csv(PLATFORM)) == []
    assert as_csv(PLATFORM).startswith("\ufeff记录编号".encode())


def test_an_export_asks_the_database_the_same_for_one_row_and_for_many(django_assert_num_queries):
    ResourceFactory()
    as_csv(PLATFORM)  # the first event of a stream makes its head
    with django_assert_num_queries(19):  # keys, records, one for each ground, and the events of what was shown
        as_csv(PLATFORM)
    ResourceFactory.create_batch(3)
    with django_assert_num_queries(19):  # keys, records, one for each ground, and the events of what was shown
        as_csv(PLATFORM)


def test_an_export_leaves_what_left_the_house_and_record_by_record_what_is_not_public():
    hidden, public = (
        ResourceFactory(values={"problem": "卡料", "contact": "王工"}),
        ResourceFactory(values={"problem": "卡料"}),
    )
    actor = member(hidden.owner)
    as_csv(actor)
    records = ProvisionEvent.objects.filter(action="shown.export")
    assert [(event.entity_id, event.details["fields"]) for event in records] == [(str(hidden.pk), ["contact"])]
    assert str(public.pk) not in records.values_list("entity_id", flat=True)
    whole = ProvisionEvent.objects.get(action="registry.export_records")
    assert (whole.details["kind"], whole.details["form"], whole.details["records"]) == ("demand", "csv", 2)
