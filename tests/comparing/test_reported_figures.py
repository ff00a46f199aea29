"""When two figures contradict each other: units, rounding, status, bounds, places."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answering.conflicts import _covered, asks_for_count
from qa.answering.reported_figures import Report, ReportedFigure, Ties, differ, same_event
from qa.models.archive import Article, Passage, Source, Span
from qa.models.replies import Hit, SentenceHit
from qa.text.annotating import annotate


def first_figure(body: str, name: str = "a", day: int = 4, event_date: str | None = None) -> ReportedFigure:
    source = Source(name, "Accident at Halden", name, published=date(2010, 5, day))
    passage = Passage(source, 0, len(body), body, (Span(0, len(body)),))
    article = Article(source, body, event_date=event_date)
    annotations = annotate(article)
    return ReportedFigure(annotations.figures[0], Report(article, annotations, (passage,)))


@pytest.mark.parametrize(
    ("body", "other", "conflict"),
    [
        ("12 people were killed.", "15 people were killed.", True),
        ("12 people were killed.", "Murieron 12 personas.", False),
        ("12 people were killed.", "Murieron 15 personas.", True),
        ("About 20 people were killed.", "19 people were killed.", False),
        ("About 20 people were killed.", "30 people were killed.", True),
        ("At least 12 people were killed.", "15 people were killed.", False),
        ("At least 15 people were killed.", "12 people were killed.", True),
        ("Up to 130 people were killed.", "130 people were killed.", False),
        ("Hundreds of people were killed.", "200 people were killed.", False),
        ("19 people were arrested.", "19 personas fueron detenidas.", False),
        ("19 people were arrested.", "20 personas fueron detenidas.", True),
        ("500 people were arrested.", "About 500 people are expected to be arrested.", True),
        ("19 people were arrested.", "19 people were killed.", False),
        ("12 people were killed.", "15 people were injured.", False),
        ("81 pct of the people voted.", "1,229 people voted.", False),
        ("24 people were arrested in Spain.", "30 people were arrested in Chile.", False),
        ("24 people were arrested in Spain.", "Another 50 people were arrested in Spain.", False),
    ],
)
def test_figures_contradict_each_other(body: str, other: str, conflict: bool) -> None:
    assert differ(first_figure(body), first_figure(other, "b")) is conflict


def test_weekly_figures_of_one_office_are_of_two_events() -> None:
    body = "Halden Motors said it will lay off 3,500 workers at Velm, Torsby and Lund."
    figure, soon = first_figure(body), first_figure(body.replace("3,500", "1,000"), "b", 5)
    later = first_figure(body.replace("3,500", "1,000"), "c", 11)
    ties = Ties([figure.report, soon.report, later.report])
    assert same_event(figure, soon, ties)
    assert not same_event(figure, later, ties)


def test_the_event_dates_of_the_metadata_come_before_the_days_of_publication() -> None:
    body = "Twelve people were killed at Halden, said Karl Moe of Orvik."
    figure, same = first_figure(body, event_date="2010-05-03"), first_figure(body, "b", 24, "2010-05-03")
    other = first_figure(body, "c", 4, "2010-04-20")
    ties = Ties([figure.report, same.report, other.report])
    assert same_event(figure, same, ties)
    assert not same_event(figure, other, ties)


def test_in_one_article_a_sentence_of_its_own_date_tells_of_something_else() -> None:
    body = "Rebels killed 18 soldiers at Velm, the army said. On 2 May 2010, 19 soldiers were killed at Lund."
    figure = first_figure(body)
    later = ReportedFigure(figure.report.annotations.figures[1], figure.report)
    assert not same_event(figure, later, Ties([figure.report]))


@pytest.mark.parametrize(
    ("text", "answer", "counted"),
    [
        ("It concerned 2,500 customers in 19 countries.", "2,500 customers in 19 countries", ["2,500"]),
        (
            "It led to 21 arrests in France and 11 arrests in Spain.",
            "21 arrests in France and 11 arrests",
            ["21", "11"],
        ),
    ],
)
def test_of_an_answer_what_its_first_figure_counts_is_compared_and_of_a_whole_sentence_all(
    text: str, answer: str, counted: list[str]
) -> None:
    report = first_figure(text).report
    figures, start = report.figures, text.index(answer)
    span = Span(start, start + len(answer))

    def words(whole: bool) -> list[str]:
        found = _covered(figures, report.source.article_id, span, whole=whole)
        return [text[item.figure.span.start : item.figure.span.end].split()[0] for item in found]

    assert words(whole=False) == counted
    assert len(words(whole=True)) == 2


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many people were arrested?", True),
        ("What was the number of people arrested?", True),
        ("¿Cuál fue el número de detenidos?", True),
        ("arrests in Halden", True),
        ("Were 19 people arrested?", True),
        ("How did the minister react?", False),
        ("Who was arrested in Halden?", False),
        ("When did it happen?", False),
    ],
)
def test_sources_are_compared_on_a_figure_that_is_asked_for(question: str, asked: bool) -> None:
    body = "19 people were arrested in Halden."
    passage = Passage(Source("a", "Title", "Post"), 0, len(body), body, (Span(0, len(body)),))
    item = SentenceHit(Hit(passage, 1.0), Span(0, len(body)), 2.0, answer=Span(0, 9), likelihood=0.9)
    assert asks_for_count(question, [item]) is asked
