"""The store counts the words of its candidates exactly as memory does, whatever a record lacks."""

import numpy as np
import pytest

from rongtong.engines.matching import Collection, Query, Record, Store
from rongtong.engines.matching.candidates import StoredRecords
from rongtong.engines.matching.query import read_query
from tests.engines.matching.supply import RECORDS

LACKING = [
    Record("Q1", "patent", "石灰窑石灰窑石灰窑", ""),
    Record("Q2", "patent", "", "石灰窑窑底出灰，石灰窑出灰"),
    Record("Q3", "patent", "炉", "、。"),
]
COUNTED = ("title", "body", "length", "title_mass", "idf")


@pytest.fixture
def sources(tmp_path) -> tuple[StoredRecords, Collection]:
    store = Store.open(tmp_path / "index")
    store.add([*RECORDS, *LACKING])
    return StoredRecords(store), Collection([*RECORDS, *LACKING])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query("D1", "石灰窑自动出灰", "石灰窑窑底出灰靠人工，希望石灰窑自动连续出灰。"), ["P1", "P2", "Q1", "Q2"]),
        (Query("D2", "Continuous lime discharge", "Lime leaves the kiln by hand."), ["P7"]),
        (Query("D3", "炉"), ["Q3"]),
        (Query("D4", "量子纠缠"), []),
    ],
    ids=["a text or a title is missing", "English", "no word, one character", "nothing is found"],
)
def test_store_and_memory_count_the_same(query, found, sources):
    view = read_query(query)
    stored, memory = (source.candidates(view, None, 50) for source in sources)
    assert stored.ids == memory.ids == found
    for channel in ("words", "bigrams"):
        for name in COUNTED:
            counted, expected = (getattr(getattr(each, channel), name) for each in (stored, memory))
            np.testing.assert_allclose(counted, expected, rtol=1e-6, err_msg=f"{name} of {channel}")


def test_records_shown_come_whole_in_the_order_asked_and_the_lost_are_left_out(sources):
    stored, memory = sources
    for source in (stored, memory):
        assert [each.title for each in source.fetch_records(["P6", "nobody", "P1"])] == [
            RECORDS[5].title,
            RECORDS[0].title,
        ]
        assert source.fetch_records([]) == []
