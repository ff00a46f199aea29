"""Verification of written sentences against the passages that they cite, in three steps.

Code compares facts (and holds what has only a source's words as an extract of it), a trained model reads whether the
source bears the sentence out, and by setting the language model itself is asked. A sentence has to stand in ONE
sentence of a cited passage, with those beside it: words pooled from several would let falsehoods through. What any step
doubts is not supported.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from qa.dates.periods import DateMention
from qa.errors import ChatError
from qa.generation.drafts import objection, without_thought
from qa.generation.facts import Facts, differing, extract_objections, plain, restored
from qa.generation.prompt import JUDGING, judging_text
from qa.i18n.locale import N_
from qa.llm.usage import within
from qa.models.annotations import Annotations, dates_within
from qa.models.archive import Article, Source, Span
from qa.models.replies import SentenceHit
from qa.models.support import CheckStep, Ground, Support, Verdict
from qa.protocols import ChatModel, SupportModel, SupportReading, Window
from qa.text.language import language_of, primary
from qa.text.sentences import sentence_spans
from qa.text.terms import content_words, stem, stems, words

SUPPORTS, SUPPORTS_ACROSS = 0.8, 0.9
"""Likelihoods from which the support model bears a sentence out, in its source's language and in another:
docs/evaluation/support.md has the curve."""

CONTRADICTS = 0.8
"""Likelihood from which a source is said to contradict: of what is said so of claims on unseen news 84% are false, of
extracts 94%; by what is likeliest 76% and 84%."""
OPEN = 0.3  # from which it is left to a judge, where there is one, and from which a sentence is partly borne out
LONGEST_EVIDENCE = 700  # characters, as in training
NAMED_WITHIN = 4  # sentences before one in which whom it calls "he" is named and shown with it
TRIED = 3  # sentences of a passage that one is held against, those that share most of its words first
TRIED_ACROSS = 8  # the same where passage and sentence are in two languages, which share few words
JUDGED_WITHIN = 10.0  # seconds for one word of a judge: whoever takes longer keeps a reader waiting at each sentence
CONSIDERED = 8  # passages of the archive that any written sentence is held against, the closest

NOT_CITED = N_("It names no source.")
NO_SUCH = N_("It cites a source that it wasn't given.")
NOTHING = N_("The archive has nothing that comes close.")
NOT_BORNE_OUT = N_("The sentence that it cites does not say so.")
SAYS_OTHERWISE = N_("The sentence that it cites says otherwise.")
NOT_JUDGED = N_("The language model, asked again, did not find it in the sentence that it cites.")

_BEST = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.CONTRADICTED, Verdict.UNSUPPORTED)
_log = logging.getLogger(__name__)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been?|being|fue|fueron|ha sido|han sido)\b[^.;:]{1,60}\b(?:by|por)\b", re.IGNORECASE
)
_RESERVED = frozenset({"no", "not", "but"})  # words of a judge that take back a "yes"
_BREAK = re.compile(r"(?<!\w)[a-záéíóúñü]{4,}\.(\s+)(?=[“\"‘«¿¡]?[A-ZÁÉÍÓÚÑ])")
"""Between sentences: words in lower case are rarely abbreviations, and then short ones."""
_MARKS = re.compile(r"\s*\[\d{1,3}\](?=\s|[.,;:!?\])]|\[|$)")


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict on a sentence, and the words it rests on: of one that fails, what of the cited comes nearest."""

    support: Support
    rests_on: tuple[Ground, ...] = ()

    def order(self) -> tuple[int, float]:
        """Smaller for what is better supported."""
        likelihood = self.support.likelihood
        return _BEST.index(self.support.verdict), -(1.0 if likelihood is None else likelihood)


def _failed(reason: str, *nearest: Ground) -> Verification:
    return Verification(Support(Verdict.UNSUPPORTED, (reason,), CheckStep.FACTS), nearest)


def _stands_in(sentence: str, ground: Ground) -> bool:
    """Whether a sentence is one of a ground's own, word for word."""
    return plain(sentence) in (plain(ground.text[span.start : span.end]) for span in sentence_spans(ground.text))


