"""Which numbers of a sentence count what "how many …" asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.models.annotations import Figure
from qa.text.answer_spans import without_dates
from qa.text.figures import figures, kin
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, content_words, fold, word_matches, words

_ASKED = re.compile(
    r"(?:how many|how much|(?:what|which) (?:number|total|share|percentage|proportion) of|cu[aá]nt[ao]s?"
    r"|(?:qu[eé]|cu[aá]l (?:es|fue|era) (?:el|la)) (?:n[uú]mero|cifra|cantidad|total|porcentaje|proporci[oó]n) de)\s+"
    r"(?:of (?:the|these|those|them) |of |de l[ao]s )?",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:what|which) (?:share|percentage|proportion)|qu[eé] (?:porcentaje|proporci[oó]n)", re.IGNORECASE
)
_SHARE_SIGN = re.compile(r"%|per ?cent|por ciento|pct|third|quarter|half|tercio|cuarta parte|mitad", re.IGNORECASE)
_VERB = re.compile(r"\w+(?:ó|ían?|[ai]eron|aron|aban?|[aei]rán?)|deben?|hay|hubo|fueron|forman", re.IGNORECASE)
"""A Spanish verb by its ending: it follows what is counted, "cuántos archivos revisó", and isn't counted itself."""
ELLIPSIS = 40
"""Characters behind a bare number in which the thing it counts may still be named: "19 of them were arrested"."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a question wants counted. `nouns` is empty where it doesn't say ("how much was it?")."""

    nouns: frozenset[str]
    share: bool
    places: frozenset[str]

    @classmethod
    def asked_by(cls, question: str) -> Counted:
        asked = _ASKED.search(question)
        following = words(without_dates(question[asked.end() :]))[:2] if asked else []
        following = [word for at, word in enumerate(following) if not (at and _VERB.fullmatch(word))]
        nouns = {kin(word) for word in following if fold(word) not in STOP_WORDS}
        topic = {kin(word) for word in content_words(question)}
        # People who were arrested are counted as arrests, and arrests as people.
        if "arrest" in topic and nouns & {"people", "arrest"}:
            nouns |= {"people", "arrest"}
        places = frozenset(code for _, code in places_in(question))
        return cls(frozenset(nouns), bool(asked and _SHARE.match(asked.group())), places)

    def tallies(self, sentence: str) -> Tallies:
        """The figures of a sentence that count it."""
        here: list[Figure] = []
        elsewhere: list[Figure] = []
        for figure in figures(sentence):
            if self._is_meant(figure, sentence):
                other = self.places and figure.places and not self.places & set(figure.places)
                (elsewhere if other else here).append(figure)
        here.sort(key=lambda figure: (not self.places & set(figure.places), not self.nouns & set(figure.counted)))
        return Tallies(tuple(here), tuple(elsewhere))

    def _is_meant(self, figure: Figure, sentence: str) -> bool:
        if self.share:
            return bool(_SHARE_SIGN.search(sentence[figure.span.start : figure.span.end + 12]))
        if not self.nouns or self.nouns & set(figure.counted):
            return True
        return not figure.counted and bool(self.nouns & _named(sentence, before=figure.span.end + ELLIPSIS))


@dataclass(frozen=True, slots=True)
class Tallies:
    """`here` are the figures that a question could mean, likeliest first; `elsewhere` those said of other places."""

    here: tuple[Figure, ...]
    elsewhere: tuple[Figure, ...]


def _named(sentence: str, *, before: int) -> set[str]:
    return {kin(match.group()) for match in word_matches(sentence) if match.start() < before}
