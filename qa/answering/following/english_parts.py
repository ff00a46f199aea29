"""An English question taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from qa.answering.following.english_borders import (
    BINDS,
    COUNTS,
    LEAD,
    STANDS_FOR_PERSONS,
    TAKES_NOUN,
    is_subject,
    noun_end,
    second_participle,
)
from qa.answering.following.english_words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    BEFORE_NOUNS,
    CLAUSE_OPENERS,
    DO,
    HAVE,
    PREPOSITIONS,
    TIME_NOUNS,
    capital,
    plain,
    somebody,
)
from qa.answering.following.verbs import inflected, is_base, is_participle
from qa.language.figures import kin


@dataclass(frozen=True, slots=True)
class EnglishParts:
    """What asks ("How many", "In which"; empty where yes or no is asked), the noun beside it, the auxiliary, the rest.

    `of_subject` says that what is asked for does what the rest tells: "Who | proposed it", "How many | were arrested".
    """

    lead: str
    noun: str
    auxiliary: str
    rest: str
    of_subject: bool

    @classmethod
    def of(cls, question: str) -> Self | None:
        """None where the text is no question that can be taken apart."""
        text = question.strip().rstrip("?. ").strip()
        match = LEAD.match(text)
        lead, tokens = (match["lead"], text[match.end() :].split()) if match else ("", text.split())
        taken = noun_end(tokens) if TAKES_NOUN.search(lead) else 0
        noun, tokens = " ".join(tokens[:taken]), tokens[taken:]
        if not tokens:
            return None
        auxiliary = plain(tokens[0]) if plain(tokens[0]) in AUXILIARIES else ""
        if not lead and not auxiliary:
            return None
        rest = " ".join(tokens[1:] if auxiliary else tokens)
        of_subject = bool(match) and is_subject(lead, noun, auxiliary, rest)
        if not rest or (not auxiliary and not of_subject):
            return None
        return cls(lead, noun, auxiliary, rest, of_subject)

    @property
    def copular(self) -> bool:
        """Whether it asks who or what something is."""
        asks = re.fullmatch(r"(?:who|what|which)", self.lead, re.IGNORECASE) is not None
        return asks and self.auxiliary in BE and not self.of_subject and self.split() is None

    def split(self) -> tuple[str, str] | None:
        """Subject and predicate of what follows the auxiliary; None where the border can't be told."""
        if self.of_subject or not self.auxiliary:
            return None
        tokens = self.rest.split()
        fits = is_participle if self.auxiliary in BE | HAVE else is_base
        for at in range(1, len(tokens)):
            if plain(tokens[at]) in CLAUSE_OPENERS:
                return None
            word, before = plain(tokens[at]), plain(tokens[at - 1])
            following = plain(tokens[at + 1]) if at + 1 < len(tokens) else ""
            if not fits(word) or before in BEFORE_NOUNS or before in PREPOSITIONS or tokens[at][:1].isupper():
                continue
            if fits is is_base and is_base(following):
                continue
            if kin(before) == "people" and fits is is_participle:
                further = second_participle(tokens, at)
                if not further and "of" in map(plain, tokens[:at]):
                    return None  # "the names of the people arrested" has no verb.
                at = further or at
            while at > 1 and plain(tokens[at - 1]) in ADVERBS:
                at -= 1
            return " ".join(tokens[:at]), " ".join(tokens[at:])
        return None

    @property
    def subject(self) -> str:
        """Who does or is what is asked about; empty where that is what is asked for, or can't be told."""
        if self.copular:
            return self.rest
        parts = self.split()
        return parts[0] if parts else ""

    @property
    def counts(self) -> bool:
        return bool(COUNTS.search(self.lead))

    @property
    def passive(self) -> bool:
        """Whether the doer stays unnamed: "How many homes were searched?"."""
        predicate = self.rest if self.of_subject else (self.split() or ("", ""))[1]
        first = next((word for word in predicate.split() if plain(word) not in ADVERBS), "")
        return self.auxiliary in BE and is_participle(plain(first)) and " by " not in f" {predicate} "

    @property
    def _asks_person(self) -> bool:
        return bool(STANDS_FOR_PERSONS.match(self.lead))

    @property
    def _parted(self) -> bool:
        return self.noun.startswith("of ")

    @property
    def _doer(self) -> str:
        """What stands for the one asked for, once something else is asked for."""
        if self.noun:
            noun = re.sub(r"^of (?:the )?", "", self.noun)
            return noun if self.counts else f"the {noun}"
        return "someone" if self._asks_person else "something"

    @property
    def _object(self) -> str:
        """The same where it isn't the subject; empty for when, where, why and for nouns with a preposition."""
        if self.of_subject or BINDS.match(self.lead):
            return ""
        if self.noun:
            return "" if plain(self.noun) in TIME_NOUNS else (self.noun if self.counts else f"the {self.noun}")
        if self._asks_person:
            return "someone"
        return "that" if self.lead.lower().startswith("what") else ""

    def _told(self, subject: str, predicate: str) -> str | None:
        """Subject before the verb, as statements have it."""
        if self.auxiliary not in DO:
            return f"{somebody(subject)} {self.auxiliary} {predicate}"
        verb, _, after = predicate.partition(" ")
        form = inflected(verb, self.auxiliary)
        return " ".join(filter(None, (somebody(subject), form, after))) if form else None

    def _with(self, lead: str, noun: str, *, rest: str | None = None) -> str:
        return capital(" ".join(filter(None, (lead, noun, self.auxiliary, self.rest if rest is None else rest)))) + "?"
