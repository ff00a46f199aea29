"""A reply as HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.corrected import touches
from qa.answering.quoting import fragments
from qa.answering.rendering import reply_json
from qa.answering.view import REFUSED, WRITTEN
from qa.i18n.forms import coverage_text, published_text
from qa.i18n.locale import use_locale
from qa.models.annotations import About, Stage, Timeframe
from qa.models.archive import Correction, Source, Span, Status
from qa.models.replies import (
    Answer,
    CaseStatus,
    Citation,
    Event,
    Inference,
    Intent,
    Limit,
    Question,
    Refusal,
    Statement,
)
from qa.models.support import Translation
from qa.web.answers import turn_html
from qa.web.context import render_line

from .fake_room import COURT, COVERAGE, HOSTILE, SUMMARY, WIRE, FakeRoom, answer_to, quote_of, written

WRITING = "The answer is being written and checked"
TRANSLATING = "A language model is translating the quotes"
QUESTION = Question("How many were arrested?")
FIRST = quote_of(WIRE, "Spain then informed Eurojust and IberRed.", marked="Eurojust")
SECOND = quote_of(SUMMARY, "El Ministerio del Interior coordinó la operación con Eurojust.", number=2)
THIRD = quote_of(WIRE, "Reuters reports that searches took place at the same time in twelve countries.", number=3)


class Elements(HTMLParser):
    """Every element and attribute of a piece of HTML, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str, name: str = "") -> list[dict[str, str | None]]:
        return [
            attributes
            for found, attributes in self.elements
            if found == tag and (not name or name in (attributes.get("class") or "").split())
        ]


def shown(answer: Answer, **places: int) -> Elements:
    return Elements(turn_html(1, answer, places={int(key[1:]): at for key, at in places.items()}))


def test_every_mark_opens_the_article_at_its_sentence() -> None:
    page = shown(answer_to(QUESTION, FIRST, SECOND, THIRD), q1=5, q2=3, q3=1)
    assert [mark["href"] for mark in page.all("a", "cite")] == [
        "/article/2005-03-16-reuters?quoted=1,5#s5",
        "/article/2005-03-17-el-pais?quoted=3#s3",
        "/article/2005-03-16-reuters?quoted=1,5#s1",
    ]
    assert re.findall(r"\[(\d)\]", page.words) == ["1", "2", "3"]


def test_a_card_for_each_article_with_its_quotes() -> None:
    page = shown(answer_to(QUESTION, FIRST, SECOND, THIRD), q1=5, q2=3, q3=1)
    assert [card["id"] for card in page.all("details", "card")] == ["turn-1-source-1", "turn-1-source-2"]
    assert [card["data-source"] for card in page.all("details", "card")] == ["1 3", "2"]
    assert ["open" in card for card in page.all("details", "card")] == [True, False]
    assert page.words.count("Open at this sentence") == 3
    assert "Summary of a report in Reuters, 16 March 2005" in page.words


def test_the_text_to_copy_has_the_question_the_words_and_their_credits_on_lines_of_their_own() -> None:
    (line,) = shown(answer_to(QUESTION, FIRST, SECOND)).all("div", "actions")
    lines = str(line["data-text"]).split("\n")
    assert lines[0] == QUESTION.text
    assert f"Summary of a report in Reuters, 16 March 2005: “{FIRST.text}” [1]" in lines


def test_a_written_answer_says_who_wrote_it_and_marks_its_quotes() -> None:
    growing, whole = written(answer_to(QUESTION, FIRST, SECOND))
    page = shown(whole, q1=5, q2=3)
    assert WRITTEN in page.words
    assert WRITING not in page.words
    assert WRITING in shown(growing, q1=5, q2=3).words
    assert "The first <b>is</b> what a model wrote." in page.words
    assert page.all("b") == []
    assert len(page.all("p", "own-words")) == 2
    assert page.all("blockquote") == []
    assert FIRST.text in page.words, "the quote itself stands on its card"
    assert [mark["data-source"] for mark in page.all("a", "cite")] == ["1", "2"]


