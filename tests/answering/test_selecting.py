from __future__ import annotations

from dataclasses import replace
from datetime import date
from unittest.mock import Mock

import pytest

from qa.answering.composing import ReplyComposition
from qa.answering.policy import packaged_policy
from qa.answering.selecting import (
    ANSWERS,
    FURTHER,
    MOST,
    confirming,
    counting,
    fullest_first,
    located,
    nearest_sources,
    quoted,
    quoted_span,
    select,
)
from qa.errors import NotFound
from qa.models.annotations import Annotations
from qa.models.archive import Article, Passage, Source, Span
from qa.models.replies import FACT, SURE, Answer, Citation, Hit, Outcome, Question, SentenceHit, Statement
from qa.pipeline import verified
from qa.text.annotating import VERSION
from qa.text.sentences import sentence_spans


def evidence(body: str, number: int, likelihood: float, *, article: str = "a", day: date | None = None) -> SentenceHit:
    """The sentence of that number, from 0, of a body that is one passage."""
    spans = sentence_spans(body)
    passage = Passage(Source(article, "Title", "Post", published=day), 0, len(body), body, spans)
    return SentenceHit(Hit(passage, 1.0), spans[number], 2.0, likelihood=likelihood)


def compose(chosen: list[SentenceHit]) -> tuple[Statement, ...]:
    return quoted(chosen, {item.source.article_id: Annotations(1) for item in chosen})


def test_nothing_below_the_threshold_is_shown() -> None:
    answering = evidence("The pier is new.", 0, ANSWERS)
    assert select([replace(answering, likelihood=ANSWERS - 0.01)]) == []
    assert select([answering]) == [answering]
    further = [evidence("The quay is old.", 0, likelihood, article="b") for likelihood in (FURTHER, FURTHER - 0.01)]
    assert [len(select([answering, other])) for other in further] == [2, 1]


@pytest.mark.parametrize(("best", "beside"), [(0.5, 0.2), (0.9, 0.32), (0.97, 0.62)])
def test_beside_what_surely_answers_only_what_is_likely_to_stands(best: float, beside: float) -> None:
    first = evidence("The pier is new.", 0, best)
    others = [evidence("The quay is old.", 0, likelihood, article="b") for likelihood in (beside, beside - 0.04)]
    assert [len(select([first, other])) for other in others] == [2, 1]


def test_where_all_members_are_asked_for_the_sentence_that_names_most_of_them_comes_first() -> None:
    texts = [
        "It was searched in Spain.",
        "It was searched in Spain, Italy and Chile.",
        "Spain, Italy, Chile, Peru and Cuba met.",
    ]
    marked = [evidence(text, 0, likelihood) for text, likelihood in zip(texts, (0.9, 0.7, 0.5), strict=True)]
    items = [replace(item, answer=item.span) for item in marked]
    told = fullest_first(items)
    assert [item.text for item in told] == [texts[1], texts[0], texts[2]], "the last is much less likely"
    assert [item.likelihood for item in told] == [0.7, 0.9, 0.5]
    assert fullest_first([replace(item, likelihood=item.likelihood / 4) for item in items])[0].text == texts[0], (
        "unlikely"
    )
    sure = [replace(items[0], likelihood=0.99), replace(items[1], likelihood=0.8)]
    assert fullest_first(sure) == sure, "the first surely answers"
    fullest = [
        evidence(text, 0, likelihood, article=text) for text, likelihood in zip(texts, (0.9, 0.99, 0.7), strict=True)
    ]
    assert select(fullest) == fullest[:2], "what stands behind is held to the likeliest, wherever that stands"
    assert fullest_first(marked)[0] is not items[1], "what is not marked names none"
    assert fullest_first([]) == []


def test_the_likeliest_comes_first_whenever_it_was_published() -> None:
    texts = ["Pier one opened in May.", "A second quay was dug.", "Ferries changed their route."]
    days = [date(2012, 1, 1), date(2011, 1, 1), date(2010, 1, 1)]
    items = [
        evidence(text, 0, 0.9 - i / 10, article=f"a{i}", day=day)
        for i, (text, day) in enumerate(zip(texts, days, strict=True))
    ]
    assert [item.text for item in select(items)] == texts


