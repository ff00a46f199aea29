"""Wide questions over the demo archive: told in steps, by subject, side by side; what asks nothing of it."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from qa.answering.analysis import ConversationTurn, QueryRewriting, QuestionAnalysis
from qa.answering.differences import quoted_sides
from qa.answering.events import Events
from qa.answering.evidence import Evidence, _names_owner_alone, _says_of_it, asking_who
from qa.answering.matters import MatterRetrieval
from qa.answering.policy import NO_DIFFERENCE, NOTHING, REMARKS, packaged_policy
from qa.answering.reported_figures import PEOPLE
from qa.answering.steps import MOST_STEPS, OF_EACH, most_reported, opening_sentence, same_words
from qa.answering.subjects import names_in, one_by_one
from qa.answering.view import ReplyView
from qa.archive.archive import Archive
from qa.i18n.locale import use_locale
from qa.models.archive import Coverage, ListedArticle, Passage, Source, Span
from qa.models.replies import Answer, Hit, Intent, Leaning, Question, Refusal, SentenceHit
from qa.protocols import Encoder
from qa.retrieval.timeline import article_fit
from qa.text.entities import places_in
from qa.text.terms import fold, stems
from tests.archives import Archives, Prepared
from tests.fakes import FakeChat, article, packaged_questions, packaged_reader

SUBJECTS = ("Eurojust", "Europol", "INHOPE")
BACHATA = "2006-12-24-el-pais-operacion-bachata"


@pytest.fixture(scope="module")
def archive(demo: Prepared) -> Archive:
    return demo.archive


def answered(archive: Archive, question: str, *history: str) -> Answer:
    reply = archive.ask(question, history=history)
    assert isinstance(reply, Answer)
    assert all(statement.verbatim for statement in reply.statements)
    for quote in reply.citations:
        assert archive.article(quote.source.article_id).body[quote.start : quote.end] == quote.text
    return reply


@pytest.mark.parametrize("question", ["Summarise the case", "What is this about?", "cronología", "¿De qué va esto?"])
def test_the_whole_is_told_in_dated_steps_oldest_first(archive: Archive, question: str) -> None:
    reply = answered(archive, question)
    assert reply.intent in (Intent.OVERVIEW, Intent.CHRONOLOGY)
    assert 4 <= len(reply.statements) <= 8
    days = [statement.event.date for statement in reply.statements if statement.event and statement.event.date]
    assert len(days) == len(reply.statements)
    assert [day[:7] for day in days] == sorted(day[:7] for day in days)
    assert not any(same_words(first.text, second.text) for first, second in combinations(reply.statements, 2))
    assert reply.direct is None


@pytest.mark.parametrize("question", ["Who are all the guilty people?", "Lista de todos los culpables"])
def test_who_asks_for_all_the_guilty_is_not_told_of_the_arrested(archive: Archive, question: str) -> None:
    assert isinstance(archive.ask(question), Refusal)


def test_an_overview_says_what_is_reported_most_and_tells_more_of_it(archive: Archive) -> None:
    reply = answered(archive, "What is this about?")
    view = ReplyView(reply)
    assert view.direct
    assert view.direct.line == "Reported most: Operación Cerbero, 16 March 2005"
    largest = max(view.groups, key=lambda group: len(group.statements))
    assert largest.heading
    assert largest.heading.name == "Operación Cerbero"
    assert len(largest.statements) > 1


def test_the_first_of_an_event_is_what_no_report_contradicts_or_corrects(archive: Archive) -> None:
    reply = answered(archive, "Summarise Operación Cerbero")
    first = reply.statements[0].quotes[0]
    assert not first.source.correction
    assert "500" not in first.text
    disputed = {party.quote.text for conflict in reply.conflicts for party in conflict.parties}
    assert disputed
    assert first.text not in disputed


@pytest.mark.parametrize(
    "question", ["What is the difference between Cerbero and Landmark?", "Summarise Operación Cerbero"]
)
def test_where_numbers_of_people_differ_it_is_said_and_quotes_are_numbered_on(archive: Archive, question: str) -> None:
    reply = answered(archive, question)
    assert len({party.said for party in reply.parties}) > 1
    numbers = [quote.number for quote in (*reply.citations, *(party.quote for party in reply.parties))]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_steps_of_an_event_are_told_from_its_beginning_to_the_last_report(archive: Archive) -> None:
    told = [statement.text for statement in answered(archive, "Timeline of Operación Cerbero").statements]
    (complaint,) = (n for n, text in enumerate(told) if "19 January" in text or "19 de enero" in text)
    (courts,) = (n for n, text in enumerate(told) if "En abril de 2005" in text)
    searches = [n for n, text in enumerate(told) if "Reuters" in text or "19 personas" in text]
    assert searches
    assert complaint < min(searches)
    assert max(searches) < courts


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("When was Operation Koala?", "Operation Koala, November 2007"),
        ("¿Cuándo fue la Operación Azahar?", "Operación Azahar, febrero de 2006"),
        ("When did Operación Bachata take place?", "Operación Bachata, 23 December 2006"),
    ],
)
def test_when_an_event_was_is_told_by_its_date_and_reports(archive: Archive, question: str, heading: str) -> None:
    reply = answered(archive, question)
    with use_locale(reply.question.locale):
        (group,) = ReplyView(reply).groups
    assert group.heading
    assert group.heading.text == heading


def test_what_a_sentence_surely_answers_is_not_told_by_what_an_event_was(archive: Archive) -> None:
    reply = answered(archive, "When was the Cerbero operation?")
    assert reply.intent is Intent.FACT
    assert "16 de marzo de 2005" in reply.statements[0].text


def test_who_somebody_is_says_which_case_its_one_sentence_is_of(archive: Archive) -> None:
    view = ReplyView(answered(archive, "¿Quién es Joan Mesquida?"))
    assert [group.heading and group.heading.name for group in view.groups] == ["Operación Santiago"]


def test_countries_are_no_rival_figure_of_customers(archive: Archive) -> None:
    reply = answered(archive, "¿Cuántos clientes mencionó el presidente de Eurojust al hablar de Koala?")
    assert "2,500 customers" in reply.statements[0].text
    assert reply.conflicts == ()


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("¿Cuánto tiempo se vigiló la página?", "43"),  # people of another sentence
        ("Was the figure of 130 in Operation Landmark arrests or warrants?", "4"),  # "four reports give four numbers"
    ],
)
def test_no_other_count_is_made_a_rival_figure(archive: Archive, question: str, number: str) -> None:
    rows = [party.said for conflict in answered(archive, question).conflicts for party in conflict.parties]
    assert number not in rows
    assert not rows or "130" in rows


def test_a_sentence_of_an_undated_report_stands_at_its_own_date(archive: Archive) -> None:
    reply = answered(
        archive, "Put the life of the EU data retention directive in date order, from the drafts to its end"
    )
    told = [quote.text for quote in reply.citations]
    ruling = next(place for place, text in enumerate(told) if "10 February 2009" in text)
    assert "8 April 2014" in told[ruling + 1]


def test_the_latest_is_what_is_newest(archive: Archive, demo: Prepared) -> None:
    reply = answered(archive, "What is the latest?")
    newest = sorted({source.published for article in demo.store.listed() if (source := article.source).published})
    told = {quote.source.published for quote in reply.citations}
    assert newest[-1] in told
    assert len(told) > 2
    assert all(day and day >= newest[-2 * MOST_STEPS] for day in told)


@pytest.mark.parametrize(
    "question",
    ["What is the latest on Cerbero?", "¿Qué es lo último que se sabe del caso Cerbero?", "What's the latest?"],
)
def test_the_latest_on_a_matter_begins_with_its_newest_report(archive: Archive, question: str) -> None:
    quoted = [quote.source for quote in answered(archive, question).citations]
    days = [source.published for source in quoted if source.published]
    assert days == sorted(days, reverse=True)
    assert len(days) == len(quoted)
    assert days[0].year == (2007 if "Cerbero" in question else 2014)


def test_whom_one_speaks_to_is_not_what_the_latest_is_wanted_of(archive: Archive) -> None:
    newest = [quote.text for quote in answered(archive, "What's the latest?").citations]
    assert [quote.text for quote in answered(archive, "What's the latest, Ann?").citations] == newest


@pytest.mark.parametrize("question", ["What is the latest on Zorrilla?", "latest on Heron"])
def test_the_latest_on_what_the_archive_does_not_know_is_not_the_latest_of_all(archive: Archive, question: str) -> None:
    assert isinstance(archive.ask(question), Refusal)


def test_a_mark_is_left_out_that_begins_the_name_of_who_is_asked_for(archive: Archive) -> None:
    reply = answered(archive, "Who is Rubalcaba?")
    assert not any("Alfredo" in quote.answer for quote in reply.citations)
    assert reply.direct is None or "Alfredo" not in reply.direct.text


def test_an_overview_begins_with_what_its_reader_can_read(archive: Archive) -> None:
    shares = []
    for question in ("What is this about?", "¿De qué va esto?"):
        languages = [quote.source.language for quote in answered(archive, question).citations]
        shares.append(languages.count("es") / len(languages))
    assert shares[0] < shares[1]


def test_a_report_is_told_by_the_sentence_that_says_what_its_headline_says() -> None:
    plain = article("a", "The ferry sails again from Lisbon. Nobody was at the pier.", title="Ferry sails again")
    late = article("b", "LISBON. Three men in blue waited. The ferry sails again on Monday.", title="Ferry sails again")
    told = [opening_sentence(report) for report in (plain, late)]
    assert [hit and hit.text for hit in told] == [
        "The ferry sails again from Lisbon.",
        "The ferry sails again on Monday.",
    ]


def test_days_with_most_reports_go_first_and_others_are_spread_over_the_time() -> None:
    days = [[ListedArticle(Source(f"{day}-{number}", "", "")) for number in range(3 if day == 7 else 1)]
            for day in range(30)]  # fmt: skip
    chosen = [int(day[0].source.article_id.split("-")[0]) for day in most_reported(days)[:MOST_STEPS]]
    assert chosen[0] == 7
    assert chosen[1:] == [0, 4, 10, 15, 19, 24, 29]


def test_what_happened_in_a_time_is_of_that_time(archive: Archive, demo: Prepared) -> None:
    reply = answered(archive, "What happened in March 2005?")
    march = reply.question.period
    assert march
    sources = [quote.source for quote in reply.citations]
    dates = demo.store.event_dates({source.article_id for source in sources})
    assert len(sources) > 2
    assert reply.intent is Intent.CHRONOLOGY
    assert all(article_fit(march, source, dates.get(source.article_id)) for source in sources)


def test_a_topic_in_a_time_is_told_by_the_reports_of_that_time(archive: Archive, demo: Prepared) -> None:
    reply = answered(archive, "Una lista de las operaciones policiales que hubo en España después de 2005")
    later = reply.question.period
    assert later
    sources = {quote.source.article_id: quote.source for quote in reply.citations}
    dates = demo.store.event_dates(set(sources))
    assert len(sources) > 3
    assert all(article_fit(later, source, dates.get(name)) for name, source in sources.items())


@pytest.mark.parametrize(
    ("question", "name"),
    [("Who is Enrique Múgica?", "mugica"), ("What is Europol?", "europol"), ("quien es alonso", "alonso")],
)
def test_a_subject_is_told_by_sentences_that_name_it(archive: Archive, question: str, name: str) -> None:
    reply = answered(archive, question)
    assert reply.intent is Intent.PROFILE
    assert all(stems(name) & stems(statement.text) for statement in reply.statements)
    assert not any(quote.marked for quote in reply.citations[1:]), "only what surely answers is marked"


def test_who_somebody_is_stands_in_one_line(archive: Archive) -> None:
    reply = answered(archive, "Who is Enrique Múgica?")
    assert reply.direct
    assert "ombudsman" in reply.direct.text


def test_who_is_asked_for_by_an_office_or_in_small_letters_is_known(archive: Archive) -> None:
    for question in ("Who is Minister Alonso?", "who is alonso", "give me a profile of mugica"):
        assert re.search("Alonso|Múgica", answered(archive, question).statements[0].text)


@pytest.mark.parametrize("question", ["Who is Susan Schneider?", "Tell me about the International Criminal Court"])
def test_a_subject_that_no_article_names_is_refused_with_what_comes_nearest(archive: Archive, question: str) -> None:
    refusal = archive.ask(question)
    assert isinstance(refusal, Refusal)
    assert refusal.reason != NOTHING
    assert refusal.nearest


def test_what_a_body_did_is_told_without_how_many_were_arrested(archive: Archive) -> None:
    assert not answered(archive, "Explícame qué es Eurojust y qué pintaba en estas operaciones").conflicts


@pytest.mark.parametrize(
    ("question", "is_on_events"),
    [
        ("Sum up the raids of March 2005", True),
        ("Sum up the bridge collapse", True),
        ("Sum up the bridge collapse in Velm", True),
        ("Explain what Eurojust is", False),
        ("Tell me about José Alonso", False),
    ],
)
def test_figures_that_differ_stand_beside_events_whether_they_have_a_name_or_not(
    question: str, is_on_events: bool
) -> None:
    analysis = QuestionAnalysis(
        coverage=lambda: Coverage(0), policy=packaged_policy(), rewriting=QueryRewriting(lambda _: Leaning.ALONE)
    )
    assert Evidence(analysis.analyze(ConversationTurn(Question(question)))).is_on_events is is_on_events


def test_a_list_of_events_is_not_filled_with_one(archive: Archive) -> None:
    reply = answered(archive, "Dame una lista de las operaciones en España entre 2005 y 2008, con los detenidos")
    names = [statement.event.name for statement in reply.statements if statement.event]
    assert max(map(names.count, names)) <= OF_EACH
    assert len(set(names)) >= 4


def test_the_steps_of_a_case_up_to_its_court_news_are_told_though_courts_are_asked_for(archive: Archive) -> None:
    reply = answered(archive, "timeline of the Cerbero case, from the first complaint up to the last court news")
    assert reply.intent is Intent.CHRONOLOGY
    assert reply.citations[-1].source.article_id.startswith("2007-01-02")


DATA_KEPT = {
    "2005-03-17-el-pais-ombudsman-connection-data", "2005-03-24-edri-data-retention-plans",
    "2006-01-18-agence-europe-and-edri-directive-vote", "2006-03-01-edri-council-adopts-directive",
    "2014-04-08-eur-lex-digital-rights-ireland", "undated-bird-and-bird-spain-law-25-2007",
    "undated-law-note-four-texts",
}  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        "Can I have a timeline of Europe's rules on keeping phone and internet data, with the court cases?",
        "Cronología de la norma europea de guardar los datos de teléfono e internet, hasta que la tumbaron",
    ],
)
def test_a_matter_without_a_name_is_told_of_its_own_reports(archive: Archive, question: str) -> None:
    told = [quote.source.article_id for quote in answered(archive, question).citations]
    assert set(told) <= DATA_KEPT
    assert len(set(told)) >= 5
    assert told[-1] == "2014-04-08-eur-lex-digital-rights-ireland"


def test_what_papers_differ_on_is_told_as_it_is_asked(archive: Archive) -> None:
    asked = "The papers can't seem to agree on how many people were arrested in March 2005. Who says what?"
    of_people = answered(archive, asked)
    assert of_people.conflicts
    assert {conflict.about for conflict in of_people.conflicts} == {PEOPLE}
    of_number = answered(archive, "Every paper says something else about the 500. What exactly did each report?")
    assert all(any(party.value == 500 for party in conflict.parties) for conflict in of_number.conflicts)


def test_who_says_what_of_a_number_that_counts_one_thing_here_and_another_there(archive: Archive) -> None:
    reply = answered(archive, "Every paper says something else about the 900. What exactly did each report?")
    assert reply.intent is Intent.DISAGREEMENT
    assert not reply.conflicts
    assert all("900" in quote.text for quote in reply.citations)
    assert len({quote.source.article_id for quote in reply.citations}) == len(reply.citations) >= 4


def test_differences_are_those_on_the_event_that_is_named(archive: Archive) -> None:
    reply = answered(archive, "Tell me all you have on Landmark, including where the newspapers disagree.")
    assert {"130", "up to 130"} <= {party.said for party in reply.parties}
    assert {party.quote.source.article_id for party in reply.parties} == {
        "2001-11-29-bbc-and-el-pais-operation-landmark"
    }


def test_a_list_with_members_in_many_reports_quotes_several_events(archive: Archive) -> None:
    reply = answered(archive, "Dime todas las operaciones en España entre 2005 y 2008, con los detenidos de cada una")
    assert len({statement.event for statement in reply.statements}) >= 4


def test_a_summary_of_all_reaches_to_the_last_report(archive: Archive) -> None:
    dates = [item.event.date for item in answered(archive, "What is this archive about?").statements if item.event]
    assert (dates[0], dates[-1]) == ("2001-11-28", "2014-04-08")


@pytest.mark.parametrize("text", ["Summarise the case", "timeline", "What is the latest?", "Tell me about Cerbero"])
def test_what_a_question_is_held_to_holds_for_steps_too(archive: Archive, text: str) -> None:
    of_one = archive.ask(Question(text, outlet="Irish Times"))
    assert {"The Irish Times" in (quote.source.summarises or "") for quote in of_one.citations} == {True}
    of_march = archive.ask(Question(text, published_from=date(2005, 3, 1), published_until=date(2005, 3, 31)))
    assert {(quote.source.published or date.max).strftime("%Y-%m") for quote in of_march.citations} == {"2005-03"}
    spanish = archive.ask(Question(text, language="es"))
    assert {quote.source.language for quote in spanish.citations} == {"es"}


@pytest.mark.parametrize(
    "question",
    [
        "What happened in the raids in Portugal, and what did the police say?",
        "What is the row over Orvik Shipyards about?",
        "Timeline of the Halden inquiry, please",
    ],
)
def test_of_a_matter_that_no_report_names_nothing_is_told(archive: Archive, question: str) -> None:
    assert isinstance(archive.ask(question), Refusal)


def test_what_is_asked_in_vague_words_is_told_of_its_own_reports(archive: Archive) -> None:
    reply = answered(archive, "What has happened with the EU's data retention rules, and what did the court say?")
    assert reply.intent in (Intent.OVERVIEW, Intent.CHRONOLOGY)
    assert {quote.source.article_id for quote in reply.citations} <= DATA_KEPT


def test_an_outlet_that_tells_of_other_things_alone_says_nothing_on_a_matter(archive: Archive) -> None:
    assert isinstance(archive.ask("What did Libertad Digital report on data retention?"), Refusal)
    assert isinstance(archive.ask("What did El País report on Operación Bachata?"), Answer)


def test_of_a_name_that_reports_in_another_language_do_not_hold_nothing_is_told(
    archives: Archives, tmp_path: Path
) -> None:
    body = "Salvamento Marítimo remolcó ayer el barco hasta el puerto. Salvamento Marítimo envió un helicóptero.\n"
    (tmp_path / "barco.md").write_text(f"---\ntitle: Remolcado el barco\npublished: 2020-01-02\n---\n{body}")
    at_sea = archives.open("a ship", [str(tmp_path / "*.md")]).archive
    assert isinstance(at_sea.ask("Summarise the football World Cup"), Refusal)


def test_reports_without_dates_are_summed_up_too(archives: Archives, tmp_path: Path) -> None:
    reports = (
        "A bridge of Velm closed.",
        "Two ferries sail again.",
        "The mayor resigned.",
        "A school burnt.",
        "It rained.",
    )
    for number, told in enumerate(reports):
        (tmp_path / f"{number}.md").write_text(f"---\ntitle: Report {number}\n---\n{told}\n")
    undated = archives.open("undated reports", [str(tmp_path / "*.md")]).archive
    assert len(answered(undated, "Summarise the case").statements) == 5
    (tmp_path / "dated.md").write_text(
        "---\ntitle: Report\npublished: 2020-01-02\n---\nTwelve boats left the harbour.\n"
    )
    few_dated = archives.open("few dated reports", [str(tmp_path / "*.md")]).archive
    assert len(answered(few_dated, "Summarise the case").statements) == 6


def test_a_summary_of_few_reports_tells_more_of_each(archive: Archive) -> None:
    reply = archive.ask(Question("Summarise the case", outlet="Libertad Digital"))
    assert isinstance(reply, Answer)
    assert len(reply.statements) > 2


@pytest.mark.parametrize(
    "question", ["Bachata y Cerbero: ¿en qué se parecen?", "bachata and cerbero, what's the difference"]
)
def test_a_name_may_begin_a_question_or_stand_in_small_letters(archive: Archive, question: str) -> None:
    reply = answered(archive, question)
    assert reply.intent is Intent.COMPARISON
    assert {"Operación Cerbero", "Operación Bachata"} <= {item.event.name for item in reply.statements if item.event}


def test_who_agrees_is_told_of_the_place_asked_about_last(archive: Archive) -> None:
    reply = answered(archive, "and Brazil?", "How many people were arrested in Spain in Azahar?")
    assert "34 arrests for Brazil" in reply.statements[0].text
    assert reply.agreement is None


def test_two_things_are_told_side_by_side(archive: Archive) -> None:
    for question in ("What is the difference between Cerbero and Azahar?", "Operación Azahar frente a Cerbero"):
        reply = answered(archive, question)
        names = [statement.event.name for statement in reply.statements if statement.event]
        assert {"Operación Cerbero", "Operación Azahar"} <= set(names)
    reply = answered(archive, "What's the difference between Operation Koala and Operation Carousel?")
    assert {quote.source.article_id[:4] for quote in reply.citations} == {"2007", "2008"}


def test_two_events_are_compared_by_how_their_reports_begin(archive: Archive) -> None:
    reply = answered(archive, "Compare operations Azahar and Santiago")
    begun = [quote.start for quote in reply.citations if quote.source.article_id.endswith("operacion-santiago")]
    assert begun == sorted(begun)
    assert begun[0] == 0
    assert len(begun) >= 2
    assert not any("Azahar" in quote.text and "Santiago" in quote.text for quote in reply.citations)


def test_of_two_events_the_same_kind_of_thing_is_told(archive: Archive) -> None:
    reply = answered(archive, "¿En qué se parecen y en qué se diferencian Bachata y Cerbero?")
    bachata, cerbero = (
        [quote.text for quote in reply.citations if quote.source.article_id in reports]
        for reports in ({BACHATA}, {quote.source.article_id for quote in reply.citations} - {BACHATA})
    )
    assert len(bachata) == len(cerbero) == MOST_STEPS // 2
    for of_both in ("19 personas", "denuncia", "im[aá]gene?s"):
        assert all(any(re.search(of_both, text) for text in texts) for texts in (bachata, cerbero))
    assert reply.conflicts, "how many were arrested in Cerbero is told in several ways"
    assert not any(quote.source.correction for quote in reply.citations)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Where do the newspapers contradict each other about Operación Azahar?", {"29", "24"}),
        ("¿En qué no coinciden las fuentes sobre la Operación Azahar?", {"29", "24"}),
        ("Why does every paper give a different number of people arrested in March 2005?", {"19", "20"}),
        ("Where do your sources disagree?", {"about 500", "more than 500"}),
        ("Where do the newspapers contradict each other about the raids of March 2005?", {"500", "about 500"}),
    ],
)
def test_where_sources_differ_is_told_by_what_each_says(archive: Archive, question: str, said: set[str]) -> None:
    reply = answered(archive, question)
    assert reply.intent is Intent.DISAGREEMENT
    assert reply.conflicts
    assert said <= {party.said for party in reply.parties}
    told = [statement.text for statement in reply.statements]
    assert len(told) == len(set(told)) <= MOST_STEPS
    sides = {party.said for party in reply.conflicts[0].parties if party.quote.text in told}
    assert sides == {party.said for party in reply.conflicts[0].parties}, "every side has its quote"
    assert not any(len({party.value for party in c.parties}) == 1 and c.about != PEOPLE for c in reply.conflicts)
    assert not any("countries' police" in party.quote.text for party in reply.parties), "six countries' officers"


def test_where_sources_differ_on_what_was_asked_before(archive: Archive) -> None:
    reply = answered(archive, "And where do the reports differ?", "Tell me about Operación Azahar")
    assert reply.intent is Intent.DISAGREEMENT
    assert {"29", "24"} <= {party.said for party in reply.parties}
    assert all(statement.event and statement.event.name == "Operación Azahar" for statement in reply.statements)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("¿Quién era José Antonio Alonso y qué papel tuvo en todo esto?", "¿Quién era José Antonio Alonso?"),
        ("Tell me about Enrique Múgica and the fuss around his proposal.", "Who is Enrique Múgica?"),
        ("Tell me about Eurojust: what it is", "Tell me about Eurojust"),
        ("What are Europol and Eurojust?", "What are Europol and Eurojust?"),
        ("Who is Michael Kennedy's boss?", "Who is Michael Kennedy's boss?"),
        ("who are they?", "who are they?"),
    ],
)
def test_who_somebody_is_is_read_without_what_else_is_asked(question: str, asked: str) -> None:
    assert asking_who(question) == asked


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("¿Quién era José Antonio Alonso y qué papel tuvo en todo esto?", "El ministro del Interior"),
        ("Explícame qué es Eurojust y qué papel tuvo en estas operaciones", "Eurojust is an EU body in The Hague"),
        ("Tell me about Eurojust: what it is and which of these cases it turned up in", "Eurojust is an EU body"),
        ("Tell me about Enrique Múgica and the fuss around his proposal.", "Spain's ombudsman, Enrique Múgica"),
    ],
)
def test_a_profile_begins_with_who_it_is_whatever_else_is_asked(archive: Archive, question: str, first: str) -> None:
    assert answered(archive, question).statements[0].text.startswith(first)


def test_more_of_somebody_is_what_was_not_told(archive: Archive) -> None:
    asked = "Tell me about Enrique Múgica and the fuss around his proposal."
    told, more = answered(archive, asked), answered(archive, "tell me more", asked)
    assert not {quote.text for quote in told.citations} & {quote.text for quote in more.citations}
    assert any("PRODENI" in quote.text or "ombudsman" in quote.text for quote in more.citations)


def test_where_nothing_is_named_every_event_on_which_sources_differ_is_told_those_of_most_reports_first(
    archive: Archive,
) -> None:
    reply = answered(archive, "Which figures do the newspapers disagree about?")
    names = list(dict.fromkeys(statement.event.name for statement in reply.statements if statement.event))
    assert names[0] == "Operación Cerbero"
    assert {"Operación Azahar", "Operation Landmark"} <= set(names)
    figures = [(party.quote.text, party.said) for conflict in reply.conflicts for party in conflict.parties]
    assert len(figures) == len(set(figures)), "nothing is disputed twice"
    assert len(reply.statements) <= MOST_STEPS < len(figures), "who says the rest is told without quotes of its own"
    assert "The one-year rule backed by the five countries" not in " ".join(text for text, _ in figures)


def test_what_reports_differ_on_is_told_of_what_is_described_and_of_no_other_event(archive: Archive) -> None:
    refusal = archive.ask("How do the reports differ on the Italian-led operation?")
    assert isinstance(refusal, Refusal), "figures that nobody gives otherwise would read like a difference"
    assert refusal.reason == NO_DIFFERENCE
    reply = answered(archive, "On what do the papers differ about the vote in the European Parliament?")
    assert {"387", "378"} == {party.said for party in reply.parties}


def test_where_no_sources_differ_it_says_so(archive: Archive) -> None:
    reply = archive.ask("Do the newspapers contradict each other about Operación Bachata?")
    assert isinstance(reply, Refusal)
    assert reply.reason == NO_DIFFERENCE
    assert not ReplyView(reply).verdict, "that is an answer of its own"


def test_the_chronology_of_a_case_tells_its_late_news_and_no_other_case(archive: Archive) -> None:
    reply = answered(archive, "Hazme una cronología del caso Cerbero, desde la denuncia hasta el Supremo")
    told = [quote.text for quote in reply.citations]
    assert "19 de enero" in told[0] or "19 January" in told[0], "its origin, by whichever report"
    assert told[-1].startswith("El Tribunal Supremo ha dado la razón al juzgado de Burgos")
    assert not any("last December" in text for text in told), "the raids of 2004 are another event"
    assert len(told) == MOST_STEPS


@pytest.mark.parametrize(
    "question", ["Which countries took part in the raids?", "¿Qué países participaron en los registros?"]
)
def test_a_list_begins_with_the_sentence_that_counts_its_members_up(archive: Archive, question: str) -> None:
    reply = answered(archive, question)
    assert reply.intent is Intent.LIST
    assert len(places_in(reply.citations[0].text)) >= 12, "Mexico among them, whose report comes eighteenth"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("thank you", Intent.SMALL_TALK),
        ("are you a robot?", Intent.SERVICE),
        ("Who are you?", Intent.SERVICE),  # a sentence on somebody surely answers that
        ("What can you do?", Intent.SERVICE),
    ],
)
def test_what_asks_nothing_of_the_archive_gets_a_sentence(archive: Archive, text: str, intent: Intent) -> None:
    reply = archive.ask(text)
    assert isinstance(reply, Refusal)
    assert reply.reason == REMARKS[intent]
    assert reply.intent is intent
    assert not ReplyView(reply).verdict
    assert not reply.nearest


def test_who_names_what_articles_name_asks_nothing_of_the_service(archive: Archive) -> None:
    reply = archive.ask("Koala: ¿detenidos en Islandia?")
    assert reply.intent is Intent.FACT
    assert isinstance(reply, Answer) or reply.nearest[0].article_id == "2007-11-06-abc-operation-koala"
    assert archive.ask("Is this run by Reuters?").intent is Intent.SERVICE


def test_a_plain_fact_is_answered_by_one_line(archive: Archive) -> None:
    reply = answered(archive, "How many people did the Guardia Civil arrest in Operación Azahar?")
    assert reply.intent is Intent.FACT
    assert reply.direct
    assert reply.direct.text in reply.statements[0].text


def test_some_words_of_a_sentence_are_no_answer_to_a_question_for_yes_or_no(archive: Archive) -> None:
    reply = answered(archive, "Did the police arrest anyone in Italy?")
    assert "in Italy" in reply.statements[0].text
    assert not reply.statements[0].direct_words
    assert reply.direct is None or reply.direct.text == reply.statements[0].text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who is Enrique Múgica?", "mugica"),
        ("What is the difference between Cerbero and Azahar?", "cerbero azahar"),
        ("Summarise the case", ""),
    ],
)
def test_a_language_model_reads_more_of_it_than_is_quoted(
    demo: Prepared, exact_encoder: Encoder, question: str, words: str
) -> None:
    model = FakeChat("NOT ANSWERED")
    reply = Archive(demo.store, exact_encoder, packaged_reader(), questions=packaged_questions(), model=model).ask(
        question
    )
    assert isinstance(reply, Answer)
    lines = [line for _, user in model.asked for line in user.split("\n") if line.startswith("[")]
    assert sum(line.count(". ") for line in lines) > len(reply.statements)
    articles = [demo.store.article(listed.source.article_id) for listed in demo.store.listed()]
    read = [article for article in articles if any(f"“{article.source.title}”" in line for line in lines)]
    assert {quote.source.article_id for quote in reply.citations} <= {article.article_id for article in read}
    named = Events(articles).by_article  # a report of 16 March 2005 needn't have the name that others gave its event
    on_subject = (
        stems(words) & stems(f"{article.source.title} {article.body} {named[article.article_id].key}")
        for article in read
    )
    assert not words or all(on_subject)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Háblame de la Operación Santiago", "santiago"),
        ("Tell me about Operation Koala", "koala"),
        ("what is this whole Cerbero thing about?", "cerbero"),
    ],
)
def test_an_event_is_told_by_how_its_reports_begin(archive: Archive, question: str, words: str) -> None:
    reply = answered(archive, question)
    assert 3 <= len(reply.statements) <= 8
    days = [quote.source.published for quote in reply.citations]
    assert [day for day in days if day] == sorted(day for day in days if day)
    assert any(words in archive.article(quote.source.article_id).body.lower() for quote in reply.citations)
    assert len({statement.event for statement in reply.statements}) == 1
    assert any(words not in quote.text.lower() for quote in reply.citations), "few sentences of it name it"
    assert not any(quote.marked for quote in reply.citations)


def test_what_a_question_leaves_out_is_not_what_it_means(archive: Archive) -> None:
    reply = answered(archive, "aparte de Cerbero, ¿qué otras operaciones hubo?")
    assert not any(limit.words for limit in reply.limits)
    assert not any("cerbero" in quote.text.lower() for quote in reply.citations)


def test_what_names_both_sides_is_told_of_neither(archive: Archive) -> None:
    reply = answered(archive, "What's the difference between Eurojust and Europol?")
    assert not any("Eurojust" in quote.text and "Europol" in quote.text for quote in reply.citations)
    assert "Europol is" in reply.citations[-1].text


def test_three_things_are_told_side_by_side(archive: Archive) -> None:
    reply = answered(archive, "What's the difference between Eurojust, Europol and IberRed?")
    for name, others in (("Eurojust", {"Europol", "IberRed"}), ("Europol", {"Eurojust"}), ("IberRed", {"Europol"})):
        assert any(name in quote.text and not any(o in quote.text for o in others) for quote in reply.citations)


def test_nearest_words_are_left_to_the_reader(archive: Archive) -> None:
    reply = archive.ask("Which rapporteur did not stand by the text?")
    assert isinstance(reply, Refusal)
    assert "Alexander Alvaro" in reply.closest[0].text
    view = ReplyView(reply)
    assert view.verdict == "The archive has no sure answer to this."
    assert "judge for yourself" in view.reason


def test_no_name_begins_within_a_word() -> None:
    assert names_in("IberRed") == []
    assert names_in("¿Qué diferencia hay entre IberRed y Eurojust?") == ["IberRed", "Eurojust"]
    assert names_in("Who is Enrique Múgica?") == ["Enrique Múgica"]


def test_a_person_who_is_left_out_is_not_the_answer(archive: Archive) -> None:
    reply = archive.ask("Which minister other than José Montilla was asked?")
    assert not (isinstance(reply, Answer) and reply.direct and "Montilla" in reply.direct.text)


def test_who_wants_more_gets_what_was_not_told_yet(archive: Archive) -> None:
    before = answered(archive, "Tell me about Operation Azahar")
    more = answered(archive, "tell me more", "Tell me about Operation Azahar")
    assert not {quote.text for quote in before.citations} & {quote.text for quote in more.citations}
    articles = {quote.source.article_id for quote in before.citations}
    assert {quote.source.article_id for quote in more.citations} <= articles


def test_who_wants_more_on_a_fact_is_told_of_its_event(archive: Archive) -> None:
    more = answered(archive, "tell me more", "How many people were arrested in Operation Azahar?")
    begun = answered(archive, "Tell me about Operation Azahar")
    assert [quote.text for quote in more.citations] == [quote.text for quote in begun.citations]


def test_a_figure_that_each_event_has_stands_with_its_event(archive: Archive) -> None:
    direct = ReplyView(answered(archive, "How many people were arrested in Spain?")).direct
    assert direct
    assert direct.lead == "Depending on the case"
    of_case = set(direct.words.split("; "))
    assert any(words.startswith("121") and words.endswith("(Operation Carousel)") for words in of_case)
    # Of Cerbero the sources have other figures, too.
    assert any(words.startswith("19, ") and words.endswith("(Operación Cerbero)") for words in of_case)
    of_one = answered(archive, "How many people were arrested in Spain in Operación Azahar?")
    line = ReplyView(of_one).direct
    assert line
    assert line.lead != "Depending on the case"
    # Those who were arrested, not the searches, of which there were as many in Spain.
    assert all("24" in quote.text and "search" not in quote.text for quote in list(of_one.citations)[:1])


@pytest.mark.parametrize(
    ("question", "intents"),
    [
        ("Which operations does the archive cover?", {Intent.LIST}),
        ("List every police operation and how many arrests each one led to", {Intent.LIST}),
        ("Give me a timeline of all the police operations", {Intent.CHRONOLOGY}),
        ("Summarise the operations", {Intent.OVERVIEW, Intent.CHRONOLOGY}),
    ],
)
def test_of_all_events_of_a_kind_each_is_told_once_and_in_order(
    archive: Archive, question: str, intents: set[Intent]
) -> None:
    reply = answered(archive, question)
    assert reply.intent in intents
    events = [statement.event for statement in reply.statements]
    names = [event.name for event in events if event]
    assert len(names) == len(events) == len(set(names)) >= 7
    assert {"Operación Cerbero", "Operación Azahar", "Operación Santiago"} <= set(names)
    days = [event.date[:7] for event in events if event and event.date]
    assert days == sorted(days)


def reports_on(folder: Path, operations: Sequence[tuple[str, Sequence[str], Sequence[str]]]) -> str:
    """A folder of reports: each operation's name, its days, of which the last goes on, and a sentence for each."""
    for name, days, sentences in operations:
        for number, sentence in enumerate(sentences):
            day = days[min(number, len(days) - 1)]
            head = f'title: "Operation {name}, part {number}"\noutlet: P{number}\npublished: {day}\nevent_date: "{day}"'
            (folder / f"{name}{number}.md").write_text(f"---\n{head}\nlanguage: en\n---\n\n{sentence}\n", "utf-8")
    return str(folder)