def with_translation(answer: Answer, text: str) -> Answer:
    return replace(answer, translations=(Translation(2, text, "en", "lab:<i>model</i>"),))


def test_a_translation_stands_below_its_quote_named_as_a_machine_s_and_in_its_language() -> None:
    html = turn_html(1, with_translation(answer_to(QUESTION, FIRST, SECOND), "It was <b>led</b>."), places={})
    page = Elements(html)
    assert len(page.all("p", "translation")) == 1
    assert page.all("span", "translated") == [{"class": "translated", "lang": "en"}]
    assert "Machine translation by lab:<i>model</i>, not checked: It was <b>led</b>." in page.words
    assert page.all("b") == page.all("i") == [], "what a model writes is no markup"
    quoted = re.findall(r"<blockquote>.*?</blockquote>", html)
    assert len(quoted) == 2
    assert not any("translation" in one or "led" in one for one in quoted)
    around = re.search(r"(\S)\s*It was <b>led</b>\.\s*(\S)", page.words)
    assert around is not None
    assert not {*around.groups()} & {*"“”\"'«»"}, "it is no quotation"
    assert html.index(SECOND.text[:20]) < html.index("Machine translation")


def test_the_label_of_a_translation_is_in_the_language_of_the_page() -> None:
    told = with_translation(answer_to(QUESTION, FIRST, SECOND), "It was led.")
    with use_locale("es"):
        page = shown(told)
    assert "Traducción automática de lab:<i>model</i>, sin revisar: It was led." in page.words


def test_in_a_written_answer_a_translation_stands_on_the_card_with_the_quote() -> None:
    *_, whole = written(answer_to(QUESTION, FIRST, SECOND))
    html = turn_html(1, with_translation(whole, "It was led."), places={})
    statements, cards = re.sub(r'data-text="[^"]*"', "", html).split("<aside", 1)
    assert "Machine translation" not in statements
    assert cards.index(SECOND.text[:20]) < cards.index("Machine translation")


def test_while_it_is_translated_an_answer_says_so_and_nothing_of_writing() -> None:
    page = shown(replace(answer_to(QUESTION, FIRST, SECOND), translating=True))
    assert TRANSLATING in page.words
    assert WRITING not in page.words
    assert page.all("section", "translating")
    assert TRANSLATING not in shown(answer_to(QUESTION, FIRST, SECOND)).words


def test_quotes_say_nothing_of_a_language_model() -> None:
    assert "language model" not in shown(answer_to(QUESTION, FIRST, SECOND), q1=5, q2=3).words


def test_a_quote_keeps_its_language_and_its_mark() -> None:
    page = shown(answer_to(QUESTION, FIRST, SECOND), q1=5, q2=3)
    assert [span["lang"] for span in page.all("span", "quoted")] == ["en", "es"]
    assert "<mark>Eurojust</mark>" in turn_html(1, answer_to(QUESTION, FIRST), places={})
    assert "“Spain then informed Eurojust and IberRed.”" in page.words


def test_a_quote_without_a_place_opens_the_article() -> None:
    page = shown(answer_to(QUESTION, FIRST))
    assert page.all("a", "cite")[0]["href"] == "/article/2005-03-16-reuters"


def test_words_that_are_not_the_quotes_own_are_shown_apart() -> None:
    answer = Answer(QUESTION, (Statement("Spain told two bodies.", (FIRST, SECOND)),))
    page = shown(answer, q1=5, q2=3)
    assert page.all("p", "own-words")
    assert not page.all("blockquote")
    assert len(page.all("a", "cite")) == 2


def test_the_newest_date_and_the_understanding_are_shown() -> None:
    answer = answer_to(QUESTION, FIRST, understood_as="How many in Spain?")
    page = shown(answer, q1=5)
    assert "Newest source: 16 March 2005" in page.words
    assert "Understood as: " in page.words
    undated = Citation(1, Source("x", "t", "Paper"), 0, 1, "A")
    assert "Newest source" not in shown(answer_to(QUESTION, undated)).words


