"""This project's stages. Each runs in a process of its own, so that its peak of memory is its own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measures import Figures, Stopwatch, peak_memory, percentile, timed
from qa.archive.archive import Archive
from qa.archive.ingesting import records
from qa.archive.parts import encoder_of, questions_of, reader_of, store_of
from qa.ingestion.ingest import Ingestion
from qa.models.archive import Article
from qa.models.deliveries import Failure
from qa.models.replies import Question
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.settings import Settings
from qa.text.annotating import annotate

POOL = 20


def fill(home: Path, lines: Path) -> Figures:
    """Articles into an empty archive, by ingestion; loading the encoder is not counted."""
    settings = _settings(home)
    encoder = encoder_of(settings)
    encoder.encode(["warm up"])
    encoding = Stopwatch()
    setattr(encoder, "encode", encoding.around(encoder.encode))  # noqa: B010 - a port's method, for this process alone
    started = time.perf_counter()
    with store_of(settings, writing=True, making=True) as store:
        run = Ingestion(store, encoder)
        report = run.run(records(run, [str(lines)]))
        store.finish()
    seconds = time.perf_counter() - started
    if report.failed:
        raise SystemExit(f"{len(report.failed)} articles failed, the first: {_reason(report.failed[0])}")
    peak = peak_memory()
    with store_of(settings) as store:
        articles = [store.article(source.article_id) for source, _ in store.sources()]
    read = _read(articles)
    return {
        "articles": report.added,
        "passages": report.passages,
        "characters": sum(len(article.body) for article in articles),
        "without_encoding": seconds - encoding.seconds - read["reading"],
        "seconds": seconds,
        "memory": peak,
    } | read


def _read(articles: Sequence[Article]) -> Figures:
    """How long it takes to read them once more for dates and the like, with all that is loaded once loaded."""
    return {
        "words": sum(len(article.body.split()) for article in articles),
        "reading": sum(timed(annotate, articles)) / 1e3,
    }


def ask(home: Path, asked: Sequence[str]) -> Figures:
    """Questions one after the other on a warm archive: finding alone, then the whole answer."""
    settings = _settings(home)
    encoder = encoder_of(settings)
    questions = [Question(text) for text in asked]
    with store_of(settings) as store:
        archive = Archive(store, encoder, reader_of(settings, encoder), questions=questions_of(settings, encoder))
        archive.warm_up()
        # A retriever of its own, without the re-ordering, and no question twice, so that nothing is remembered.
        fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
        timed(lambda question: fused.find(question, limit=POOL), questions[:5])
        answer = timed(archive.reply, questions)
        find = timed(lambda question: fused.find(question, limit=POOL), questions)
    return {
        "find_p50": percentile(find, 0.5),
        "find_p95": percentile(find, 0.95),
        "answer_p50": percentile(answer, 0.5),
        "answer_p95": percentile(answer, 0.95),
        "memory": peak_memory(),
    }


def _settings(home: Path) -> Settings:
    return Settings(home=home)


def _reason(failure: Failure) -> str:
    return f"{failure.path}, line {failure.line}: {failure.reason}"
