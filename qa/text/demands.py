"""What the wording of a question demands of any sentence that answers it.

A demand is a rule that hardly any right sentence breaks: on xquad 1 in 100 does. Whoever asks why gets no sentence
without a reason, whoever asks how many arrests were made in Sweden no number of arrests in Spain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from qa.text.answer_spans import answer_spans, could_answer
from qa.text.figures import is_common, kin
from qa.text.outcomes import Outcome, outcome_asked, speaks_of_outcome, subject
from qa.text.places import places_in
from qa.text.questions import Kind, asking_part, question_kind
from qa.text.renderings import meant_by
from qa.text.tallies import Counted
from qa.text.terms import fold, word_matches

_SO_MANY = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|other"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|otr[oa]s?)\s+"
)
_WHICH = re.compile(
    rf"^\W*(?:(?:which|what|cu[aá]les)\s+(?:are|were|son|eran|fueron)\s+(?:the|los|las)\s+{_SO_MANY}"
    r"|(?:in |on |at |by |from |of |to |with |en |de |a |con |desde )?(?:which|what|qu[eé])\s+(?:of the )?"
    rf"(?:{_SO_MANY})?)(\w+)",
    re.IGNORECASE,
)
_AGE = re.compile(r"\bhow old\b|qu[eé] edad|cu[aá]ntos años (?:ten|tien|cumpl)", re.IGNORECASE)
_IS_AGE = re.compile(r"\b(?:aged?|years? old|year-old|founded|since|edad|años|\d{4})\b", re.IGNORECASE)
_COST = re.compile(
    r"\bhow much\b.*\b(?:cost|pay|paid|spen[dt]|worth|fined?)\b"
    r"|cu[aá]nto.*(?:cost|cuest|pag|gast|vale\b|invirt|invert)",
    re.IGNORECASE,
)
_IS_MONEY = re.compile(
    r"[$£€¥]|\b(?:dollars?|dlrs|euros?|pounds?|pesetas?|francs?|marks?|yen|dólares|cents?|céntimos?|libras?|pesos?|millions?"
    r"|millones|millón|price|precio|free|gratis|gratuit[oa]s?)\b",
    re.IGNORECASE,
)
_OF_MANY_SENSES = frozenset({"direccion", "direcciones"})
"""Words for something countable that ask for something else as often: an address, a direction."""
_TIMED = frozenset({Kind.WHEN, Kind.HOW_LONG, Kind.WHY})
_OF_A_STAGE = frozenset({Kind.WHEN, Kind.WHERE, Kind.WHY})
_STAGES = "arrested charged convicted sentenced acquitted"


@dataclass(frozen=True, slots=True)
class Demands:
    """The demands of one question."""

    question: str
    kind: Kind
    places: frozenset[str]
    counted: Counted | None
    thing: str | None
    outcome: Outcome | None = None
    stages: frozenset[int] = frozenset()

    @classmethod
    def of(cls, question: str) -> Demands:
        """The demands of a question; of several in one text those of the last, as one may lean on those before it."""
        last, question = question[question.rstrip("? ").rfind("?") + 1 :], asking_part(question)
        kind = question_kind(question)
        places = frozenset(code for _, code in places_in(last) or places_in(question))
        counted = replace(Counted.asked_by(question), places=places) if kind is Kind.HOW_MANY else None
        which = _WHICH.search(question)
        named = which is not None and is_common(which.group(1)) and fold(which.group(1)) not in _OF_MANY_SENSES
        thing = kin(which.group(1)) if which and named else None
        stages = meant_by(question) & meant_by(_STAGES) if kind in _OF_A_STAGE else frozenset[int]()
        return cls(question, kind, places, counted, thing, outcome_asked(question), stages)

    def unmet(self, sentence: str) -> str:
        """What a sentence lacks, in words; empty where it may answer."""
        for lack in (self._measure, self._count, self._place, self._thing, self._stage, self._verdict):
            if lacking := lack(sentence):
                return lacking
        return ""

    def _measure(self, sentence: str) -> str:
        if self.kind in _TIMED and not could_answer(
            self.kind, sentence, answer_spans(self.kind, sentence, question=self.question)
        ):
            return {Kind.WHEN: "no date", Kind.HOW_LONG: "no length of time", Kind.WHY: "no reason"}[self.kind]
        if _AGE.search(self.question) and not _IS_AGE.search(sentence):
            return "no age"
        return "no sum of money" if _COST.search(self.question) and not _IS_MONEY.search(sentence) else ""

    def _count(self, sentence: str) -> str:
        """A number of what is counted. Of things that go by words unknown here, no number is demanded."""
        if self.counted is None:
            return ""
        found = self.counted.tallies(sentence)
        if found.elsewhere and not found.here:
            return "a number for another place"
        known = any(is_common(noun) for noun in self.counted.nouns)
        return "no number of what is asked" if known and not found.here else ""

    def _place(self, sentence: str) -> str:
        named = {code for _, code in places_in(sentence)}
        return "about another place" if self.places and named and not named & self.places else ""

    def _thing(self, sentence: str) -> str:
        """Which country: one must be named. Which judge, court, month …: the word itself, in some form."""
        if self.thing == "country":
            named = {code for _, code in places_in(sentence)}
            return "" if named - self.places else "no country"
        if self.thing is None or self.thing in {kin(match.group()) for match in word_matches(sentence)}:
            return ""
        return f"no {self.thing}" if self.thing not in ("month", "year", "day", "people", "home") else ""

    def _stage(self, sentence: str) -> str:
        """Whoever asks when or why someone was arrested gets no sentence without a word of an arrest."""
        return "no word of that stage" if self.stages and self.stages.isdisjoint(meant_by(sentence)) else ""

    def _verdict(self, sentence: str) -> str:
        """Whoever asks for guilt or a verdict gets no sentence without a word of one, nor one on another country."""
        if self.outcome is not Outcome.VERDICT:
            return ""
        asked_of = {code for _, code in places_in(subject(self.question))}
        if not asked_of <= {code for _, code in places_in(sentence)}:
            return "not about them"
        return "" if speaks_of_outcome(sentence) else "no word of a verdict"
