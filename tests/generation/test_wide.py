"""What is told in steps, written from more passages than a model is given at once: notes first, then the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from unittest.mock import ANY

import pytest

from qa.answering.composing import ComposedReply
from qa.answering.selecting import COMES_CLOSE
from qa.errors import ChatError
from qa.generation.prompt import NOTES, ONCE_MORE, WIDE
from qa.generation.verification import Verifier
from qa.generation.writer import (
    CUT_OFF,
    DID_NOT_HOLD,
    FAILED,
    MOST_PASSAGES,
    MOST_STEPS,
    MOST_TEXTS,
    REST_QUOTED,
    Writer,
)
from qa.llm.usage import Bounds
from qa.models.archive import Article, Coverage
from qa.models.replies import Answer, Citation, Composer, Conflict, Intent, Party, Question, Refusal, Reply, Statement
from tests.attacks.adversary import given_sentences
from tests.fakes import FakeChat, FakeLibrary, FakeSupport, article

from .test_passages import candidate, hit

REPORTS = [article(f"r{number:02}", f"The office measured the pier {number} times.") for number in range(10, 80)]
QUESTION, BOUNDS = Question("What happened to the pier?"), Bounds()
Script = Callable[[str, str], str]


def composed(reports: list[Article], intent: Intent = Intent.CHRONOLOGY) -> ComposedReply:
    """A quoted answer of the first report, with what was found around it."""
    first = reports[0]
    quote = Citation(1, first.source, 0, len(first.body), first.body)
    quoted = Answer(QUESTION, (Statement(quote.text, (quote,)),), intent=intent)
    return ComposedReply(quoted, near=tuple(hit(one, 0, 0) for one in reports), intent=intent, writable=True)


def written(model: FakeChat, reports: list[Article], *, bounds: Bounds = BOUNDS) -> list[Reply]:
    verifier = partial(Verifier, support=FakeSupport())
    writer = Writer(model, library=FakeLibrary(*reports), verifier=verifier, bounds=bounds)
    return list(writer.replies(composed(reports)))


def copying(system: str, user: str) -> Iterator[str]:
    """Copies the first three things that it is given, with their numbers, and a lie."""
    for number, sentence in enumerate(given_sentences(user)[:3], start=1):
        yield f"{sentence.rstrip(' .')} [{number}]. "
    yield "The pier was sold to Oslo [1]."


def answered(reply: Reply, reports: list[Article]) -> Answer:
    assert isinstance(reply, Answer)
    bodies = {one.article_id: one.body for one in reports}
    for quote in reply.citations:
        assert bodies[quote.source.article_id][quote.start : quote.end] == quote.text
    assert [quote.number for quote in reply.citations] == list(range(1, len(reply.citations) + 1))
    return reply


def test_as_many_passages_as_are_given_at_once_need_no_notes() -> None:
    model = FakeChat(copying)
    *growing, last = written(model, REPORTS[:MOST_PASSAGES])
    assert [system for system, _ in model.asked if system != ONCE_MORE] == [WIDE[Intent.CHRONOLOGY]]
    answer = answered(last, REPORTS)
    assert (answer.composed_by, answer.intent, answer.unfinished) == (Composer.MODEL, Intent.CHRONOLOGY, False)
    assert [one.text for one in answer.statements] == [one.body for one in REPORTS[:3]]
    assert all(isinstance(reply, Answer) and reply.unfinished for reply in growing)


def test_more_are_read_in_groups_and_the_answer_is_written_from_what_stood() -> None:
    reports = REPORTS[: 2 * MOST_PASSAGES + 1]
    model = FakeChat(copying)
    *growing, last = written(model, reports)
    assert [system for system, _ in model.asked if system != ONCE_MORE] == [NOTES] * 3 + [WIDE[Intent.CHRONOLOGY]]
    assert sum(len(given_sentences(user)) for system, user in model.asked if system == NOTES) == len(reports)
    of_notes = next(user for system, user in model.asked if system in WIDE.values())
    noted = [*reports[:3], *reports[9:12], *reports[18:21]]
    assert given_sentences(of_notes) == [one.body for one in noted], "no note that failed the check"
    answer = answered(last, reports)
    assert [quote.source.article_id for quote in answer.citations] == ["r10", "r11", "r12"]
    assert [one.cited for one in answer.stopped[:3]] == [(1,), (10,), (19,)]
    progress = [reply.progress for reply in growing if isinstance(reply, Answer) and reply.progress]
    assert [one.texts for one in progress] == [0, 1, 2, 3]
    assert (progress[0].most_texts, progress[0].most_tokens, progress[0].most_seconds) == (4, 4 * 400, 4 * 30.0)


def test_meanwhile_the_quotes_are_shown() -> None:
    first, *_ = written(FakeChat(copying), REPORTS[: MOST_PASSAGES + 1])
    assert isinstance(first, Answer)
    assert first.unfinished
    assert first.composed_by is Composer.QUOTES
    assert first.statements == composed(REPORTS).reply.statements  # type: ignore[union-attr]


def test_no_more_notes_are_taken_than_the_most() -> None:
    model = FakeChat(copying)
    written(model, REPORTS)
    assert [system for system, _ in model.asked].count(NOTES) == MOST_TEXTS


def test_an_answer_is_checked_against_the_passages_and_not_against_the_notes() -> None:
    """Two notes together don't bear out what no passage says."""

    def joining(system: str, user: str) -> Iterator[str]:
        if system == NOTES:
            yield from copying(system, user)
        else:
            yield "The office measured the pier 10 times and 11 times [1][2]. "
            yield "The office measured the pier 10 times [1]."

    *_, last = written(FakeChat(joining), REPORTS[: MOST_PASSAGES + 1])
    assert [one.text for one in answered(last, REPORTS).statements] == ["The office measured the pier 10 times."]


