"""Commands that correct, withdraw, restore and embargo articles, at once and beside a page that is being served."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from qa.answering.rendering import values_of
from qa.archive.ingesting import erase_ordered, note_repeating
from qa.archive.parts import journal_of, notices_of
from qa.cli.output import ArticleId, By, Exit, Json, asks, counted, day, errors, plain, put
from qa.errors import InputError
from qa.loaders.fields import parse_moment
from qa.loaders.publication_status import MAX_NOTICE
from qa.models.archive import long_date, moment_text
from qa.models.deliveries import Notice, NoticeKind
from qa.review.notices import act_of
from qa.settings import read_settings
from qa.text.cleaning import clean_line

Why = Annotated[str | None, typer.Option(metavar="TEXT", help="Why; kept in the history, shown to no reader.")]
On = Annotated[date | None, typer.Option("--date", parser=day, metavar="DATE", help="The date it bears; unset, today.")]
Review = Annotated[
    date | None,
    typer.Option("--review-on", parser=day, metavar="DATE", help="When to look at it again; the staff area tells."),
]

commands = typer.Typer()


@commands.command()
def correct(
    article_id: ArticleId,
    text: str = typer.Option(..., metavar="TEXT", help="What readers are told before each quote of the article."),
    on: On = None,
    by: By = "",
    json: Json = False,
) -> None:
    """Add a correction to an article; it acts at once, also on a page that is being served."""
    notice = _written(article_id, NoticeKind.CORRECTION, _words(text, "--text"), by, day=on or date.today())
    put(_notice_json(notice), [f"Corrected {notice.article_id}: readers see it before each quote."], json=json)


@commands.command()
def withdraw(
    article_id: ArticleId,
    reason: str | None = typer.Option(
        None, metavar="TEXT", help="Why, as its readers are told; needed the first time."
    ),
    erase: bool = typer.Option(
        False, "--erase", help="Also take text, vectors and index entries off the disk for good."
    ),
    blank_questions: bool | None = typer.Option(
        None,
        "--blank-questions/--keep-questions",
        help="With --erase: blank kept questions that repeat its words, or keep them; unset, it is asked.",
    ),
    on: On = None,
    review_on: Review = None,
    by: By = "",
    json: Json = False,
) -> None:
    """Take an article back: at once, also on a page that is being served, it is found and quoted no more."""
    kind = NoticeKind.ERASURE if erase else NoticeKind.WITHDRAWAL
    notice = _written(article_id, kind, _words(reason, "--reason"), by, day=on or date.today(), review_on=review_on)
    repeating = note_repeating(read_settings(), notice.article_id) if erase else (0, 0)
    waits = erase_ordered(read_settings()) if erase else ""
    blanked = _settled(notice, repeating, blank_questions, json=json)
    values, line = _notice_json(replace(notice, pending=bool(waits))), f"Withdrew {notice.article_id}"
    if erase:
        values["questions"] = {"repeating": repeating[0], "answers": repeating[1], "blanked": blanked}
    hidden = ": no answer quotes it and no search finds it." + (" Its erasure is pending." if waits else "")
    put(values, [line + (" and erased it from the disk." if erase and not waits else hidden)], json=json)
    if waits:
        errors.print(
            f"pending: the text is still on the disk. {waits} Then run `qa withdraw {notice.article_id} --erase` or "
            "`qa check --repair`."
        )
        raise typer.Exit(Exit.PENDING)


def _settled(notice: Notice, repeating: tuple[int, int], blank: bool | None, *, json: bool) -> bool:
    """Blanks or keeps the questions that repeat an erased article, as was said; whether they are blanked."""
    questions, answers = repeating
    if not questions:
        return False
    repeating_questions = "kept question repeats" if questions == 1 else "kept questions repeat"
    count = f"{questions:,} {repeating_questions} words of it ({counted(answers, 'answer')} kept)"
    if blank is None and not json:
        blank = asks(f"{count}. Blank them?")
    if blank is None:
        again = f"qa withdraw {notice.article_id} --erase"
        errors.print(f"note: {count}: `{again} --blank-questions` blanks them, --keep-questions lets them be.")
        return False
    with journal_of(read_settings()) as journal:
        settle = journal.repeating.blank if blank else journal.repeating.keep
        settle(notice.article_id, by=notice.by, at=datetime.now(UTC))
    errors.print(f"note: {count}: {'blanked' if blank else 'kept as they are'}.")
    return blank


@commands.command()
def restore(article_id: ArticleId, reason: Why = None, by: By = "", json: Json = False) -> None:
    """Let readers see an article again that was withdrawn, withheld or embargoed; corrections stay."""
    notice = _written(article_id, NoticeKind.RESTORATION, _words(reason, "--reason"), by)
    put(_notice_json(notice), [f"Restored {notice.article_id}. If it was erased, ingest its file again."], json=json)


@commands.command()
def embargo(
    article_id: ArticleId,
    until: str = typer.Option(..., metavar="MOMENT", help="Such as 2026-12-01, in UTC, or 2026-12-01T06:00+01:00."),
    reason: Why = None,
    review_on: Review = None,
    by: By = "",
    json: Json = False,
) -> None:
    """Keep an article from readers until a moment, as if it didn't exist; the embargo ends by itself."""
    try:
        moment = parse_moment(until.strip())
    except ValueError:
        raise InputError(
            "--until: a date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00 was expected, "
            f"found {plain(until)[:60]!r}."
        ) from None
    words = _words(reason, "--reason")
    notice = _written(article_id, NoticeKind.EMBARGO, words, by, until=moment, review_on=review_on)
    put(_notice_json(notice), [f"Embargoed {notice.article_id} until {moment_text(moment)}."], json=json)


@commands.command("notices")
def history(
    article_id: str | None = typer.Argument(None, metavar="[ID]", help="Only this article's."),
    json: Json = False,
) -> None:
    """List corrections, withdrawals, embargoes and restorations: who, when and why, oldest first."""
    with notices_of(read_settings()) as book:
        notices = book.history(plain(article_id) if article_id is not None else None)
    lines = []
    for notice in notices:
        detail = f" until {moment_text(notice.until)}" if notice.until else ""
        detail += f", dated {long_date(notice.day)}" if notice.day else ""
        detail += f", to be reviewed on {long_date(notice.review_on)}" if notice.review_on else ""
        detail += " (pending)" if notice.pending else ""
        text = f": {notice.text}" if notice.text else ""
        lines.append(f"{moment_text(notice.at)}  {notice.article_id}  {notice.kind}{detail}, by {notice.by}{text}")
    put(list(map(_notice_json, notices)), lines or ["No notices."], json=json)


def _written(article_id: str, kind: NoticeKind, text: str, by: str, **days: Any) -> Notice:
    """Writes the notice. Raises NotFound, InputError, StoreError."""
    notice, settings = Notice(article_id, kind, text, by, datetime.now(UTC), **days), read_settings()
    with notices_of(settings) as book, journal_of(settings) as journal:
        written = book.add(notice)
        journal.audit.add(act_of(written))
        return written


def _words(text: str | None, option: str) -> str:
    """What was said, as one clean line; nothing where nothing was. Raises InputError."""
    if text is None:
        return ""
    line = clean_line(plain(text))
    if not line or len(line) > MAX_NOTICE:
        raise InputError(f"{option}: 1 to {MAX_NOTICE:,} characters were expected, found {len(line):,}.")
    return line


def _notice_json(notice: Notice) -> dict[str, object]:
    values = values_of(notice, "kind", "text", "until", "review_on", "by", "at", "pending")
    return {"id": notice.article_id, "date": notice.day, **values}
