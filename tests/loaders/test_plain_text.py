from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.loaders.paragraphs import split_paragraphs
from qa.loaders.reading import read
from qa.loaders.text_files import split_dateline, without_cut_standfirst
from qa.models.deliveries import Delivery, Failure

ReadOne = Callable[..., Delivery]

DELIVERED = """Harbour bridge closed after inspection finds cracks

PORTUGAL: Engineers closed the bridge yesterday - the third time in a year - after checking its four…

PORTUGAL: Engineers closed the bridge yesterday - the third time in a year - after checking its four piers

The mayor said the closure would last a month.

READ MORE

Ferries will run every ten minutes.
"""


def test_an_article_as_delivered(read_one: ReadOne) -> None:
    delivery = read_one("bridge 2005-03-17.txt", DELIVERED)
    article = delivery.article
    assert article.source.title == "Harbour bridge closed after inspection finds cracks"
    assert article.body == (
        "Engineers closed the bridge yesterday - the third time in a year - after checking its four piers\n\n"
        "The mayor said the closure would last a month.\n\nFerries will run every ten minutes."
    )
    assert article.extra == {"dateline": "PORTUGAL"}
    assert (article.article_id, delivery.id_is_derived) == ("bridge-2005-03-17", True)
    assert (article.source.published, article.source.language, article.source.outlet) == (None, "en", "")


def test_a_headline_alone_is_its_own_body(read_one: ReadOne) -> None:
    article = read_one("a.txt", "\n\nBridge closed\n\nADVERTISEMENT\n").article
    assert article.headline_only
    assert article.body == "Bridge closed"


def test_furniture_alone_is_no_article(fail_one: Callable[..., Failure]) -> None:
    assert "page furniture" in fail_one("a.txt", "READ MORE\n\nAdvertisement\n").reason


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE",
        "Read more",
        "Advertisement",
        "Share this article",
        "Sign up to our daily newsletter",
        "Leer más",
    ],
)
def test_furniture_goes(read_one: ReadOne, line: str) -> None:
    assert read_one("a.txt", f"Title\n\nFirst.\n\n{line}\n\nSecond.").article.body == "First.\n\nSecond."
    assert read_one("b.txt", f"Title\nFirst one.\n{line}\nSecond one.").article.body == "First one.\n\nSecond one."


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more books, she said.",
        "Read more.",
        "The advertisement was withdrawn.",
        "He urged all to share this article.",
    ],
)
def test_sentences_like_furniture_stay(read_one: ReadOne, sentence: str) -> None:
    assert sentence in read_one("a.txt", f"Title\n\nFirst.\n\n{sentence}\n\nSecond.").article.body


def test_a_sentence_broken_before_furniture_words_is_whole(read_one: ReadOne) -> None:
    text = "Title\n\nThe minister told all of the pupils that they had to\nread more\n\nThey did."
    assert "they had to read more" in read_one("a.txt", text).article.body


def test_a_standfirst_of_its_own_stays() -> None:
    paragraphs = ["A second closure within a single year…", "Engineers closed the bridge."]
    assert without_cut_standfirst(paragraphs) == paragraphs


def test_a_cut_standfirst_goes_also_without_its_dateline_and_with_three_points() -> None:
    whole = "ITALY: The bridge will be closed for a month"
    assert without_cut_standfirst(["The bridge will be clos...", whole]) == [whole]


def test_a_whole_standfirst_never_goes() -> None:
    paragraphs = ["The bridge will be closed", "The bridge will be closed for a month"]
    assert without_cut_standfirst(paragraphs) == paragraphs


def test_a_short_paragraph_with_points_stays() -> None:
    assert without_cut_standfirst(["Well…", "Well, he said."]) == ["Well…", "Well, he said."]


@pytest.mark.parametrize(
    ("first", "dateline", "rest"),
    [
        ("SPAIN: Five were held.", "SPAIN", "Five were held."),
        ("A CORUÑA: Cinco detenidos.", "A CORUÑA", "Cinco detenidos."),
        ("MADRID, March 16 (Reuters) - Five were held.", "MADRID, March 16 (Reuters)", "Five were held."),
        ("PORTO, Portugal (AP) — “Five” were held.", "PORTO, Portugal (AP)", "“Five” were held."),
        ("MADRID, 16 mar. (EFE).- Cinco detenidos.", "MADRID, 16 mar. (EFE)", "Cinco detenidos."),
        ("CLEVELAND, Feb 26 - 19 were held.", "CLEVELAND, Feb 26", "19 were held."),
    ],
)
def test_datelines_are_taken_off(first: str, dateline: str, rest: str) -> None:
    assert split_dateline([first, "More."]) == (dateline, [rest, "More."])