def test_what_a_reply_was_held_to_and_what_is_added_are_shown() -> None:
    asked = replace(QUESTION, period=Timeframe(About.EVENTS, date(2005, 3, 1), date(2005, 3, 31)))
    notices = ("The archive ends on 8 April 2014.", "<b>No</b> more.")
    limits = (Limit(Inference.PERIOD), Limit(Inference.EVENT, "Operation <b>Gull</b>"))
    answer = replace(answer_to(asked, FIRST), notices=notices, limits=limits)
    refusal = Refusal(asked, "No sentence is close.", (), COVERAGE, notices=notices, limits=limits)
    for reply in (answer, refusal):
        page = Elements(turn_html(1, reply, places={1: 5}))
        assert "Limited to: events in March 2005" in page.words
        assert len(page.all("p", "caveat")) == 2
        assert notices[0] in page.words
        assert not page.all("b")
        assert _asking(page) == [
            "/ask?question=How%20many%20were%20arrested%3F&without=rewriting&without=period",
            "/ask?question=How%20many%20were%20arrested%3F&without=rewriting&without=event",
        ]
    # A period that was understood but held nothing out is not shown.
    plain = shown(answer_to(asked, FIRST), q1=5)
    assert not plain.all("p", "limits")
    assert not plain.all("p", "understood")
    assert not plain.all("p", "caveat")


def test_a_question_that_was_completed_is_asked_again_as_it_stands_alone_or_as_it_was_written() -> None:
    asked = Question("And in Spain?", published_from=date(2005, 1, 1))
    answer = replace(
        answer_to(asked, FIRST, understood_as="How many? And in Spain?"), limits=(Limit(Inference.EVENT, "19"),)
    )
    whole = "question=How%20many%3F%20And%20in%20Spain%3F"
    assert _asking(shown(answer, q1=5)) == [
        "/ask?question=And%20in%20Spain%3F&from=2005-01-01&without=rewriting",
        f"/ask?{whole}&from=2005-01-01&without=rewriting&without=event",
        f"/ask?{whole}&without=rewriting",
    ]


def _asking(page: Elements) -> list[str]:
    return [str(link["href"]) for link in page.all("a") if str(link["href"]).startswith("/ask?")]


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        ("<b>It was</b> led by the ministry, not by Eurojust.", True),
        ("It was in 12 countries.", True),
        ("<b>It was</b> not so.", False),
    ],
)
def test_a_correction_stands_once_before_the_words_it_is_about_else_folded_up(text: str, touched: bool) -> None:
    source = replace(WIRE.source, status=Status.CORRECTED, corrections=(Correction(text, date(2005, 3, 21)),))
    answer = answer_to(QUESTION, replace(FIRST, source=source), SECOND, replace(THIRD, source=source))
    html = turn_html(1, answer, places={1: 5, 2: 3, 3: 1})
    page = Elements(html)
    assert page.words.count(f"Correction, 21 March 2005: {text}") == 1
    assert bool(page.all("details", "corrected")) is not touched
    assert not page.all("b")
    first, third, at = map(html.index, ("Spain then informed", "Reuters reports", "Correction, 21 March"))
    assert first < at < third if "12" in text else at < first
    assert "Correction" not in shown(answer_to(QUESTION, FIRST, SECOND), q1=5, q2=3).words


@pytest.mark.parametrize(
    ("correction", "sentence", "touched"),
    [
        ("The reading of all reports is 19 arrests in Spain.", "Nineteen people were held.", True),
        ("It was the court of Vigo.", "Later Vigo was named.", True),
        ("The year was 2005.", "They met on 3 May 2005.", True),
        ("It was one of the ministries.", "One of them left.", False),
        ("The vote was on 14 December.", "The December raids went on.", False),
        ("The Irish Times did not say so.", "The ombudsman asked for data.", False),
        ("There were 19 arrests in Spain, not 500 as The Irish Times has it.", "The Irish Times names Spain.", False),
        ("The 19 were held in Vigo, not in Lugo.", "The raid in Lugo was over by then.", True),
        ("Set right on 3 May: it was in Portugal, not in Spain.", "Police raided houses in Portugal.", True),
        ("Set right on 3 May: the court was that of Vigo.", "Later Vigo was named.", True),
        ("The raids in Vigo took place in 2005, not in 2004.", "The raids began in 2004.", True),
        ("The vote in Parliament was in 2005, not in 2006.", "The Council agreed to it on 21 February 2006.", False),
    ],
)
def test_what_a_correction_is_about(correction: str, sentence: str, touched: bool) -> None:
    assert touches(correction, sentence, "The Irish Times") is touched


