"""Whatever bytes are sent, the answer is a table or a sentence for the sender; never a fault of the program."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rongtong.domain.foundation.errors import Invalid
from rongtong.domain.registry.exchange.columns import guess
from rongtong.domain.registry.exchange.rows import read_rows
from rongtong.domain.registry.exchange.tables import open_table
from rongtong.domain.registry.kinds import kind_of
from tests.registry.files import DEMANDS, as_csv, as_jsonl, as_xlsx

DEMAND = kind_of("demand")
SOUND = [as_csv(DEMANDS), as_csv(DEMANDS, encoding="gb18030"), as_jsonl(DEMANDS), as_xlsx(DEMANDS)]
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read(content: bytes) -> None:
    """Read everything there is; each row either has values or says what is wrong."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            table = open_table(Path(file.name), lambda written: bool(guess(DEMAND, [written])[0].key))
        except Invalid as refused:
            assert refused.message
            return
        chosen = {match.header: match.key for match in guess(DEMAND, table.headers)}
        for incoming in read_rows(table, DEMAND, chosen):
            assert incoming.problems or incoming.title or incoming.record
            incoming.to_json().encode()


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00")
@example(b"\xfe\xff\xd8\x00a,b")
@example(b'{"title": "\\ud800", "problem": "x"}')
@example(b'{"title": ' + b"9" * 5000 + b"}")
@example(b'{"title": "a", "problem": "b", "budget": 1e999}')
@example(b'{"title": ["a"], "problem": {"b": 1}, "targets": [{"name": ["x"], "value": true}]}')
@example(b"{" * 100_000)
@patient
def test_any_bytes(content):
    read(content)


@pytest.mark.parametrize("sound", SOUND, ids=["csv", "gb18030", "jsonl", "xlsx"])
@given(data=st.data())
@patient
def test_a_sound_file_with_a_damaged_place(sound, data):
    place = data.draw(st.integers(0, len(sound)))
    damage = data.draw(st.binary(max_size=6))
    read(sound[:place] + damage + sound[place + data.draw(st.integers(0, 6)) :])


@given(
    cells=st.dictionaries(
        st.sampled_from(["title", "problem", "targets", "wanted", "budget", "deadline", "region", "values", "id"]),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=6,
        ),
    )
)
@patient
def test_any_json_values(cells):
    read(as_jsonl([list(cells), list(cells.values())]))
