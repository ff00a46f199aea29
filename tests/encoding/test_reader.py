"""The packaged reader: where an answer stands, that there is none, and models that are not ours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import pytest

from qa.archive.parts import encoder_of, questions_of, reader_of, support_of
from qa.encoding.reader import SpanReader, _reading
from qa.errors import ModelError
from qa.models.archive import Span
from qa.protocols import Window
from qa.settings import Settings
from tests.fakes import packaged, question_model, span_reader

SENTENCES = (
    "The new pier cost 31 million crowns, the harbour office said. ",
    "It was opened by the port minister, Anna Lund. ",
    "Ferries begin to use it on Monday.",
)


def window(heading: str = "New pier opens. 4 May 2010. ", sentences: tuple[str, ...] = SENTENCES) -> Window:
    text, spans = "", []
    for sentence in sentences:
        spans.append(Span(len(text), len(text) + len(sentence.rstrip())))
        text += sentence
    return Window(heading, text, tuple(spans))


@pytest.mark.parametrize(
    ("question", "number", "answer"),
    [
        ("How much did the pier cost?", 0, "31 million"),
        ("Who opened the pier?", 1, "Anna Lund"),
        ("¿Cuánto costó el muelle?", 0, "31 million"),
        ("When will ferries use it?", 2, "Monday"),
    ],
)
def test_the_sentence_that_answers_is_the_likeliest_and_its_span_the_answer(
    question: str, number: int, answer: str
) -> None:
    read = window()
    (readings,) = span_reader().read(question, [read])
    assert len(readings) == len(SENTENCES)
    best = max(range(len(readings)), key=lambda index: readings[index].margin)
    assert best == number
    span = readings[best].span
    assert span is not None
    assert answer in read.text[span.start : span.end]
    assert read.sentences[best].start <= span.start < span.end <= read.sentences[best].end


def test_what_is_not_answered_has_a_lower_margin() -> None:
    (answered,), (unanswered,) = (
        span_reader().read(question, [window()])
        for question in ("Who opened the pier?", "Who won the football cup in Australia?")
    )
    assert max(reading.margin for reading in answered) > 0 > max(reading.margin for reading in unanswered)


@pytest.mark.parametrize("capabilities", [{"avx2": True}, {"avx512_bf16": True}], ids=["float32", "bfloat16"])
def test_every_processor_reads_the_same_alone_and_in_company(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool]
) -> None:
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: capabilities)
    settings = [Settings(encoder="packaged", reader="packaged", precision=how) for how in ("auto", "float32")]
    reader, exact = (reader_of(each, encoder_of(each)) for each in settings)
    windows, question = [window(), window(sentences=SENTENCES * 3), window("")], "Who opened the pier?"
    for read, readings in zip(windows, reader.read(question, windows), strict=True):
        (alone,), (exactly,) = reader.read(question, [read]), exact.read(question, [read])
        assert [reading.span for reading in alone] == [reading.span for reading in readings]
        # Of a sum of logits near 10 bfloat16 keeps steps of a sixteenth, which processors round each in their way.
        assert [one.margin for one in alone] == pytest.approx([one.margin for one in readings], abs=0.2)
        assert [one.margin for one in exactly] == pytest.approx([one.margin for one in readings], abs=0.3)
    assert reader.read("Who?", []) == []


def test_what_is_beyond_the_longest_input_is_no_answer() -> None:
    (readings,) = span_reader().read("Who opened the pier?", [window(sentences=SENTENCES * 20)])
    assert len(readings) == 60
    assert readings[-1].span is None
    assert readings[-1].margin == float("-inf")


def test_what_training_left_as_it_was_is_in_memory_once() -> None:
    reader = span_reader()
    encoder, model = reader._encoder.transformer, reader._loaded[0].bert
    for name, shared in (("embeddings.word_embeddings", True), ("encoder.layer.0.output.dense", True),
                         ("encoder.layer.4.output.dense", False)):  # fmt: skip
        ours, theirs = (of.get_submodule(name).weight for of in (model, encoder))
        assert (ours.data_ptr() == theirs.data_ptr()) is shared, name


def test_beside_another_encoder_the_trained_models_share_the_packaged_one(tmp_path: Path) -> None:
    settings = Settings(encoder=str(tmp_path), reader="packaged", support="packaged")
    other = encoder_of(settings)
    reader, support, questions = (open_of(settings, other) for open_of in (reader_of, support_of, questions_of))
    assert reader._encoder is support._encoder is questions._encoder is not other


def test_every_processor_tells_the_same_wish_also_at_the_end_of_the_longest_question() -> None:
    exact = Settings(encoder="packaged", precision="float32")
    model, exactly = question_model(), questions_of(exact, encoder_of(exact))
    longest = "I have read the papers of that year for a while now, and my family kept most of them. " * 10
    for question in ("Who opened the pier?", f"{longest}Give me a timeline of the bridge collapse in Genoa."):
        assert model.read(question).likely == pytest.approx(exactly.read(question).likely, abs=0.1)
    assert model.read(question).likely["chronology"] > 0.5


def test_weights_of_another_version_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SpanReader, "digest", "0" * 64)
    with pytest.raises(ModelError, match="Reinstall archive-qa"):
        SpanReader.packaged()


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="QA_READER"):
        SpanReader(packaged(), model=str(tmp_path)).read("Who?", [window()])


def test_the_margin_is_of_the_best_span_against_no_answer() -> None:
    bounds = np.array([[0, 0], [0, 3], [3, 8], [8, 12]])
    starts, ends = np.array([2.0, 1.0, 5.0, 0.0]), np.array([1.0, 0.0, 1.0, 4.0])
    reading = _reading(Span(0, 12), "The mayor won", bounds, starts, ends)
    assert reading.span == Span(4, 12)
    assert reading.margin == 5.0 + 4.0 - 2.0 - 1.0


def test_reader_and_encoder_use_their_shared_tokenizer_one_at_a_time() -> None:
    """It keeps how it cuts and pads: used by two threads at once it raises, or cuts wrongly."""
    reader, encoder = span_reader(), span_reader()._encoder
    reader.read("What did it cost?", [window()])
    with ThreadPoolExecutor(2) as threads:
        with encoder.lock:
            waiting = [
                threads.submit(reader.read, "What did it cost?", [window()]),
                threads.submit(encoder.count_tokens, ["one", "two"]),
            ]
            assert not wait(waiting, timeout=1).done
        assert not wait(waiting, timeout=60).not_done
    assert waiting[1].result() == [1, 1]
