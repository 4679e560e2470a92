"""A name is shown, never followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rongtong.domain.foundation.documents.names import LONGEST, shown_name, suffix_of
from rongtong.domain.foundation.errors import Invalid


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("报告.pdf", "报告.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王工\\桌面\\报告.pdf", "报告.pdf"),
        ("/tmp/报告.pdf", "报告.pdf"),
        (" . 报告.pdf . ", "报告.pdf"),
        ("报\u200b告.pdf", "报告.pdf"),
        ('报"告"<1>.pdf', "报_告__1_.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("长" * 300 + ".docx", "长" * (LONGEST - 5) + ".docx"),
    ],
)
def test_what_a_name_is_shown_as(given_name: str, shown: str) -> None:
    assert shown_name(given_name) == shown


DECEIVING = ["说明\u202efdp.exe", "报告\r\nSet-Cookie: a=b.pdf", "报告\x00.pdf", "", "..", "a/", "\ud800.pdf"]


@pytest.mark.parametrize("name", DECEIVING)
def test_a_name_made_to_deceive_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        shown_name(name)


@given(st.text(max_size=200))
def test_no_name_leads_anywhere(name: str) -> None:
    try:
        shown = shown_name(name)
    except Invalid:
        return
    assert 0 < len(shown) <= LONGEST
    assert not set(shown) & set('/\\\r\n\0"')
    assert shown not in (".", "..")
    assert shown_name(shown) == shown or len(name) > LONGEST


@pytest.mark.parametrize(("name", "suffix"), [("a.PDF", "pdf"), ("a", ""), ("a.tar.gz", "gz")])
def test_the_suffix_stands_behind_the_last_dot(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix
