"""Verification of written sentences against the passages that they cite, in three steps.

Code compares facts (and holds what has only a source's words as an extract of it), a trained model reads whether the
source bears the sentence out, and by setting the language model itself is asked. A sentence has to stand in ONE
sentence of a cited passage, with those beside it: words pooled from several would let falsehoods through. What any step
doubts is not supported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from qa.generation.extracts import extract_objections
from qa.generation.facts import Facts, differing
from qa.generation.plain_sentence import objection
from qa.i18n.locale import N_
from qa.models.archive import Span
from qa.models.support import CheckStep, Ground, Support, Verdict
from qa.protocols import SupportModel, SupportReading, Window
from qa.text.language import language_of, primary
from qa.text.sentences import sentence_spans
from qa.text.terms import content_words, stem, stems

SUPPORTS = 0.75
"""Likelihood from which the support model bears a sentence out: docs/evaluation/support.md has the curve."""

OPEN = 0.3
"""Likelihood from which it is left to a judge, where there is one, and from which a sentence is partly borne out."""

TRIED = 3
"""Sentences of a passage that one is held against, those that share most of its words first."""

TRIED_ACROSS = 8
"""The same where passage and sentence are in two languages, which share few words."""

NOT_CITED = N_("It names no source.")
NO_SUCH = N_("It cites a source that it wasn't given.")
NOT_BORNE_OUT = N_("The sentence that it cites does not say so.")
SAYS_OTHERWISE = N_("The sentence that it cites says otherwise.")
NOT_JUDGED = N_("The language model, asked again, did not find it in the sentence that it cites.")

_BEST = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.UNSUPPORTED)


class Judges(Protocol):
    """Says whether sources say a sentence; None where it can't tell."""

    def says_so(self, sentence: str, evidence: Sequence[str]) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on a sentence, and the words it rests on: of one that fails, what of the cited comes nearest."""

    support: Support
    rests_on: tuple[Ground, ...] = ()

    def order(self) -> tuple[int, float]:
        """Smaller for what is better supported."""
        likelihood = self.support.likelihood
        return _BEST.index(self.support.verdict), -(1.0 if likelihood is None else likelihood)

    @classmethod
    def failed(cls, reason: str, *nearest: Ground) -> Verification:
        """One that fails before anything is compared."""
        return cls(Support(Verdict.UNSUPPORTED, (reason,), CheckStep.FACTS), nearest)


class Verifier:
    """Verifies sentences against passages, cited by their numbers from 1; it never raises for a sentence."""

    def __init__(
        self, grounds: Sequence[Ground], *, support: SupportModel | None = None, judge: Judges | None = None
    ) -> None:
        self._passages = [_CitedPassage(ground) for ground in grounds]
        self._support = support
        self._judge = judge

    def check(self, sentence: str, cited: Sequence[int]) -> Verification:
        """The verdict on a sentence without its marks, by the cited passage that supports it best."""
        sentence, numbers = sentence.strip(), list(dict.fromkeys(cited))
        if reason := objection(sentence):
            return Verification.failed(reason)
        if not numbers:
            return Verification.failed(NOT_CITED, *self.nearest(sentence)[:1])
        if not all(1 <= number <= len(self._passages) for number in numbers):
            return Verification.failed(NO_SUCH)
        each = [self._held_against(sentence, self._passages[number - 1]) for number in numbers]
        full = [checked for checked in each if checked.support.full]
        if not full:
            return min(each, key=Verification.order)
        rests_on = tuple(ground for checked in full for ground in checked.rests_on)
        return self._judged(sentence, Verification(min(full, key=Verification.order).support, rests_on))

    def nearest(self, sentence: str) -> list[Ground]:
        """One sentence of each passage, the one that shares most of a sentence's words; the best first."""
        wanted = stems(sentence)
        best = [(passage, passage.ranked(wanted)[0]) for passage in self._passages if passage.sentences]
        best.sort(key=lambda pair: -len(wanted & pair[0].stems_of(pair[1])))
        return [passage.ground_of(at, at) for passage, at in best]

    def _judged(self, sentence: str, checked: Verification) -> Verification:
        # With the day of publication, or "yesterday" could not be held against a date.
        evidence = [f"{ground.source.heading}{ground.text}" for ground in checked.rests_on]
        if self._judge is None or self._judge.says_so(sentence, evidence):
            return checked
        support = Support(Verdict.UNSUPPORTED, (NOT_JUDGED,), CheckStep.JUDGE, checked.support.likelihood)
        return Verification(support, checked.rests_on)

    def _held_against(self, sentence: str, passage: _CitedPassage) -> Verification:
        """The verdict by one passage: by the sentence that bears it out, or else by the one that comes nearest.

        What has only words of one sentence is an extract of it or nothing: there the support model sees least.
        """
        tries = []
        every = list(passage.evidence_for(sentence, tries=TRIED))
        for checked in filter(None, (_as_extract(sentence, evidence) for evidence in every)):
            if checked.support.full:
                return checked
            tries.append(checked)
        for evidence in () if tries else every:
            checked = self._weighed(sentence, evidence)
            if checked.support.full:
                return checked
            tries.append(checked)
        return min(tries, key=Verification.order, default=Verification.failed(NOT_BORNE_OUT))

    def _weighed(self, sentence: str, evidence: _SentenceWindow) -> Verification:
        """The verdict by a sentence with those beside it."""
        source = evidence.passage.ground.source
        claim = Facts(sentence, source.published, language_of(sentence, otherwise=evidence.passage.language))
        context = f"{source.heading} {source.credit} {evidence.passage.ground.text}"
        reasons = tuple(differing(claim, evidence.facts, context=context))
        reading = self._support.weigh(sentence, [evidence.window])[0] if self._support else None
        least = SUPPORTS if self._judge is None else OPEN
        return Verification(_support(reasons, reading, least=least), evidence.narrowed(sentence))


