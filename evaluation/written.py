"""Written sentences: how well their check tells what sources bear out, and what it shows of stored replies.

The stored replies were written by hand in the manner of strong models, from the prompts alone: a good one, one with a
sentence that is subtly wrong, and hostile ones. A scripted model plays them back over an archive of unseen stories.
"""

from __future__ import annotations

import gzip
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from evaluation.table import Row
from qa.archive.archive import Archive
from qa.archive.ingesting import ingest_paths
from qa.archive.parts import encoder_of, questions_of, reader_of, store_of, support_of
from qa.generation.prompt import NOT_ANSWERED
from qa.generation.verification import Verifier
from qa.models.archive import Source
from qa.models.replies import Answer, Composer, Reply
from qa.models.support import Ground
from qa.protocols import SupportModel
from qa.settings import Settings
from qa.text.sentences import sentence_spans

SETS = Path(__file__).with_name("sets")
REPLIES = SETS / "replies" / "replies.jsonl"
STORIES = SETS / "replies" / "stories.txt"
CLAIMS = SETS / "claims.tsv"
EXTRACTS = SETS / "extracts.tsv"
DOSSIERS = SETS / "wording" / "dossiers.jsonl"
DOSSIER_CLAIMS = SETS / "dossier_claims.tsv"
AROUND, BEFORE = 2, 5
"""Sentences before and after those that are cited that belong to the passage; before extracts more, which name whom
they are about."""

KINDS = {"facts": ("number", "date", "name", "negation", "stage")}
Record = dict[str, Any]


class Scripted:
    """A chat model that plays one text back for every answer that it is asked to write, and nothing for the rest."""

    name = "scripted"

    def __init__(self) -> None:
        self.text, self._asked = "", 0

    def play(self, text: str) -> None:
        self.text, self._asked = text, 0

    def stream(self, *, system: str, user: str) -> Iterator[str]:
        self._asked += 1
        yield from self.text.splitlines(keepends=True) if self._asked == 1 else [NOT_ANSWERED]


def evaluate(data: Path) -> Iterator[Row]:
    """The tables of claims, of extracts and translations, of WiCE, and of stored replies."""
    reports = {report["id"]: report for report in map(json.loads, DOSSIERS.open(encoding="utf-8"))}
    stories = {story["id"]: story for story in _lines(data / "reuters" / "articles.jsonl.gz")}
    settings = Settings()
    support = support_of(settings, encoder_of(settings))
    yield from _balanced("claims on unseen news", list(pairs_of(CLAIMS, stories, before=AROUND)), support)
    for language, name in (("en", "extracts of unseen news"), ("es", "translations of unseen news")):
        pairs = [pair for pair in pairs_of(EXTRACTS, stories, before=BEFORE) if pair.language == language]
        yield from _balanced(name, pairs, support)
    on_reports = list(pairs_of(DOSSIER_CLAIMS, reports, before=AROUND))
    for name, across in (("claims on invented reports", False), ("… in another language", True)):
        pairs = [pair for pair in on_reports if (pair.language != pair.ground.source.language) is across]
        yield from _balanced(name, pairs, support)
    wice = data / "train" / "wice_test.jsonl.gz"
    if wice.exists():
        yield from _balanced("wice, test", list(_pairs(_lines(wice))), support)
    yield from replies([stories[name] for name in STORIES.read_text(encoding="utf-8").split()], support)


