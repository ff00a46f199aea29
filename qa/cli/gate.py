"""The command that holds answers to known questions against pinned floors."""

import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from qa.archive.ingesting import ingest_paths
from qa.archive.parts import archive_of, has_journal, journal_of
from qa.cli.output import Json, put_checked
from qa.errors import InputError
from qa.loaders.reading import find_files
from qa.models.deliveries import Failure
from qa.models.journal import Rejected
from qa.review.gate import QuestionOutcome, ask_all, by_group, judge, misses, pin, read_floors, table, write_floors
from qa.review.known import Known, corpus_digest, held, missing_sentences, read_known, read_rejected, relapses
from qa.settings import Settings, read_settings

QUESTIONS = "questions.jsonl"
FLOORS = "floors.json"
REJECTED = "rejected.jsonl"
NOT_ARTICLES = frozenset({QUESTIONS, FLOORS, REJECTED})
SAMPLES = frozenset({"formats"})  # folders of a corpus that show what can be read, and tell of other things
PRECISION = "float32"  # the gate's own: where the processor has no bfloat16 the figures have to come out the same

commands = typer.Typer()


@commands.command()
def gate(
    corpus: Path = typer.Option(Path("corpus"), metavar="DIR", help="Articles, questions.jsonl and floors.json."),
    pin_floors: bool = typer.Option(False, "--pin", help="Write what is measured as the new floors."),
    lower: str | None = typer.Option(None, metavar="REASON", help="With --pin: why floors may get lower; it is kept."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Show each question that went wrong."),
    json: Json = False,
) -> None:
    """Ask questions whose answers are known; fail below the pinned floors, or where what the staff rejected is back."""
    if lower is not None and not pin_floors:
        raise InputError("--lower says why floors may get lower when they are pinned: give it with --pin.")
    known = read_known(corpus / QUESTIONS)
    articles = _articles(corpus)
    digest = corpus_digest([*articles, corpus / QUESTIONS])
    floors, settings, cases = read_floors(corpus / FLOORS), read_settings(), read_rejected(corpus / REJECTED)
    if has_journal(settings):  # what the staff of the archive that is set rejected
        with journal_of(settings) as journal:
            cases += journal.reviews.rejected()
    outcomes, relapsed = _outcomes(known, articles, cases, settings)
    measured = by_group(outcomes)
    if pin_floors:
        floors = pin(floors, measured, digest=digest, reason=lower, today=date.today())
        write_floors(corpus / FLOORS, floors)
    failures, wrong = judge(measured, floors, digest=digest, relapses=relapsed), list(misses(outcomes))
    groups = {
        group: {name: {"share": s.value, "part": s.part, "whole": s.whole} for name, s in shares.items()}
        for group, shares in measured.items()
    }
    values = {"ok": not failures, "corpus_digest": digest, "measured": groups}
    lines = [table(measured, floors), *(["", *wrong] if verbose else [])]
    lines.append("The gate is shut." if failures else "The gate is open.")
    put_checked(values | {"failures": failures, "misses": wrong}, lines, failures, json=json)


def _articles(corpus: Path) -> list[Path]:
    """The article files of a corpus. Raises InputError."""
    files = list(find_files([str(corpus)]))
    if failures := [file for file in files if isinstance(file, Failure)]:
        raise InputError(str(failures[0]))
    paths = (file for file in files if isinstance(file, Path) and file.name not in NOT_ARTICLES)
    return [path for path in paths if not SAMPLES.intersection(path.relative_to(corpus).parts[:-1])]


def _outcomes(
    known: Sequence[Known], articles: Sequence[Path], cases: Sequence[Rejected], settings: Settings
) -> tuple[list[QuestionOutcome], list[str]]:
    """The questions asked of an archive made for them alone, and rejected statements that came back."""
    with tempfile.TemporaryDirectory(prefix="qa-gate-") as home:
        changed = {"home": Path(home), "database": None, "chroma_url": None, "examples": None, "precision": PRECISION}
        settings = settings.model_copy(update=changed)
        report = ingest_paths(list(map(str, articles)), settings=settings)
        if report.failed:
            raise InputError(f"{len(report.failed)} articles can't be read, the first: {report.failed[0]}")
        with archive_of(settings) as archive:
            article_ids = [listed.source.article_id for listed in archive.listed()]
            bodies = {article_id: archive.article(article_id).body for article_id in article_ids}
            if missing := missing_sentences(known, bodies):
                raise InputError("An expected sentence is not in its article. " + " ".join(missing))
            again = list(relapses(held(cases, bodies.get), archive.reply))
            return ask_all(known, archive.reply, bodies.__getitem__), again