def test_what_counts_something_unknown_beside_something_else_may_be_what_is_asked_for() -> None:
    talks = evidence("The talks of three days were attended by 80 referees.", 0, 0.9)
    both = replace(talks, answer=Span(talks.text.index("three"), len(talks.text) - 1))
    assert counting("How many people came to the talks?", [both]) == [both]
    days = replace(talks, answer=Span(talks.text.index("three"), talks.text.index(" were")))
    assert counting("How many people came to the talks?", [days])[0].likelihood < 0.1


def test_what_is_said_of_other_territories_than_those_asked_about_is_less_likely() -> None:
    texts = ["In Brazil the harvest fell by a tenth.", "The harvest fell by a third.", "In Kenya it fell by half."]
    brazil, unplaced, kenya = (
        evidence(text, 0, likelihood, article=f"a{likelihood}")
        for text, likelihood in zip(texts, (0.9, 0.8, 0.7), strict=True)
    )
    fell = located("How much did the harvest fall in Kenya?", [brazil, unplaced, kenya])
    assert [item.text for item in fell] == [texts[1], texts[2], texts[0]]
    assert fell[:2] == [unplaced, kenya]
    named = replace(brazil, answer=Span(3, 9))
    assert located("In which country other than Kenya did it fall?", [named]) == [named], "a place is what answers"
    with_place = replace(brazil, answer=Span(3, 21))
    assert located("How much did the harvest fall in Kenya?", [with_place])[0].likelihood < 0.9
    for question in ("How much did the harvest fall?", "How much did it fall in the European Union?"):
        assert located(question, [brazil]) == [brazil]


def test_the_same_copy_is_shown_once() -> None:
    one = evidence("Police seized 20 boats in the harbour on Monday.", 0, 0.9, article="a")
    copy = evidence("Police seized 20 boats in the harbour on Monday!", 0, 0.8, article="b")
    other = evidence("The boats had been stolen in spring, an officer said.", 0, 0.7, article="c")
    assert select([one, copy, other]) == [one, other]


def test_the_same_words_with_another_number_are_not_the_same_copy() -> None:
    one = evidence("Police arrested 19 people.", 0, 0.9, article="a")
    other = evidence("Police arrested 20 people.", 0, 0.8, article="b")
    assert len(select([one, other])) == 2


def test_never_more_than_four_statements() -> None:
    words = ["Pier", "Quay", "Ferry", "Crane", "Anchor", "Buoy"]
    items = [evidence(f"{word} {word.lower()}ing begins.", 0, 0.9, article=word) for word in words]
    assert len(select(items)) == MOST == 4


def test_a_pronoun_takes_the_sentence_before_along() -> None:
    body = "The minister spoke in Granada. He asked for more time. The court agreed."
    span = quoted_span(evidence(body, 1, 0.9), beside=[])
    assert body[span.start : span.end] == "The minister spoke in Granada. He asked for more time."
    assert quoted_span(evidence(body, 2, 0.9), beside=[]) == evidence(body, 2, 0.9).span
    assert quoted_span(evidence("He asked for more time.", 0, 0.9), beside=[]).start == 0


def test_the_sentence_before_is_not_said_twice() -> None:
    body = "The minister spoke in Granada. He asked for more time. The court agreed."
    leaning, before, last = (evidence(body, number, 0.9) for number in (1, 0, 2))
    together, apart = "The minister spoke in Granada. He asked for more time.", "The minister spoke in Granada."

    def quoted(*items: SentenceHit) -> list[str]:
        return [quote.text for quote in Answer(Question("?"), compose(select(items))).citations]

    assert quoted(leaning, before) == [together]
    assert quoted(before, last, leaning) == [apart, "He asked for more time.", "The court agreed."]


def test_neighbours_from_overlapping_passages_are_quoted_once() -> None:
    body = "The minister spoke in Granada. He asked for more time."
    assert len(select([evidence(body, 1, 0.9), evidence(body, 1, 0.8)])) == 1


def test_nearest_names_each_article_once() -> None:
    items = [evidence("One. Two.", 0, 0.1), evidence("One. Two.", 1, 0.1), evidence("Three.", 0, 0.1, article="b")]
    assert [item.source.article_id for item in nearest_sources(items)] == ["a", "b"]


