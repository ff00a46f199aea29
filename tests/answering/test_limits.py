"""What is read into a question and limits its answer: told where it took effect, left out where a reader wants so."""

from __future__ import annotations

import pytest

from qa.answering.events import without_event
from qa.answering.rendering import reply_json, reply_text
from qa.answering.view import ReplyView
from qa.archive.archive import Archive
from qa.models.replies import Answer, Inference, Question, Reply
from qa.protocols import Encoder
from tests.archives import Prepared
from tests.fakes import FakeChat, packaged_questions, packaged_reader

BOTH = "¿Cuántos detenidos hubo en la Operación Azahar en 2005?"


@pytest.fixture(scope="module")
def archive(demo: Prepared) -> Archive:
    return demo.archive


def limits(reply: Reply) -> list[tuple[str, str]]:
    return [(limit.kind, limit.text) for limit in ReplyView(reply).limits]


def test_what_kept_others_out_is_told(archive: Archive) -> None:
    reply = archive.ask(BOTH)
    assert limits(reply) == [("period", "events in 2005"), ("event", "Operación Azahar")]
    (told, _) = reply_json(reply, id=None, seconds=0)["limits"]  # type: ignore[misc]
    assert told == {"kind": "period", "text": "lo ocurrido en 2005"}  # as the question is in Spanish
    assert limits(archive.ask("How many were arrested in Pontevedra?")) == [("event", "Pontevedra")]


@pytest.mark.parametrize(
    "question",
    [
        "How many people were arrested?",
        "¿Cuántas personas fueron detenidas en Barcelona?",  # no event is known to be of there
        "Thanks!",
    ],
)
def test_what_kept_nothing_out_is_not(archive: Archive, question: str) -> None:
    assert limits(archive.ask(question)) == []


def test_the_event_that_comes_last_takes_the_place_of_the_one_before_and_of_its_time(archive: Archive) -> None:
    landmark = "Operation Landmark in 2001: how many suspects were arrested altogether?"
    assert ("period", "events in 2001") in limits(archive.ask(landmark))
    reply = archive.ask("what about in koala", history=[landmark])
    assert limits(reply) == [("event", "Operation Koala")]
    assert isinstance(reply, Answer)
    assert "Operation Koala" in reply.statements[0].text
    reply = archive.ask("what about Bachata?", history=["How many arrests were there in Operación Azahar?"])
    assert reply.understood_as == "How many arrests were there in Operación Bachata?"
    assert isinstance(reply, Answer)
    assert "19" in reply.statements[0].text
    in_2007 = archive.ask("And how many arrests in koala in 2007?", history=[landmark])
    assert ("period", "events in 2007") in limits(in_2007)


@pytest.mark.parametrize(
    ("history", "question", "left"),
    [
        (["How many arrests did Operación Azahar lead to?"], "What happened in 2005?", "What happened?"),
        (
            ["How many were arrested in Spain?"],
            "How many people were arrested in Operación Azahar?",
            "How many people were arrested?",
        ),
        (
            ["How many arrests did Operación Azahar lead to?"],
            "And in 2005?",
            "How many arrests did Operación Azahar lead to?",
        ),
    ],
)
def test_a_limit_of_a_later_question_is_left_out_of_that_one_alone(
    archive: Archive, history: list[str], question: str, left: str
) -> None:
    limit = ReplyView(archive.ask(question, history=history)).limits[0]
    again = archive.ask(limit.lifted, history=[*history, question])
    assert again.understood_as == left
    assert limit.kind not in [kind for kind, _ in limits(again)]


def test_each_limit_can_be_left_out(archive: Archive) -> None:
    period, event = ReplyView(archive.ask(BOTH)).limits
    timeless, anywhere = archive.ask(period.lifted), archive.ask(event.lifted)
    assert timeless.understood_as == "¿Cuántos detenidos hubo en la Operación Azahar?"
    assert limits(timeless) == [("event", "Operación Azahar")]
    assert anywhere.understood_as == "¿Cuántos detenidos hubo en 2005?"
    assert limits(anywhere) == [("period", "events in 2005")]
    assert isinstance(anywhere, Answer)
    both = archive.ask(ReplyView(anywhere).limits[0].lifted)
    assert (both.understood_as, limits(both)) == ("¿Cuántos detenidos hubo?", [])


@pytest.mark.parametrize(
    ("question", "outlet", "words"),
    [
        (
            "What did the Irish Times say Eurojust was?",
            "Irish Times",
            "international bodies of police co-operation",
        ),
        ("According to Libertad Digital, how many people were arrested?", "Libertad Digital", "27 personas"),
        ("How many arrests did Reuters report?", "Reuters", "19 people had been arrested so far"),
        ("¿Cuántos detenidos hubo según El País en la Operación Azahar?", "El País", "24 personas"),
    ],
)
def test_whose_reports_are_wanted_is_quoted_and_nobody_else(
    archive: Archive, question: str, outlet: str, words: str
) -> None:
    reply = archive.ask(question)
    assert isinstance(reply, Answer)
    assert any(words in statement.text for statement in reply.statements[:2])
    assert all(outlet in (quote.source.summarises or "") for quote in reply.citations)
    assert ("outlet", f"outlet: {outlet}") in limits(reply)
    assert reply.understood_as is None


