"""Commands that ask, search and verify, and that list events in their order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer
from pydantic import BaseModel
from typer import Argument, Option

from qa.answering.analysis import ConversationTurn
from qa.answering.entries import CountRow, TimelineEntry, entries
from qa.answering.rendering import case_json, figure_json, reply_json, reply_text, values_of
from qa.answering.stage_words import REPORTED, stage_line
from qa.answering.view import EventHeading
from qa.archive.parts import archive_of, store_of
from qa.cli.output import Exit, From, Json, Until, dates_of, errors, plain, put, writing_bar
from qa.cli.staff import Address, base_address
from qa.errors import InputError, NotFound, QuestionError
from qa.generation.verification import sentences_of
from qa.i18n.forms import lead, quote_credit
from qa.i18n.locale import use_locale
from qa.loaders.json_lines import json_lines, utf8_text
from qa.models.dates import Dates
from qa.models.journal import Channel
from qa.models.replies import Answer, Citation, Hit, Inference, Question, Reply
from qa.retrieval.results import quotes_found
from qa.retrieval.timeline import timeline
from qa.settings import read_settings

if TYPE_CHECKING:
    from qa.archive.archive import Archive

File = Annotated[
    Path | None,
    Option(
        metavar="FILE",
        help='Ask many: JSON Lines with "id", "question" and, if it goes on, "history": [questions before]; one JSON '
        "line each, in order.",
    ),
]
DossierFormat = Literal["md", "html"]
AsDossier = Annotated[
    DossierFormat | None,
    Option(
        "--dossier", help="md or html: print the quotes by date, each with its source and link, to keep or to print."
    ),
]
Values = dict[str, object]
AskedById = list[tuple[str, ConversationTurn]]  # each by the id that its line gives it
EXPECTED = (
    'an object such as {"id": "1", "question": "Why?", "history": ["When did it begin?"]} was expected, '
    '"history" where the question goes on from others'
)
EXPECTED_SENTENCE = 'an object such as {"id": "1", "sentence": "It began in 2005.", "article_id": "a"} was expected'
commands = typer.Typer()


class QuestionLine(BaseModel, strict=True):
    """A line of a file of questions; `history` holds the questions before it, oldest first."""

    id: str | int
    question: str
    history: tuple[str, ...] = ()


class SentenceLine(BaseModel, strict=True):
    """A line of a file of sentences, and the article that is meant, if one is."""

    id: str | int
    sentence: str
    article_id: str | None = None


@commands.command()
def ask(
    question: str | None = Argument(None, help="What you want to know."),
    file: File = None,
    published_from: From = None,
    published_until: Until = None,
    without: list[Inference] = Option([], help="What is not to be read into the question; may be given again."),
    dossier: AsDossier = None,
    address: Address = None,
    json: Json = False,
) -> None:
    """Ask a question; the answer is made of verbatim, numbered quotes."""
    asked = _questions(question, file, published_from, published_until, alone=bool(dossier), json=json)
    lifted = tuple(dict.fromkeys(without))
    questions = [(id, replace(turn, question=replace(turn.question, without=lifted))) for id, turn in asked]
    with archive_of(read_settings()) as archive:
        if file is not None:
            _put_lines(
                questions,
                lambda turn: _reply(archive, turn)[1],
                failed=lambda turn: {"question": turn.question.text[:200]},
            )
        reply, values = _reply(archive, questions[0][1], growing=not json)
        if dossier and isinstance(reply, Answer):
            with use_locale(reply.question.locale):
                _print_dossier(dossier, questions[0][1].question, reply.citations, archive, address)
        else:
            put(values, [reply_text(reply)], json=json)


@commands.command()
def search(
    query: str | None = Argument(None, help='Words to look for; "a phrase" has to occur, a -word must not.'),
    file: File = None,
    limit: int = Option(10, min=1, max=1000, help="Passages at most."),
    published_from: From = None,
    published_until: Until = None,
    dossier: AsDossier = None,
    address: Address = None,
    json: Json = False,
) -> None:
    """List the passages that come closest, best first."""
    questions = _questions(query, file, published_from, published_until, alone=bool(dossier), json=json)
    with archive_of(read_settings()) as archive:

        def results(turn: ConversationTurn) -> Values:
            return {"results": list(map(_hit_json, archive.search(turn.question, limit=limit)))}

        if file is not None:
            _put_lines(questions, results, failed=lambda turn: {"results": []})
        question = questions[0][1].question
        hits = archive.search(question, limit=limit)
        if dossier:
            _print_dossier(dossier, question, quotes_found(hits, question), archive, address)
            return
    lines = []
    for hit in hits:
        source, passage = hit.source, hit.passage
        place = f"{source.article_id}:{passage.start}-{passage.end}, {hit.score:.2f}"
        lines.append(f"{source.title} ({source.credit})\n{place}\n  {passage.text}\n")
    put(list(map(_hit_json, hits)), lines or ["Nothing found."], json=json)


def _print_dossier(
    kind: DossierFormat, question: Question, quotes: Iterable[Citation], archive: Archive, address: str | None
) -> None:
    from qa.web.public import WRITERS, Dossier  # which takes time that no other command needs

    base = base_address(read_settings(), address)
    typer.echo(WRITERS[kind](Dossier(question.text, quotes, archive.article, base=base)), nl=False)


def _put_lines(
    questions: AskedById, values: Callable[[ConversationTurn], Values], *, failed: Callable[[ConversationTurn], Values]
) -> NoReturn:
    """One line of JSON for each question; one that can't be asked gets a line that says why. Ends the command."""
    status = Exit.DONE
    for ask_id, turn in questions:
        try:
            put(values(turn) | {"id": ask_id})
        except QuestionError as error:
            put({"id": ask_id, **failed(turn), "error": str(error)})
            errors.print(f"{ask_id}: {error}")
            status = Exit.FAILED
    raise typer.Exit(status)


