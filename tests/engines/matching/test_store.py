"""The store finds what was written, under any filter, at once, and stays right through crashes and other processes."""

import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from rongtong.engines.matching.fill import fill_vectors
from rongtong.engines.matching.records import Record, all_of, begins, one_of, title_and_body
from rongtong.engines.matching.store import Store, StoreError, pack, segments_of, unpack, vectors_of
from rongtong.engines.text import bigrams, words

RECORDS = [
    Record("A1", "achievement", "石灰窑自动出灰机", "液压推杆将石灰推入皮带。", region="410100", trl=6, state="public"),
    Record("A2", "achievement", "水泥回转窑余热发电", "利用窑尾废气的余热。", region="410300", trl=9, state="public"),
    Record("P1", "patent", "一种石灰石破碎装置", "锤式破碎，出料粒度均匀。", region="130200", state="draft"),
    Record(
        "P2", "patent", "Hydraulic press for lime", "A press moves lime on a belt.", region="130200", state="public"
    ),
]


class LetterEncoder:
    """A real, tiny encoder: which of 384 buckets the characters of a text fall in."""

    name, dimension, note = "letters", 384, ""

    def encode(self, texts, *, role, progress=None):
        vectors = np.full((len(texts), 384), 1e-3, np.float32)
        for row, text in enumerate(texts):
            np.add.at(vectors[row], [ord(letter) % 384 for letter in text], 1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


ENCODER = LetterEncoder()


def vector_of(text):
    return ENCODER.encode([text], role="query")[0]


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path / "index", model=ENCODER.name)
    store.add(RECORDS)
    return store


@pytest.fixture(params=["new rows", "indexed rows"])
def filled(request, store):
    fill_vectors(store, ENCODER)
    if request.param == "indexed rows":
        store.optimise()
    return store


def test_words_and_bigrams_find_records_as_soon_as_they_are_added(store):
    assert store.search_words(words("石灰窑出灰")).ids[0] == "A1"
    assert store.search_bigrams(bigrams("自动出灰")).ids == ["A1"]
    assert store.search_words(words("hydraulic presses")).ids == ["P2"]


def test_a_repeated_token_asks_more_urgently(store):
    store.add([Record("B1", "patent", "钨丝"), Record("B2", "patent", "钼丝")])
    assert store.search_bigrams(["钨丝", "钨丝", "钼丝"]).ids == ["B1", "B2"]
    assert store.search_bigrams(["钨丝", "钼丝", "钼丝"]).ids == ["B2", "B1"]


def test_a_long_demand_asks_for_its_rare_terms(store):
    store.add([Record(f"C{number}", "paper", "系统 装置") for number in range(60)])
    assert store.search_words([*["系统", "装置"] * 9, "出灰"], limit=80).ids[0] == "A1"


def test_a_word_nobody_uses_and_an_empty_query_find_nothing(store):
    assert store.search_words(["量子纠缠"]).ids == []
    assert store.search_words([]).ids == []


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (one_of("kind", ["patent"]), ["P1"]),
        (one_of("state", ["public"]), ["A1"]),
        (begins("region", "41"), ["A1"]),
        (all_of(one_of("kind", ["patent"]), one_of("state", ["public"])), []),
        ("trl >= 6", ["A1"]),
        (one_of("kind", []), []),
    ],
)
def test_a_filter_comes_before_the_ranking(filled, where, found):
    assert filled.search_bigrams(bigrams("石灰"), limit=1, where=where).ids == found
    near = vector_of("石灰窑自动出灰机").copy()
    allowed = filled.search_vector(near, limit=1, where=where).ids
    assert len(allowed) == min(filled.count(where), 1)


def test_quotes_in_a_filter_are_text_and_other_columns_are_refused(store):
    assert store.count(one_of("holder", ["O'Neill' OR '1'='1"])) == 0
    with pytest.raises(ValueError, match="words"):
        one_of("words", ["x"])


def test_vectors_find_the_nearest_record_and_coverage_tells_how_far_they_are(store):
    assert store.coverage() == (0, 4)
    fill_vectors(store, ENCODER, most=3)
    assert store.coverage().share == 0.75
    fill_vectors(store, ENCODER)
    hits = store.search_vector(vector_of("水泥回转窑余热发电。利用窑尾废气的余热。"), limit=2)
    assert hits.ids[0] == "A2"
    assert hits.scores[0] == pytest.approx(1, abs=1e-5)
    assert store.pending_vectors().num_rows == 0