CONDOR = (
    "Police arrested nine people in Operation Condor in Lima.",
    "In Operation Condor, nine suspects were taken to the station of Callao.",
    "Operation Condor ended with searches of homes in the south.",
    "Judges praised Operation Condor as a success.",
    "A lawyer called Operation Condor an outrage.",
    "The minister spoke of Operation Condor in parliament.",
)
PUMA = (
    "Operation Puma began with a complaint in Quito.",
    "A van was stopped in Operation Puma near Cuenca.",
    "Operation Puma led investigators to a warehouse full of tobacco.",
    "The trial on Operation Puma opened with the reading of charges.",
)


@pytest.fixture(scope="module")
def two_operations(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("reports")
    days = [f"2019-0{month}-10" for month in (4, 5, 6, 7)]
    return archives.open(
        "two_operations", [reports_on(folder, [("Condor", ["2019-03-05"], CONDOR), ("Puma", days, PUMA)])]
    ).archive


def test_what_has_fewer_reports_on_more_days_is_not_reported_most(two_operations: Archive) -> None:
    direct = ReplyView(answered(two_operations, "What is this about?")).direct
    assert direct
    assert direct.line == "Reported most: Operation Condor, 5 March 2019"


def test_more_of_the_whole_is_not_what_the_whole_was_told_with(two_operations: Archive) -> None:
    told = answered(two_operations, "What is this about?")
    more = answered(two_operations, "Tell me more", "What is this about?")
    assert not {quote.text for quote in told.citations} & {quote.text for quote in more.citations}


def test_the_figure_of_an_event_on_which_sources_differ_stands_with_the_others(
    archives: Archives, tmp_path: Path
) -> None:
    condor = [f"Police arrested {count} people in Peru in Operation Condor on Monday." for count in ("nine", "14")]
    puma = ["Police arrested 30 people in Peru in Operation Puma on Tuesday."]
    folder = reports_on(tmp_path, [("Condor", ["2019-03-04"], condor), ("Puma", ["2019-08-06"], puma)])
    archive = archives.open("differing_operations", [folder]).archive
    direct = ReplyView(answered(archive, "How many people were arrested in Peru?")).direct
    assert direct
    assert re.search(r"30(?: people)? \(Operation Puma\)", direct.words)
    assert "9 or 14 (Operation Condor)" in direct.words


def test_of_an_event_that_one_report_tells_of_more_is_told(archive: Archive) -> None:
    reply = answered(archive, "Tell me about Operación Santiago")
    told = [statement.text for statement in reply.statements]
    assert len(told) > OF_EACH
    assert any("81 searches in 30 provinces" in text for text in told)


def test_a_report_of_thousands_of_sentences_is_told_soon() -> None:
    """One by one its sentences lose to those of other reports: each looked at once is enough."""
    source, text = article("long", "x").source, "It rained on the pier. "
    spans = tuple(Span(n * len(text), (n + 1) * len(text) - 1) for n in range(4_000))
    hits = [Hit(Passage(source, 0, 4_000 * len(text), text * 4_000, spans), 0.0)]
    vectors = [np.zeros((4_000, 2), np.float32)]
    store, topics, encoder = Mock(), Mock(), Mock()
    store.sentence_vectors.return_value, topics.of.return_value = vectors, [np.arange(4_000, dtype=np.float32)]
    encoder.encode_question.return_value = np.zeros(2, np.float32)
    matters = MatterRetrieval(Mock(find=Mock(return_value=hits)), encoder, store, topics)
    begun = time.thread_time()
    assert len(matters.sentences(Question("What of the rain?"), limit=8)) == OF_EACH
    assert time.thread_time() - begun < 1


@pytest.mark.parametrize(
    ("sentence", "marked", "says"),
    [
        ("Ann Lee, the port minister, came.", "the port minister", True),
        ("The port minister, Ann Lee, came.", "The port minister", True),
        ("Lee, in office since May, is the port minister.", "the port minister", True),
        ("Yesterday the port minister Ann Lee came.", "the port minister Ann Lee", True),
        ("Ann Lee met Carl Orne, the port minister.", "the port minister", False),
        ("Lee's husband, the banker Tom Orne, came.", "the banker", False),
        ("The minister told reporters that Lee had left.", "The minister", False),
        ("Carl Orne, an adviser to the minister, said Lee had left.", "an adviser to the minister", False),
        ("The mayor, Ann Lee, asked the port minister, Carl Orne, to come.", "Carl Orne", False),
        ("Ann Lee came.", "Ann", False),
        ("Ann Lee came.", "", True),
    ],
)
def test_who_somebody_is_is_said_beside_the_name(sentence: str, marked: str, says: bool) -> None:
    passage = Passage(Source("a", "Title", "Post"), 0, len(sentence), sentence, (Span(0, len(sentence)),))
    answer = Span(sentence.index(marked), sentence.index(marked) + len(marked)) if marked else None
    item = SentenceHit(Hit(passage, 1.0), Span(0, len(sentence)), 2.0, answer=answer)
    assert _says_of_it(item, lambda text: "lee" in stems(text), by_name=True) is says


@pytest.mark.parametrize("name", ["Bachata", "koala", "INHOPE", "mugica", "Azahar"])
def test_a_name_of_the_archive_alone_is_looked_up(archive: Archive, name: str) -> None:
    reply = answered(archive, name)
    assert all(fold(name) in fold(quote.text + quote.source.title) for quote in reply.citations[:1])


def test_a_name_alone_that_leans_asks_what_was_asked_before_it(demo: Prepared) -> None:
    analysis = QuestionAnalysis(
        coverage=demo.store.coverage,
        policy=packaged_policy(),
        rewriting=QueryRewriting(lambda question: Leaning.LEANS if question == "Azahar?" else Leaning.ALONE),
        names_alone="Azahar?".__eq__,
    )
    before = ("How many people were arrested in Operación Bachata?",)
    assert analysis.analyze(ConversationTurn(Question("Azahar?"), before)).asked.intent is Intent.FACT
    assert analysis.analyze(ConversationTurn(Question("Azahar?"))).asked.intent is Intent.PROFILE


def test_who_holds_an_office_is_told_by_name_and_the_next_in_a_list_says_nothing_of_one() -> None:
    def saying(text: str, marked: str, subject: str, *, by_name: bool) -> bool:
        passage = Passage(Source("a", "Title", "Post"), 0, len(text), text, (Span(0, len(text)),))
        answer = Span(text.index(marked), text.index(marked) + len(marked))
        item = SentenceHit(Hit(passage, 0.0), Span(0, len(text)), 0.0, answer=answer)
        return _says_of_it(item, lambda words: subject in stems(words), by_name=by_name)

    assert saying("Fire Chief Curtis Lam said so.", "Curtis Lam", "chief", by_name=False)
    listed = "On Tuesday Ann Lee, Luis Gil and Tom Roe pleaded not guilty."
    assert not saying(listed, "Luis Gil and Tom Roe", "lee", by_name=True)
    assert saying("Ann Lee, a consultant, pleaded not guilty.", "a consultant", "lee", by_name=True)


def test_a_month_has_what_was_reported_the_day_after_and_not_what_a_later_report_recalls(
    archives: Archives, tmp_path: Path
) -> None:
    reports = {
        "2021-07-12 Ferry to Halden halted": "The ferry to Halden was halted on Sunday after a fire on board.",
        "2021-08-01 Hundreds march in Halden": "Hundreds marched through Halden yesterday against the halt.",
        "2021-08-05 Bridge open again": "The Molino Bridge, which had closed on 30 July, reopened on Wednesday.",
    }
    for title, body in reports.items():
        day, headline = title.split(" ", 1)
        front = f"---\ntitle: {headline}\noutlet: Post\ndate: {day}\n---\n"
        (tmp_path / f"{day}.md").write_text(f"{front}{body}\n", encoding="utf-8")
    reply = answered(archives.open("july", [str(tmp_path / "*.md")]).archive, "What happened in July 2021?")
    told = " ".join(quote.text for quote in reply.citations)
    assert "ferry to Halden was halted" in told
    assert "Hundreds marched" in told
    assert "Molino" not in told


@pytest.mark.parametrize(
    ("question", "body", "told"),
    [
        (
            "What happened since June 2020?",
            "In April 2020 a judge took it. The court fined the port.",
            "The court",
        ),
        ("Summarise the case", "(Published first in El Faro in Orvik.) The court fined the port of Velm.", "The court"),
    ],
)
def test_a_report_is_told_by_what_is_of_the_time_and_no_remark(
    archives: Archives, tmp_path: Path, question: str, body: str, told: str
) -> None:
    (tmp_path / "port.md").write_text(f"---\ntitle: Report\npublished: 2020-07-02\n---\n{body}\n")
    reply = answered(archives.open(question, [str(tmp_path / "*.md")]).archive, question)
    assert reply.citations[0].text.startswith(told)


def test_of_each_of_three_events_what_is_nearest_to_the_question_is_told(archive: Archive) -> None:
    reply = answered(archive, "Compare Azahar, Bachata and Cerbero")
    assert reply.conflicts


def test_a_month_with_room_for_more_has_what_its_reports_say_next(archives: Archives, tmp_path: Path) -> None:
    told = {
        "04": "The ferry to Halden was halted. Divers looked at the hull for hours.",
        "11": "A fire closed the Molino market. Two bakers were treated for burns.",
        "18": "Farmers blocked the road to Velm. Milk was poured onto the bridge.",
        "25": "The mayor of Orvik resigned. A deputy takes over until autumn.",
    }
    for day, body in told.items():
        front = f"---\ntitle: Report {day}\noutlet: Post\ndate: 2021-07-{day}\n---\n"
        (tmp_path / f"{day}.md").write_text(f"{front}{body}\n", encoding="utf-8")
    reply = answered(archives.open("four events", [str(tmp_path / "*.md")]).archive, "What happened in July 2021?")
    assert " ".join(quote.text for quote in reply.citations) == " ".join(told.values())


@pytest.mark.parametrize(
    "question",
    [
        "Give me a list of the police operations in the archive with the number of arrests in Spain for each",
        "Hazme una lista de las operaciones de las que hay noticias y cuántos detenidos hubo en España en cada una",
    ],
)
def test_of_all_events_of_a_kind_each_is_told_once_in_order(archive: Archive, question: str) -> None:
    reply = answered(archive, question)
    assert reply.intent is Intent.LIST
    names = [statement.event.name for statement in reply.statements if statement.event]
    assert len(set(names)) == len(names) == len(reply.statements) >= 8
    assert {"Operation Landmark", "Operación Bachata", "Operación Tabú", "Operation Carousel"} <= set(names)
    days = [statement.event.date for statement in reply.statements if statement.event and statement.event.date]
    assert days == sorted(days)
    assert any("121 people were arrested in Spain" in quote.text for quote in reply.citations)


@pytest.mark.parametrize("question", ["Which operations took place in Sweden?", "Which operations were in Peru?"])
def test_what_only_some_events_may_be_is_not_told_of_each(archive: Archive, question: str) -> None:
    assert isinstance(archive.ask(question), Refusal)


def test_how_many_in_each_event_is_told_case_by_case_with_what_sources_say_differently(archive: Archive) -> None:
    reply = answered(archive, "How many people were arrested in each operation?")
    view = ReplyView(reply)
    assert view.direct
    assert view.direct.line.startswith("Depending on the case")
    assert reply.conflicts


def test_a_list_of_events_keeps_to_the_time_asked_about(archive: Archive) -> None:
    reply = answered(archive, "¿Qué operaciones hubo en 2006 y con qué resultado?")
    names = {statement.event.name for statement in reply.statements if statement.event}
    assert names == {"Operación Azahar", "Operación Bachata", "Operación Tabú"}


def test_what_is_named_beside_the_events_stands_in_the_reports_of_each(archive: Archive) -> None:
    reply = answered(archive, "¿En qué operaciones participó la Guardia Civil y cuántos arrestos hizo en cada una?")
    names = {statement.event.name for statement in reply.statements if statement.event}
    assert names == {"Operation Landmark", "Operación Cerbero", "Operación Azahar", "Operación Bachata"}


def test_who_lists_what_belongs_to_one_event_is_not_told_of_all(archive: Archive) -> None:
    reply = answered(archive, "Which countries had arrests in Operation Koala, and how many each?")
    assert {statement.event.name for statement in reply.statements if statement.event} == {"Operation Koala"}


def test_each_of_several_subjects_is_told_in_the_order_named(archive: Archive) -> None:
    reply = answered(archive, "Explícame qué es cada uno de esos organismos: Eurojust, Europol e INHOPE")
    begins = [next(n for n, q in enumerate(reply.citations) if q.text.startswith(f"{name} is")) for name in SUBJECTS]
    assert begins == sorted(begins)
    assert len(reply.citations) == len({quote.text for quote in reply.citations}) <= 2 * len(SUBJECTS)


def test_of_several_people_what_is_on_all_stands_first_and_what_their_lawyers_say_behind_what_they_did(
    archives: Archives, tmp_path: Path
) -> None:
    reports = {
        "2021-12-09": "The lawyer of Tejeda, Ana Quiles, called the search of her house a spectacle. It rained.",
        "2022-11-08": "Gerald Whitcombe's lawyer said he had trusted his staff. Julian Sax's lawyer was not in court.",
        "2022-12-03": "A jury convicted Marisol Tejeda and Julian Sax, and acquitted Gerald Whitcombe.",
        "2023-01-20": "Marisol Tejeda was the buyer of the transit authority of Velm. Julian Sax is a consultant.",
        "2023-02-20": "Gerald Whitcombe was the director of the transit authority of Velm. He keeps bees.",
    }
    for day, told in reports.items():
        (tmp_path / f"{day}.md").write_text(f"---\ntitle: Report of {day}\npublished: {day}\n---\n{told}\n")
    velm = archives.open("three accused", [str(tmp_path / "*.md")]).archive
    texts = [quote.text for quote in answered(velm, "Who are Tejeda, Sax and Whitcombe?").citations]
    assert texts[0].startswith("A jury convicted")
    assert not any("lawyer" in text for text in texts)
    assert [text.split(" ")[1] for text in texts[1:]] == ["Tejeda", "Sax", "Whitcombe"]


@pytest.mark.parametrize(
    ("sentence", "name", "owner_alone"),
    [
        ("Gerald Whitcombe's lawyer said he had trusted his staff.", "Whitcombe", True),
        ("El abogado de Tejeda, Bernardo Quiles, lo negó.", "Tejeda", True),
        ("Mr. Torres’ office was closed.", "Torres", True),
        ("Gerald Whitcombe's lawyer said that Whitcombe had left.", "Whitcombe", False),
        ("Marisol Tejeda defends the choice of her lawyer.", "Tejeda", False),
        ("La jueza condenó ayer a treinta meses de prisión al marido de Tejeda.", "Tejeda", False),
        ("Rain fell.", "Tejeda", False),
    ],
)
def test_whose_lawyer_speaks_is_only_named_as_that(sentence: str, name: str, owner_alone: bool) -> None:
    assert _names_owner_alone(sentence, lambda text: name in text) is owner_alone


def test_of_figures_that_differ_whole_conflicts_are_quoted_the_first_of_each_matter_first() -> None:
    def sides(matter: str, *numbers: int) -> list[tuple[str, Span]]:
        return [(matter, Span(number, number + 1)) for number in numbers]

    first, second, other = sides("a", 1, 2, 3, 4), sides("a", 5, 6, 7), sides("b", 1, 2)
    assert quoted_sides([[first, second], [other]]) == {*first, *other}
    assert quoted_sides([[first, second]]) == {*first, *second}
    assert quoted_sides([[sides("a", *range(12)), other]]) == {*sides("a", *range(MOST_STEPS))}


def test_two_events_stand_side_by_side_where_a_sentence_only_may_answer(archive: Archive) -> None:
    question = "Compárame Cerbero con Bachata, que me lío: en las dos salen los mismos detenidos, ¿no?"
    reply = answered(archive, question)
    names = {statement.event.name for statement in reply.statements if statement.event}
    assert names == {"Operación Cerbero", "Operación Bachata"}


def test_names_in_a_row_are_asked_about_one_by_one() -> None:
    assert one_by_one("What are Eurojust, Europol and INHOPE?") == [
        "What are Eurojust?",
        "What are Europol?",
        "What are INHOPE?",
    ]
    assert one_by_one("Who is Michael Kennedy of Eurojust?") == []
    assert one_by_one("What is Eurojust?") == []


def test_what_happened_in_a_month_is_told_of_each_event_and_of_days_that_only_others_date(archive: Archive) -> None:
    told = answered(archive, "¿Qué ocurrió en marzo de 2005, día por día?")
    texts = [quote.text for quote in told.citations]
    days = ("15 March", "Reuters", "Múgica", "Canal Grande", "un nuevo detenido")
    places = [next(number for number, text in enumerate(texts) if day in text) for day in days]
    assert places == sorted(places)
    assert not any("500" in text for text in texts), "what most sources contradict"
    assert any("19 personas" in text for text in texts), "more of what most reports are on"
    named = [statement.event.name for statement in told.statements if statement.event]
    assert "Operación Cerbero" in named[:3]
    of_months = answered(archive, "What happened on this subject in October and November 2007?")
    texts = [quote.text for quote in of_months.citations]
    for words in ("Operación Santiago", "Lanzarote Convention", "Operation Koala", "Law 25/2007"):
        assert any(words in text for text in texts)
    assert not any("June" in text for text in texts)


@pytest.mark.parametrize("question", ["Summarise Operación Cerbero", "Timeline of Operación Cerbero"])
def test_an_event_is_told_without_a_figure_that_most_sources_contradict(archive: Archive, question: str) -> None:
    texts = [quote.text for quote in answered(archive, question).citations]
    assert not any("500 people detained" in text or "500 arrests" in text for text in texts)
    assert any("19 personas" in text for text in texts)
    assert any("19 January" in text for text in texts)
    assert any("En abril de 2005" in text for text in texts)


def test_who_asks_what_came_after_is_told_no_step_before_it(archive: Archive) -> None:
    reply = answered(archive, "¿Qué pasó con el caso de Caldas de Reis después de las detenciones?")
    assert {quote.source.article_id for quote in reply.citations} == {"2007-01-02-la-voz-de-galicia-supremo-caldas"}


@pytest.mark.parametrize(("aside", "told_first"), [(0.55, "The clerk was convicted."), (0.6, "The judge is new.")])
def test_a_matter_is_told_by_how_its_reports_begin_but_for_a_much_surer_aside(aside: float, told_first: str) -> None:
    text = "The clerk was convicted. The judge is new."
    source = Source("a", "Clerk convicted", "Post", published=date(2020, 3, 10))
    hits = [Hit(Passage(source, 0, len(text), text, (Span(0, 24), Span(25, 42))), 0.0)]
    store, topics, encoder = Mock(), Mock(), Mock()
    store.sentence_vectors.return_value = [np.eye(2, dtype=np.float32)]
    topics.of.return_value = [np.array([0.5, aside], np.float32)]
    encoder.encode_question.return_value = np.zeros(2, np.float32)
    matters = MatterRetrieval(Mock(find=Mock(return_value=hits)), encoder, store, topics)
    assert (
        next(hit.text for hit in matters.sentences(Question("What of the case?"), limit=8, leading=True)) == told_first
    )
