"""The command that holds answers to known questions against pinned floors."""

import tempfile
from datetime import date
from pathlib import Path

import typer
from typer import Option

from qa.archive.ingesting import ingest_paths
from qa.archive.parts import archive_of, has_journal, journal_of
from qa.cli.output import Json, put_checked
from qa.errors import InputError
from qa.loaders.reading import find_files
from qa.models.deliveries import Failure
from qa.review import gate as quality
from qa.settings import read_settings

QUESTIONS, FLOORS, REJECTED = NOT_ARTICLES = ("questions.jsonl", "floors.json", "rejected.jsonl")
SAMPLES = frozenset({"formats"})  # folders of a corpus that show what can be read, and tell of other things
PRECISION = "float32"  # the gate's own: where the processor has no bfloat16 the figures have to come out the same
commands = typer.Typer()


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
        changed = {"home": Path(home), "database": None, "chroma_url": None, "examples": None, "precision": PRECISION}
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
        quality.write_floors(corpus / FLOORS, floors)
    failures, wrong = quality.judge(measured, floors, digest=digest, relapses=relapsed), list(quality.misses(outcomes))
    groups = dict[str, object]()
    for group, shares in measured.items():
        groups[group] = {name: {"share": s.value, "part": s.part, "whole": s.whole} for name, s in shares.items()}
    values = {"ok": not failures, "corpus_digest": digest, "measured": groups}
    lines = [quality.table(measured, floors), *(["", *wrong] if verbose else [])]
    lines.append("The gate is shut." if failures else "The gate is open.")
    put_checked(values | {"failures": failures, "misses": wrong}, lines, failures, json=json)