def test_quotes_are_numbered_without_gaps_and_verified_against_the_stored_body() -> None:
    body = "The pier is new. The quay is old."
    statements = compose([evidence(body, 0, 0.9), evidence(body, 1, 0.8)])
    answer = Answer(Question("?"), statements)
    assert [quote.number for quote in answer.citations] == [1, 2]

    def stored(article_id: str) -> Article:
        return Article(answer.citations[0].source, body)

    def changed(article_id: str) -> Article:
        return Article(answer.citations[0].source, body.replace("new", "old"))

    def gone(article_id: str) -> Article:
        raise NotFound(article_id)

    assert verified(answer, stored)
    assert not verified(answer, changed)
    assert not verified(answer, gone)


def test_a_mark_outside_its_quote_or_a_gap_in_the_numbers_is_caught() -> None:
    source = Source("a", "T", "Post")
    body = "The pier is new."

    def stored(article_id: str) -> Article:
        return Article(source, body)

    def answer(quote: Citation) -> Answer:
        return Answer(Question("?"), (Statement(quote.text, (quote,)),))

    assert verified(answer(Citation(1, source, 0, 16, body, Span(4, 8))), stored)
    assert not verified(answer(Citation(1, source, 0, 16, body, Span(4, 99))), stored)
    assert not verified(answer(Citation(2, source, 0, 16, body)), stored)
    assert not verified(answer(Citation(1, source, 0, 0, "")), stored)


def test_a_figure_that_counts_another_thing_answers_less() -> None:
    body = "On Monday 20 people were held. Boats of 12 countries came."
    persons, countries = (evidence(body, number, likelihood) for number, likelihood in ((0, 0.9), (1, 0.5)))
    persons, countries = (
        replace(item, answer=Span(start, start + 2))
        for item, start in ((persons, body.index("20")), (countries, body.index("12")))
    )
    by_countries = counting("How many countries sent boats?", [persons, countries])
    assert [item.text for item in by_countries] == [countries.text, persons.text]
    assert by_countries[1].likelihood < 0.1
    for question in ("¿Cuántos detenidos hubo?", "How many officers came?", "Where did the boats come from?"):
        assert counting(question, [persons]) == [persons]
    again = counting("How many people were held? And how many countries sent boats?", [persons, countries])
    assert again[0].text == countries.text, "the last asks"
    assert counting("How many boats came?", [persons, countries]) == [persons, countries], "nothing is known of boats"


def test_what_became_of_people_is_what_is_asked_to_have_become_of_them() -> None:
    body = "Ayer fueron detenidas 20 personas. Murieron dos personas y 20 fueron detenidas. Police sent 30 people."
    held, died, sent = (evidence(body, number, 0.9) for number in (0, 1, 2))
    for question in ("How many people died in the raids?", "¿Cuántos muertos hubo?", "how many were hurt or died"):
        assert counting(question, [held])[0].likelihood < 0.1
        assert counting(question, [died, sent]) == [died, sent], "it says so; or nothing of the kind"
    for question in ("How many people were arrested?", "How many of those who died were arrested?", "How many came?"):
        assert counting(question, [held]) == [held]


def test_the_mark_stands_on_the_figure_of_the_country_that_is_asked_about() -> None:
    body = "The arrests were made in Norway (40), France (21) and Spain (11)."
    item = evidence(body, 0, 0.9)
    item = replace(item, answer=Span(body.index("40"), body.index("40") + 2))

    def marked(question: str) -> str:
        (placed,) = counting(question, [item])
        return body[placed.answer.start : placed.answer.end] if placed.answer else ""

    assert marked("How many arrests were there in France?") == "21"
    assert marked("¿Cuántos detenidos hubo en España?") == "11"
    assert marked("How many arrests were there in Norway?") == "40"
    assert marked("How many arrests were there in Italy?") == "40", "nothing is said of it, so the reader's mark stays"
    of_all = "The Guard carried out 500 searches, of which 24 were in Spain, and held 30 people in Norway."
    sum_of_all = replace(evidence(of_all, 0, 0.9), answer=Span(of_all.index("500"), of_all.index("500") + 3))
    for country, figure in (("Spain", "24"), ("Norway", "500")):
        (part,) = counting(f"How many searches were there in {country}?", [sum_of_all])
        assert part.answer
        assert of_all[part.answer.start : part.answer.end] == figure
    for alone in ("Police held 92 people aged 18 to 40 in Spain.", "In all 92 people were held, up from 60 in Spain."):
        held = replace(evidence(alone, 0, 0.9), answer=Span(alone.index("92"), alone.index("92") + 2))
        assert counting("How many people were held in Spain?", [held])[0].answer == held.answer, "no part of those"
    item = replace(item, answer=Span(body.index("Norway"), body.index("Norway") + 6))
    assert marked("How many arrests were there in France?") == "21", "a name is no number"


