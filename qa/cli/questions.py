"""Commands that ask, search and verify."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from qa.answering.json_values import reply_json
from qa.answering.rendering import reply_text
from qa.archive.archive import Archive, archive_of
from qa.cli.journal import Address, base_address
from qa.cli.output import (
    Exit,
    Json,
    day_option,
    errors,
    json_lines,
    line_error,
    plain,
    put_json,
    utf8_text,
    writing_bar,
)
from qa.errors import InputError, NotFound, QuestionError
from qa.generation.verifying import sentences_of
from qa.i18n.locale import use_locale
from qa.models.journal import Channel
from qa.models.replies import Answer, Citation, Hit, Question, Reply
from qa.models.support import Ground
from qa.retrieval.results import quotes_found
from qa.settings import read_settings

File = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help='Ask many: JSON Lines with "id", "question" and, if it goes on, "history"; one JSON line each, in order.',
    ),
]
From = Annotated[date | None, day_option("--from", "Only articles published on or after this day.")]
Until = Annotated[date | None, day_option("--until", "Only articles published on or before it.", end=True)]


DossierFormat = Literal["md", "html"]


AsDossier = Annotated[
    DossierFormat | None,
    typer.Option(
        "--dossier", help="md or html: print the quotes by date, each with its source and link, to keep or to print."
    ),
]

QuestionValues = Callable[["AskedLine"], dict[str, object]]
"""JSON values about a question."""

EXPECTED = (
    'an object such as {"id": "1", "question": "Why?", "history": ["When did it begin?"]} was expected, '
    '"history" where the question goes on from others'
)
EXPECTED_SENTENCE = 'an object such as {"id": "1", "sentence": "It began in 2005.", "article_id": "a"} was expected'


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A question by the id that its line gives it; `history` holds the questions before it, oldest first."""

    id: str | None
    question: Question
    history: tuple[str, ...] = ()


def _first_words(line: AskedLine) -> dict[str, object]:
    return {"question": line.question.text[:200]}


def register(app: typer.Typer) -> None:
    app.command("ask")(ask)
    app.command("search")(search)
    app.command("verify")(verify)


def ask(
    question: Annotated[str | None, typer.Argument(help="What you want to know.")] = None,
    file: File = None,
    published_from: From = None,
    published_until: Until = None,
    dossier: AsDossier = None,
    address: Address = None,
    json: Json = False,
) -> None:
    """Ask a question; the answer is made of verbatim, numbered quotes."""
    questions = _questions(question, file, published_from, published_until, dossier=dossier, json=json)
    with archive_of(read_settings()) as archive:
        if file is not None:
            _put_lines(questions, partial(_reply_json, archive), failed=_first_words)
        if json:
            put_json(_reply_json(archive, questions[0]))
            return
        reply = _reply(archive, questions[0])[0]
        if dossier and isinstance(reply, Answer):
            with use_locale(reply.question.locale):
                _print_dossier(dossier, questions[0].question, reply.citations, archive, address)
        else:
            typer.echo(reply_text(reply))


def search(
    query: Annotated[
        str | None, typer.Argument(help='Words to look for; "a phrase" has to occur, a -word must not.')
    ] = None,
    file: File = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Passages at most.")] = 10,
    published_from: From = None,
    published_until: Until = None,
    dossier: AsDossier = None,
    address: Address = None,
    json: Json = False,
) -> None:
    """List the passages that come closest, best first."""
    questions = _questions(query, file, published_from, published_until, dossier=dossier, json=json)
    with archive_of(read_settings()) as archive:

        def results(line: AskedLine) -> dict[str, object]:
            return {"results": list(map(_hit_json, archive.search(line.question, limit=limit)))}

        if file is not None:
            _put_lines(questions, results, failed=lambda line: {"results": []})
        question = questions[0].question
        hits = archive.search(question, limit=limit)
        if dossier:
            _print_dossier(dossier, question, quotes_found(hits, question), archive, address)
        elif json:
            put_json(list(map(_hit_json, hits)))
        else:
            for hit in map(_hit_json, hits):
                typer.echo(f"{hit['article_id']}:{hit['start']}-{hit['end']}  {hit['score']}\n  {hit['text']}\n")
            if not hits:
                typer.echo("Nothing found.")


def _print_dossier(
    kind: DossierFormat, question: Question, quotes: Iterable[Citation], archive: Archive, address: str | None
) -> None:
    from qa.web.dossier import WRITERS, dossier_of  # templates take a tenth of a second that no other command needs

    base = base_address(read_settings(), address)
    typer.echo(WRITERS[kind](dossier_of(question.text, quotes, archive.article, base=base)), nl=False)


