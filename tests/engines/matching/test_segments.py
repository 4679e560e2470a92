"""Segments cut a record into few pieces of useful length, and their offsets are exact."""

from hypothesis import given
from hypothesis import strategies as some

from rongtong.engines.matching.segments import MOST, record_text, segments


@given(some.text(max_size=40), some.text(max_size=2000))
def test_offsets_are_exact_and_pieces_few(title, text):
    whole = record_text(title, text)
    pieces = segments(title, text)
    assert [whole[piece.start : piece.end] for piece in pieces] == [piece.text for piece in pieces]
    assert len(pieces) <= MOST


def test_the_title_is_a_piece_and_short_sentences_are_joined():
    text = "本实用新型公开了一种出灰机。它包括料斗。料斗下设有液压推杆。推杆往复运动，将石灰推入皮带。"
    pieces = segments("石灰窑出灰机", text)
    assert [piece.text for piece in pieces] == ["石灰窑出灰机", text]


def test_a_long_text_is_covered_in_the_most_pieces_allowed():
    text = "".join(f"第{number}步将原料加热到{number}00℃并保温三小时以上。" for number in range(60))
    pieces = segments("工艺", text)
    assert "".join(piece.text for piece in pieces[1:]) == text
    assert len(pieces) <= MOST


def test_an_untitled_record_has_only_its_text():
    assert [piece.text for piece in segments("", "一种耐磨涂层。")] == ["一种耐磨涂层。"]
    assert segments("", "  ") == []
