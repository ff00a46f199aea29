"""The program under evaluation: the only module here that knows its parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.without import Without
from qa.answering.chain import Turn, day_road
from qa.archive.archive import Archive, archive_of
from qa.archive.finding import finding_of
from qa.archive.ingesting import ingest_paths
from qa.archive.parts import encoder_of, multilingual_of, store_of
from qa.loaders.metadata import Defaults
from qa.models.replies import Answer, Citation, Hit, Question, Reply
from qa.retrieval.late_interaction import RerankedRetriever
from qa.retrieval.timed import TimedRetriever
from qa.settings import Settings

Mode = Literal["auto", "always", "never"]


@dataclass(frozen=True, slots=True)
class Program:
    """An archive open for questions, as its readers ask it and with one article taken away."""

    archive: Archive
    reduced: ReducedArchive
    articles_per_second: float

    def reply(self, text: str, history: Sequence[str] = ()) -> Reply:
        return self.archive.reply(Question(text), history=history)


class ReducedArchive:
    """The same archive with at most one article left out of what is retrieved."""

    def __init__(self, settings: Settings, store: object) -> None:
        finding = finding_of(store, encoder_of(settings), multilingual_of(settings))  # type: ignore[arg-type]
        self._parts = {part: Without(part) for part in finding.parts}
        fused = finding.fused(self._parts.__getitem__)
        self._search = RerankedRetriever(fused, finding.ranker)
        dates = TimedRetriever(fused, store.event_dates)  # type: ignore[attr-defined]
        self._road = day_road(retriever=dates, rank=finding.ranker.rank, store=store)  # type: ignore[arg-type]

    def _leave_out(self, article_id: str | None) -> None:
        for part in self._parts.values():
            part.article_id = article_id

    def reply(self, text: str, *, without: str | None = None) -> Reply:
        self._leave_out(without)
        return self._road.invoke(Turn(Question(text)))

    def search(self, text: str, *, limit: int) -> list[Hit]:
        self._leave_out(None)
        return self._search.find(Question(text), limit=limit)


@contextmanager
def opened(paths: Sequence[str], *, home: Path, languages: Mode = "auto") -> Iterator[Program]:
    """An archive made of these files in an empty folder, open for questions."""
    settings = Settings(home=home, multilingual=languages, chroma_url=None)
    report = ingest_paths(paths, settings=settings, defaults=Defaults(), progress=lambda _: None)
    if report.failed:
        raise SystemExit(f"{len(report.failed)} articles failed, the first: {report.failed[0].reason}")
    with archive_of(settings) as archive, store_of(settings) as store:
        archive.warm_up()
        yield Program(archive, ReducedArchive(settings, store), report.added / report.seconds)


def quotes_by_statement(reply: Reply) -> list[list[Citation]]:
    """The quotes of each statement, in order; nothing for a refusal."""
    return [list(statement.quotes) for statement in reply.statements] if isinstance(reply, Answer) else []


def is_answered(reply: Reply) -> bool:
    return isinstance(reply, Answer)