def _put_lines(questions: Iterable[AskedLine], values: QuestionValues, *, failed: QuestionValues) -> NoReturn:
    """One line of JSON for each question; one that can't be asked gets a line that says why. Ends the command."""
    status = Exit.DONE
    for line in questions:
        try:
            put_json(values(line) | {"id": line.id})
        except QuestionError as error:
            put_json({"id": line.id, **failed(line), "error": str(error)})
            errors.print(f"{line.id}: {error}", markup=False)
            status = Exit.FAILED
    raise typer.Exit(status)


def _reply(archive: Archive, line: AskedLine) -> tuple[Reply, float, str | None]:
    """The reply, the seconds that it took, and the id of its permanent address."""
    started = time.perf_counter()
    with writing_bar() as show:
        for reply in archive.replies(line.question, history=line.history):
            show(reply)
    seconds = time.perf_counter() - started
    return reply, seconds, archive.keep(reply, channel=Channel.COMMAND, seconds=seconds)


def _reply_json(archive: Archive, line: AskedLine) -> dict[str, object]:
    reply, seconds, answer_id = _reply(archive, line)
    return reply_json(reply, id=None, seconds=seconds, answer_id=answer_id)


def _hit_json(hit: Hit) -> dict[str, object]:
    values = {name: getattr(hit.passage, name) for name in ("start", "end", "text")}
    return {"article_id": hit.passage.source.article_id, **values, "score": round(hit.score, 6)}


def _questions(
    text: str | None,
    file: Path | None,
    first: date | None,
    last: date | None,
    *,
    dossier: DossierFormat | None,
    json: bool,
) -> list[AskedLine]:
    """The question, or those of a file. Raises InputError."""
    if (text is None) == (file is None):
        raise InputError("Give either a question or --file FILE.")
    if dossier and (file or json):
        raise InputError("--dossier goes with one question, and with neither --file nor --json.")
    if file is None:
        return [AskedLine(None, Question(plain(text or ""), first, last))]
    lines, questions = utf8_text(file), []
    if not lines.strip():
        raise InputError(f"{file} holds no questions: {EXPECTED}, one a line.")
    for ask_id, record, place in json_lines(lines, str(file), EXPECTED):
        words, history = record.get("question"), record.get("history", [])
        if not isinstance(words, str) or not isinstance(history, list) or not all(isinstance(q, str) for q in history):
            raise line_error(record, place, EXPECTED)
        questions.append(AskedLine(ask_id, Question(plain(words), first, last), tuple(map(plain, history))))
    return questions


def verify(
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='Text, or JSON Lines with "id", "sentence" and, if one article is meant, "article_id"; '
            "without it standard input is read.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON for machines, one line for each sentence.")] = False,
) -> None:
    """Hold a text against the archive, sentence by sentence.

    Exit status 1 says that some sentence isn't supported.
    """
    sentences = list(_sentences(utf8_text(file), "standard input" if file is None else str(file)))
    with archive_of(read_settings()) as archive:
        supported = [_verify(archive, *sentence, json=json) for sentence in sentences]
    raise typer.Exit(Exit.DONE if all(supported) else Exit.FAILED)


def _verify(archive: Archive, id: str, sentence: str, article_id: str | None, *, json: bool) -> bool:
    """Prints what is found of one sentence; whether it is supported."""
    try:
        result = archive.verify(sentence, article_id=article_id)
    except NotFound as error:
        if json:
            put_json({"id": id, "sentence": sentence, "error": str(error)})
        errors.print(f"{id}: {error}", markup=False)
        return False
    support = result.support
    if json:
        values = {"id": id, "sentence": result.sentence, "verdict": support.verdict.value}
        put_json({**values, "reasons": list(support.reasons), "quotes": list(map(_quote_json, result.grounds))})
    else:
        typer.echo(f"{support.verdict.value}: {result.sentence}")
        for line in (*support.reasons, *(f"{ground.source.credit}: “{ground.text}”" for ground in result.grounds)):
            typer.echo(f"  {line}")
        typer.echo()
    return support.full


def _quote_json(ground: Ground) -> dict[str, object]:
    source = ground.source
    values = {name: getattr(source, name) for name in ("article_id", "title", "credit", "published")}
    return {**values, "quote": ground.text, "start": ground.start, "end": ground.end}


def _sentences(text: str, place: str) -> Iterator[tuple[str, str, str | None]]:
    """The sentences of a text, or those of its lines where they are JSON: id, words, and the article that is meant."""
    if not text.strip():
        raise InputError(f"{place} holds no text: sentences, or JSON Lines, were expected.")
    if not text.lstrip().startswith("{"):
        yield from ((str(at), sentence, None) for at, sentence in enumerate(sentences_of(plain(text)), start=1))
        return
    for ask_id, record, line_place in json_lines(plain(text), place, EXPECTED_SENTENCE):
        sentence, article_id = record.get("sentence"), record.get("article_id")
        if not isinstance(sentence, str) or not isinstance(article_id, str | None):
            raise line_error(record, line_place, EXPECTED_SENTENCE)
        yield ask_id, plain(sentence), article_id