def test_how_many_there_were_in_another_country_answers_less() -> None:
    body = "In Norway 40 people were held. Boats came from France."
    elsewhere = replace(evidence(body, 0, 0.9), answer=Span(body.index("40"), body.index("40") + 2))
    (counted,) = counting("How many people were held in France?", [elsewhere])
    assert counted.likelihood < 0.1
    assert counting("What was the number of people held in France?", [elsewhere])[0].likelihood < 0.1
    for question in (
        "How many people were held in Norway?",
        "How many people were held in Oslo?",
        "How many people were held in the European Union?",
    ):
        assert counting(question, [elsewhere]) == [elsewhere]
    doubled = "The number of people held doubled in 6 days."
    days = replace(evidence(doubled, 0, 0.9), answer=Span(doubled.index("6"), doubled.index("6") + 1))
    assert counting("How many days did it take for the number of people held to double?", [days]) == [days]
    said = "Police in Bergen held 40 people, Norway's interior ministry said."
    by_whom = replace(evidence(said, 0, 0.9), answer=Span(said.index("40"), said.index("40") + 2))
    assert counting("How many people were held in France?", [by_whom]) == [by_whom], "Norway is who says so"
    placed = replace(
        elsewhere, found=Hit(replace(elsewhere.passage, source=Source("a", "Raids in France", "Post")), 1.0)
    )
    assert counting("How many people were held in France?", [placed]) == [placed], "so its headline says"


def test_a_breakdown_by_places_goes_before_its_sum() -> None:
    body = "Police made 92 arrests in the operation. The arrests were made in Norway (40), France (21) and Spain (11)."
    sum_of_all, breakdown = evidence(body, 0, 0.64), evidence(body, 1, 0.62)
    sum_of_all = replace(sum_of_all, answer=Span(body.index("92"), body.index("92") + 2))
    breakdown = replace(breakdown, answer=Span(body.index("40"), body.index("40") + 2))
    first, second = counting("How many arrests were there in France?", [sum_of_all, breakdown])
    assert (first.span, second.span) == (breakdown.span, sum_of_all.span)
    assert first.answer
    assert body[first.answer.start : first.answer.end] == "21"
    elsewhere = evidence("The Guard arrested 19 people on the first day.", 0, 0.7, article="b")
    assert counting("How many arrests were there in France?", [elsewhere, breakdown])[0].span == breakdown.span
    unknown = counting("How many arrests were there in France?", [elsewhere, breakdown], on_event=False)
    assert unknown[0] is elsewhere, "the breakdown may be of another event"
    people = counting("How many boats were there in France?", [elsewhere, breakdown])
    assert people[0] is elsewhere, "it counts arrests"
    unlikely = replace(breakdown, likelihood=0.12)
    assert counting("How many arrests were there in France?", [sum_of_all, unlikely])[0] is sum_of_all


@pytest.mark.parametrize(
    ("body", "number", "quoted_words"),
    [
        ('No. "I like buses. I hate haste," he said. They left.', 1, '"I like buses. I hate haste," he said.'),
        ('No. "I like buses. I hate haste," he said. They left.', 2, '"I like buses. I hate haste," he said.'),
        ("Así fue. «No miramos eso. Ni lo otro», dijo Nand. Callaron.", 1, "«No miramos eso. Ni lo otro», dijo Nand."),
        ('"One. Two. Three. Four. Five," he counted.', 0, '"One.'),  # too much of a speech
        ("He left. Ann stayed.", 1, "Ann stayed."),
        ('A pipe of 5" burst. The house was old.', 1, "The house was old."),
    ],
)  # fmt: skip
def test_words_that_somebody_says_are_quoted_to_their_end(body: str, number: int, quoted_words: str) -> None:
    span = quoted_span(evidence(body, number, 0.9), beside=[])
    assert body[span.start : span.end] == quoted_words


