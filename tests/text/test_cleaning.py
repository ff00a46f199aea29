from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.cleaning import clean, clean_line

# Dense in what cleaning changes, so that its steps meet.
TRICKY = st.text(
    st.sampled_from("ae\u0301 \t\n\r\f\x85\u2028\xa0\u200b\xad\ufeff\ud800\u2000\u0327ñ-“\x00"), max_size=40
)


@given(st.text() | TRICKY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(st.text() | TRICKY)
def test_clean_text_holds_nothing_that_shifts_offsets(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == cleaned.strip(" \n")
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(bad in cleaned for bad in ("  ", "\n\n\n", " \n", "\n ", "\r", "\t", "\xa0", "\xad", "\u200b"))
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in cleaned if char != "\n")
    cleaned.encode("utf-8")


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Pd", "Pi", "Pf"]) | st.sampled_from(" \n")))
def test_letters_quotes_and_dashes_stay(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert clean(text).split() == composed.split()


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("Espan\u0303a", "España"),
        ("n\u200b\u0303", "ñ"),
        ("co\xadordi\u200bnated\ufeff", "coordinated"),
        ("20\xa0000\u2009items", "20 000 items"),
        ("a  \t b   \n  c", "a b\nc"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a\n \n \nb", "a\n\nb"),
        ("bell\x07, half \ud83d", "bell, half"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("bytes\ufe00\ufe0f\U000e0100\U000e01ef in selectors", "bytes in selectors"),
        ("\u202eturned\u202c \u2066round\u2069", "turned round"),
        ("fil\u3164led\uffa0 and\u034f joined", "filled and joined"),
        ("“Yes” — 'no' … <script>alert(1)</script>", "“Yes” — 'no' … <script>alert(1)</script>"),
    ],
)
def test_clean(written: str, stored: str) -> None:
    assert clean(written) == stored


def test_a_line_is_one_line() -> None:
    assert clean_line(" a\n\n b\u2028c ") == "a b c"
