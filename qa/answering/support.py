"""How probable it is that a sentence answers a question: a logistic regression over signals one can name.

The weights and the threshold were fitted by `benchmarks/calibrate.py` and are kept, with the curve they come from,
in calibration.json beside this file; docs/decisions/ says what they were fitted on and what they reach.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from qa.models.archive import Span
from qa.models.replies import Candidate, SentenceHit
from qa.text.answer_spans import NAME, answer_spans
from qa.text.demands import Demands
from qa.text.places import places_in
from qa.text.questions import Kind
from qa.text.renderings import counterparts
from qa.text.tallies import Counted
from qa.text.terms import STOP_WORDS, content_words, fold, stem, stems, words

Idf = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against one sentence; each is 0 to 1, except where said.

    late       late-interaction score of the sentence
    cosine     cosine of the sentence with the question, -1 to 1
    words      share of the question's topical words that stand in sentence, headline or date, weighted by idf;
               across languages of those that have a word near in meaning there
    placeless  1 where the question asks who or where and the sentence has no name of the kind
    uncounted  1 where the question asks how many of something and no number of the sentence counts it
    far        1 where the question names a country that stands neither in sentence nor headline
    nameless   share of the question's names and numbers that stand neither in passage nor headline nor date
    length     logarithm of the question's words: a longer question is met by any one sentence less closely
    """

    late: float
    cosine: float
    words: float
    placeless: float
    uncounted: float
    far: float
    nameless: float
    length: float


SIGNALS = tuple(one.name for one in fields(Signals))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the signals, in their order, and the support from which a sentence is shown as an answer."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    pairs: Mapping[str, Calibration] = field(default_factory=lambda: MappingProxyType({}))
    """Those of other pairs of languages, question first (es-en), moved so that the one threshold is theirs too."""

    def probability(self, signals: Signals) -> float:
        total = self.bias + sum(w * s for w, s in zip(self.weights, astuple(signals), strict=True))
        return 1 / (1 + math.exp(-total))

    def of(self, pair: str) -> Calibration:
        """What a pair of languages is judged by; one that none was fitted for by that of Spanish in its place."""
        asked, _, told = pair.partition("-")
        like = "es-es" if asked == told else "es-en" if told == "en" else "en-es"
        return self.pairs.get(pair, self.pairs.get(like, self)) if pair else self

    def moved_to(self, threshold: float) -> Calibration:
        """The same judgement on a scale on which that threshold parts what this one parts."""
        return replace(self, bias=self.bias + _logit(threshold) - _logit(self.threshold), threshold=threshold)


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


@cache
def calibration() -> Calibration:
    """The fitted weights that come with the package."""
    record = json.loads(files("qa.answering").joinpath("calibration.json").read_text(encoding="utf-8"))
    own = _fitted(record)
    pairs = {pair: _fitted(fitted).moved_to(own.threshold) for pair, fitted in record["pairs"].items()}
    return replace(own, pairs=MappingProxyType(pairs))


def _fitted(record: dict[str, Any]) -> Calibration:
    weights = tuple(float(record["weights"][name]) for name in SIGNALS)
    return Calibration(weights, float(record["bias"]), float(record["threshold"]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question taken apart once, for all the sentences it is held against."""

    text: str
    demands: Demands
    topical: tuple[str, ...]
    names: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Asked:
        topical = tuple(dict.fromkeys(stem(word) for word in content_words(text)))
        return cls(text, Demands.of(text), topical, frozenset(_names(text)))

    @property
    def kind(self) -> Kind:
        return self.demands.kind


def weigh(asked: Asked, hits: Sequence[SentenceHit], idf: Idf, *, by: Calibration) -> list[Candidate]:
    """Every sentence with its support, strongest first; one that lacks what the question demands has none."""
    evidence = []
    for hit in hits:
        support = 0.0 if asked.demands.unmet(hit.text) else by.of(hit.pair).probability(signals(asked, hit, idf))
        evidence.append(Candidate(hit, support, _answer(asked, hit) if support else None))
    return sorted(evidence, key=lambda e: (-e.support, -e.hit.late, e.source.article_id, e.span))


def is_across(hit: SentenceHit) -> bool:
    """Whether question and sentence are in different languages, so that only names and numbers are the same in both."""
    asked, _, told = hit.pair.partition("-")
    return asked != told


def _answer(asked: Asked, hit: SentenceHit) -> Span | None:
    """The stretch of the body that answers, if the sentence has one of the kind."""
    if asked.demands.counted and not is_across(hit):
        meant = asked.demands.counted.tallies(hit.text).here
        return meant[0].span.shifted(hit.span.start) if meant else None
    spans = answer_spans(asked.kind, hit.text, question=asked.text)
    return spans[0].shifted(hit.span.start) if spans else None


def signals(asked: Asked, hit: SentenceHit, idf: Idf) -> Signals:
    """What speaks for and against a sentence as an answer."""
    named = asked.kind in (Kind.WHO, Kind.WHERE)
    counted = asked.demands.counted
    here = stems(hit.text) | stems(hit.source.heading)
    around = here | stems(hit.passage.text)
    if is_across(hit):
        around |= counterparts(f"{hit.source.heading} {hit.passage.text}")
    countries = {code for _, code in places_in(f"{hit.source.heading} {hit.text}")}
    return Signals(
        late=hit.late,
        cosine=hit.cosine,
        words=hit.met if is_across(hit) else _share(asked.topical, here, idf),
        placeless=float(named and not answer_spans(asked.kind, hit.text, question=asked.text)),
        uncounted=float(counted is not None and not _counts(counted, hit, asked)),
        far=float(bool(asked.demands.places) and not asked.demands.places & countries),
        nameless=len(asked.names - around) / len(asked.names) if asked.names else 0.0,
        length=math.log(1 + len(words(asked.text))),
    )


def _counts(counted: Counted, hit: SentenceHit, asked: Asked) -> bool:
    """Whether a number of the sentence counts what is asked for; across languages, whether it has a number."""
    if is_across(hit):
        return bool(answer_spans(asked.kind, hit.text, question=asked.text))
    return bool(counted.tallies(hit.text).here)


def _share(topical: Sequence[str], present: frozenset[str], idf: Idf) -> float:
    weights = {word: idf(word) for word in topical}
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in present) / total if total else 0.0


def _names(text: str) -> Iterator[str]:
    """Stems of the question's names and numbers; its first word is capital anyway and doesn't count."""
    for match in NAME.finditer(text):
        if match.start() > len(text) - len(text.lstrip(" ¿¡\"'“")):
            yield from (stem(word) for word in words(match.group()) if fold(word) not in STOP_WORDS)
    yield from (stem(word) for word in words(text) if word[0].isdigit())
