"""Commands for the gate, the journal of what was asked, the audit log of the staff, their accounts and tokens."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from qa.answering.rendering import reply_text
from qa.archive.ingesting import ingest_paths
from qa.archive.parts import archive_of, has_journal, journal_of, prices_of, store_of
from qa.cli.output import By, Exit, From, Json, Until, counted, dates_of, errors, plain, put
from qa.errors import InputError, NotFound
from qa.i18n.staff import cost_words, stopped_words, usage_words
from qa.loaders.reading import find_files
from qa.models.archive import moment_text
from qa.models.deliveries import Failure
from qa.models.journal import Role
from qa.models.support import Prices
from qa.review import gate as quality
from qa.review.accounts import LONGEST_PASSWORD, Accounts, check_password, folded_name
from qa.review.exporting import FORMATS, answer_json, making_json
from qa.review.permanent import PermanentAnswer, PermanentAnswers
from qa.settings import Settings, read_settings
from qa.store.journal.audit import changes, entry_json
from qa.store.journal.opening import Journal
from qa.text.cleaning import clean_line

ARTICLES_HELD = 1_000
QUESTIONS, FLOORS, REJECTED = NOT_ARTICLES = ("questions.jsonl", "floors.json", "rejected.jsonl")
SAMPLES = frozenset({"formats"})  # folders of a corpus that show what can be read, and tell of other things
PRECISION = "float32"  # the gate's own: where the processor has no bfloat16 the figures have to come out the same
Address = Annotated[
    str | None, Option(metavar="URL", help="Address of the page; unset, the one that `qa serve` binds to.")
]
Name = Annotated[str, Argument(parser=lambda text: folded_name(plain(text)), metavar="NAME", help="The user's name.")]
Label = Annotated[
    str, Argument(parser=lambda text: clean_line(plain(text)), metavar="LABEL", help="What the token is for.")
]
PasswordFile = Annotated[
    typer.FileText | None,
    Option(
        metavar="FILE",
        encoding="utf-8",
        help="Read the password from the file's first line, `-` for standard input; unset, it is asked for twice.",
    ),
]

commands = typer.Typer()
journal_commands, audit_commands, users, tokens = (typer.Typer(no_args_is_help=True) for _ in range(4))
for group, name, purpose in (
    (journal_commands, "journal", "What was asked and answered: look at it, take it along, delete it."),
    (audit_commands, "audit", "The audit log: everything that the staff did, chained so that a change shows."),
    (users, "user", "Users of the staff area. The first one is made here; no password comes with the program."),
    (tokens, "token", "Tokens by which programs use the archive in a user's name, with that user's role."),
):
    commands.add_typer(group, name=name, help=purpose)


@commands.command()
def gate(
    corpus: Path = Option(Path("corpus"), metavar="DIR", help="Articles, questions.jsonl and floors.json."),
    pin_floors: bool = Option(False, "--pin", help="Write what is measured as the new floors."),
    lower: str | None = Option(None, metavar="REASON", help="With --pin: why floors may get lower; it is kept."),
    verbose: bool = Option(False, "--verbose", "-v", help="Show each question that went wrong."),
    json: Json = False,
) -> None:
    """Ask questions whose answers are known; fail below the pinned floors, or where what the staff rejected is back."""
    if lower is not None and not pin_floors:
        raise InputError("--lower says why floors may get lower when they are pinned: give it with --pin.")
    known, files = quality.read_known(corpus / QUESTIONS), list(find_files([str(corpus)]))
    if unreadable := [file for file in files if isinstance(file, Failure)]:
        raise InputError(str(unreadable[0]))
    paths = (file for file in files if isinstance(file, Path) and file.name not in NOT_ARTICLES)
    articles = [path for path in paths if not SAMPLES.intersection(path.relative_to(corpus).parts[:-1])]
    digest = quality.corpus_digest([*articles, corpus / QUESTIONS])
    floors, cases = quality.read_floors(corpus / FLOORS), quality.read_rejected(corpus / REJECTED)
    settings = read_settings()
    if has_journal(settings):  # what the staff of the archive that is set rejected
        with journal_of(settings) as journal:
            cases += journal.reviews.rejected()
    with tempfile.TemporaryDirectory(prefix="qa-gate-") as home:  # of an archive made for the questions alone
        changed = {"home": Path(home), "database": None, "examples": None, "precision": PRECISION}
        settings = settings.model_copy(update=changed)
        report = ingest_paths(list(map(str, articles)), settings=settings)
        if report.failed:
            raise InputError(f"{len(report.failed)} articles can't be read, the first: {report.failed[0]}")
        with archive_of(settings) as archive:
            article_ids = [listed.source.article_id for listed in archive.listed()]
            bodies = {article_id: archive.article(article_id).body for article_id in article_ids}
            if missing := quality.missing_sentences(known, bodies):
                raise InputError("An expected sentence is not in its article. " + " ".join(missing))
            relapsed = list(quality.relapses(cases, archive.reply, bodies))
            outcomes = quality.ask_all(known, archive.reply, bodies.__getitem__)
    measured = quality.by_group(outcomes)
    if pin_floors:
        floors = quality.pin(floors, measured, digest=digest, reason=lower, today=date.today())
        (corpus / FLOORS).write_text(f"{floors.model_dump_json(indent=2)}\n", encoding="utf-8")
    failures, wrong = [*quality.judge(measured, floors, digest=digest), *relapsed], list(quality.misses(outcomes))
    groups = dict[str, object]()
    for group, shares in measured.items():
        groups[group] = {name: {"share": s.value, "part": s.part, "whole": s.whole} for name, s in shares.items()}
    values = {"ok": not failures, "corpus_digest": digest, "measured": groups}
    lines = [quality.table(measured, floors), *(["", *wrong] if verbose else [])]
    lines.append("The gate is shut." if failures else "The gate is open.")
    put(values | {"failures": failures, "misses": wrong}, lines, json=json, problems=failures)


@journal_commands.command(context_settings={"ignore_unknown_options": True})  # an id may begin with a dash
def show(
    answer_id: str = Argument(..., metavar="ID", help="The answer's id: the end of its address."), json: Json = False
) -> None:
    """Show an answer as it was given, what became of its sources, and how it was made; a withheld one too."""
    settings = read_settings()
    prices = prices_of(settings)
    with _answers(settings) as (answers, _):
        answer = answers.get(answer_id)
        if answer is None:
            raise NotFound(f"The journal holds no answer {answer_id[:60]!r}. Its time may be over: QA_JOURNAL_DAYS.")
    record = answer.record
    values = answer_json(answer, "") | {"channel": record.channel.value, "seconds": round(record.seconds, 4)}
    values |= {"making": asdict(record.making), **making_json(record, prices)}
    put(values, _lines(answer, prices), json=json)


@journal_commands.command()
def export(
    first: From = None,
    last: Until = None,
    kind: Literal["jsonl", "csv", "md", "bib", "ris"] = Option("jsonl", "--format", help="What is written."),
    address: Address = None,
) -> None:
    """Write the answers of some days, in UTC, to standard output, as readers see them today; withheld ones are left
    out."""
    between, settings = dates_of(first, last), read_settings()
    base = base_address(settings, address)
    # The calendar ends a day after the last day that has a next one.
    end = min(between.last or date.max, date.max - timedelta(days=1)) + timedelta(days=1)
    days = (datetime.combine(day, time(), UTC) for day in (between.first or date.min, end))
    public, withheld = list[PermanentAnswer](), 0
    with _answers(settings) as (answers, journal):
        for answer in map(answers.show, journal.records.between(*days)):
            if answer.withheld:
                withheld += 1
            elif kind == "jsonl":
                put(answer_json(answer, base))
            else:
                public.append(answer)
        if kind != "jsonl":
            sys.stdout.buffer.write(FORMATS[kind].write(public, base).encode("utf-8", "replace"))
    if withheld:
        errors.print(f"note: withheld answers that are left out: {withheld:,}")


@journal_commands.command()
def purge(
    days: int | None = Option(None, min=0, help="Days that are kept, 0 keeps everything; unset, QA_JOURNAL_DAYS."),
) -> None:
    """Delete what was asked longer ago than the days that are kept; what the staff decided on or readers reported
    stays."""
    settings = read_settings()
    retention = settings.journal_days if days is None else days
    if not retention:
        typer.echo("Nothing was deleted: 0 days means that everything is kept.")
        return
    with journal_of(settings) as journal:
        try:
            before = datetime.now(UTC) - timedelta(days=retention)
        except OverflowError:
            raise InputError(f"--days: {retention:,} days are longer than the calendar. Give fewer.") from None
        gone = journal.records.purge(before)
        left = journal.records.count()
    typer.echo(f"Deleted {counted(gone, 'answer')} from before {moment_text(before)}; {left:,} kept.")


@journal_commands.command()
def rejected() -> None:
    """Write down what the staff rejected, as JSON Lines: put beside the articles of a gate, it must not come back."""
    with journal_of(read_settings()) as journal:
        for case in journal.reviews.rejected():
            put(asdict(case))


@journal_commands.command()
def known() -> None:
    """Write the staff's verdicts as questions whose answers are known: put beside the articles of a gate as
    questions.jsonl, they are asked again."""
    settings = read_settings()
    with store_of(settings) as store, journal_of(settings) as journal:
        for question in quality.judged_questions(journal, lru_cache(ARTICLES_HELD)(store.article)):
            put(question.model_dump(mode="json"))


@contextmanager
def _answers(settings: Settings) -> Iterator[tuple[PermanentAnswers, Journal]]:
    with store_of(settings) as store, journal_of(settings) as journal:
        article = lru_cache(ARTICLES_HELD)(store.article)  # many answers rest on the same ones
        yield PermanentAnswers(journal, article), journal


def base_address(settings: Settings, address: str | None) -> str:
    """The address of the page, without a slash at its end. Raises InputError."""
    if address is None and settings.host in ("0.0.0.0", "::"):
        raise InputError(
            "--address: the page is served on every address of this machine (QA_HOST). Name the one that readers know, "
            "such as https://archive.example, so that links lead there."
        )
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = (address or f"http://{host}:{settings.port}").rstrip("/")
    if not base.startswith(("https://", "http://")) or any(ch.isspace() or ch in "<>" for ch in base):
        raise InputError(f"--address: an address such as https://archive.example was expected, found {base[:60]!r}.")
    return base


def _lines(answer: PermanentAnswer, prices: Prices | None) -> Iterator[str]:
    record, making = answer.record, answer.record.making
    yield record.question
    yield ""
    yield reply_text(answer.reply) if answer.reply else answer.missing
    yield from answer.notices
    yield ""
    yield f"{answer.composed} {answer.software} {answer.checked.words}"
    yield f"Asked at {moment_text(record.at)} by way of: {record.channel}; took {record.seconds:.2f} s."
    model = f", language model {making.model}" if making.model else ""
    yield f"Made by version {making.program}, encoder {making.encoder}{model}."
    if used := record.usage:
        yield f"Used: {usage_words(used)}." + (f" Cost: {cost_words(prices.cost(used))}." if prices else "")
    for sentence in record.reply.stopped if record.reply else ():
        yield f"Not shown: “{sentence.text}” {stopped_words(sentence.support)}"
    yield from (f"  {source.article_id}: {source.words}" for source in answer.sources)


@audit_commands.command("verify")
def verify_audit(
    head: str | None = Option(
        None,
        metavar="DIGEST",
        help="The digest of the last entry, as it was noted elsewhere: only by it entries show that were cut "
        "off at the end.",
    ),
    json: Json = False,
) -> None:
    """Recompute the chain of the audit log; names the first entry that was changed or is missing, exit status 1."""
    with journal_of(read_settings()) as journal:
        check = journal.audit.verified(head=plain(head).strip().lower() if head is not None else None)
    stand = "entry stands" if check.entries == 1 else "entries stand"
    lines = [f"{check.entries:,} {stand} as written. Digest of the last of them: {check.head}"]
    if not check.wrong:
        lines.append("Note the digest elsewhere: by `--head` it shows entries that were cut off at the end.")
    values = asdict(check) | {"wrong": check.wrong or None}
    put(values, lines, json=json, problems=[check.wrong] if check.wrong else [])


@audit_commands.command("export")
def export_audit(json: bool = Option(False, "--json", help="JSON Lines with all that is kept.")) -> None:
    """Write the audit log to standard output, oldest first."""
    try:
        with journal_of(read_settings()) as journal:
            for entry in journal.audit.entries():
                act = entry.act
                changed = ", ".join(f"{name}: {before!r} → {after!r}" for name, before, after in changes(entry))
                detail = f" ({changed})" if changed else ""
                line = f"{entry.number}  {moment_text(act.at)}  {act.by}: {act.what}, {act.subject}{detail}"
                put(entry_json(entry), [line], json=json)
    except ValueError as error:
        errors.print(f"failed: {error}. `qa audit verify` says more.")
        raise typer.Exit(Exit.FAILED) from None


@users.command()
def add(
    name: str = Argument(..., metavar="NAME", help="The name to sign in with; it stays in the audit log."),
    role: Role = Option(..., help="What the user may do; each role may do what those before it may."),
    password_file: PasswordFile = None,
    oidc: str | None = Option(
        None,
        metavar="WHO",
        help="Signs in by OpenID Connect, without a password here: the provider's `sub` for the user, or an e-mail "
        "address that it has verified.",
    ),
    by: By = "",
) -> None:
    """Add a user of the staff area."""
    with _accounts() as accounts:
        if oidc is not None and password_file is not None:
            raise InputError("--oidc and --password-file: who signs in by OpenID Connect has no password here.")
        identity = clean_line(plain(oidc)) if oidc is not None else None
        if identity == "":
            raise InputError("--oidc: the provider's `sub` or an e-mail address was expected, found nothing.")
        chosen = None if identity is not None else _password(password_file, name=plain(name))
        account = accounts.add(plain(name), role, password=chosen, identity=identity, by=by)
    typer.echo(f"Added {account.name}, {account.role.value}.")


@users.command("list")
def listed(json: Json = False) -> None:
    """List the users of the staff area, those that were removed too."""
    with _accounts() as opened:
        accounts = opened.listed()
    lines = []
    for account in accounts:
        removed = "" if account.active else "  (removed)"
        by = f"  (OpenID Connect: {account.identity})" if account.identity else ""
        lines.append(f"{account.name}  {account.role.value}  since {moment_text(account.made_at)}{by}{removed}")
    none = "No users: nobody can enter the staff area. `qa user add NAME --role admin` makes the first."
    put(list(map(asdict, accounts)), lines or [none], json=json)


@users.command()
def role(name: Name, role: Role = Argument(..., help="The new role."), by: By = "") -> None:
    """Give a user another role; whoever is signed in by that name has to sign in again."""
    with _accounts() as accounts:
        accounts.set_role(name, role, by=by)
    typer.echo(f"{name} is {role.value} now.")


@users.command()
def password(name: Name, password_file: PasswordFile = None, by: By = "") -> None:
    """Give a user another password; whoever is signed in by that name has to sign in again."""
    with _accounts() as accounts:
        accounts.set_password(name, _password(password_file, name=name), by=by)
    typer.echo(f"The password of {name} is changed.")


@users.command()
def unlock(name: Name, by: By = "") -> None:
    """Forget the failed tries to sign in by a name, at once and from wherever they came; the password stays."""
    with _accounts() as accounts:
        accounts.unlock(name, by=by)
    typer.echo(f"The failed tries at {name} are forgotten.")


@users.command()
def remove(name: Name, by: By = "") -> None:
    """Shut a user's account with its sessions and tokens; the name stays in the audit log and isn't given again."""
    with _accounts() as accounts:
        accounts.shut(name, by=by)
    typer.echo(f"Removed {name}.")


@tokens.command("add")
def add_token(name: Name, label: Label, by: By = "", json: Json = False) -> None:
    """Make a token for a program; it is printed once and kept nowhere."""
    with _accounts() as accounts:
        secret = accounts.add_token(name, label, by=by)
    if not json:
        errors.print("Keep this token; it can't be shown again:")
    put({"name": name, "label": label, "token": secret}, [secret], json=json)


@tokens.command("list")
def list_tokens(json: Json = False) -> None:
    """List the tokens that let programs in, not the secrets themselves."""
    with _accounts() as accounts:
        listed = accounts.tokens()
    lines = [f"{token.name}  {token.label}  since {moment_text(token.made_at)}" for token in listed]
    put(list(map(asdict, listed)), lines or ["No tokens."], json=json)


@tokens.command("revoke")
def revoke_token(name: Name, label: Label, by: By = "") -> None:
    """Take a token back: the program that has it is let in no more."""
    with _accounts() as accounts:
        accounts.revoke_token(name, label, by=by)
    typer.echo(f"Revoked {label!r} of {name}.")


@contextmanager
def _accounts() -> Iterator[Accounts]:
    with journal_of(read_settings()) as journal:
        yield Accounts(journal.database)


def _password(file: typer.FileText | None, *, name: str) -> str:
    """A password that may be chosen. Raises InputError."""
    try:
        if file:
            line = file.readline(LONGEST_PASSWORD + 2).rstrip("\r\n")
        else:
            line = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    except typer.Abort:
        raise InputError("No password was given. Without a terminal, give it by --password-file.") from None
    except UnicodeDecodeError as error:
        raise InputError(f"--password-file: {file and file.name} can't be read: {error}.") from error
    check_password(plain(line), name=name)
    return plain(line)