def says_so(model: ChatModel, sentence: str, evidence: Sequence[str], *, seconds: float = JUDGED_WITHIN) -> bool:
    """Whether a language model, told neither question nor writer, finds a sentence in the evidence: a plain "yes"."""
    try:
        pieces = model.stream(system=JUDGING, user=judging_text(sentence, evidence))
        answer = without_thought("".join(within(seconds, pieces)))
    except ChatError as error:
        _log.warning("a sentence was not judged: %s", error)
        return False
    first, *rest = words(answer.casefold()) or [""]
    return first == "yes" and _RESERVED.isdisjoint(rest)


class Verifier:
    """Verifies sentences against passages, cited by their numbers from 1; it never raises for a sentence.

    Where there is a judge, a language model, it has to find in the sources as well what code and support model pass.
    """

    def __init__(
        self, grounds: Sequence[Ground], *, support: SupportModel | None = None, judge: ChatModel | None = None
    ) -> None:
        self._passages = [_CitedPassage(ground, grounds) for ground in grounds]
        self._support, self._judge = support, judge

    def check(self, sentence: str, cited: Sequence[int]) -> Verification:
        """The verdict on a sentence without its marks, by the cited passage that supports it best."""
        sentence, numbers = sentence.strip(), list(dict.fromkeys(cited))
        if reason := objection(sentence):
            return _failed(reason)
        if not numbers:
            return _failed(NOT_CITED, *self._nearest(stems(sentence)))
        if not all(1 <= number <= len(self._passages) for number in numbers):
            return _failed(NO_SUCH)
        each = [self._held_against(sentence, self._passages[number - 1]) for number in numbers]
        best = min(each, key=Verification.order)
        if not best.support.full:
            return best
        rests_on = tuple(ground for checked in each if checked.support.full for ground in checked.rests_on)
        if self._judge is None or any(_stands_in(sentence, ground) for ground in rests_on):
            return Verification(best.support, rests_on)
        # With outlet and day, or neither "Reuters reported" nor a date for "yesterday" could be found in it.
        evidence = [f"{ground.source.credit}: {ground.source.title}. {ground.text}" for ground in rests_on]
        if says_so(self._judge, sentence, evidence):
            return Verification(best.support, rests_on)
        support = Support(Verdict.UNSUPPORTED, (NOT_JUDGED,), CheckStep.JUDGE, best.support.likelihood)
        return Verification(support, rests_on)

    def _nearest(self, wanted: frozenset[str]) -> Sequence[Ground]:
        best = [(passage, passage.ranked(wanted)[0]) for passage in self._passages if passage.sentences]
        best.sort(key=lambda pair: -len(wanted & pair[0].stems[pair[1]]))
        return [passage.ground_of(at, at) for passage, at in best[:1]]

    def _held_against(self, sentence: str, passage: _CitedPassage) -> Verification:
        """The verdict by the sentence of a passage that bears it out, or else by the one that comes nearest."""
        language = language_of(sentence, otherwise=passage.language)
        claim = Facts(sentence, passage.ground.source.published, language)
        places = passage.ranked(stems(sentence))[: TRIED if language == passage.language else TRIED_ACROSS]
        tries = list[Verification]()
        for checked in filter(None, (self._as_extract(claim, passage, at) for at in places)):
            if checked.support.full:
                return checked
            tries.append(checked)
        tries = tries or self._as_claims(claim, passage, places)
        # The first that surely bears it out has most of its words; of another the headline alone may.
        surely = ((tried, tried.support.likelihood) for tried in tries if tried.support.full)
        borne_out = (tried for tried, likelihood in surely if likelihood is None or likelihood >= SUPPORTS)
        return next(borne_out, min(tries, key=Verification.order, default=_failed(NOT_BORNE_OUT)))

    def _as_extract(self, claim: Facts, passage: _CitedPassage, at: int) -> Verification | None:
        """The verdict on a sentence with the source's words, or these but for names put in for pronouns; else None."""
        sentence = claim.text
        first, last = passage.around(at)
        if plain(sentence) in (plain(passage.ground_of(beside, beside).text) for beside in range(first, last + 1)):
            return Verification(Support(Verdict.SUPPORTED), (passage.narrowed(sentence, at),))
        alone = passage.ground_of(at, at)
        if objections := extract_objections(sentence, alone):
            return Verification(Support(Verdict.UNSUPPORTED, objections, CheckStep.FACTS), (alone,))
        if objections is not None:
            return Verification(Support(Verdict.SUPPORTED), (alone,))
        tried = [extract_objections(words, alone) for words in restored(claim, alone.text, passage.article)]
        if () in tried:
            reading = next(iter(self._readings(claim, passage, [passage.before(at)])), None)
            least = OPEN if self._judge else SUPPORTS
            support = _verdict(self._differing(claim, passage, alone), reading, least)
            return Verification(support, (passage.naming(sentence, at) if support.full else alone,))
        otherwise = min(filter(None, tried), key=len, default=())
        # A passive whose subject is "it" can't be held against an active sentence.
        if otherwise and not _PASSIVE.search(alone.text):
            return Verification(Support(Verdict.UNSUPPORTED, otherwise, CheckStep.FACTS), (alone,))
        return None

    def _as_claims(self, claim: Facts, passage: _CitedPassage, places: Sequence[int]) -> list[Verification]:
        """The verdicts on a sentence in other words, by source sentences with those beside them."""
        least = SUPPORTS if claim.language == passage.language else SUPPORTS_ACROSS
        differences = [self._differing(claim, passage, passage.ground_of(*passage.around(at))) for at in places]
        # Where no facts stand in the way the model reads; else only what comes nearest, to tell what it says.
        read = [at for at, reasons in zip(places, differences, strict=True) if not reasons] or places[:1]
        grounds = [passage.narrowed(claim.text, at) for at in read]
        readings = self._readings(claim, passage, [ground.text for ground in grounds])
        least = OPEN if self._judge else least
        verdicts = [
            _verdict(differences[places.index(at)], reading, least)
            for at, reading in zip_longest(read, readings)  # none where there is no model
        ]
        # What doesn't bear it out comes nearest by itself, as it may be quoted in its place.
        return [
            Verification(support, (ground if support.full else passage.ground_of(at, at),))
            for at, ground, support in zip(read, grounds, verdicts, strict=True)
        ]

    def _differing(self, claim: Facts, passage: _CitedPassage, ground: Ground) -> tuple[str, ...]:
        return differing(claim, Facts.of(ground, passage.language), context=passage.article)

    def _readings(self, claim: Facts, passage: _CitedPassage, evidence: Sequence[str]) -> list[SupportReading]:
        """What the support model, if there is one, reads in each piece of evidence, all at once."""
        heading = passage.ground.source.heading
        windows = [Window(heading, text, (Span(0, len(text)),)) for text in evidence]
        return self._support.weigh(claim.text, windows) if self._support else []


