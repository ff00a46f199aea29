"""Texts made to be slow: what is read grows as they do, and what takes too long fails alone."""

from __future__ import annotations

import gc
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from qa.archive.ingesting import records
from qa.ingestion import ingest as ingest_module
from qa.ingestion.ingest import Ingestion
from qa.loaders import documents
from qa.loaders.metadata import RecordContext
from qa.loaders.paragraphs import paragraphs_of
from qa.loaders.reading import read
from qa.models.deliveries import Delivery, Failure, Record
from qa.store.document_store import CatalogueStore
from qa.text.annotating import annotate
from qa.text.cleaning import clean
from qa.text.sentences import LEAST_TOKENS, cut_passages, sentence_spans
from tests.each import each
from tests.fakes import FakeEncoder, FakeGenerations, article, delivered

MOST = 8.0
"""What four times the text may take, in times of the text: four where the time grows with it, sixteen in its square."""

NOISE = 0.2
"""Seconds below which no time counts."""

SMALL = 3_000
"""Characters of the smaller text."""

TOKENS = (
    *("(", ")", "[", "«", "“", '"', "'", "&", "<A", "&<A", "of the ", "and ", "1,", "1.", "12 ", "$", "€", "-", "—"),
    *(".", "…", "?", "? ", "\n", "\n\n", "\t", " ", "Mr. ", "A. ", "January ", "17 March 2005 ", "said ", "según "),
    *("no ", "a", "中文", "e\u0301", "\u0301", "a\u200b", "QUJDREVGR0hJSktMTU5PUA==\n", "2005-03-17\n", "<b>", "&amp;"),
    *("Operation X ", "the police arrested 12 people, ", "convicted and ", "condenó ", "second quarter ", "in Spain "),
)

PROSE = "<p>The mayor opened the bridge on Friday, and the council said that it would stay open all winter.</p>" * 6

BODY = "The mayor opened the bridge. It cost nine pounds."