@pytest.mark.parametrize(
    "first",
    [
        "Spain: Five were held.",
        "SPAIN: five were held.",
        "CORRECTION: Five were held, not six.",
        "NATO said: It was over.",
        "MADRID - The police said so.",
        "In MADRID: Five were held.",
        "Q: Who was held?",
    ],
)
def test_what_may_belong_to_a_sentence_is_no_dateline(first: str) -> None:
    assert split_dateline([first, "More."]) == ("", [first, "More."])


def test_speakers_are_no_datelines() -> None:
    spoken = ["INTERVIEWER: What happened?", "MAYOR: Nothing."]
    assert split_dateline(spoken) == ("", spoken)


def test_lines_broken_to_fit_are_joined() -> None:
    block = (
        "Engineers closed the harbour bridge yesterday after an inspection\n"
        "of its four piers found cracks that had not been there in the\n"
        "spring. Ferries run instead."
    )
    joined = block.replace("\n", " ")
    assert split_paragraphs(block) == [joined]
    assert split_paragraphs(f"{block}\n\n{block}") == [joined, joined]


def test_lines_that_are_sentences_are_paragraphs() -> None:
    lines = ["Engineers closed the harbour bridge yesterday.", "The mayor said that it would last a month."]
    assert split_paragraphs("\n".join(lines)) == lines


def test_long_lines_without_blank_ones_are_paragraphs() -> None:
    lines = ["The mayor spoke " * 20 + "today.", "A heading", "The council answered " * 20 + "today."]
    assert split_paragraphs("\n".join(lines)) == lines


def test_lists_and_verses_keep_their_lines() -> None:
    text = "The council:\n\nAna Pérez\nRui Costa, chair\nLi Wei"
    assert split_paragraphs(text) == ["The council:", "Ana Pérez\nRui Costa, chair\nLi Wei"]


def test_a_headline_of_more_than_a_line_is_text(read_one: ReadOne) -> None:
    article = read_one("a.txt", "The mayor spoke. " * 60).article
    assert article.body == ("The mayor spoke. " * 60).strip()


def test_html_is_text(read_one: ReadOne) -> None:
    article = read_one("a.txt", "<b>Bold</b> claim\n\n<script>alert(1)</script> was found on the page.").article
    assert article.source.title == "<b>Bold</b> claim"
    assert article.body == "<script>alert(1)</script> was found on the page."


def test_a_latin1_file_is_right_and_reported(read_one: ReadOne) -> None:
    delivery = read_one("a.txt", "Más detenciones en España\n\nEl juez habló ayer.".encode("latin-1"))
    assert delivery.article.source.title == "Más detenciones en España"
    assert delivery.article.body == "El juez habló ayer."
    assert delivery.notices == ("read as windows-1252, not UTF-8 (first seen in line 1)",)


WORDS = st.sampled_from(["the", "mayor", "ÁVILA", "SPAIN:", "(Reuters)", "-", "…", "...", "500", "said.", "“no”"])
LINES = st.lists(st.just("READ MORE") | st.lists(WORDS).map(" ".join), min_size=1, max_size=12)


@settings(deadline=None, max_examples=40)  # it writes files, and the machine may be busy
@given(LINES, st.sampled_from(["\n", "\n\n"]))
def test_every_word_of_a_body_survives(lines: list[str], between: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.txt")
        path.write_text(f"Title\n\nThe beginning of it.\n\n{between.join(lines)}", encoding="utf-8")
        (outcome,) = read(path)
    assert isinstance(outcome, Delivery)
    said = " ".join(line for line in lines if line != "READ MORE").split()
    kept = [word for word in outcome.article.body.split() if word not in ("READ", "MORE")]
    assert kept == ["The", "beginning", "of", "it.", *said]


@given(st.lists(st.lists(WORDS, min_size=1).map(" ".join), min_size=1, max_size=4))
def test_a_dateline_and_what_follows_are_the_paragraph(paragraphs: list[str]) -> None:
    dateline, (first, *others) = split_dateline(paragraphs)
    assert others == paragraphs[1:]
    assert paragraphs[0].startswith(dateline)
    assert paragraphs[0].endswith(first)
    assert dateline or first == paragraphs[0]


@given(st.lists(st.lists(WORDS, min_size=1).map(" ".join), min_size=1, max_size=5))
def test_a_standfirst_goes_only_if_it_is_said_below(paragraphs: list[str]) -> None:
    kept = without_cut_standfirst(paragraphs)
    if kept != paragraphs:
        assert kept == paragraphs[1:]
        _, (stem,) = split_dateline([paragraphs[0].rstrip(" .…")])
        assert any(stem in paragraph for paragraph in kept)