def _verdict(reasons: tuple[str, ...], reading: SupportReading | None, least: float) -> Support:
    """The verdict by what differs in the facts, and by what the support model, if it was asked, reads in the source."""
    likelihood = reading.supported if reading else None
    otherwise = reading is not None and reading.contradicted >= CONTRADICTS
    if reasons:  # it is not borne out, whatever was read
        verdict = Verdict.CONTRADICTED if otherwise else Verdict.UNSUPPORTED
        return Support(verdict, reasons, CheckStep.FACTS, likelihood)
    if likelihood is None or likelihood >= least:
        return Support(Verdict.SUPPORTED, likelihood=likelihood)
    if otherwise:
        return Support(Verdict.CONTRADICTED, (SAYS_OTHERWISE,), CheckStep.SUPPORT, likelihood)
    verdict = Verdict.PARTLY if likelihood >= OPEN else Verdict.UNSUPPORTED
    return Support(verdict, (NOT_BORNE_OUT,), CheckStep.SUPPORT, likelihood)


class _CitedPassage:
    """A passage by its sentences, which are named by their places; of its article more passages may be known."""

    def __init__(self, ground: Ground, known: Sequence[Ground]) -> None:
        self.ground, self.language = ground, primary(ground.source.language)
        self._beside = [other for other in known if other.source == ground.source and other != ground]

    @cached_property
    def article(self) -> str:
        """All that is known of its article, where those are named whom the passage calls "he" or "the company"."""
        source = self.ground.source
        return "\n".join([source.heading, source.credit, *(other.text for other in self._beside), self.ground.text])

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        # Some sentences stand as one in `sentence_spans`, by which archives are stored.
        text, found = self.ground.text, list[Span]()
        for span in sentence_spans(text):
            breaks = [match.span(1) for match in _BREAK.finditer(text, span.start, span.end)]
            ends, starts = [start for start, _ in breaks], [end for _, end in breaks]
            found += map(Span, [span.start, *starts], [*ends, span.end])
        return tuple(found)

    @cached_property
    def stems(self) -> list[frozenset[str]]:
        return [stems(self.ground.text[span.start : span.end]) for span in self.sentences]

    def ranked(self, wanted: frozenset[str]) -> list[int]:
        """All sentences, those first that have most of the wanted words."""
        return sorted(range(len(self.sentences)), key=lambda at: -len(wanted & self.stems[at]))

    def around(self, at: int) -> tuple[int, int]:
        return max(0, at - 1), min(len(self.sentences) - 1, at + 1)

    def before(self, at: int) -> str:
        """A sentence of it behind those that come before it in the article, as far as they are known."""
        earlier = sorted(other for other in ((g.start, g.text) for g in self._beside) if other[0] < self.ground.start)
        before = [text[span.start : span.end] for _, text in earlier for span in sentence_spans(text)]
        before += [self.ground.text[span.start : span.end] for span in self.sentences[:at]]
        text = self.ground_of(at, at).text
        while before and len(text) + len(before[-1]) < LONGEST_EVIDENCE:
            text = f"{before.pop()} {text}"
        return text

    def naming(self, sentence: str, at: int) -> Ground:
        """A sentence of it with those before it as far as they name what a written one names."""
        missing = stems(sentence) - self.stems[at]
        naming = next((n for n in range(at - 1, max(-1, at - 1 - NAMED_WITHIN), -1) if missing & self.stems[n]), at)
        return self.ground_of(naming, at)

    def ground_of(self, first: int, last: int) -> Ground:
        start, end = self.sentences[first].start, self.sentences[last].end
        span = Span(start, end).shifted(self.ground.start)
        return _ground(self.ground.source, span, self.ground.text[start:end], self.ground.dates)

    def narrowed(self, sentence: str, at: int) -> Ground:
        """A sentence, and of those beside it the ones that have words of the written one which it has not."""
        missing = {stem(word) for word in content_words(sentence)} - self.stems[at]
        first, last = (beside if missing & self.stems[beside] else at for beside in self.around(at))
        return self.ground_of(first, last)


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a text, without the marks of an answer's sources."""
    for span in sentence_spans(text):
        if sentence := _MARKS.sub("", text[span.start : span.end]).strip():
            yield " ".join(sentence.split())