def test_the_three_searches_answer_together_and_without_a_vector_too(filled):
    found = filled.retrieve(words("石灰窑"), bigrams("石灰窑"), vector_of("石灰窑"), limit=3)
    assert found.words.ids == filled.search_words(words("石灰窑"), 3).ids
    assert len(found.vectors.ids) == 3
    assert filled.retrieve(words("石灰窑"), [], None).vectors.ids == []


def test_fetched_rows_come_in_the_order_asked_with_vectors_or_null(store):
    fill_vectors(store, ENCODER, most=1)
    rows = store.fetch(["P1", "nobody", "A1"])
    assert rows["id"].to_pylist() == ["P1", "A1"]
    assert [value is None for value in rows["vector"].to_pylist()] == [True, False]
    pieces = unpack(rows["segments"][1].as_py())
    expected = ENCODER.encode(["石灰窑自动出灰机", "液压推杆将石灰推入皮带。"], role="passage")
    assert np.allclose((pieces * expected).sum(axis=1), 1, atol=1e-3)


def test_vectors_of_rows_come_as_arrays_with_their_owners(store):
    fill_vectors(store, ENCODER, most=2)
    whole, present = vectors_of(store.fetch(["P1", "A2", "A1"]))
    assert present.tolist() == [False, True, True]
    assert np.allclose(whole[1], ENCODER.encode(["水泥回转窑余热发电。利用窑尾废气的余热。"], role="passage")[0])
    assert not whole[0].any()
    pieces, owners = segments_of(store.fetch(["P1", "A2", "A1"]))
    assert owners.tolist() == [1, 1, 2, 2]
    assert pieces[0] @ vector_of("水泥回转窑余热发电") > 0.999


def test_title_and_body_can_be_told_apart_again(store):
    row = store.fetch(["A1"]).to_pylist()[0]
    assert title_and_body(row["words"], row["title_words"]) == (words(RECORDS[0].title), words(RECORDS[0].text))
    assert title_and_body(row["bigrams"], row["title_bigrams"])[0] == bigrams(RECORDS[0].title)


def test_adding_again_writes_only_what_changed(store):
    assert store.add(RECORDS) == 0
    assert store.add([*RECORDS[:3], replace(RECORDS[3], holder="某大学")]) == 1
    assert store.count() == 4


def test_the_last_of_two_records_with_one_name_counts(store):
    store.add([replace(RECORDS[0], title="甲醇裂解"), replace(RECORDS[0], title="乙醇脱水")])
    assert store.fetch(["A1"])["title"].to_pylist() == ["乙醇脱水"]


def test_a_changed_text_loses_its_vector_and_old_words(filled):
    filled.add([replace(RECORDS[0], title="甲醇裂解", text="")])
    assert filled.search_words(words("甲醇裂解")).ids == ["A1"]
    assert "A1" not in filled.search_words(words("出灰")).ids
    assert filled.pending_ids() == ["A1"]
    assert "A1" not in filled.search_vector(vector_of("石灰"), 9).ids


def test_a_changed_facet_reaches_every_search_and_keeps_the_vector(filled):
    filled.add([replace(RECORDS[0], state="withdrawn")])
    public = one_of("state", ["public"])
    assert filled.pending_ids() == []
    assert "A1" not in filled.search_vector(vector_of("石灰"), 9, public).ids
    assert "A1" not in filled.search_words(words("石灰"), 9, public).ids
    assert filled.search_vector(vector_of("石灰"), 9, one_of("state", ["withdrawn"])).ids == ["A1"]


def test_a_removed_record_is_gone_at_once(filled):
    filled.remove(["A1", "nobody"])
    assert "A1" not in filled.search_words(words("石灰窑出灰")).ids
    assert "A1" not in filled.search_vector(vector_of("石灰"), 9).ids
    assert filled.fetch(["A1"]).num_rows == 0
    assert filled.coverage() == (3, 3)


def test_vectors_of_a_record_that_left_meanwhile_are_repaired_away(store):
    pending = store.pending_vectors()
    store.remove(["A1"])
    vectors = ENCODER.encode(pending["title"].to_pylist(), role="passage")
    store.set_vectors(pending, vectors, [vectors[:1]] * 4)
    assert store.fetch(["A1"]).num_rows == 0
    store.repair()
    assert store.coverage() == (3, 3)


def test_vectors_of_a_text_that_changed_meanwhile_do_not_count(store):
    pending = store.pending_vectors()
    store.add([replace(RECORDS[0], text="另一段文字")])
    vectors = ENCODER.encode(pending["title"].to_pylist(), role="passage")
    store.set_vectors(pending, vectors, [vectors[:1]] * 4)
    assert store.pending_ids() == ["A1"]
    assert store.fetch(["A1"])["vector"].to_pylist() == [None]