def text_of(token: str, size: int) -> str:
    return (token * (size // len(token) + 1))[:size]


def taken(work: Callable[[str], object], text: str) -> float:
    """Seconds of the processor that something takes for a text, the quicker of two times.

    Without the garbage collector, whose time grows with all that other tests of the process hold.
    """
    times = []
    gc.disable()
    try:
        for _ in range(2):
            sentence_spans.cache_clear()
            start = time.process_time()
            work(text)
            times.append(time.process_time() - start)
            if times[0] < NOISE:
                break
    finally:
        gc.enable()
    return min(times)


def assert_grows_as_it_does(work: Callable[[str], object], token: str, *, size: int = SMALL) -> None:
    work(text_of(token, 100))  # loads what is loaded once
    large = taken(work, text_of(token, 4 * size))
    if large > NOISE:
        assert large < MOST * max(taken(work, text_of(token, size)), NOISE / 2)


def annotated(text: str, *, language: str = "en") -> object:
    made = article("a", text)
    return annotate(replace(made, source=replace(made.source, language=language)))


@pytest.mark.parametrize("token", ["of the ", "&<A", "(", "«"])
def test_words_and_signs_over_and_over_are_annotated_in_a_time_that_grows_as_they_do(token: str) -> None:
    assert_grows_as_it_does(annotated, token, size=16_000)


@each("token", TOKENS)
def test_any_token_over_and_over_is_annotated_so(token: str) -> None:
    for language in ("en", "es"):
        assert_grows_as_it_does(partial(annotated, language=language), token)


@each("seed", range(8))
def test_tokens_in_any_order_are_annotated_so(seed: int) -> None:
    shuffled = random.Random(seed)
    token = "".join(shuffled.choice(TOKENS) for _ in range(shuffled.randint(2, 5)))
    assert_grows_as_it_does(annotated, token)


@pytest.mark.parametrize("work", [clean, sentence_spans, paragraphs_of], ids=["clean", "sentences", "markup"])
@each("token", [*TOKENS, "word-\n", "a\n", "?.", "…", "!x"])
def test_any_token_over_and_over_is_cleaned_and_cut_so(work: Callable[[str], object], token: str) -> None:
    assert_grows_as_it_does(work, token, size=16_000)


def test_stops_in_an_endless_word_end_no_sentence_but_the_last_one_does() -> None:
    text = f"{'a.)' * 600} It rained. It snowed."
    spans = sentence_spans(text)
    assert [text[span.start : span.end] for span in spans][-1] == "It snowed."
    assert "".join(text[span.start : span.end] for span in spans).replace(" ", "") == text.replace(" ", "")


def test_a_headline_that_leaves_no_room_makes_no_passage_of_each_word() -> None:
    long = article("a", "word " * 2_000, title="中" * 500)
    passages = cut_passages(long, lambda texts: [len(text.replace(" ", "")) // 4 + text.count("中") for text in texts])
    assert len(passages) < 4 * 2_000 / LEAST_TOKENS


def page(markup: str) -> str:
    return f"<html><head><title>The bridge</title></head><body><article>{PROSE}{markup}</article></body></html>"


def attributes(count: int, value: str = "1") -> str:
    return " ".join(f"a{number}='{value}'" for number in range(count))


@pytest.mark.parametrize("value", ["1", ">"])
def test_a_page_with_an_element_of_many_attributes_is_read(tmp_path: Path, value: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(f"<p {attributes(50_000, value)}>Its second arch is open.</p>"), encoding="utf-8")
    start = time.process_time()
    (record,) = read(path)
    assert isinstance(record, Delivery), record
    assert time.process_time() - start < 6
    assert "The mayor opened the bridge" in record.article.body


def test_so_is_a_field_with_markup() -> None:
    assert_grows_as_it_does(lambda text: paragraphs_of(f"<p {text}>x</p>"), "a1='b' ", size=40_000)
    start = time.process_time()
    assert paragraphs_of(f"<p {attributes(50_000)}>x</p>") == "x"
    assert time.process_time() - start < 3


def test_a_page_with_more_elements_than_any_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page("<br>" * 30_000), encoding="utf-8")
    (record,) = read(path)
    assert isinstance(record, Failure)
    assert "a page of at most 20,000 elements was expected, found 30," in record.reason


def test_a_letter_with_endless_accents_keeps_a_few() -> None:
    assert_grows_as_it_does(clean, "\u0323\u0301", size=16_000)
    assert clean("a" + "\u0301" * 30) == "á" + "\u0301" * 29
    assert len(clean("a" + "\u0323\u0301" * 1_000)) < 40
    assert clean(clean("a" + "\u0323\u0301" * 1_000)) == clean("a" + "\u0323\u0301" * 1_000)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", lambda size: f"id;title;text\na;Bridge;{BODY}{';' * size}\n"),
        (
            "a.xml",
            lambda size: f"<nitf {attributes(size // 8)}><body><p>{BODY}</p></body></nitf>",
        ),
        ("a.json", lambda size: '{"title": "T", "a": ' + "[" * (size // 2) + "]" * (size // 2) + "}"),
        ("a.md", lambda size: "---\ntitle: T\na: " + "[" * (size // 2) + "]" * (size // 2) + "\n---\nBody."),
        ("b.md", lambda size: "---\ntitle: T\n---\n" + "[a](" * (size // 4)),
        ("a.html", lambda size: page("<b>" * (size // 3))),
        ("b.html", lambda size: page("&<A" * (size // 3))),
        ("a.txt", lambda size: "Title\n\n" + "word-\n" * (size // 6)),
        ("a.eml", lambda size: f"From: {'(' * size}\nSubject: T\n\n{BODY}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_of_any_format_are_read_so(tmp_path: Path, name: str, text: Callable[[int], str]) -> None:
    path = tmp_path / name

    def work(written: str) -> None:
        path.write_text(written, encoding="utf-8")
        assert list(read(path))

    work(text(100))
    large = taken(work, text(160_000))
    if large > NOISE:
        assert large < MOST * max(taken(work, text(40_000)), NOISE / 2)


@pytest.mark.parametrize("times", [2, 3])
def test_what_is_packed_more_than_once_is_read(tmp_path: Path, times: int) -> None:
    data = json.dumps({"id": "a", "title": "Bridge", "text": BODY}).encode()
    for _ in range(times):
        data = gzip.compress(data)
    path = tmp_path / f"a.jsonl{'.gz' * times}"
    path.write_bytes(data)
    (record,) = read(path)
    assert isinstance(record, Delivery), record


@pytest.mark.parametrize("name", ["a.jsonl.gz.gz", "a.jsonl.gz.gz.gz"])
def test_what_is_packed_more_than_once_has_no_more_room(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each packing makes a thousandth of the one inside it: together a few bytes would be as many as memory holds."""
    monkeypatch.setattr(documents, "FREE", 1_000_000)
    out = 0
    read_one = gzip.GzipFile.read1

    def counted(stream: gzip.GzipFile, size: int = -1) -> bytes:
        nonlocal out
        out += len(piece := read_one(stream, size))
        return piece

    monkeypatch.setattr(gzip.GzipFile, "read1", counted)
    data = b" \n" * 20_000_000
    for _ in range(name.count(".gz")):
        data = gzip.compress(data)
    (tmp_path / name).write_bytes(data)
    assert len(data) < 10_000
    (record,) = read(tmp_path / name)
    assert isinstance(record, Failure)
    assert "were expected to come out of it" in record.reason
    assert out < 20_000_000


# The time that one item may take.


def endless(text: str) -> None:
    import re

    re.fullmatch("(a+)+b", text + "a" * 40)  # one call of a regular expression, for days


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogueStore]:
    made = CatalogueStore(tmp_path / "c.sqlite3", FakeGenerations())
    yield made
    made.close()


def test_an_article_that_takes_too_long_to_annotate_fails_alone(
    store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow_for_one(one: object) -> object:
        if one.article_id == "slow":  # type: ignore[attr-defined]
            endless("")
        return annotate(one)  # type: ignore[arg-type]

    annotated(BODY)  # loads what is loaded once
    monkeypatch.setattr(ingest_module, "annotate", slow_for_one)
    deliveries = [delivered(article(name, BODY), path=f"{name}.txt") for name in ("a", "slow", "z")]
    report = Ingestion(store, FakeEncoder(), item_seconds=0.5).run(iter(deliveries))
    assert report.added == 2
    (failure,) = report.failed
    assert failure.path == "slow.txt"
    assert "an item read within 0.5 s of processor time was expected, found one that took longer" in failure.reason
    assert "QA_ITEM_SECONDS" in failure.reason
    assert [source.article_id for source, _ in store.sources()] == ["a", "z"]
    assert not store.stored(["slow"])
    monkeypatch.undo()
    again = Ingestion(store, FakeEncoder(), item_seconds=30).run(iter(deliveries))
    assert (again.added, again.unchanged, again.failed) == (1, 2, [])


class SlowToLoad(FakeEncoder):
    """Is loaded on first use, which takes a second of the processor."""

    loaded = False

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        start = time.process_time()
        while not self.loaded and time.process_time() - start < 1:
            pass
        self.loaded = True
        return super().count_tokens(texts)


def test_loading_the_encoder_is_no_article_s_time(store: CatalogueStore) -> None:
    annotated(BODY)
    report = Ingestion(store, SlowToLoad(), item_seconds=0.5).run(iter([delivered(article("a", BODY))]))
    assert (report.added, report.failed) == (1, [])


def test_a_line_that_takes_too_long_to_read_fails_alone(
    store: CatalogueStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_article = RecordContext.article

    def slow_for_one(context: RecordContext, *values: object, **lines: object) -> Delivery:
        if context.line == 2:
            endless("")
        return read_article(context, *values, **lines)  # type: ignore[arg-type]

    monkeypatch.setattr(RecordContext, "article", slow_for_one)
    path = tmp_path / "wire.jsonl"
    lines = [json.dumps({"id": f"a{number}", "title": "Bridge", "text": BODY}) for number in range(3)]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = list(records(Ingestion(store, FakeEncoder(), item_seconds=0.5), [str(path)]))
    assert [isinstance(one, Delivery) for one in found] == [True, False, True]
    assert isinstance(found[1], Failure)
    assert (found[1].path, found[1].line) == (str(path), 2)


def test_a_file_that_never_ends_fails_alone(store: CatalogueStore) -> None:
    """As a parser of others does, it takes every Exception for one of its own."""

    def slow_read() -> Iterator[Record]:
        yield Failure("03", None, "read")
        try:
            endless("")
        except Exception:
            endless("")

    first, last = Ingestion(store, FakeEncoder(), item_seconds=0.5).read("03", slow_read())
    assert isinstance(first, Failure)
    assert isinstance(last, Failure)
    assert "item 2: an item read within 0.5 s of processor time was expected" in last.reason