def test_the_direct_line_comes_first_then_its_quote_and_the_rest_is_folded_up() -> None:
    html = turn_html(1, answer_to(QUESTION, FIRST, SECOND, THIRD), places={})
    page = Elements(html.split("<aside")[0])
    assert len(page.all("p", "direct")) == 1
    assert page.all("span", "words")[1] == {"class": "words", "lang": "en"}
    assert html.index('class="direct"') < html.index("“Spain then informed") < html.index("<summary>2 more quotes")
    assert html.index("<summary>2 more quotes") < html.index(SECOND.text)
    assert "open" not in page.all("details", "more")[0]
    assert page.words.count("Summary of a report in Reuters, 16 March 2005 ") == 2, "once with the line, once below"


def test_a_doubtful_line_says_so() -> None:
    doubtful = Answer(QUESTION, (Statement(FIRST.text, (FIRST,), likelihood=0.3),))
    assert "Possibly:" in shown(doubtful).words
    assert "Possibly: Eurojust" not in shown(doubtful).words, "words of which nobody is sure don't stand large"
    assert "Possibly" not in shown(answer_to(QUESTION, FIRST)).words


@pytest.mark.parametrize(
    ("likelihood", "other", "doubtful"),
    [
        (0.9, None, False),
        (0.8, None, True),
        (0.9, SECOND, True),
        (0.95, SECOND, False),
        (0.9, FIRST, False),
    ],
    ids=[
        "nothing beside it",
        "not likely enough",
        "other words nearly as likely",
        "far likelier than others",
        "the same words again",
    ],
)
def test_words_stand_by_how_likely_other_words_are(likelihood: float, other: Citation | None, doubtful: bool) -> None:
    marked = other and quote_of(WIRE, FIRST.text, marked="Eurojust" if other is FIRST else "IberRed", number=2)
    beside = (Statement(marked.text, (marked,), likelihood=0.5),) if marked else ()
    reply = Answer(QUESTION, (Statement(FIRST.text, (FIRST,), likelihood=likelihood), *beside))
    assert ("Possibly:" in shown(reply).words) is doubtful


def test_a_sentence_without_marked_words_says_that_it_only_may_answer() -> None:
    unmarked = quote_of(WIRE, FIRST.text)
    for likelihood, doubtful in ((0.8, True), (0.95, False)):
        reply = Answer(QUESTION, (Statement(unmarked.text, (unmarked,), likelihood=likelihood),))
        assert ("Possibly:" in shown(reply).words) is doubtful
        assert ("What may answer it:" in shown(replace(reply, closed=True)).words) is doubtful, (
            "yes or no was asked for"
        )
        direct = reply_json(reply, id=None, seconds=0.1)["direct"]
        assert direct == ({"text": FIRST.text, "sure": False, "citation": 1, "others": 0} if doubtful else None)


def test_words_that_only_may_answer_stand_in_no_program_without_their_correction() -> None:
    wrong = replace(WIRE.source, corrections=(Correction("It was IberRed alone, not Eurojust.", date(2005, 4, 1)),))
    for likelihood in (0.8, 0.97):
        touched = replace(FIRST, source=wrong)
        reply = Answer(QUESTION, (Statement(FIRST.text, (touched,), likelihood=likelihood),))
        assert reply_json(reply, id=None, seconds=0.1)["direct"] is None
        assert "It was IberRed alone" in shown(reply).words