def _reply(archive: Archive, turn: ConversationTurn, *, growing: bool = False) -> tuple[Reply, Values]:
    """The reply, and the same for machines; it is kept. On a terminal it may be read as it grows."""
    started = time.perf_counter()
    with writing_bar(words=growing) as show:
        for reply in archive.replies(turn.question, history=turn.history):
            show(reply)
    seconds = time.perf_counter() - started
    answer_id = archive.keep(reply, channel=Channel.COMMAND, seconds=seconds)
    return reply, reply_json(reply, id=None, seconds=seconds, answer_id=answer_id)


def _hit_json(hit: Hit) -> Values:
    offsets = values_of(hit.passage, "start", "end", "text")
    return {"article_id": hit.source.article_id, **offsets, "score": round(hit.score, 6)}


def _questions(
    text: str | None, file: Path | None, first: date | None, last: date | None, *, alone: bool, json: bool
) -> AskedById:
    if (text is None) == (file is None):
        raise InputError("Give either a question or --file FILE.")
    if alone and (file or json):
        raise InputError("--dossier goes with one question, and with neither --file nor --json.")
    if file is None:
        return [("", ConversationTurn(Question(plain(text or ""), first, last)))]
    asked = [
        (str(line.id), ConversationTurn(Question(line.question, first, last), line.history))
        for line in json_lines(QuestionLine, utf8_text(file), str(file), EXPECTED)
    ]
    if not asked:
        raise InputError(f"{file} holds no questions: {EXPECTED}, one a line.")
    return asked