def _as_extract(sentence: str, evidence: _SentenceWindow) -> Verification | None:
    """The verdict on a sentence that has no other words than the source's; None where it has."""
    if evidence.has_verbatim(sentence):
        return Verification(Support(Verdict.SUPPORTED), evidence.narrowed(sentence))
    alone = evidence.passage.ground_of(evidence.at, evidence.at)
    objections = extract_objections(sentence, alone)
    if objections is None:
        return None
    verdict = Verdict.UNSUPPORTED if objections else Verdict.SUPPORTED
    return Verification(Support(verdict, objections, CheckStep.FACTS if objections else None), (alone,))


def _support(reasons: tuple[str, ...], reading: SupportReading | None, *, least: float) -> Support:
    """What the facts and the model together say."""
    likelihood = reading.supported if reading else None
    contradicted = bool(reading and reading.contradicted > max(reading.supported, reading.undecided))
    if reasons:
        verdict = Verdict.CONTRADICTED if contradicted else Verdict.UNSUPPORTED
        return Support(verdict, reasons, CheckStep.FACTS, likelihood)
    if likelihood is None or likelihood >= least:
        return Support(Verdict.SUPPORTED, likelihood=likelihood)
    if contradicted:
        return Support(Verdict.CONTRADICTED, (SAYS_OTHERWISE,), CheckStep.SUPPORT, likelihood)
    verdict = Verdict.PARTLY if likelihood >= OPEN else Verdict.UNSUPPORTED
    return Support(verdict, (NOT_BORNE_OUT,), CheckStep.SUPPORT, likelihood)


class _CitedPassage:
    """A passage by its sentences."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.language = primary(ground.source.language)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        return tuple(sentence_spans(self.ground.text))

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        return [stems(self.ground.text[span.start : span.end]) for span in self.sentences]

    def stems_of(self, at: int) -> frozenset[str]:
        return self._stems[at]

    def ranked(self, wanted: frozenset[str]) -> list[int]:
        """The places of the sentences, by how many of the wanted words they have."""
        return sorted(range(len(self.sentences)), key=lambda at: -len(wanted & self._stems[at]))

    def evidence_for(self, sentence: str, *, tries: int) -> Iterator[_SentenceWindow]:
        """The sentences that may bear one out, each with those beside it, the likeliest first."""
        across = language_of(sentence, otherwise=self.language) != self.language
        for at in self.ranked(stems(sentence))[: TRIED_ACROSS if across else tries]:
            yield _SentenceWindow(self, at)

    def ground_of(self, first: int, last: int) -> Ground:
        """The stretch from one sentence to another, with its dates."""
        span = Span(self.sentences[first].start, self.sentences[last].end)
        start, end = self.ground.start + span.start, self.ground.start + span.end
        dates = tuple(mention for mention in self.ground.dates if start <= mention.start and mention.end <= end)
        return Ground(self.ground.source, start, self.ground.text[span.start : span.end], dates)


@dataclass(frozen=True)
class _SentenceWindow:
    """A sentence of a passage, at a place, with those beside it."""

    passage: _CitedPassage
    at: int

    @property
    def first(self) -> int:
        return max(0, self.at - 1)

    @property
    def last(self) -> int:
        return min(len(self.passage.sentences) - 1, self.at + 1)

    @cached_property
    def ground(self) -> Ground:
        return self.passage.ground_of(self.first, self.last)

    @cached_property
    def facts(self) -> Facts:
        ground = self.ground
        dates = tuple(replace(d, start=d.start - ground.start, end=d.end - ground.start) for d in ground.dates)
        return Facts(ground.text, ground.source.published, self.passage.language, dates or None)

    @property
    def window(self) -> Window:
        text = self.ground.text
        return Window(self.ground.source.heading, text, (Span(0, len(text)),))

    def has_verbatim(self, sentence: str) -> bool:
        """Whether the sentence is a whole one of the source, word for word."""
        places = range(self.first, self.last + 1)
        return any(Facts(self.passage.ground_of(at, at).text).plain == Facts(sentence).plain for at in places)

    def narrowed(self, sentence: str) -> tuple[Ground, ...]:
        """The sentence, and of those beside it the ones that have words of the written one which it has not."""
        missing = {stem(word) for word in content_words(sentence)} - self.passage.stems_of(self.at)
        first = self.first if missing & self.passage.stems_of(self.first) else self.at
        last = self.last if missing & self.passage.stems_of(self.last) else self.at
        return (self.passage.ground_of(first, last),)