def test_the_members_of_a_list_stand_for_all_that_surely_answer() -> None:
    quotes = [FIRST, quote_of(WIRE, FIRST.text, marked="IberRed", number=2), replace(THIRD, number=3)]

    def listed(*likelihoods: float) -> Answer:
        pairs = zip(quotes, likelihoods, strict=True)
        statements = (Statement(quote.text, (quote,), likelihood=likelihood) for quote, likelihood in pairs)
        return Answer(QUESTION, tuple(statements), intent=Intent.LIST)

    assert [listed(0.9, other, 0.7).clear for other in (0.95, 0.7)] == [True, False], "as its line is"
    sure, doubtful = listed(0.9, 0.95, 0.7).direct, listed(0.9, 0.7, 0.7).direct
    assert sure
    assert doubtful
    assert (sure.members, sure.sure) == (("Eurojust", "IberRed"), True)
    assert (doubtful.members, doubtful.sure) == (("Eurojust", "IberRed"), False)
    single = listed(0.5, 0.95, 0.4).direct
    assert single
    assert (single.members, single.sure) == ((), False), "a single one is no list"


def test_written_answers_and_answers_about_cases_stay_open() -> None:
    *_, whole = written(answer_to(QUESTION, FIRST, SECOND))
    for answer in (whole, FakeRoom().reply(Question("What was the outcome?"))):
        page = Elements(turn_html(1, answer, places={}))
        assert not page.all("details", "more")
        assert not page.all("p", "direct")


def test_a_refusal_has_its_parts() -> None:
    reply = Refusal(QUESTION, "No sentence is close.", (COURT.source, WIRE.source), COVERAGE)
    page = Elements(turn_html(2, reply, places={}))
    for words in (
        REFUSED,
        "No sentence is close.",
        COURT.source.title,
        coverage_text(COVERAGE),
        "Try asking with a name",
    ):
        assert words in page.words
    assert [link["href"] for link in page.all("a")] == [
        "/article/2007-01-02-court",
        "/article/2005-03-16-reuters",
    ]


def test_a_verdict_that_is_not_held_is_said_with_the_last_stage_of_each_case() -> None:
    reply = FakeRoom().reply(Question("Is he guilty?"))
    page = Elements(turn_html(1, reply, places={1: 2, 2: 1}))
    assert REFUSED not in page.words
    assert "The archive holds no verdict." in page.words
    assert "Last stage reported: arrested, 16 March 2005." in page.words
    assert "Last stage reported: under investigation, 2 January 2007." in page.words
    assert len(page.all("h3", "event")) == 2
    assert [span.get("lang") for span in page.all("span", "name")] == [None, "en"]
    assert [link["href"] for link in page.all("a")] == [
        "/article/2005-03-17-el-pais?quoted=2#s2",
        "/article/2007-01-02-court?quoted=1#s1",
    ]


def test_statements_stand_under_their_events() -> None:
    reply = FakeRoom().reply(Question("What was the outcome?"))
    html = turn_html(1, reply, places={1: 2, 2: 1})
    page = Elements(html)
    places = [
        html.index(words) for words in ("Operación Cerbero", "fueron arrestadas 19", "“Supreme Court", "decided that")
    ]
    assert places[0] < places[1]
    assert html.index("fueron arrestadas 19") < html.rindex("“Supreme Court")
    assert page.words.count("The archive holds no verdict.") == 1, "of the case that has none"


def test_one_event_needs_no_heading() -> None:
    statement = Statement(FIRST.text, (FIRST,), Event("Operación Cerbero", "2005-03-16"))
    page = shown(Answer(QUESTION, (statement, replace(statement, quotes=(SECOND,), text=SECOND.text))))
    assert not page.all("h3", "event")


def test_nothing_that_is_put_in_comes_out_as_markup() -> None:
    quotes = [quote_of(HOSTILE, "A body with <script>window.pwned=1</script> inside.", marked="<script>")]
    evil = Question("<img src=x onerror=pwned>")
    answer = answer_to(evil, *quotes, understood_as="<b>x</b>")
    refusal = Refusal(evil, "<i>why</i>", (HOSTILE.source,), COVERAGE)
    case = CaseStatus(Event("<b>E</b>", by_headline=True), Stage.ARRESTED, quotes[0], "2005")
    other = Statement("x", (replace(quotes[0], number=2),), Event("<i>F</i>"))
    cases = Answer(evil, (replace(answer.statements[0], event=case.event), other), cases=(case, case))
    for html in (
        turn_html(1, answer, places={1: 1}),
        turn_html(1, refusal, places={}),
        turn_html(1, cases, places={}),
        turn_html(1, replace(refusal, cases=(case,)), places={}),
        render_line("waiting.html", turn="turn-1", question=evil, dates=""),
        render_line("notice.html", text="<b>said</b>"),
    ):
        page = Elements(html)
        tags = {tag for tag, _ in page.elements}
        assert not tags & {"script", "img", "b", "i", "u", "s", "em"}
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert not any('en"' in str(attributes.get("lang")) for _, attributes in page.elements)


