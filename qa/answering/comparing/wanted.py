"""What a question wants to know in figures, and which claims tell it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from qa.answering.comparing.sameness import far, middle, rival_kinds, same_kind
from qa.answering.comparing.stated import Days, Stated, days_of
from qa.answering.comparing.stemming import stem_in
from qa.answering.support import Asked
from qa.domain.claims import ClaimKind
from qa.language.claims import english, spanish
from qa.language.claims.kinds import kind_words
from qa.language.dates.finding import find_dates
from qa.language.event_names import event_names
from qa.language.figures import figures, kin
from qa.language.places import places_in
from qa.language.questions import Kind
from qa.language.terms import STOP_WORDS, content_words, fold, stem, words
from qa.language.tongues import language_of

Rarity = Callable[[str], float]

_GRAMMAR = frozenset(
    {"number", "total", "figure", "people", "person", "take", "make", "cifra", "numero", "alguien", "anyone"}
)
"""Words of a question that are no topic."""


COGNATE = 4
"""Letters from which a stem tells a word of another language that begins with it: oper(ation), *operación*."""
LONG = 6
"""Letters from which the last of a stem may differ between languages: *polici(al)*, police."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question's figures: what is counted, what became of it, where, in which event, and numbers that it names."""

    nouns: frozenset[str]
    kinds: frozenset[ClaimKind]
    places: frozenset[str]
    worldwide: bool
    events: frozenset[str]
    values: tuple[float, ...]
    days: tuple[Days, ...]
    topic: frozenset[str]
    counting: bool

    @classmethod
    def of(cls, asked: Asked) -> Wanted | None:
        """None where the question is not about figures."""
        if asked.kind not in (Kind.HOW_MANY, Kind.WHO, Kind.OTHER):
            return None
        counted = asked.demands.counted
        kinds = frozenset(word.kind for word in kind_words(asked.text))
        found = figures(asked.text)
        values = tuple(one.low for one in found if one.low is not None) if counted is None else ()
        if counted is None and not kinds:
            return None
        nouns = counted.nouns if counted else frozenset(word for one in found for word in one.counted[:1])
        structural = {*nouns, *_GRAMMAR}
        language = language_of(asked.text)
        topic = frozenset(
            stem_in(word, language)
            for word in content_words(asked.text)
            if kin(word) not in structural and word not in STOP_WORDS and not kind_words(word)
        ) - _elsewhere_said(asked.text, language)
        return cls(
            nouns=nouns,
            kinds=kinds,
            places=asked.demands.places,
            worldwide=bool(_worldwide().search(asked.text)),
            events=frozenset(one.key for one in event_names(asked.text)),
            values=values,
            days=_days_in(asked.text),
            topic=topic,
            counting=counted is not None,
        )

    def meant(self, one: Stated) -> bool:
        """Whether a claim counts what is asked, where it is asked."""
        claim = one.claim
        if self.events and claim.event and claim.event not in self.events:
            return False
        if self.days and all(far(one.days, days) for days in self.days):
            return False
        if self.values:
            return middle(claim) in self.values and (not self.nouns or self._counts(one))
        return self._counts(one) and self._of_kind(claim.kind) and self._placed(one)

    def _counts(self, one: Stated) -> bool:
        if one.thing == "people":
            persons = self.nouns & {"people", "arrest", *one.claim.counted}
            return bool(persons) or (not self.nouns and one.claim.kind in self.kinds)
        return (
            bool(self.nouns & set(one.claim.counted)) if self.nouns else self.counting or one.claim.kind in self.kinds
        )

    def _of_kind(self, kind: ClaimKind | None) -> bool:
        if not self.kinds or kind is ClaimKind.EXPECTED:
            return True
        return any(same_kind(kind, wanted) or rival_kinds(kind, wanted) for wanted in self.kinds)

    def _placed(self, one: Stated) -> bool:
        claim = one.claim
        if self.places:
            return bool(self.places & set(claim.scope))
        return not (self.worldwide and claim.scope)

    def topic_in(self, vocabulary: frozenset[str]) -> frozenset[str]:
        """The words of the question's topic among others, which are folded; in either language if they begin alike."""
        return frozenset(one for one in self.topic if any(_meets(one, word) for word in vocabulary))

    def fit(self, vocabulary: frozenset[str], rarity: Rarity) -> float:
        """Which share of the question's topic, weighted by rarity, some words have; 1 where it names none."""
        weights = {word: rarity(word) for word in self.topic}
        total = sum(weights.values())
        present = self.topic_in(vocabulary)
        return sum(weight for word, weight in weights.items() if word in present) / total if total else 1.0


def _meets(one: str, word: str) -> bool:
    """Whether a stem of the question is the word's, or begins it."""
    beginning = one[:-1] if len(one) >= LONG else one
    return (
        word == one
        or (len(one) >= COGNATE and word.startswith(beginning))
        or (word[:2] == one[:2] and stem(word) == one)
    )


def _days_in(question: str) -> tuple[Days, ...]:
    """The days, months and years that a question names."""
    mentions = find_dates(question, published=None, language="en") or find_dates(
        question, published=None, language="es"
    )
    found = (days_of(mention.value) for mention in mentions)
    return tuple(days for days in found if days)


def _elsewhere_said(question: str, language: str) -> set[str]:
    """Stems of the words that say where: claims are held to places by their scope."""
    said = [question[span.start : span.end] for span, _ in places_in(question)]
    said += [match.group() for match in _worldwide().finditer(question)]
    return {stem_in(word, language) for text in said for word in words(text)}


def vocabulary_of(one: Stated, text: str) -> frozenset[str]:
    """Words of the claim's sentence and its headline, folded."""
    return frozenset(fold(word) for part in (text, one.source.title) for word in words(part))


@cache
def _worldwide() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.WORLDWIDE}|{spanish.WORLDWIDE}|in the world|en el mundo)\b", re.IGNORECASE)