def test_a_chronology_is_told_in_the_order_of_what_it_rests_on() -> None:
    first, second, third = (
        article("c", "The pier was opened on 3 May 1990.", published=date(2001, 5, 5)),
        article("a", "The pier was closed by the office.", published=date(2001, 5, 4)),
        article("b", "The pier was opened again.", published=date(2001, 5, 5)),
    )
    model = FakeChat(
        lambda system, user: [
            f"{sentence.rstrip('.')} [{number}]. "
            for number, sentence in reversed([*enumerate(given_sentences(user), start=1)])
        ]
    )
    *growing, last = written(model, [third, second, first])
    assert [one.text for one in answered(last, [first, second, third]).statements] == [
        first.body,
        second.body,
        third.body,
    ]
    assert [len(one.statements) for one in growing if isinstance(one, Answer)] == [1, 2, 3]


def test_what_is_copied_has_the_brackets_of_its_source() -> None:
    report = article("f", "The pier was bought by Fujitsu Ltd <FJTU.T> in May.")
    *_, last = written(FakeChat(copying), [report])
    assert [one.text for one in answered(last, [report]).statements] == [report.body]


def breaking(at: str, before: str = "") -> Callable[[str, str], Iterator[str]]:
    """Copies, but breaks off in a text of one kind."""

    def script(system: str, user: str) -> Iterator[str]:
        if system != at:
            yield from copying(system, user)
            return
        yield before
        raise ChatError("the language model took too long")

    return script


def test_of_a_text_that_breaks_off_what_was_checked_is_shown_and_it_says_so() -> None:
    begun = "The office measured the pier 11 times [2]. The office measured"
    *_, last = written(FakeChat(breaking(WIDE[Intent.CHRONOLOGY], begun)), REPORTS[: MOST_PASSAGES + 1])
    answer = answered(last, REPORTS)
    assert [one.text for one in answer.statements] == [REPORTS[1].body, REPORTS[0].body]
    assert CUT_OFF in answer.notices


