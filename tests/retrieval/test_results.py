"""What a search shows: one result an article, the words marked, nothing changed."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from qa.models.archive import Passage, Source
from qa.models.dates import SearchQuery
from qa.models.replies import Hit, Question
from qa.retrieval.results import LONGEST_EXCERPT, PHRASE, Piece, Result, marked, newest_first, shortened
from qa.retrieval.results import results as results_of
from qa.text.sentences import sentence_spans


def hit(
    name: str,
    text: str,
    *,
    start: int = 0,
    title: str = "A title",
    published: date | None = None,
    language: str = "en",
) -> Hit:
    source = Source(name, title, "Post", published=published, language=language)
    spans = tuple(span.shifted(start) for span in sentence_spans(text))
    return Hit(Passage(source, start, start + len(text), text, spans), 1.0)


def results(hits: list[Hit], query: str) -> list[Result]:
    return results_of(hits, SearchQuery.of(Question(query)))


def text_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def words_marked(result: Result) -> list[str]:
    return [piece.text for piece in (*result.headline, *result.excerpt) if piece.marked]


def test_an_article_is_one_result_by_its_passage_with_most_words() -> None:
    found = results(
        [
            hit("a", "The mayor spoke."),
            hit("b", "The bridge is long."),
            hit("a", "The mayor opened the bridge.", start=100),
        ],
        "the mayor's bridges",
    )
    assert [(one.source.article_id, one.start, one.matches) for one in found] == [("a", 100, 2), ("b", 0, 1)]
    assert words_marked(found[0]) == ["mayor", "bridge"]


def test_the_excerpt_begins_at_the_sentence_with_most_words() -> None:
    (found,) = results(
        [hit("a", "It rained. Nobody came. The new bridge was opened. It cost much.", start=7)], "bridge"
    )
    assert text_of(found.excerpt) == "The new bridge was opened. It cost much."
    assert found.start == 7 + len("It rained. Nobody came. ")


def test_endings_accents_and_case_do_not_matter_and_grammar_is_not_marked() -> None:
    (found,) = results([hit("a", "LA DETENCIÓN de los arrested.", title="Arrests")], "la detencion arresting")
    assert words_marked(found) == ["Arrests", "DETENCIÓN", "arrested"]


def test_what_is_near_in_meaning_only_has_no_words() -> None:
    (found,) = results([hit("a", "The river rose.")], "flood")
    assert (found.matches, words_marked(found)) == (0, [])


def test_a_headline_alone_is_not_shown_twice() -> None:
    (found,) = results([hit("a", "Bridge opened", title="Bridge opened")], "bridge")
    assert (text_of(found.headline), found.excerpt, found.matches) == ("Bridge opened", (), 1)


def test_the_newest_come_first_and_the_undated_last() -> None:
    found = results(
        [hit("undated", "x"), hit("old", "x", published=date(1999, 1, 1)), hit("new", "x", published=date(2001, 1, 1))],
        "x",
    )
    assert [one.source.article_id for one in newest_first(found)] == ["new", "old", "undated"]


def test_a_phrase_is_marked_as_one_and_counts_for_more_than_words() -> None:
    body = "The old bridge and the new town of the mayor. The mayor opened the New  Bridge."
    (found,) = results([hit("a", body)], "mayor old town «new bridge»")
    assert words_marked(found) == ["mayor", "New Bridge"]
    assert found.matches == PHRASE + 3


def test_what_must_not_occur_is_not_looked_for() -> None:
    (found,) = results([hit("a", "The mayor opened the bridge.")], "mayor -bridge")
    assert words_marked(found) == ["mayor"]


def test_words_are_found_by_the_endings_of_the_text() -> None:
    (found,) = results([hit("a", "Fueron detenidas dos personas.", language="es-MX")], "detenidos persona")
    assert words_marked(found) == ["detenidas", "personas"]


def test_a_long_sentence_is_shown_around_the_match() -> None:
    body = "It was said " + "again and " * 40 + "finally at the bridge " + "and so on " * 8
    (found,) = results([hit("a", body)], "bridge")
    assert words_marked(found) == ["bridge"]
    assert text_of(found.excerpt).startswith("…and again and")
    assert found.start == 0


@given(st.text(), st.text())
def test_the_pieces_are_the_text(text: str, query: str) -> None:
    pieces = marked(text, SearchQuery.of(Question(query)))
    assert text_of(pieces) == text
    assert all(piece.text for piece in pieces)


@given(st.text(max_size=1200), st.integers(1, 500))
def test_a_shortened_text_begins_as_the_text(text: str, longest: int) -> None:
    short = shortened(text, longest)
    whole = " ".join(text.split())
    assert len(short) <= longest
    assert short == whole or (short.endswith("…") and whole.startswith(short[:-1]))


@given(st.lists(st.tuples(st.sampled_from("abc"), st.text(min_size=1, max_size=900)), max_size=6), st.text(max_size=40))
def test_any_hits_give_each_article_once(drawn: list[tuple[str, str]], query: str) -> None:
    found = results([hit(name, text) for name, text in drawn], query)
    assert [one.source.article_id for one in found] == list(dict.fromkeys(name for name, _ in drawn))
    assert all(len(text_of(one.excerpt)) <= LONGEST_EXCERPT for one in found)
