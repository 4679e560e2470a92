"""What a text is about, what repeats it, and what is no part of it."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongtong.engines import text

ABSTRACT = (
    "本发明公开了一种气凝胶复合绝热毡的制备方法。气凝胶复合绝热毡由玻璃纤维和二氧化硅气凝胶组成，导热系数低，"
    "疏水改性后的二氧化硅气凝胶不易掉粉，适用于高温管道保温。"
)


def test_phrases_are_chains_of_nouns_and_not_common_words() -> None:
    found = [phrase.text for phrase in text.key_phrases(ABSTRACT, 6)]
    assert "气凝胶" in "".join(found)
    assert {"方法", "一种", "发明", "公开"}.isdisjoint(found)


def test_english_phrases_stand_between_function_words() -> None:
    written = (
        "Aerogel insulation blankets for pipelines. The aerogel insulation blankets have low thermal conductivity."
    )
    assert text.key_phrases(written)[0].text == "Aerogel insulation blankets"


def test_the_corpus_of_the_caller_decides_what_is_common() -> None:
    plain = text.key_phrases(
        "石灰窑供风，石灰窑出灰，转炉供风", 1, df=lambda word: 0.9 if word == "石灰窑" else 0.001, longest=1
    )
    assert plain[0].text != "石灰窑"


@given(st.text(alphabet=st.sampled_from("石灰窑氣凝膠的和 ABplcＰ，。1\n高温"), max_size=80))
@settings(deadline=None)
def test_phrases_are_exact_spans_weighed_from_one_downwards(written: str) -> None:
    found = text.key_phrases(written)
    assert [phrase.weight for phrase in found] == sorted((phrase.weight for phrase in found), reverse=True)
    assert all(phrase.weight <= 1 for phrase in found)
    spans = [span for phrase in found for span in phrase.spans]
    assert [written[span.start : span.end] for span in spans] == [span.text for span in spans]


def test_a_text_in_another_writing_has_the_same_fingerprint() -> None:
    assert text.simhash("气凝胶绝热毡，厚度10mm！") == text.simhash("氣凝膠 絕熱氈、厚度１０ＭＭ")


def test_a_small_change_moves_few_bits_and_another_text_many() -> None:
    changed = ABSTRACT.replace("高温管道", "低温管道")
    assert text.distance(text.simhash(ABSTRACT), text.simhash(changed)) <= text.NEAR
    assert (
        text.distance(text.simhash(ABSTRACT), text.simhash("一种石灰窑圆盘出灰机的传动机构及其控制方法"))
        > 3 * text.NEAR
    )


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.integers(0, 63), st.integers(0, 63))
@settings(deadline=None)
def test_pairs_up_to_three_bits_apart_are_all_found(values: list[int], one: int, other: int) -> None:
    fingerprints = [*values, *(value ^ (1 << one) ^ (1 << other) for value in values)]
    expected = {
        (i, j)
        for i in range(len(fingerprints))
        for j in range(i + 1, len(fingerprints))
        if text.distance(fingerprints[i], fingerprints[j]) <= 3
    }
    found = list(text.near_pairs(fingerprints))
    assert (set(found), len(found)) == (expected, len(expected))


@pytest.mark.parametrize("written", ["", " \n", "！？"])
def test_nothing_has_no_fingerprint(written: str) -> None:
    assert text.simhash(written) == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("https://www.example.com/a?b=1", "address_only"),
        ("加微信：tech_12345 领取资料", "contact_tail"),
        ("聯繫電話：13812345678", "contact_tail"),
        ("QQ群 123456789", "contact_tail"),
        ("專業代寫論文，包發表", "advertisement"),
        ("扫码关注公众号，免费领取", "advertisement"),
        ("转载请注明出处", "page_furniture"),
        ("上一篇：某某成果", "page_furniture"),
        ("哈哈哈哈哈哈哈哈哈哈哈哈哈", "repetition"),
        ("热导率低于0.03 W/(m·K)，见GB/T 10295", None),
        ("基于Vxworks12345平台的国产替代开发", None),
        ("开发代替进口的微信小程序质量检测系统", None),
        ("本项目发表论文3篇，见https://doi.org/10.1/x", None),
        ("", None),
    ],
)
def test_a_line_that_is_no_part_of_the_text_is_named_with_its_reason(line: str, reason: str | None) -> None:
    assert text.is_spam_line(line) == reason


@pytest.mark.parametrize("piece", ["a", "石", "1", "www.", "加微信", "石灰窑", "联系电话", "哈", "ab "])
def test_a_megabyte_takes_time_in_proportion(piece: str) -> None:
    written = piece * (1_000_000 // len(piece))
    started = time.perf_counter()
    text.simhash(written)
    text.is_spam_line(written)
    text.key_phrases(written)
    assert time.perf_counter() - started < 20
