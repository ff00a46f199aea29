"""Commands that ask, search and verify."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

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
    hit_json,
    json_lines,
    line_error,
    plain,
    put_json,
    utf8_text,
    writing_bar,
)
from qa.errors import InputError, NotFound, QuestionError
from qa.generation.verifying import Verified, sentences_of
from qa.i18n.locale import use_locale
from qa.models.journal import Channel
from qa.models.replies import Answer, Citation, Question, Reply
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


class DossierFormat(StrEnum):
    """How `--dossier` is written."""

    MD = "md"
    HTML = "html"


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


@dataclass(frozen=True, slots=True)
class SentenceToVerify:
    """A sentence to be held against the archive, or against one article of it."""

    id: str
    sentence: str
    article_id: str | None = None


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
    questions = list(_questions(question, file, published_from, published_until))
    _require_one(dossier, file, json=json)
    with archive_of(read_settings()) as archive:
        if file is not None:
            raise typer.Exit(
                _put_lines(
                    questions,
                    lambda line: _reply_json(archive, line),
                    failed=lambda line: {"question": line.question.text[:200]},
                )
            )
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
    questions = list(_questions(query, file, published_from, published_until))
    _require_one(dossier, file, json=json)
    with archive_of(read_settings()) as archive:

        def hits_of(question: Question) -> list[dict[str, object]]:
            return [hit_json(hit) for hit in archive.search(question, limit=limit)]

        if file is not None:
            raise typer.Exit(
                _put_lines(
                    questions, lambda line: {"results": hits_of(line.question)}, failed=lambda line: {"results": []}
                )
            )
        if dossier:
            asked = questions[0].question
            found = quotes_found(archive.search(asked, limit=limit), asked)
            _print_dossier(dossier, asked, found, archive, address)
            return
        hits = hits_of(questions[0].question)
        put_json(hits) if json else _print_hits(hits)


def _require_one(dossier: DossierFormat | None, file: Path | None, *, json: bool) -> None:
    """Raises InputError where a dossier is wanted in JSON, or of many questions."""
    if dossier and (file or json):
        raise InputError("--dossier goes with one question, and with neither --file nor --json.")


def _print_dossier(
    kind: DossierFormat, question: Question, quotes: Iterable[Citation], archive: Archive, address: str | None
) -> None:
    from qa.web.dossier import WRITERS, dossier_of  # templates take a tenth of a second that no other command needs

    base = base_address(read_settings(), address)
    typer.echo(WRITERS[kind](dossier_of(question.text, quotes, archive.article, base=base)), nl=False)


def _put_lines(questions: Iterable[AskedLine], values: QuestionValues, *, failed: QuestionValues) -> Exit:
    """One line of JSON for each question; one that can't be asked gets a line that says why."""
    status = Exit.DONE
    for line in questions:
        try:
            put_json(values(line) | {"id": line.id})
        except QuestionError as error:
            put_json({"id": line.id, **failed(line), "error": str(error)})
            errors.print(f"{line.id}: {error}", markup=False)
            status = Exit.FAILED
    return status


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


def _print_hits(hits: list[dict[str, object]]) -> None:
    for hit in hits:
        typer.echo(f"{hit['article_id']}:{hit['start']}-{hit['end']}  {hit['score']}\n  {hit['text']}\n")
    if not hits:
        typer.echo("Nothing found.")


def _questions(text: str | None, file: Path | None, first: date | None, last: date | None) -> Iterator[AskedLine]:
    if (text is None) == (file is None):
        raise InputError("Give either a question or --file FILE.")
    if file is None:
        yield AskedLine(None, Question(plain(text or ""), first, last))
        return
    lines = utf8_text(file)
    if not lines.strip():
        raise InputError(f"{file} holds no questions: {EXPECTED}, one a line.")
    for ask_id, record, place in json_lines(lines, str(file), EXPECTED):
        history = record.get("history", [])
        if not isinstance(record.get("question"), str) or not _are_texts(history):
            raise line_error(record, place, EXPECTED)
        yield AskedLine(ask_id, Question(plain(record["question"]), first, last), tuple(map(plain, history)))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


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
    sentences = list(_sentences(*_read(file)))
    with archive_of(read_settings()) as archive:
        supported = [_verify(archive, sentence, json=json) for sentence in sentences]
    raise typer.Exit(Exit.DONE if all(supported) else Exit.FAILED)


def _verify(archive: Archive, item: SentenceToVerify, *, json: bool) -> bool:
    """Prints what is found of one sentence; whether it is supported."""
    try:
        result = archive.verify(item.sentence, article_id=item.article_id)
    except NotFound as error:
        if json:
            put_json({"id": item.id, "sentence": item.sentence, "error": str(error)})
        errors.print(f"{item.id}: {error}", markup=False)
        return False
    put_json(_json(item.id, result)) if json else typer.echo(_text(result))
    return result.support.full


def _json(id: str, result: Verified) -> dict[str, object]:
    return {
        "id": id,
        "sentence": result.sentence,
        "verdict": result.support.verdict.value,
        "reasons": list(result.support.reasons),
        "quotes": [_quote_json(ground) for ground in result.grounds],
    }


def _quote_json(ground: Ground) -> dict[str, object]:
    source = ground.source
    values = {name: getattr(source, name) for name in ("article_id", "title", "credit", "published")}
    return {**values, "quote": ground.text, "start": ground.start, "end": ground.end}


def _text(result: Verified) -> str:
    lines = [f"{result.support.verdict.value}: {result.sentence}"]
    lines += [f"  {reason}" for reason in result.support.reasons]
    lines += [f"  {ground.source.credit}: “{ground.text}”" for ground in result.grounds]
    return "\n".join([*lines, ""])


def _read(file: Path | None) -> tuple[str, str]:
    """The text to be verified, and where it is from."""
    place = "standard input" if file is None else str(file)
    text = utf8_text(file)
    if not text.strip():
        raise InputError(f"{place} holds no text: sentences, or JSON Lines, were expected.")
    return plain(text), place


def _sentences(text: str, place: str) -> Iterator[SentenceToVerify]:
    """The sentences of a text, or those of its lines where they are JSON."""
    if not text.lstrip().startswith("{"):
        yield from (SentenceToVerify(str(at), sentence) for at, sentence in enumerate(sentences_of(text), start=1))
        return
    for ask_id, record, line_place in json_lines(text, place, EXPECTED_SENTENCE):
        sentence, article_id = record.get("sentence"), record.get("article_id")
        if not isinstance(sentence, str) or not isinstance(article_id, str | None):
            raise line_error(record, line_place, EXPECTED_SENTENCE)
        yield SentenceToVerify(ask_id, plain(sentence), article_id)
