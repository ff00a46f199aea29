"""Sentences of the matter that a wide question names, told from those of others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qa.models.archive import Passage
from qa.models.replies import Hit
from qa.protocols import Vectors
from qa.retrieval.topics import FRAMES, OPENING, TopicScores
from qa.text.sentences import sentence_spans
from tests.fakes import article


class AxisEncoder:
    """Vectors of three axes: how a question is put, the bridge, and the ferry."""

    fingerprint = "axes"

    def encode_question(self, text: str) -> Vectors:
        words = text.lower()
        parts = [2.0 * ("timeline" in words or text in FRAMES), 1.0 * ("bridge" in words), 1.0 * ("ferry" in words)]
        return np.array(parts, dtype=np.float32)


def hit(name: str, text: str, *, language: str = "en") -> Hit:
    source = replace(article(name, text, title=name).source, language=language)
    return Hit(Passage(source, 0, len(text), text, sentence_spans(text)), 0.0)


def vectors(*rows: tuple[float, float, float]) -> Vectors:
    return np.array(rows, dtype=np.float32)


def scores(text: str, *found: tuple[Hit, Vectors]) -> list[Vectors]:
    hits, meanings = zip(*found, strict=True)
    return TopicScores(AxisEncoder()).of(text, hits, meanings)  # type: ignore[arg-type]


def test_what_is_near_to_how_a_question_is_put_is_not_of_its_matter() -> None:
    put = (hit("one", "Step by step, in order."), vectors((0.6, 0.1, 0.0)))
    told = (hit("two", "Its deck gave way."), vectors((0.2, 0.6, 0.0)))
    nearest = AxisEncoder().encode_question("Timeline of the bridge")
    assert put[1][0] @ nearest > told[1][0] @ nearest
    (first,), (second,) = scores("Timeline of the bridge", put, told)
    assert second > first


def test_the_first_sentence_of_a_report_tells_most() -> None:
    ((first, second),) = scores("The bridge", (hit("one", "It fell. It fell."), vectors((0, 0.5, 0), (0, 0.5, 0))))
    assert first == np.float32(second + OPENING)


def test_words_in_common_count_and_another_language_loses_nothing_by_having_none() -> None:
    same = vectors((0.0, 0.5, 0.0))
    named = hit("one", "The bridge of Velm fell.")
    unnamed = hit("two", "The deck gave way at noon.")
    foreign = hit("tres", "Se hundió al mediodía.", language="es")
    (a,), (b,), (c,) = scores("What became of the bridge of Velm?", (named, same), (unnamed, same), (foreign, same))
    assert a > c > b


def test_reports_in_another_language_make_up_for_half_of_what_they_lie_behind() -> None:
    own = [(hit(f"en{n}", "The deck gave way."), vectors((0.0, 0.8, 0.0))) for n in range(2)]
    foreign = [(hit(f"es{n}", "Se hundió.", language="es"), vectors((0.0, 0.6, 0.0))) for n in range(2)]
    alone = float(scores("The bridge", foreign[0])[0][0])
    (first,), _, (second,), _ = scores("The bridge", *own, *foreign)
    assert second == pytest.approx(alone + 0.1, abs=1e-3)
    assert first - second == pytest.approx(0.1, abs=1e-3)
    (home,), (abroad,) = scores("The bridge", (own[0][0], foreign[0][1]), (foreign[0][0], own[0][1]))
    assert abroad - home == pytest.approx(0.2, abs=1e-3), "what is nearer in the other language loses nothing"


def test_the_rarest_word_in_common_counts_most_and_for_all_of_its_article() -> None:
    same = vectors((0.0, 0.5, 0.0))
    common = [(hit(f"c{n}", "The crash was at noon."), same) for n in range(4)]
    rare = hit("rare", "Velm Air said nothing.")
    further = "The plane rose."
    beside = replace(rare, passage=Passage(rare.source, 500, 515, further, sentence_spans(further)))
    *others, (named,), (of_it,) = scores("What of the crash of Velm Air?", *common, (rare, same), (beside, same))
    assert all(named > other + OPENING / 2 for (other,) in others)
    assert of_it > others[0][0] - OPENING


def test_reports_like_the_first_ones_stand_before_others_as_near() -> None:
    bridge = [(hit(f"b{n}", "It was closed."), vectors((0.0, 0.6 + n / 100, 0.0))) for n in range(5)]
    like, unlike = (hit("like", "The deck was old."), vectors((0.0, 0.4, 0.0))), (
        hit("unlike", "The ship sank."), vectors((0.0, 0.4, 0.9)),
    )  # fmt: skip
    *_, (first,), (second,) = scores("the bridge", *bridge, like, unlike)
    assert first > second


def test_copies_of_one_report_all_have_a_score() -> None:
    copies = [(hit(f"b{n}", "It was closed."), vectors((0.0, 0.5, 0.0))) for n in range(8)]
    assert all(np.isfinite(own).all() for own in scores("the bridge", *copies))


def test_a_passage_whose_vectors_are_damaged_has_no_scores() -> None:
    damaged = (hit("one", "It fell."), np.empty((0, 3), dtype=np.float32))
    sound = (hit("two", "The bridge fell."), vectors((0.0, 0.6, 0.0)))
    first, second = scores("the bridge", damaged, sound)
    assert len(first) == 0
    assert len(second) == 1