def test_another_model_starts_without_vectors_on_the_same_records(filled, tmp_path):
    other = Store.open(tmp_path / "index", model="another", dimension=8)
    assert other.coverage() == (0, 4)
    assert filled.coverage() == (4, 4)


def test_a_reader_sees_what_a_writer_in_the_same_folder_does(store, tmp_path):
    reader = Store.open(tmp_path / "index", model=ENCODER.name)
    store.add([Record("A9", "achievement", "高熵合金涂层")])
    assert reader.search_words(words("高熵合金")).ids == ["A9"]
    store.remove(["A9"])
    assert reader.search_words(words("高熵合金")).ids == []


def _die_while_adding(path):
    def dying():
        for number in range(4_500):
            yield Record(f"R{number}", "patent", f"记录{number}", "陶瓷")
        os._exit(9)

    Store.open(path, model=ENCODER.name).add(dying())


def _write_beside_others(path, number, start):
    start.wait()
    store = Store.open(path, model=ENCODER.name)
    for round_ in range(4):
        store.add([Record(f"W{number}-{round_}", "patent", "陶瓷坩埚"), Record("shared", "patent", f"第{number}台")])
    store.remove([f"W{number}-0"])
    store.optimise()


def test_many_processes_may_open_write_and_optimise_at_once(tmp_path):
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    arguments = [(tmp_path / "index", number, start) for number in range(3)]
    processes = [context.Process(target=_write_beside_others, args=each) for each in arguments]
    for process in processes:
        process.start()
    for process in processes:
        process.join(180)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    store = Store.open(tmp_path / "index", model=ENCODER.name)
    assert sorted(store.search_words(words("陶瓷坩埚")).ids) == [f"W{n}-{r}" for n in range(3) for r in (1, 2, 3)]
    assert store.count() == 10


def test_a_writer_killed_in_the_middle_leaves_a_store_that_works(store, tmp_path):
    process = multiprocessing.get_context("spawn").Process(target=_die_while_adding, args=(tmp_path / "index",))
    process.start()
    process.join(120)
    assert process.exitcode == 9
    assert store.count() == 4_004
    assert len(store.search_words(words("陶瓷"), limit=10).ids) == 10
    assert store.add([Record(f"R{number}", "patent", f"记录{number}", "陶瓷") for number in range(4_100)]) == 100


def test_statistics_follow_the_records_and_survive_the_loss_of_their_file(store, tmp_path):
    assert store.statistics().bigrams.frequencies["石灰"] == 2
    assert store.statistics().records == 4
    store.add([Record("A9", "achievement", "石灰膏")])
    assert store.statistics().bigrams.frequencies["石灰"] == 3
    (tmp_path / "index" / "frequencies.parquet").write_bytes(b"broken")
    assert Store.open(tmp_path / "index").statistics().records == 5


def test_equal_scores_are_ordered_by_name(store):
    store.add([Record(name, "patent", "碳化硅晶须") for name in ("Z2", "Z1", "Z3")])
    assert store.search_words(words("碳化硅晶须")).ids == ["Z1", "Z2", "Z3"]


def test_a_folder_of_another_form_is_refused_with_what_to_do(tmp_path):
    import lancedb

    lancedb.connect(tmp_path).create_table("records", [{"id": "a"}])
    with pytest.raises(StoreError, match="build it again"):
        Store.open(tmp_path)


def test_many_threads_may_ask_a_store_that_was_never_counted(tmp_path):
    Store.open(tmp_path / "index").add(RECORDS)
    with ThreadPoolExecutor(8) as threads:
        stores = [Store.open(tmp_path / "index") for _ in range(4)]
        found = list(threads.map(lambda number: stores[number % 4].search_words(words("出灰机")).ids, range(32)))
    assert found == [["A1"]] * 32
    assert sorted(path.suffix for path in (tmp_path / "index").iterdir() if path.is_file()) == [
        ".lock",
        ".lock",
        ".parquet",
    ]


def test_an_empty_store_answers(tmp_path):
    store = Store.open(tmp_path)
    assert store.retrieve(["石灰"], ["石灰"], vector_of("石灰")).vectors.ids == []
    assert store.coverage().share == 1
    assert store.pending_vectors().num_rows == 0
    store.optimise()
    store.clear()


def test_packed_segments_keep_their_direction():
    rows = np.random.default_rng(1).normal(size=(5, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert ((unpack(pack(rows)) * rows).sum(axis=1) > 0.999).all()
    assert unpack(pack(rows[:0])).shape == (0, 384)