@given(st.text(), st.text(), st.text())
def test_whatever_is_put_in_the_structure_stays(text: str, title: str, asked: str) -> None:
    dated = date(2005, 1, 1)
    quote = Citation(1, Source("a", title, "Paper", published=dated), 0, len(text), text)
    answer = answer_to(Question(asked), quote)
    html = turn_html(1, answer, places={1: 1})
    plain = answer_to(Question("q"), Citation(1, Source("a", "t", "Paper", published=dated), 0, 1, "x"))
    expected = [tag for tag, _ in Elements(turn_html(1, plain, places={1: 1})).elements]
    assert [tag for tag, _ in Elements(html).elements] == expected
    assert "\n" not in html
    assert "\r" not in html


@given(st.text(min_size=1), st.integers(0, 50), st.integers(-5, 60), st.integers(-5, 60))
def test_cutting_around_a_mark_loses_no_character(text: str, start: int, left: int, right: int) -> None:
    mark = Span(min(left, right), max(left, right))
    parts = list(fragments(replace(FIRST, start=start, end=start + len(text), text=text, marked=mark)))
    assert "".join(part.text for part in parts) == text
    assert (
        "".join(part.text for part in parts if part.marked)
        == text[max(0, mark.start - start) : max(0, mark.end - start)]
    )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2005, 1, 1), date(2005, 12, 31), "published 1 January 2005 to 31 December 2005"),
        (date(2005, 1, 1), None, "published from 1 January 2005"),
        (None, date(2005, 1, 1), "published until 1 January 2005"),
        (None, None, ""),
    ],
)
def test_dates_in_words(first: date | None, last: date | None, words: str) -> None:
    assert published_text(first, last) == words


def test_an_answer_that_is_kept_has_a_line_of_actions() -> None:
    reply = answer_to(QUESTION, FIRST)
    page = Elements(turn_html(1, reply, places={}, answer_id="k3pt-4nswer_0123456789"))
    links = [link["href"] for link in page.all("a") if "/answer/" in str(link["href"])]
    address = "/answer/k3pt-4nswer_0123456789"
    assert links == [address, f"{address}#export", f"{address}#report"]
    assert "Something wrong?" in page.words
    assert "Something wrong?" not in shown(reply).words


def test_a_refusal_that_is_kept_has_them_too() -> None:
    reply = Refusal(QUESTION, "No.", (), COVERAGE)
    assert "/answer/x#report" in turn_html(1, reply, places={}, answer_id="x")


def test_legal_words_are_explained_below_the_quote_in_the_language_of_the_question() -> None:
    legal = replace(SECOND, text="El fiscal recurrió el auto <b>judicial</b>.", start=0, end=44)
    cases = (
        (QUESTION, "en", "Legal words in quote 2: ", 3),
        (Question("¿Quién recurrió?"), "es", "Término jurídico de la cita 2: ", 1),
    )
    for asked, reader, lead, explained in cases:
        html = turn_html(1, answer_to(asked, legal), places={})
        page = Elements(html)
        (folded,) = page.all("details", "legal")
        assert folded["lang"] == reader
        assert "open" not in folded
        assert lead in page.words
        assert [one["lang"] for one in page.all("dt")] == ["es"] * explained
        assert html.index("</blockquote>") < html.index("legal")
        assert "El fiscal recurrió el auto &lt;b&gt;judicial&lt;/b&gt;." in html


def test_a_quote_without_legal_words_has_nothing_folded_up() -> None:
    assert not shown(answer_to(QUESTION, FIRST)).all("details", "legal")
