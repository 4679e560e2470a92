"""What holds for every kind of record; each kind inherits it with an example of its own."""

import io
import json
import re
from typing import Any, ClassVar

import jsonschema_rs
import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rongtong.domain.foundation.visibility import Visibility
from rongtong.domain.registry.actions import create_resource
from rongtong.domain.registry.declaration import Kind
from rongtong.domain.registry.exchange.columns import common_columns, guess
from rongtong.domain.registry.exchange.template import write_template
from rongtong.domain.registry.kinds import kind_of
from rongtong.domain.registry.models import Resource
from rongtong.domain.registry.types import Day, Level, Term
from tests.factories import PLATFORM
from tests.registry.values import written_values

CHINESE = re.compile(r"[\u4e00-\u9fff]")
GROUPS = {"demand", "technology", "expert", "facility", "capital", "policy"}
PRIVATE = ("contact", "avoid", "finisher_shares")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
# One inherited method runs for fourteen kinds on purpose; without a database none replays another's failures.
few = settings(
    max_examples=10, deadline=None, database=None, suppress_health_check=[*SLOW, HealthCheck.differing_executors]
)


class KindTests:
    """Inherit, name the ``key`` and give an ``example``: values as a clerk would write them."""

    key: ClassVar[str]
    title: ClassVar[str]
    example: ClassVar[dict[str, Any]]

    @property
    def kind(self) -> Kind:
        return kind_of(self.key)

    def draw(self, data: st.DataObject) -> dict[str, Any]:
        cleaned = self.kind.clean(data.draw(written_values(self.kind)))
        assume(not cleaned.problems)
        return cleaned.values

    def test_example_is_accepted_and_nearly_complete(self):
        cleaned = self.kind.clean(self.example)
        assert cleaned.problems == ()
        assert self.kind.completeness(cleaned.values).score >= 60

    @pytest.mark.django_db
    def test_example_becomes_a_record(self):
        record = create_resource(actor=PLATFORM, kind=self.key, title=self.title, values=self.example)
        record.refresh_from_db()
        assert record.values == self.kind.clean(self.example).values
        assert record.field == str(record.values.get("field", ""))

    @given(data=st.data())
    @few
    def test_values_survive_a_sheet(self, data):
        values = self.draw(data)
        cells = {name: self.kind.field(name).type.cell(value) for name, value in values.items()}
        assert self.kind.clean(cells).values == values
        assert self.kind.clean({name: str(cell) for name, cell in cells.items()}).values == values

    @given(data=st.data())
    @few
    def test_values_survive_another_program_and_satisfy_the_schema(self, data):
        values = self.draw(data)
        sent = {name: self.kind.field(name).type.plain(value) for name, value in values.items()}
        jsonschema_rs.Draft202012Validator(self.kind.schema()).validate(sent)
        assert self.kind.clean(json.loads(json.dumps(sent))).values == values

    @given(data=st.data())
    @few
    def test_filling_a_field_never_lowers_completeness(self, data):
        values = self.draw(data)
        for name in values:
            without = {other: value for other, value in values.items() if other != name}
            assert self.kind.completeness(without).score <= self.kind.completeness(values).score

    def test_an_empty_record_lacks_exactly_what_is_required(self):
        required = {field.name for field in self.kind.fields if field.required}
        assert {problem.field for problem in self.kind.clean({}).problems} == required
        assert self.kind.completeness({}).score == 0

    def test_advice_names_a_field_and_is_a_sentence(self):
        for advice in self.kind.completeness({}).advice:
            assert self.kind.field(advice.field)
            assert advice.message.endswith(("。", "？", "”。")), advice.message

    def test_every_word_stands_in_both_languages(self):
        spoken = [self.kind.label, self.kind.description, self.kind.title]
        for field in self.kind.fields:
            spoken += [words for words in (field.label, field.help, field.advice, field.unit) if words]
            spoken += [label for _key, label in getattr(getattr(field.type, "of", field.type), "options", ())]
        for words in spoken:
            assert words.zh, words
            assert words.en, words
            assert not CHINESE.search(words.en), words

    def test_labels_are_told_apart(self):
        columns = [*common_columns(self.kind), *self.kind.fields]
        for language in ("zh", "en"):
            labels = [getattr(column.label, language).lower() for column in columns]
            assert sorted(set(labels)) == sorted(labels)

    def test_group_and_columns_fit_the_register(self):
        assert self.kind.group in GROUPS
        wanted = {"field": Term, "industry": Term, "region": Term, "trl": Level, "date": Day, "valid_until": Day}
        for column, name in self.kind.columns.items():
            assert isinstance(self.kind.field(name).type, wanted.get(column, object)), column

    def test_personal_and_commercial_facts_are_not_public(self):
        for field in self.kind.fields:
            if field.name in PRIVATE and self.key != "policy":
                assert field.visibility is not Visibility.PUBLIC, field.name
            if field.name in ("price", "hour_price", "prices", "income"):
                assert field.visibility is not Visibility.PUBLIC, field.name

    def test_the_public_body_holds_public_fields_only(self):
        hidden = [field for field in self.kind.fields if field.visibility is not Visibility.PUBLIC]
        record = Resource(kind=self.key, values=self.kind.clean(self.example).values)
        values, body = record.values, self.kind.body(record.values, record.public_fields)
        assert body
        for field in hidden:
            words = field.type.words(values[field.name]) if field.name in values else ""
            assert len(words) < 4 or words not in body

    def test_own_headings_are_recognised_in_both_languages(self):
        columns = [*common_columns(self.kind), *self.kind.fields]
        for language in ("zh", "en"):
            headers = [getattr(column.label, language) for column in columns]
            assert [match.key for match in guess(self.kind, headers)] == [column.name for column in columns]

    def test_template_has_a_heading_a_help_and_a_sample_for_every_field(self):
        target = io.BytesIO()
        write_template(self.kind, target)
        page = openpyxl.load_workbook(target).worksheets[0]
        columns = [*common_columns(self.kind), *self.kind.fields]
        assert [cell.value for cell in page[1]] == [column.label.zh for column in columns]
        assert all(cell.comment for cell in page[1])
        sample = {column.name: cell.value for column, cell in zip(columns, page[2], strict=True)}
        assert self.kind.clean({field.name: sample[field.name] for field in self.kind.fields}).problems == ()