def verify(
    sentence: str, passages: Sequence[Ground], *, support: SupportModel | None, judge: ChatModel | None = None
) -> Verification:
    """The verdict on any written sentence by one passage after the other, until one bears it out."""
    verifier, tries = Verifier(passages, support=support, judge=judge), list[Verification]()
    for number in range(1, len(passages) + 1):
        tries.append(verifier.check(_MARKS.sub("", sentence), [number]))
        if tries[-1].support.full:
            break
    if not tries:
        return Verification(Support(Verdict.UNSUPPORTED, (NOTHING,)))
    best = min(tries, key=Verification.order)
    # Of what nothing bears out the closest says most: what another matter contradicts may be true of this one.
    return best if best.support.verdict in (Verdict.SUPPORTED, Verdict.PARTLY) else tries[0]


def passages_found(hits: Sequence[SentenceHit], annotations: Mapping[str, Annotations]) -> list[Ground]:
    """The passages that hold the sentences that a search found, the best first, each with its dates."""
    passages = list(dict.fromkeys(hit.passage for hit in hits))[:CONSIDERED]
    return [_ground(p.source, p.span, p.text, annotations[p.source.article_id].dates) for p in passages]


def ground_of(article: Article, annotations: Annotations, span: Span | None = None) -> Ground:
    """A stretch of an article with its dates; without a span, all of it."""
    span = span or Span(0, len(article.body))
    return _ground(article.source, span, article.body[span.start : span.end], annotations.dates)


def _ground(source: Source, span: Span, text: str, dates: Sequence[DateMention]) -> Ground:
    return Ground(source, span.start, span.end, text, dates=tuple(dates_within(dates, span)))