@commands.command()
def verify(
    file: Path | None = Option(
        None,
        metavar="FILE",
        help='Text, or JSON Lines with "id", "sentence" and, if one article is meant, "article_id"; '
        "without it standard input is read.",
    ),
    json: bool = Option(False, "--json", help="Print JSON for machines, one line for each sentence."),
) -> None:
    """Hold a text against the archive, sentence by sentence. Exit status 1 says that some sentence isn't supported."""
    text, place = utf8_text(file), "standard input" if file is None else str(file)
    if not text.strip():
        raise InputError(f"{place} holds no text: sentences, or JSON Lines, were expected.")
    if text.lstrip().startswith("{"):
        sentences = list(json_lines(SentenceLine, text, place, EXPECTED_SENTENCE))
    else:
        sentences = [SentenceLine(id=at, sentence=words) for at, words in enumerate(sentences_of(text), start=1)]
    all_supported = True
    with archive_of(read_settings()) as archive:
        for line in sentences:
            values: Values = {"id": str(line.id), "sentence": line.sentence}
            try:
                result = archive.verify(line.sentence, article_id=line.article_id)
            except NotFound as error:
                put(values | {"error": str(error)}, (), json=json)
                errors.print(f"{line.id}: {error}")
                all_supported = False
                continue
            support, quotes, lines = result.support, list[Values](), list(result.support.reasons)
            for ground in result.rests_on:
                source = values_of(ground.source, "article_id", "title", "credit", "published")
                quotes.append({**source, "quote": ground.text, "start": ground.start, "end": ground.end})
                lines.append(f"{ground.source.credit}: “{ground.text}”")
            values |= {"verdict": support.verdict.value, "reasons": list(support.reasons), "quotes": quotes}
            put(values, [f"{support.verdict.value}: {line.sentence}", *(f"  {text}" for text in lines), ""], json=json)
            all_supported = all_supported and support.full
    raise typer.Exit(Exit.DONE if all_supported else Exit.FAILED)


@commands.command("timeline")
def print_timeline(
    first: From = None,
    last: Until = None,
    outlet: str = Option("", help="A part of the name of the outlet, or of that which is summarised."),
    json: Json = False,
) -> None:
    """List events in order, by the date that an article gives for them, else by its publication; the undated last.

    With each stand its articles, their main figures and the stage of the case that they report.
    """
    between = dates_of(first, last)
    with store_of(read_settings()) as store:
        listed = store.listed(Dates(outlet=" ".join(plain(outlet).split())))
        timeline_entries = entries(timeline(listed, first=between.first, last=between.last), store)
    lines = (line for entry in timeline_entries for line in _lines(entry))
    put(list(map(_entry_json, timeline_entries)), lines if timeline_entries else ["Nothing found."], json=json)


def _entry_json(entry: TimelineEntry) -> dict[str, object]:
    """`status` is how far the case has got by these articles, `other_cases` the same of further events of that date."""
    when = entry.event.when
    cases = [
        {**case_json(status), "date": status.as_of, "text": stage_line(status, lead=REPORTED)}
        for strand in entry.strands
        if (status := strand.status)
    ]
    figures = [
        # As `qa show --json` has them, with the article and the articles that are copies in saying so.
        {
            "article_id": row.party.source.article_id,
            "copies": [source.article_id for source in row.party.copies],
            **figure_json(row.figure),
            "quote": row.party.quote.text,
        }
        for strand in entry.strands
        for count in strand.counts
        for row in count.rows
    ]
    sources = [listed.source for listed in entry.event.articles]
    return {
        "event_date": when.value,
        "precision": when.precision.value if when.precision else None,
        "articles": [values_of(source, "article_id", "title", "outlet", "published", "credit") for source in sources],
        "figures": figures,
        "status": cases[0] if cases else None,
        "other_cases": cases[1:],
    }


def _lines(entry: TimelineEntry) -> Iterator[str]:
    """What is told of a time: its articles, then of each event the corrections, and its figures with who says so."""
    when = entry.event.when
    yield f"{'Undated: ' if when.undated and when.value else ''}{when.heading}"
    for listed in entry.event.articles:
        yield f"  {listed.source.article_id}  {listed.source.title}\n    {listed.source.credit}"
    for strand in entry.strands:
        yield f"  – {EventHeading(strand.reported.event).text}"
        for source in dict.fromkeys(quote.source for quote in strand.quotes):
            if source.correction:
                yield f"    {lead(source.correction)} ({source.credit}): {source.correction.text}"
        if strand.status:
            yield f"    {stage_line(strand.status, lead=REPORTED)} ({quote_credit(strand.status.quote)})"
        for count in strand.counts:
            sayings = (f"{words} ({'; '.join(map(_voice, rows))})" for words, rows in count.sayings.items())
            yield f"    {count.caption}: {'; '.join(sayings)}"


def _voice(row: CountRow) -> str:
    party = row.party
    credited = quote_credit(party.quote)
    return f"{party.speaker}, in: {credited}" if party.speaker else credited