def test_what_is_quoted_by_itself_is_not_quoted_with_its_neighbour_again() -> None:
    body = '"I like buses. I hate haste," he said.'
    first, second = evidence(body, 0, 0.9), evidence(body, 1, 0.8)
    assert [body[s.start : s.end] for s in (quoted_span(i, beside=[first, second]) for i in (first, second))] == [
        '"I like buses.',
        'I hate haste," he said.',
    ]


def test_a_figure_of_all_countries_is_not_that_of_one() -> None:
    body = "A worldwide operation has left 500 people detained and has links in Chile."
    item = replace(evidence(body, 0, 0.5), answer=Span(body.index("500"), body.index(" detained")))
    assert counting("How many people were detained in Chile?", [item])[0].likelihood < ANSWERS
    assert counting("How many people were detained?", [item]) == [item]
    body = "The worldwide operation led to 40 arrests in Chile."
    item = replace(evidence(body, 0, 0.5), answer=Span(body.index("40"), body.index(" in Chile")))
    assert counting("How many people were arrested in Chile?", [item])[0].likelihood >= 0.5


def test_how_many_were_arrested_asks_for_people() -> None:
    body = "More than 500 searches were made, of which 24 were in Spain."
    item = replace(evidence(body, 0, 0.9), answer=Span(body.index("24"), body.index("24") + 2))
    for question in ("How many were arrested in Spain?", "¿Cuántos fueron detenidos en España?"):
        assert counting(question, [item])[0].likelihood < item.likelihood, question
    assert counting("How many were made in Spain?", [item])[0].likelihood >= item.likelihood


def test_searches_may_be_the_homes_that_were_searched() -> None:
    body = "Operation Gull involved 81 searches in 30 provinces."
    item = replace(evidence(body, 0, 0.5), answer=Span(body.index("81"), body.index(" in 30")))
    assert counting("How many homes were searched in Operation Gull?", [item]) == [item]
    assert counting("How many provinces were searched in Operation Gull?", [item])[0].likelihood < item.likelihood


def test_what_has_the_number_that_is_to_be_confirmed_is_likelier_but_no_surer() -> None:
    question = "Were 500 people detained on that day?"
    without = evidence("The police held nobody on that day.", 0, 0.55, article="a")
    having = evidence("Five hundred people were detained, the radio said.", 0, 0.5, article="b")
    hurt = evidence("Some 500 people were hurt.", 0, 0.5, article="c")
    sure = evidence("The police detained 500 people.", 0, 0.9, article="d")
    confirmed = {
        item.source.article_id: item.likelihood for item in confirming(question, [without, having, hurt, sure])
    }
    assert having.likelihood < confirmed["b"] < SURE
    assert (confirmed["a"], confirmed["c"], confirmed["d"]) == (0.55, 0.5, 0.9)


def test_a_sentence_that_was_rejected_is_not_quoted_with_its_neighbour() -> None:
    body = '"Gil did it. The money is gone," said Lobo.'
    first, second = evidence(body, 0, 0.9), evidence(body, 1, 0.8)
    assert quoted_span(second, beside=[]) == Span(0, len(body))
    rejected = frozenset({("a", first.text)})
    assert quoted_span(second, beside=[], rejected=rejected) == second.span


def test_a_figure_of_another_thing_is_not_the_place_s() -> None:
    body = "Police in France arrested 21 people, and 300 kilos were found in Spain."
    item = replace(evidence(body, 0, 0.9), answer=Span(body.index("21"), body.index("21") + 2))
    (counted,) = counting("How many people were arrested in Spain?", [item])
    assert counted.answer == item.answer


@pytest.mark.parametrize("outcome", [Outcome.VERDICT, None])
def test_no_verdict_is_doubtful_or_a_name_alone(outcome: Outcome | None) -> None:
    item = evidence("The court found Ann Lee guilty of fraud.", 0, 0.6)
    item = replace(item, answer=Span(16, 23))
    analyzed = Mock(outcome=outcome, asked=FACT, last="Who was found guilty?", understood_as=None)
    analyzed.question = analyzed.original = Question(analyzed.last)
    store = Mock(annotations=lambda names: {name: Annotations(VERSION) for name in names})
    composition = ReplyComposition(retriever=Mock(), store=store, policy=packaged_policy())
    direct = composition._answer(analyzed, [item], [None]).direct
    assert direct is None if outcome else direct and not direct.sure