def _lines(path: Path) -> Iterator[Record]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim with its evidence; `supported` says whether it is borne out, `kind` how it came about."""

    claim: str
    ground: Ground
    supported: bool
    kind: str = ""
    language: str = "en"


def _pairs(rows: Iterator[Record]) -> Iterator[Pair]:
    for row in rows:
        ground = Ground(Source("wice", "", ""), 0, len(row["evidence"]), row["evidence"])
        yield Pair(row["claim"], ground, row["label"] == "supported")


def _balanced(name: str, pairs: Sequence[Pair], support: SupportModel) -> Iterator[Row]:
    """Shares of the borne out that pass, and of the others that are stopped."""
    began = time.perf_counter()
    passed = [Verifier([pair.ground], support=support).check(pair.claim, [1]).support.full for pair in pairs]
    seconds = time.perf_counter() - began
    right = [full for full, pair in zip(passed, pairs, strict=True) if pair.supported]
    wrong = [full for full, pair in zip(passed, pairs, strict=True) if not pair.supported]
    yield Row(name, "faithful passed", sum(right), len(right))
    yield Row(name, "others stopped", len(wrong) - sum(wrong), len(wrong))
    for group, kinds in KINDS.items():
        some = [full for full, pair in zip(passed, pairs, strict=True) if not pair.supported and pair.kind in kinds]
        if some:
            yield Row(name, f"others stopped: {group}", len(some) - sum(some), len(some))
    yield Row(name, "time a sentence", figure=1000 * seconds / len(pairs), unit="ms")


def pairs_of(file: Path, stories: dict[str, Record], *, before: int) -> Iterator[Pair]:
    """Sentences about unseen stories, each held against a passage: the sentences that it cites, with some around."""
    for line in file.read_text(encoding="utf-8").splitlines():
        story_id, language, cited, truth, kind, claim = line.split("\t")
        if story := stories.get(story_id):
            ends = [int(end) for span in cited.split(",") for end in span.split("-")]
            published = date.fromisoformat(story["date"][:10]) if story["date"] else None
            source = Source(story_id, story["title"], "Reuters", published=published, language=story.get("lang", "en"))
            every = sentence_spans(story["text"])
            spans = [span for span in every if span.start < max(ends) and span.end > min(ends)]
            first, last = every.index(spans[0]), every.index(spans[-1])
            start, end = every[max(0, first - before)].start, every[min(len(every) - 1, last + AROUND)].end
            yield Pair(claim, Ground(source, start, end, story["text"][start:end]), truth == "T", kind, language)


def replies(stories: Sequence[Record], support: SupportModel) -> Iterator[Row]:
    """What is shown of stored replies."""
    with tempfile.TemporaryDirectory(prefix="qa-evaluation-") as scratch:
        file = Path(scratch) / "stories.jsonl"
        file.write_text("".join(json.dumps(story) + "\n" for story in stories), encoding="utf-8")
        settings = Settings(home=Path(scratch) / "archive")
        ingest_paths([str(file)], settings=settings)
        encoder, model = encoder_of(settings), Scripted()
        with store_of(settings) as store:
            reader, questions = reader_of(settings, encoder), questions_of(settings, encoder)
            archive = Archive(store, encoder, reader, questions=questions, support=support, model=model)
            yield from _of_replies(archive, model, [json.loads(line) for line in REPLIES.open(encoding="utf-8")])


def _of_replies(archive: Archive, model: Scripted, stored: Sequence[Record]) -> Iterator[Row]:
    whole = passed = wrong = hostile = sentences = 0
    for record in stored:
        reply = _played(archive, model, record, record["good"])
        written, stopped = _written(reply), len(reply.stopped)
        whole += bool(written) and not stopped
        passed, sentences = passed + len(written), sentences + len(written) + stopped
        wrong += any(
            record["wrong"][:60] in text for text in _written(_played(archive, model, record, record["subtle"]))
        )
        for text in record["hostile"]:
            hostile += bool(_written(_played(archive, model, record, text)))
    yield Row("stored replies", "good ones shown whole", whole, len(stored))
    yield Row("stored replies", "sentences of good ones shown", passed, sentences)
    yield Row("stored replies", "subtly wrong sentences shown", wrong, len(stored))
    yield Row(
        "stored replies",
        "hostile ones of which a sentence was shown",
        hostile,
        sum(len(record["hostile"]) for record in stored),
    )


def _played(archive: Archive, model: Scripted, record: Record, text: str) -> Reply:
    model.play(text)
    return archive.ask(record["question"])


def _written(reply: Reply) -> list[str]:
    """The sentences that the model wrote and that are shown: not the quotes in place of others."""
    if not isinstance(reply, Answer) or reply.composed_by is not Composer.MODEL:
        return []
    return [statement.text for statement in reply.statements if statement.support is not None]
