"""Commands that ask, search and verify."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from qa.answering.analysis import ConversationTurn
from qa.answering.rendering import reply_json, reply_text, values_of
from qa.archive.parts import archive_of
from qa.cli.journal import Address, base_address
from qa.cli.output import Exit, From, Json, Until, errors, plain, put, put_json, writing_bar
from qa.errors import InputError, NotFound, QuestionError
from qa.generation.verification import sentences_of
from qa.i18n.locale import use_locale
from qa.models.journal import Channel
from qa.models.replies import Answer, Citation, Hit, Question, Reply
from qa.models.support import Ground
from qa.retrieval.results import quotes_found
from qa.settings import read_settings

if TYPE_CHECKING:
    from qa.archive.archive import Archive

File = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help='Ask many: JSON Lines with "id", "question" and, if it goes on, "history"; one JSON line each, in order.',
    ),
]
DossierFormat = Literal["md", "html"]
AsDossier = Annotated[
    DossierFormat | None,
    typer.Option(
        "--dossier", help="md or html: print the quotes by date, each with its source and link, to keep or to print."
    ),
]

Line = TypeVar("Line", bound=BaseModel)
Values = dict[str, object]
AskedById = list[tuple[str, ConversationTurn]]
"""Questions, each with those before it, by the ids that their lines give them."""

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
    question: str | None = typer.Argument(None, help="What you want to know."),
    file: File = None,
    published_from: From = None,
    published_until: Until = None,
    dossier: AsDossier = None,
    address: Address = None,
    json: Json = False,
) -> None:
    """Ask a question; the answer is made of verbatim, numbered quotes."""
    questions = _questions(question, file, published_from, published_until, alone=bool(dossier), json=json)
    with archive_of(read_settings()) as archive:
        if file is not None:
            _put_lines(
                questions,
                lambda turn: _reply(archive, turn)[1],
                failed=lambda turn: {"question": turn.question.text[:200]},
            )
        reply, values = _reply(archive, questions[0][1])
        if dossier and isinstance(reply, Answer):
            with use_locale(reply.question.locale):
                _print_dossier(dossier, questions[0][1].question, reply.citations, archive, address)
        else:
            put(values, [reply_text(reply)], json=json)


@commands.command()
def search(
    query: str | None = typer.Argument(None, help='Words to look for; "a phrase" has to occur, a -word must not.'),
    file: File = None,
    limit: int = typer.Option(10, min=1, max=1000, help="Passages at most."),
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
    found = list(map(_hit_json, hits))
    lines = [f"{hit['article_id']}:{hit['start']}-{hit['end']}  {hit['score']}\n  {hit['text']}\n" for hit in found]
    put(found, lines or ["Nothing found."], json=json)


def _print_dossier(
    kind: DossierFormat, question: Question, quotes: Iterable[Citation], archive: Archive, address: str | None
) -> None:
    from qa.web.dossier import WRITERS, dossier_of  # templates take a tenth of a second that no other command needs

    base = base_address(read_settings(), address)
    typer.echo(WRITERS[kind](dossier_of(question.text, quotes, archive.article, base=base)), nl=False)


def _put_lines(
    questions: AskedById, values: Callable[[ConversationTurn], Values], *, failed: Callable[[ConversationTurn], Values]
) -> NoReturn:
    """One line of JSON for each question; one that can't be asked gets a line that says why. Ends the command."""
    status = Exit.DONE
    for ask_id, turn in questions:
        try:
            put_json(values(turn) | {"id": ask_id})
        except QuestionError as error:
            put_json({"id": ask_id, **failed(turn), "error": str(error)})
            errors.print(f"{ask_id}: {error}")
            status = Exit.FAILED
    raise typer.Exit(status)


def _reply(archive: Archive, turn: ConversationTurn) -> tuple[Reply, Values]:
    """The reply, and the same for machines; it is kept."""
    started = time.perf_counter()
    with writing_bar() as show:
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
    """The question, or those of a file. Raises InputError."""
    if (text is None) == (file is None):
        raise InputError("Give either a question or --file FILE.")
    if alone and (file or json):
        raise InputError("--dossier goes with one question, and with neither --file nor --json.")
    if file is None:
        return [("", ConversationTurn(Question(plain(text or ""), first, last)))]
    asked = [
        (str(line.id), ConversationTurn(Question(line.question, first, last), line.history))
        for line in _json_lines(QuestionLine, _utf8_text(file), str(file), EXPECTED)
    ]
    if not asked:
        raise InputError(f"{file} holds no questions: {EXPECTED}, one a line.")
    return asked


@commands.command()
def verify(
    file: Path | None = typer.Option(
        None,
        metavar="FILE",
        help='Text, or JSON Lines with "id", "sentence" and, if one article is meant, "article_id"; '
        "without it standard input is read.",
    ),
    json: bool = typer.Option(False, "--json", help="Print JSON for machines, one line for each sentence."),
) -> None:
    """Hold a text against the archive, sentence by sentence. Exit status 1 says that some sentence isn't supported."""
    text, place = _utf8_text(file), "standard input" if file is None else str(file)
    if not text.strip():
        raise InputError(f"{place} holds no text: sentences, or JSON Lines, were expected.")
    if text.lstrip().startswith("{"):
        sentences = list(_json_lines(SentenceLine, text, place, EXPECTED_SENTENCE))
    else:
        sentences = [SentenceLine(id=at, sentence=words) for at, words in enumerate(sentences_of(text), start=1)]
    with archive_of(read_settings()) as archive:
        supported = [_verify(archive, sentence, json=json) for sentence in sentences]
    raise typer.Exit(Exit.DONE if all(supported) else Exit.FAILED)


def _verify(archive: Archive, line: SentenceLine, *, json: bool) -> bool:
    """Prints what is found of one sentence; whether it is supported."""
    ask_id = str(line.id)
    try:
        result = archive.verify(line.sentence, article_id=line.article_id)
    except NotFound as error:
        put({"id": ask_id, "sentence": line.sentence, "error": str(error)}, (), json=json)
        errors.print(f"{ask_id}: {error}")
        return False
    support = result.support
    values: Values = {"id": ask_id, "sentence": line.sentence, "verdict": support.verdict.value}
    values |= {"reasons": list(support.reasons), "quotes": list(map(_quote_json, result.rests_on))}
    found = (*support.reasons, *(f"{ground.source.credit}: “{ground.text}”" for ground in result.rests_on))
    put(values, [f"{support.verdict.value}: {line.sentence}", *(f"  {line}" for line in found), ""], json=json)
    return support.full


def _quote_json(ground: Ground) -> Values:
    source = values_of(ground.source, "article_id", "title", "credit", "published")
    return {**source, "quote": ground.text, "start": ground.start, "end": ground.end}


def _utf8_text(file: Path | None) -> str:
    """The text of a file, or of standard input. Raises InputError."""
    try:
        content = sys.stdin.buffer.read() if file is None else file.read_bytes()
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file or 'standard input'} can't be read as UTF-8 text: {error}.") from error


def _json_lines(model: type[Line], text: str, place: str, expected: str) -> Iterator[Line]:
    """The objects of JSON Lines. Raises InputError."""
    # Not `splitlines`: a string in JSON may hold other characters that it takes for an end.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield model.model_validate_json(line)
            except ValidationError:
                raise InputError(f"{place}, line {number}: {expected}; found {line[:80]!r}.") from None
