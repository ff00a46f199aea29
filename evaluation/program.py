"""The program under evaluation: the only module here that knows its parts."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.without import Without
from qa.answering.analysis import QueryRewriting, QuestionAnalysis
from qa.answering.composing import ReplyComposition
from qa.answering.evidence import EvidenceRetrieval
from qa.answering.policy import packaged_policy
from qa.archive.archive import Archive
from qa.archive.ingesting import ingest_paths
from qa.archive.parts import archive_of, encoder_of, questions_of, reader_of, store_of
from qa.encoding.intents import IntentClassifier
from qa.models.replies import Answer, Citation, Hit, Question, Reply
from qa.pipeline import Pipeline
from qa.protocols import Reader
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever, PassageReader, reranked
from qa.retrieval.timeline import TimedRetriever
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore


@dataclass(frozen=True, slots=True)
class Program:
    """An archive open for questions, as its readers ask it and with one article taken away."""

    archive: Archive
    reduced: ReducedArchive
    articles_per_second: float

    def reply(self, text: str, history: Sequence[str] = ()) -> Reply:
        return self.archive.reply(Question(text), history=history)


class ReducedArchive:
    """The same archive with at most one article left out of what is retrieved.

    Nothing is told in steps.
    """

    def __init__(self, settings: Settings, store: ArchiveStore, reader: Reader) -> None:
        encoder = encoder_of(settings)
        parts = (DenseRetriever(store, encoder), LexicalRetriever(store))
        self._parts = [Without(part) for part in parts]
        self._search = HybridRetriever(*self._parts)
        retriever = TimedRetriever(self._search, store.event_dates)
        policy, intents = packaged_policy(), IntentClassifier(questions_of(settings, encoder))
        self._pipeline = Pipeline(
            analyze=QuestionAnalysis(
                coverage=store.coverage,
                policy=policy,
                rewriting=QueryRewriting(intents.leaning),
                outcome=intents.outcome,
                asked=intents.asked,
            ),
            retrieve=EvidenceRetrieval(
                retriever=retriever,
                rank=PassageReader(reader, encoder, store.sentence_vectors).rank,
                rerank=partial(reranked, reader),
                store=store,
            ),
            compose=ReplyComposition(retriever=retriever, store=store, policy=policy),
            article=store.article,
        )

    def _leave_out(self, article_id: str | None) -> None:
        for part in self._parts:
            part.article_id = article_id

    def reply(self, text: str, *, without: str | None = None) -> Reply:
        self._leave_out(without)
        return self._pipeline.invoke(text)

    def search(self, text: str, *, limit: int) -> list[Hit]:
        self._leave_out(None)
        return self._search.find(Question(text), limit=limit)


@contextmanager
def opened(paths: Sequence[str], *, home: Path) -> Iterator[Program]:
    """An archive made of these files in an empty folder, open for questions."""
    settings = Settings(home=home)
    report = ingest_paths(paths, settings=settings)
    if report.failed:
        raise SystemExit(f"{len(report.failed)} articles failed, the first: {report.failed[0].reason}")
    with archive_of(settings) as archive, store_of(settings) as store:
        archive.warm_up()
        reader = reader_of(settings, encoder_of(settings))
        yield Program(archive, ReducedArchive(settings, store, reader), report.added / report.seconds)


@contextmanager
def holding(stories: Iterable[Mapping[str, Any]]) -> Iterator[Program]:
    """An archive of these stories alone, open for questions, in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="qa-evaluation-") as scratch:
        lines = Path(scratch) / "stories.jsonl"
        lines.write_text("".join(json.dumps(story) + "\n" for story in stories), encoding="utf-8")
        with opened([str(lines)], home=Path(scratch) / "home") as program:
            yield program


def quotes_by_statement(reply: Reply) -> list[list[Citation]]:
    """The quotes of each statement, in order; nothing for a refusal."""
    return [list(statement.quotes) for statement in reply.statements] if isinstance(reply, Answer) else []


def is_answered(reply: Reply) -> bool:
    return isinstance(reply, Answer)


def overlap(start: int, words: str, other_start: int, other: str) -> bool:
    """Whether two runs of words of one text share a character; one that stands nowhere (-1) shares none."""
    return start >= 0 and other_start >= 0 and start < other_start + len(other) and other_start < start + len(words)
