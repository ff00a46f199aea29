"""The likeliest sentences, read once more beside one another: order, what it costs the others, what is not read."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import pytest

from qa.answering.analysis import ConversationTurn, QueryRewriting, QuestionAnalysis
from qa.answering.evidence import ONE_OF_ALL, RERANKED, EvidenceRetrieval, mean_and_least
from qa.answering.policy import packaged_policy
from qa.answering.selecting import ANSWERS, PACKAGED, by_likelihood
from qa.answering.steps import Steps
from qa.models.archive import Coverage, Passage, Source, Span
from qa.models.replies import Asked, Hit, Intent, Leaning, Question, SentenceHit
from qa.protocols import SentenceReading, Window
from qa.retrieval.ranking import reranked
from tests.fakes import FakeLibrary

ASKED = Question("How many were arrested?")


def candidate(name: str, margin: float) -> SentenceHit:
    text = f"{name} were arrested."
    passage = Passage(Source(name, f"On {name}", "Post"), 0, len(text), text, (Span(0, len(text)),))
    return SentenceHit(Hit(passage, 1.0, 0.85), Span(0, len(text)), margin, 0.85)


class Reading:
    """A `Reader` of one window with these margins, by the first word of each sentence."""

    fingerprint = "fixed"

    def __init__(self, margins: Mapping[str, float]) -> None:
        self._margins = margins
        self.windows: list[Window] = []

    def read(self, question: str, windows: Sequence[Window]) -> list[tuple[SentenceReading, ...]]:
        self.windows += windows
        return [tuple(self._reading(window, span) for span in window.sentences) for window in windows]

    def _reading(self, window: Window, span: Span) -> SentenceReading:
        return SentenceReading(self._margins[window.text[span.start : span.end].split()[0]], None)


def after(reader: Reading, *candidates: SentenceHit) -> list[SentenceHit]:
    """The candidates after the second reading."""
    retrieval = EvidenceRetrieval(
        retriever=None,  # type: ignore[arg-type]
        rank=lambda question, hits: [],
        rerank=partial(reranked, reader),
        store=FakeLibrary(),  # type: ignore[arg-type]
    )
    return retrieval._reranked(PACKAGED.candidates(candidates), [ASKED], min)


def names(hits: Sequence[SentenceHit]) -> list[str]:
    return [hit.source.article_id for hit in hits]


def test_what_is_better_beside_the_others_comes_first_and_stays_so() -> None:
    told = after(Reading({"Nine": 0.0, "Ten": 9.0}), candidate("Nine", 6.0), candidate("Ten", 5.5))
    assert names(told) == ["Ten", "Nine"]
    assert names(by_likelihood(told)) == ["Ten", "Nine"]
    assert told[0].likelihood > PACKAGED.of(candidate("Ten", 5.5))


def test_another_that_answers_loses_nothing_by_the_comparison() -> None:
    first, second = candidate("Nine", 8.0), candidate("Ten", 7.0)
    told = after(Reading({"Nine": 9.0, "Ten": -9.0}), first, second)
    assert names(told) == ["Nine", "Ten"]
    assert told[1].likelihood == pytest.approx(PACKAGED.of(second))


def test_nothing_that_answers_beside_the_others_makes_a_refusal_likelier() -> None:
    first, second = candidate("Nine", 1.5), candidate("Ten", 1.0)
    assert PACKAGED.of(first) > ANSWERS
    told = after(Reading({"Nine": -20.0, "Ten": -20.0}), first, second)
    assert max(hit.likelihood for hit in told) < ANSWERS


def test_what_was_not_compared_does_not_go_before_what_was() -> None:
    compared = [candidate(name, 1.5) for name in ("Nine", "Ten", "Six", "Two")]
    assert len(compared) == RERANKED
    last = candidate("One", 1.4)
    assert PACKAGED.of(last) > ANSWERS
    told = after(Reading(dict.fromkeys(("Nine", "Ten", "Six", "Two"), -20.0)), *compared, last)
    assert max(hit.likelihood for hit in told) < ANSWERS
    assert names(told)[0] != "One"
    assert names(by_likelihood(told)) == names(told)


def test_what_is_beyond_what_the_reader_reads_stays_as_likely_as_it_was() -> None:
    first, second = candidate("Nine", 4.0), candidate("Ten", 3.0)
    told = after(Reading({"Nine": -20.0, "Ten": -math.inf}), first, second)
    assert names(told) == ["Ten", "Nine"]
    assert told[0].likelihood == pytest.approx(PACKAGED.of(second))


def test_the_article_of_the_likeliest_is_read_first_and_few_are_read() -> None:
    reader = Reading(dict.fromkeys(("Zero", "Nine", "Ten", "Six", "Two"), 0.0))
    ranked = [candidate(name, 9.0 - place) for place, name in enumerate(("Zero", "Nine", "Ten", "Six", "Two"))]
    told = after(reader, *ranked)
    (window,) = reader.windows
    assert window.text.startswith("On Zero. Zero were arrested.\nOn Nine. Nine")
    assert len(window.sentences) == RERANKED
    assert told[-1] == replace(ranked[-1], likelihood=PACKAGED.of(ranked[-1]))


@pytest.mark.parametrize(("margin_of", "first"), [(min, "Ten"), (max, "Nine")])
def test_for_two_questions_a_sentence_is_read_twice_and_has_one_margin(
    margin_of: Callable[[Sequence[float]], float], first: str
) -> None:
    margins = {"both": {"Nine": 9.0, "Ten": 0.0}, "last": {"Nine": -9.0, "Ten": None}}
    retrieval = EvidenceRetrieval(
        retriever=None,  # type: ignore[arg-type]
        rank=lambda question, hits: [],
        rerank=lambda question, hits: [
            replace(hit, beside=margins[question.text][hit.source.article_id]) for hit in hits
        ],
        store=FakeLibrary(),  # type: ignore[arg-type]
    )
    candidates = PACKAGED.candidates([candidate("Nine", 6.0), candidate("Ten", 5.5)])
    told = retrieval._reranked(candidates, [Question("both"), Question("last")], margin_of)
    assert names(told)[0] == first


def test_one_alone_has_nothing_beside_it() -> None:
    reader = Reading({"Nine": 0.0})
    assert names(after(reader, candidate("Nine", 3.0))) == ["Nine"]
    assert after(reader) == []
    assert reader.windows == []


def test_of_two_readings_of_a_follow_up_the_lower_one_weighs_more() -> None:
    assert mean_and_least([4.0]) == 4.0
    assert -8.0 < mean_and_least([4.0, -8.0]) < -2.0, "between the lower one and the mean"
    assert mean_and_least([4.0, -math.inf]) == -math.inf


def test_what_may_be_wide_is_told_side_by_side_only_where_no_sentence_answers() -> None:
    class Nothing:
        def find(self, question: Question, *, limit: int) -> list[Hit]:
            return []

    class Wide:
        def names_matter(self, analyzed: object) -> bool:
            return False

        def on_event(self, analyzed: object) -> Steps:
            return Steps()

        def steps(self, analyzed: object) -> Steps:
            return Steps([candidate("Ten", 0.0)])

        def goes_by_time(self, analyzed: object) -> bool:
            return False

    def told(intent: Intent, margin: float, *, likely: bool) -> tuple[list[str], bool]:
        retrieval = EvidenceRetrieval(
            retriever=Nothing(),
            rank=lambda question, hits, for_all=False: [candidate("Nine", margin)],
            store=FakeLibrary(),  # type: ignore[arg-type]
            wide=Wide(),  # type: ignore[arg-type]
        )
        wish = Asked(intent, certain=likely, likely=likely)
        analysis = QuestionAnalysis(
            coverage=lambda: Coverage(0),
            policy=packaged_policy(),
            rewriting=QueryRewriting(lambda _: Leaning.ALONE),
            classify=lambda _: wish,
        )
        evidence = retrieval.retrieve(analysis.analyze(ConversationTurn(ASKED)))
        return names(evidence.told or evidence.candidates), bool(evidence.told)

    assert told(Intent.COMPARISON, 20.0, likely=True) == (["Ten"], True)
    assert told(Intent.COMPARISON, 20.0, likely=False) == (["Nine"], False)
    assert told(Intent.COMPARISON, -40.0, likely=False) == (["Ten"], True)
    assert told(Intent.OVERVIEW, -40.0, likely=False) == (["Nine"], False), "what is only near is no answer"
    assert told(Intent.LIST, -40.0, likely=False) == (["Nine"], False)


def test_a_sentence_that_may_tell_of_one_of_all_is_likelier() -> None:
    def likelihood(intent: Intent) -> float:
        retrieval = EvidenceRetrieval(
            retriever=Nothing(),
            rank=lambda question, hits, for_all=False: [candidate("Nine", 0.0)],
            store=FakeLibrary(),  # type: ignore[arg-type]
        )
        analysis = QuestionAnalysis(
            coverage=lambda: Coverage(0),
            policy=packaged_policy(),
            rewriting=QueryRewriting(lambda _: Leaning.ALONE),
            classify=lambda _: Asked(intent),
        )
        (found,) = retrieval.retrieve(analysis.analyze(ConversationTurn(ASKED))).candidates
        return found.likelihood

    fact, of_all = likelihood(Intent.FACT), likelihood(Intent.LIST)
    assert math.log(of_all / (1 - of_all)) == pytest.approx(math.log(fact / (1 - fact)) + ONE_OF_ALL)
    assert of_all > fact


class Nothing:
    """A `Retriever` that finds nothing."""

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        return []


@pytest.mark.parametrize(("margin", "order"), [(3.0, ["Nine", "Ten"]), (-30.0, ["Ten", "Nine"])])
def test_a_follow_up_looks_first_where_the_question_before_is_answered(margin: float, order: list[str]) -> None:
    retrieval = EvidenceRetrieval(
        retriever=Nothing(),
        rank=lambda question, hits, **_: [candidate("Nine", margin)],
        store=FakeLibrary(),  # type: ignore[arg-type]
    )
    likely = PACKAGED.candidates([candidate("Ten", 1.2), candidate("Nine", 1.0)])
    assert names(likely) == ["Ten", "Nine"]
    assert names(retrieval._where_it_was(likely, ASKED)) == order
