"""An English question put together anew: with another question word, as said by somebody, as a number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.following.english_borders import ASKS_DEGREE, BINDS, COUNTS, TAKES_NOUN
from qa.answering.following.english_parts import EnglishParts
from qa.answering.following.english_words import (
    BE,
    CLAUSE_OPENERS,
    DO,
    INTRANSITIVE,
    PARTICLES,
    PREPOSITIONS,
    PRONOUNS,
    asked,
    capital,
    ends_object,
    is_bare_plural,
    is_plural,
    lowered,
    plain,
    somebody,
    with_object,
)
from qa.answering.following.offices import is_office
from qa.answering.following.verbs import base_of, inflected, is_participle, is_past, is_third, participle_of
from qa.language.figures import kin

_LONG_NOUN = 8
"""Words of a noun beyond which there is a clause inside it, that can't be turned about."""


@dataclass(frozen=True, slots=True)
class EnglishClause(EnglishParts):
    """What can be made of a question; each gives None where it can't be made."""

    def asked_with(self, words: str) -> str | None:
        """The same asked with other question words: "When", "In which countries"."""
        if len(self.noun.split()) > _LONG_NOUN:
            return None
        if words.endswith(" not"):
            parts = None if self.lead else self.split()
            return asked(words[:-4], self.auxiliary, f"{parts[0]} not {parts[1]}") if parts else None
        if self.copular:
            return self._existing(words)
        if not self.of_subject:
            if words.lower() in ("by whom", "by who") and not self.passive:
                return None
            degree = ASKS_DEGREE.match(self.lead) and not self.noun
            return None if degree else asked(words, self.auxiliary, self._with_object_inside())
        if self.auxiliary:
            return asked(words, self.auxiliary, f"{self._doer} {self.rest}")
        if words.lower() in ("by whom", "by who"):
            return self._passive(words)
        return self._passive(words) or self._with_do(words) or asked(words, "was", f"it that {self._doer} {self.rest}")

    def reported(self) -> str | None:
        """As a question inside another: "how many people were arrested in Spain"; None where no such form is known."""
        lead = " ".join(filter(None, (lowered(self.lead) or "that", self.noun)))
        if self.of_subject:
            return " ".join(filter(None, (lead, self.auxiliary, self.rest)))
        if self.copular:
            return f"{lead} {self.rest} {self.auxiliary}"
        parts = self.split()
        told = self._told(*parts) if parts else None
        return f"{lead} {told}" if told else None

    def stated(self) -> str | None:
        """As a statement that leaves open what was asked: "people were arrested in Spain"."""
        if self.of_subject:
            return " ".join(filter(None, (self._doer, self.auxiliary, self.rest)))
        if (parts := self.split()) is None:
            return None
        return self._told(parts[0], with_object(parts[1], self._object) if self._object else parts[1])

    def counted(self) -> str | None:
        """The same asked for a number: "How many people were arrested in Spain?"; None where nothing can be counted."""
        if self.of_subject and self._asks_person:
            verb = {"was": "were", "is": "are", "has": "have"}.get(self.auxiliary, self.auxiliary)
            return " ".join(filter(None, ("How many people", verb, self.rest))) + "?"
        if TAKES_NOUN.search(self.lead) and not COUNTS.search(self.lead) and is_plural(self.noun):
            asks = re.sub(r"\b(?:which|what)\b", "how many", self.lead, flags=re.IGNORECASE)
            return self._with(asks, self.noun)
        if self.lead and not re.fullmatch(r"when|where|why|how", self.lead, re.IGNORECASE):
            return None
        return self._counted_object() or self._counted_subject()

    def chosen(self) -> str | None:
        """The same asked for which ones: "Which countries took part in it?"; None where nothing was counted."""
        if not self.counts or not self.noun:
            return None
        return self._with(re.sub(r"how (?:many|much)", "which", self.lead, flags=re.IGNORECASE), self.noun)

    def who(self) -> str | None:
        """The same asked for who did it, or whom it was done to; None where that doesn't fit."""
        if self.of_subject and self._asks_person:
            return self._with(self.lead, "")
        if self.noun and kin(self.noun.split()[-1]) == "people" and not BINDS.match(self.lead):
            verb = {"were": "was", "are": "is", "have": "has"}.get(self.auxiliary, self.auxiliary)
            return " ".join(filter(None, ("Who", verb if self.of_subject else self.auxiliary, self.rest))) + "?"
        parts = self.split()
        if parts and plain(parts[0]) in PRONOUNS - {"it", "there"} and (told := self._told("who", parts[1])):
            return f"{capital(told)}?"
        return self.asked_with("by whom") if parts and self.passive and not self._object else None

    def people(self) -> str | None:
        """Who or what was asked for, as a phrase: "the people arrested in Spain"; None where it is no group."""
        if self.of_subject:
            noun = re.sub(r"^(?:of )?(?:the |them)?", "", self.noun)
            noun = noun or ("people" if self._asks_person else "")
            if not is_plural(noun):
                return None
            return f"the {noun} {self._relative()}"
        if self._object and is_plural(self._object) and (parts := self.split()) and (told := self._told(*parts)):
            return f"the {self._object.removeprefix('the ')} that {told}"
        if (parts := self.split()) and self.auxiliary in BE and is_bare_plural(parts[0]):
            group = "people" if plain(parts[0]) in PRONOUNS else somebody(parts[0])
            return f"the {group} {parts[1]}"
        if parts and parts[0].lower().startswith(("the ", "those ")) and is_plural(parts[0]):
            return parts[0]
        return None

    def doer(self) -> str | None:
        """The one person asked for, as a phrase: "the minister who spoke in Cartagena"; None where it is none."""
        if not self.of_subject or self.copular or not self.rest:
            return None
        told = " ".join(filter(None, (self.auxiliary, self.rest)))
        if self._asks_person:
            return f"the person who {told}"
        return f"the {self.noun} who {told}" if is_office(self.noun) and not self.counts else None

    def with_noun(self, noun: str) -> str | None:
        """The same asked of other things: "How many cameras were seized in Spain?"."""
        if not self.counts or not self.noun:
            return None
        return self._with(self.lead, re.sub(r"^of (?:the )?\w+", f"of the {noun}", self.noun) if self._parted else noun)

    def with_subject(self, subject: str) -> str | None:
        """The same asked of another doer: "What did the ombudsman say about it?"."""
        if self.copular:
            return self._with(self.lead, self.noun, rest=subject)
        parts = self.split()
        if parts is None:
            return self._did(subject)
        return self._with(self.lead, self.noun, rest=f"{subject} {parts[1]}")

    def with_state(self, state: str) -> str | None:
        """The same asked of another thing that was done: "How many people were convicted in Spain?"."""
        if not self.passive:
            return None
        before, predicate = ("", self.rest) if self.of_subject else (self.split() or ("", ""))
        after = predicate.split()[1:]
        return self._with(self.lead, self.noun, rest=" ".join(filter(None, (before, state, *after))))

    def without_doer(self) -> str | None:
        """ "What did they find?" as "What was found?": for doers that nobody named."""
        parts = self.split()
        if parts is None or self.auxiliary not in ("did", "do") or not self.lead:
            return None
        verb, _, after = parts[1].partition(" ")
        participle = participle_of(verb)
        if not participle or not (self.noun or self.lead.lower().startswith("what")):
            return None
        past = self.auxiliary == "did"
        be = ("were" if past else "are") if is_plural(self.noun) else ("was" if past else "is")
        return " ".join(filter(None, (capital(self.lead), self.noun, be, participle, after))) + "?"

    def _with_object_inside(self) -> str:
        parts = self.split()
        if not self._object:
            return somebody(self.rest)
        if parts is None:
            there = re.match(r"there(?: |$)", self.rest)
            return (
                f"there {self._object} {self.rest[there.end() :]}".strip() if there else f"{self.rest} {self._object}"
            )
        return f"{parts[0]} {with_object(parts[1], self._object)}"

    def _relative(self) -> str:
        first = plain(self.rest.split()[0]) if self.rest else ""
        if self.auxiliary in BE and (is_participle(first) or (first in PREPOSITIONS and not self._asks_person)):
            return self.rest
        which = "who" if kin(self._doer.split()[-1]) == "people" or self._doer == "someone" else "that"
        several = {"was": "were", "is": "are", "has": "have"}.get(self.auxiliary, self.auxiliary)
        return " ".join(filter(None, (which, several, self.rest)))

    def _passive(self, words: str) -> str | None:
        """ "Who proposed the law in May?" asked with "When": "When was the law proposed in May?"."""
        verb, _, after = self.rest.partition(" ")
        participle = participle_of(verb) if is_past(plain(verb)) else None
        if not participle or not after or base_of(verb) in INTRANSITIVE:
            return None
        if after.startswith("that "):
            return asked(words, "was", f"it {participle} {after}")
        tokens = after.split()
        cut = next((at for at, word in enumerate(tokens) if at and ends_object(tokens, at)), len(tokens))
        if plain(tokens[0]) in PREPOSITIONS | CLAUSE_OPENERS or plain(tokens[0]) in ("part", "place"):
            return None
        if plain(tokens[cut - 1]) in PARTICLES:
            participle, tokens, cut = f"{participle} {tokens[cut - 1]}", [*tokens[: cut - 1], *tokens[cut:]], cut - 1
        thing, more = " ".join(tokens[:cut]), " ".join(tokens[cut:])
        return asked(words, "were" if is_plural(thing) else "was", " ".join(filter(None, (thing, participle, more))))

    def _with_do(self, words: str) -> str | None:
        """ "How many took part in it?" asked with "When": "When did people take part in it?"."""
        verb, _, after = self.rest.partition(" ")
        base = base_of(plain(verb))
        return asked(words, "did", " ".join(filter(None, (self._doer, base, after)))) if base else None

    def _existing(self, words: str) -> str | None:
        """ "Who is the minister?" asked with "Since when"; None where nothing begins or is anywhere."""
        asks, since = words.lower().split()[-1], words.lower().startswith("since")
        if len(self.rest.split()) > _LONG_NOUN:
            return None
        if asks == "where" or (asks == "when" and not since and self.auxiliary in ("was", "were")):
            return asked(
                words, self.auxiliary, self.rest + (" in office" if self._asks_person and asks == "when" else "")
            )
        if asks != "when":
            return None
        if self._asks_person:
            return asked(words, "has" if since else self.auxiliary, f"{self.rest} {'been ' if since else ''}in office")
        return asked(words, "has" if since else "did", f"{self.rest} {'existed' if since else 'begin'}")

    def _counted_subject(self) -> str | None:
        parts = self.split()
        subject, predicate = parts or ("", "")
        if re.match(r"there\s", self.rest) and not parts:
            noun, _, after = self.rest.removeprefix("there ").removeprefix("any ").partition(" ")
            return f"How many {noun} {self.auxiliary} there {after}".rstrip() + "?" if is_plural(noun) else None
        if not parts:
            return None
        verb = {"was": "were", "is": "are", "has": "have"}.get(self.auxiliary, self.auxiliary)
        if plain(subject) in PRONOUNS or is_bare_plural(subject):
            noun = "people" if plain(subject) in PRONOUNS else subject.removeprefix("any ")
        elif is_plural(subject) and subject.lower().startswith(("the ", "those ", "these ")):
            noun = f"of {subject}"
        else:
            return None
        if self.auxiliary not in DO:
            return f"How many {noun} {verb} {predicate}?"
        first, _, after = predicate.partition(" ")
        form = inflected(first, "do" if self.auxiliary == "does" else self.auxiliary)
        return f"How many {noun} {form} {after}".rstrip() + "?" if form else None

    def _counted_object(self) -> str | None:
        match = re.search(r"\s(?P<noun>anyone|anybody|someone|any (?P<of>\w+s))(?!\w)", self.rest)
        if not match or self.lead:
            return None
        rest = self.rest[: match.start()] + self.rest[match.end() :]
        return f"How many {match['of'] or 'people'} {self.auxiliary} {rest}?"

    def _did(self, subject: str) -> str | None:
        """ "Who proposed it?" asked of somebody: "Did the ombudsman propose it?"."""
        if not self.of_subject or self.auxiliary or not self._asks_person:
            return None
        verb, _, after = self.rest.partition(" ")
        word = plain(verb)
        base = base_of(word) if is_past(word) or is_third(word) else None
        return f"{'Does' if is_third(word) else 'Did'} {subject} {base} {after}".rstrip() + "?" if base else None
