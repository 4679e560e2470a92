"""What is shipped as the sample region is whole, honest about its source, and readable by the register."""

from collections import Counter
from importlib.resources import files

import pytest

from rongtong.cli import sample_pack, sample_vectors
from rongtong.cli.sample_pack import INVENTED, POLICIES, SampleRecord
from rongtong.domain.foundation.actors import Role
from rongtong.domain.leads.models import REASONS
from rongtong.domain.leads.states import LEAD
from rongtong.domain.parties.models import AFFILIATION_ROLES, ORGANISATION_TYPES
from rongtong.domain.parties.roles import TERMS, acts_for_party
from rongtong.domain.registry.kinds import all_kinds, kind_of
from rongtong.domain.registry.taxonomies import scheme
from rongtong.engines.matching.records import digest

LEAST = {
    "demand": 60, "achievement": 24, "expert": 30, "facility": 12, "instrument": 25, "product": 15, "scenario": 8,
    "finance_product": 12, "fund": 8, "policy": 20, "dataset": 6, "project": 10, "paper": 12, "patent": 3600,
}  # fmt: skip
SOURCES = (
    INVENTED,
    POLICIES,
    "真实：KPPatent-ZH（MIT）",
    "真实：industry-chain-atlas（MIT）",
    "真实：全国高等学校名单",
)
FOLDER = files("rongtong") / "packs" / "sample"


@pytest.fixture(scope="module")
def records() -> list[SampleRecord]:
    return list(sample_pack.records())


def test_every_record_is_read_by_its_kind_without_a_problem(records: list[SampleRecord]) -> None:
    found = {
        (each.kind, each.key, problem.field): problem.message
        for each in records
        for problem in kind_of(each.kind).clean(each.values).problems
    }
    assert found == {}


def test_every_kind_has_as_many_records_as_a_visitor_needs(records: list[SampleRecord]) -> None:
    counts = Counter(each.kind for each in records)
    assert set(counts) == set(all_kinds())
    assert {kind: counts[kind] for kind in LEAST if counts[kind] < LEAST[kind]} == {}


def test_a_key_stands_for_one_record_of_its_kind(records: list[SampleRecord]) -> None:
    assert [key for key, count in Counter((each.kind, each.key) for each in records).items() if count > 1] == []


def test_every_record_and_party_says_whether_it_is_real(records: list[SampleRecord]) -> None:
    given = [each.source for each in (*records, *sample_pack.organisations(), *sample_pack.people())]
    assert [source for source in given if not source.startswith(SOURCES)] == []


def test_a_patent_whose_title_is_not_the_printed_one_says_so(records: list[SampleRecord]) -> None:
    patents = [each for each in records if each.kind == "patent"]
    assert 2900 < sum("标题" in each.source for each in patents) < len(patents) - 650


def test_real_records_belong_to_nobody_here(records: list[SampleRecord]) -> None:
    assert [each.key for each in records if each.source != INVENTED and each.owner] == []


def test_every_owner_is_a_party_and_every_invented_record_has_one(records: list[SampleRecord]) -> None:
    keys = {each.key for each in [*sample_pack.organisations(), *sample_pack.people()]}
    assert [each.key for each in records if each.source == INVENTED and each.owner not in keys] == []


def test_people_and_organisations_are_of_known_types_and_places() -> None:
    organisations = sample_pack.organisations()
    assert {each.type for each in organisations} <= set(ORGANISATION_TYPES)
    assert [each.key for each in organisations if each.region and not scheme("division").get(each.region)] == []
    assert [each.key for each in organisations if each.industry and not scheme("industry").get(each.industry)] == []
    keys = {each.key for each in organisations}
    assert [each.key for each in sample_pack.people() if each.employer not in keys] == []
    assert {each.relation for each in sample_pack.people()} <= set(AFFILIATION_ROLES)


def test_no_invented_organisation_bears_the_name_of_a_real_one() -> None:
    invented = {each.name for each in sample_pack.organisations() if each.source == INVENTED}
    real = {each.name for each in sample_pack.organisations() if each.source != INVENTED}
    assert {name.removesuffix("（示例）") for name in invented} & real == set()


def test_personas_cover_every_role_a_person_may_have() -> None:
    people = {each.key for each in sample_pack.people()}
    organisations = {each.key for each in sample_pack.organisations()}
    personas = sample_pack.personas()
    assert {each["role"] for each in personas} == set(Role) - {Role.SYSTEM}
    assert [each["username"] for each in personas if each["person"] not in people] == []
    assert [each["username"] for each in personas if each.get("party", "bureau") not in organisations] == []
    assert {each["role"] for each in personas if "party" in each} == {role for role in TERMS if acts_for_party(role)}
    assert all(
        each[text][language] for each in personas for text in ("name", "description") for language in ("zh", "en")
    )


def test_leads_and_feedback_name_what_exists(records: list[SampleRecord]) -> None:
    keys = {f"{each.kind}/{each.key}" for each in records}
    personas = {each["username"] for each in sample_pack.personas()}
    events = {row.event for row in LEAD.transitions}
    for each in (*sample_pack.leads(), *sample_pack.feedback()):
        assert f"demand/{each['demand']}" in keys
        assert each["candidate"] in keys
        assert each["by"] in personas
        assert each.get("reason", "") in {"", *REASONS}
        assert {step["event"] for step in each.get("steps", ())} <= events


def test_demands_can_be_measured(records: list[SampleRecord]) -> None:
    published = [each for each in records if each.kind == "demand" and each.state == "published"]
    unmeasured = [each.key for each in published if not kind_of("demand").clean(each.values).values.get("targets")]
    assert len(unmeasured) <= 3


def test_licences_and_attribution_stand_beside_the_data() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for licence, address in (
        ("LICENSE-KPPatent-ZH", "github.com/tanggongbo/KPPatent-ZH"),
        ("LICENSE-industry-chain-atlas", "github.com/JiMoxiao/industry-chain-atlas"),
    ):
        assert "MIT License" in (FOLDER / licence).read_text(encoding="utf-8")
        assert licence in readme
        assert address in readme


def test_every_file_of_records_is_described_by_a_kind() -> None:
    names = {file.name.split(".")[0] for file in (FOLDER / "records").iterdir()}
    assert names == set(all_kinds())


def test_nearly_every_text_has_its_vector_shipped() -> None:
    shipped = sample_vectors.read()
    assert shipped is not None
    texts = [digest(title, text) for title, text in sample_vectors.texts()]
    missing = [each for each in texts if each not in shipped.rows]
    assert len(missing) <= 0.05 * len(texts), "the texts have changed: run tools/build_sample_vectors.py"