def test_how_a_case_ended_is_told_of_all_reports(archive: Archive) -> None:
    reply = archive.ask("According to the Irish Times, was anyone convicted in Operación Azahar?")
    assert not isinstance(reply, Answer)
    assert "outlet" not in [kind for kind, _ in limits(reply)]
    assert [case.event.name for case in reply.cases] == ["Operación Azahar"]


def test_limits_are_told_in_plain_text_too(archive: Archive) -> None:
    answer, refusal = archive.ask("How many arrests did Reuters report?"), archive.ask("¿Qué dice Reuters de Koala?")
    assert "Limited to: outlet: Reuters" in reply_text(answer).splitlines()
    assert reply_text(refusal).splitlines()[1] == "Limitado a: medio: Reuters"


def test_an_outlet_can_be_left_out(archive: Archive) -> None:
    reply = archive.ask("What does La Voz del Interior say?")
    assert isinstance(reply, Answer)
    assert len(reply.statements) > 2
    (limit,) = ReplyView(reply).limits
    assert Inference.OUTLET in limit.lifted.without
    anyone = archive.ask(limit.lifted)
    assert limits(anyone) == []
    assert {quote.source.article_id for quote in anyone.citations} - {q.source.article_id for q in reply.citations}


def test_what_an_outlet_does_not_tell_is_not_told_of_others(archive: Archive) -> None:
    reply = archive.ask("What did the Irish Times write about Operation Koala?")
    assert not isinstance(reply, Answer)
    assert limits(reply) == [("outlet", "outlet: Irish Times")]


def test_others_that_differ_from_the_one_outlet_are_told_of(archive: Archive) -> None:
    reply = archive.ask("How many arrests did Reuters report?")
    assert isinstance(reply, Answer)
    said = {quote.source.summarises for conflict in reply.conflicts for quote in (p.quote for p in conflict.parties)}
    assert {"Reuters, 16 March 2005", "Faro de Vigo, undated"} <= said


def test_a_language_model_reads_the_reports_of_that_outlet_alone(demo: Prepared, exact_encoder: Encoder) -> None:
    model = FakeChat("NOT ANSWERED")
    reading = Archive(demo.store, exact_encoder, packaged_reader(), questions=packaged_questions(), model=model)
    assert isinstance(reading.ask("How many arrests did Reuters report?"), Answer)
    lines = [line for _, user in model.asked for line in user.split("\n") if line.startswith("[")]
    assert lines
    assert all("Reuters, 16 March 2005" in line for line in lines)


@pytest.mark.parametrize("question", ["Did the ministry sue the Irish Times?", "Which papers contradict El País?"])
def test_an_outlet_that_is_asked_about_limits_nothing(archive: Archive, question: str) -> None:
    assert not [kind for kind, _ in limits(archive.ask(question)) if kind == "outlet"]


def test_the_outlet_of_the_question_before_stays(archive: Archive) -> None:
    reply = archive.ask("And when did it begin?", history=["What did the Irish Times report about the case?"])
    assert ("outlet", "outlet: Irish Times") in limits(reply)
    other = archive.ask("And Reuters?", history=["How many arrests did the Irish Times report?"])
    assert ("outlet", "outlet: Reuters") in limits(other)


def test_a_follow_up_is_asked_by_itself_and_words_are_taken_as_they_are_written(archive: Archive) -> None:
    history = ["How many people were arrested in Spain?"]
    assert archive.ask("And in Italy?", history=history).understood_as
    alone = Question("And in Italy?", without=(Inference.REWRITING,))
    assert archive.ask(alone, history=history).understood_as is None
    assert archive.ask(Question("How many were arested?", without=(Inference.REWRITING,))).understood_as is None


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("How many people were held in Operation Gull in May 2011?", "How many people were held in May 2011?"),
        ("Who was held in the Gull case, and where?", "Who was held, and where?"),
        ("Who was held in Velm?", "Who was held?"),
        ("¿Qué se halló durante la Operación Cerbero?", "¿Qué se halló?"),
        ("Who led Operation Gull?", "Who led Operation Gull?"),
        ("In Velm?", "In Velm?"),
        ("Who was held in Spain in March 2005?", "Who was held in Spain in March 2005?"),
    ],
)
def test_phrases_that_name_an_event_or_its_place_are_cut_out(question: str, left: str) -> None:
    assert without_event(question) == left
