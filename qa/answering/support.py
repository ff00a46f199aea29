"""How probable it is that a sentence answers a question: a logistic regression over signals one can name.

The weights and the threshold were fitted by `benchmarks/calibrate.py` and are kept, with the curve they come from,
in calibration.json beside this file; docs/decisions/ says what they were fitted on and what they reach.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files

from qa.domain.replies import Evidence, SentenceHit
from qa.language.answer_spans import NAME, answer_spans, could_answer, counts_it
from qa.language.questions import Kind, question_kind
from qa.language.terms import STOP_WORDS, content_words, fold, stem, stems, words

Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against one sentence; each is 0 to 1, except where said.

    late       late-interaction score of the sentence
    cosine     cosine of the sentence with the question, -1 to 1
    words      share of the question's topical words that stand in sentence, headline or date, weighted by rarity
    valueless  1 where the question asks when, how many, how long or why and the sentence has nothing of the kind
    placeless  1 where the question asks who or where and the sentence has no name of the kind
    uncounted  1 where the question asks how many of something and the sentence does not mention it
    nameless   share of the question's names and numbers that stand neither in passage nor headline nor date
    """

    late: float
    cosine: float
    words: float
    valueless: float
    placeless: float
    uncounted: float
    nameless: float


SIGNALS = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the signals, in their order, and the support from which a sentence is shown as an answer."""

    weights: tuple[float, ...]
    bias: float
    threshold: float

    def probability(self, signals: Signals) -> float:
        total = self.bias + sum(w * s for w, s in zip(self.weights, astuple(signals), strict=True))
        return 1 / (1 + math.exp(-total))


@cache
def calibration() -> Calibration:
    """The fitted weights that come with the package."""
    record = json.loads(files("qa.answering").joinpath("calibration.json").read_text(encoding="utf-8"))
    weights = tuple(float(record["weights"][name]) for name in SIGNALS)
    return Calibration(weights, float(record["bias"]), float(record["threshold"]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart once, for all the sentences it is held against."""

    text: str
    kind: Kind
    topical: tuple[str, ...]
    names: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Asked:
        topical = tuple(dict.fromkeys(stem(word) for word in content_words(text)))
        return cls(text, question_kind(text), topical, frozenset(_names(text)))


def weigh(asked: Asked, hits: Sequence[SentenceHit], rarity: Rarity, *, by: Calibration) -> list[Evidence]:
    """Every sentence with its support, strongest first."""
    evidence = []
    for hit in hits:
        spans = answer_spans(asked.kind, hit.text, question=asked.text)
        support = by.probability(signals(asked, hit, rarity))
        counted = asked.kind is not Kind.HOW_MANY or counts_it(hit.text, asked.text)
        answer = spans[0].shifted(hit.span.start) if spans and counted else None
        evidence.append(Evidence(hit, support, answer))
    return sorted(evidence, key=lambda e: (-e.support, e.source.article_id, e.span))


def signals(asked: Asked, hit: SentenceHit, rarity: Rarity) -> Signals:
    """What speaks for and against a sentence as an answer."""
    lacking = not could_answer(asked.kind, hit.text, answer_spans(asked.kind, hit.text, question=asked.text))
    named = asked.kind in (Kind.WHO, Kind.WHERE)
    here = stems(hit.text) | stems(hit.source.heading)
    around = here | stems(hit.passage.text)
    return Signals(
        late=hit.late,
        cosine=hit.cosine,
        words=_share(asked.topical, here, rarity),
        valueless=float(lacking and not named),
        placeless=float(lacking and named),
        uncounted=float(asked.kind is Kind.HOW_MANY and not counts_it(hit.text, asked.text)),
        nameless=len(asked.names - around) / len(asked.names) if asked.names else 0.0,
    )


def _share(topical: Sequence[str], present: frozenset[str], rarity: Rarity) -> float:
    weights = {word: rarity(word) for word in topical}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in present) / total if total else 0.0


def _names(text: str) -> Iterator[str]:
    """Stems of the question's names and numbers; its first word is capital anyway and doesn't count."""
    for match in NAME.finditer(text):
        if match.start() > len(text) - len(text.lstrip(" ¿¡\"'“")):
            yield from (stem(word) for word in words(match.group()) if fold(word) not in STOP_WORDS)
    yield from (stem(word) for word in words(text) if word[0].isdigit())