@pytest.mark.parametrize("at", [NOTES, WIDE[Intent.CHRONOLOGY]])
def test_beside_what_was_checked_of_a_text_that_breaks_off_stands_what_is_quoted_besides(at: str) -> None:
    reports = REPORTS[: MOST_PASSAGES + 1]
    item = composed(reports)
    assert isinstance(item.reply, Answer)
    quotes = [Citation(n, one.source, 0, len(one.body), one.body) for n, one in enumerate(reports[:9], start=1)]
    item = replace(item, reply=replace(item.reply, statements=tuple(Statement(one.text, (one,)) for one in quotes)))
    broken = FakeChat(breaking(at, "The office measured the pier 11 times [2]. The office"))
    verifier = partial(Verifier, support=FakeSupport())
    *_, last = Writer(broken, library=FakeLibrary(*reports), verifier=verifier, bounds=BOUNDS).replies(item)
    answer = answered(last, reports)
    of_model = [one.text for one in answer.statements if one.support]
    assert of_model[0] == REPORTS[1].body
    assert len({one.text for one in answer.statements}) == len(answer.statements) == MOST_STEPS
    assert answer.statements[len(of_model) :] == tuple(
        one for one in answer.statements if one.verbatim and not one.support
    )
    assert {CUT_OFF, REST_QUOTED} <= set(answer.notices)


def test_where_nothing_was_written_by_then_the_notes_are_shown() -> None:
    *_, last = written(FakeChat(breaking(WIDE[Intent.CHRONOLOGY])), REPORTS[: 3 * MOST_PASSAGES])
    answer = answered(last, REPORTS)
    assert (len(answer.statements), answer.composed_by) == (MOST_STEPS, Composer.MODEL)
    assert answer.statements[0].text == REPORTS[0].body
    assert CUT_OFF in answer.notices


@pytest.mark.parametrize(
    ("script", "why"),
    [(breaking(NOTES), FAILED), (lambda system, user: ["The pier was sold to Oslo [1]."], DID_NOT_HOLD)],
)
def test_without_a_note_that_stands_the_quotes_are_the_answer(script: Script, why: str) -> None:
    *_, last = written(FakeChat(script), REPORTS[: MOST_PASSAGES + 1])
    assert isinstance(last, Answer)
    assert (last.composed_by, last.fallback, last.unfinished) == (Composer.QUOTES, why, False)


def test_after_the_time_is_over_no_further_text_is_begun() -> None:
    model = FakeChat(copying)
    written(model, REPORTS[: MOST_PASSAGES + 1], bounds=Bounds(seconds=0.0))
    assert model.asked == []


def test_of_a_refusal_that_the_model_answers_comes_an_answer_in_steps() -> None:
    refused = Refusal(QUESTION, "why", (), Coverage(1, None, None), understood_as="What happened to the old pier?")
    near = tuple(hit(one, 0, 0) for one in REPORTS[:2])
    item = ComposedReply(refused, near=near, intent=Intent.OVERVIEW, writable=True)
    model = FakeChat(copying)
    writer = Writer(
        model, library=FakeLibrary(*REPORTS), verifier=partial(Verifier, support=FakeSupport()), bounds=BOUNDS
    )
    assert list(writer.replies(item)) == [replace(refused, stopped=ANY)], "nothing of it comes close"
    *_, last = writer.replies(replace(item, candidates=(candidate(REPORTS[1], 0, COMES_CLOSE),)))
    answer = answered(last, REPORTS)
    assert (answer.intent, answer.understood_as) == (Intent.OVERVIEW, refused.understood_as)
    assert f"<question>{refused.understood_as}</question>" in model.asked[0][1]


def test_what_sources_say_differently_is_numbered_on_from_the_written_answer() -> None:
    first, second = (Citation(n, one.source, 0, len(one.body), one.body) for n, one in enumerate(REPORTS[:2], start=1))
    rows = tuple(Party(n, str(n), False, None, None, replace(second, number=2)) for n in (10, 11))
    quoted = Answer(QUESTION, (Statement(first.text, (first,)),), conflicts=(Conflict("times", None, rows),))
    item = ComposedReply(quoted, near=tuple(hit(one, 0, 0) for one in REPORTS[:3]), writable=True)
    writer = Writer(
        FakeChat(copying),
        library=FakeLibrary(*REPORTS),
        verifier=partial(Verifier, support=FakeSupport()),
        bounds=BOUNDS,
    )
    *_, last = writer.replies(item)
    assert [quote.number for quote in answered(last, REPORTS).citations] == [1, 2, 3]
    assert isinstance(last, Answer)
    assert [party.quote.number for party in last.parties] == [4, 5]
