"""A Spanish question taken apart and put together anew: another question word, who said so, what was counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.following.offices import is_office
from qa.answering.following.spanish_words import (
    ARTICLES,
    COUNTS,
    INTRANSITIVE,
    LEAD,
    LONG_NOUN,
    PREPOSITION,
    SPEAKS,
    STOPS,
    TAKES_NOUN,
    THERE_IS,
    article,
    how_many,
    is_participle,
    is_subject,
    plain,
    verb_begins,
    verb_end,
)
from qa.language.figures import kin
from qa.language.terms import fold


@dataclass(frozen=True, slots=True)
class SpanishClause:
    """What asks ("cuántas", "en qué"; empty where yes or no is asked), the noun beside it, the verb with all its words,
    the rest. `of_subject` says that what is asked for is or does what the verb tells."""

    lead: str
    noun: str
    verb: str
    rest: str
    of_subject: bool

    @classmethod
    def of(cls, question: str) -> SpanishClause | None:
        """None where the text is no question that can be taken apart."""
        text = question.strip().strip("¿?¡!. ").strip()
        match = LEAD.match(text)
        lead, tokens = (match["lead"], text[match.end() :].split()) if match else ("", text.split())
        taken = next((at for at in range(len(tokens)) if verb_begins(tokens[at:])), None)
        takes_noun = bool(TAKES_NOUN.search(fold(lead)))
        if taken is None or (taken and not takes_noun):
            return None
        noun, tokens = " ".join(tokens[:taken]), tokens[taken:]
        end = verb_end(tokens)
        verb, rest = _lowered(" ".join(tokens[:end])), " ".join(tokens[end:])
        return cls(_lowered(lead), noun, verb, rest, bool(match) and is_subject(fold(lead), noun, verb, rest))

    @property
    def copular(self) -> bool:
        who = re.fullmatch(r"qui[ée]n(?:es)?|qu[ée]|cu[áa]l(?:es)?", self.lead, re.IGNORECASE)
        return bool(who) and plain(self.verb) in ("es", "son", "era", "eran", "fue", "fueron")

    @property
    def counts(self) -> bool:
        return bool(COUNTS.search(fold(self.lead)))

    @property
    def passive(self) -> bool:
        return is_participle(self.verb.split()[-1]) and " por " not in f" {self.rest} "

    @property
    def subject(self) -> str:
        """Who does or is what is asked about; empty where that is what is asked for, or can't be told."""
        if self.of_subject:
            return ""
        cut = self._subject_end()
        return " ".join(self.rest.split()[:cut])

    def asked_with(self, words: str) -> str | None:
        """The same asked with other question words: "cuándo", "en qué países"."""
        who = re.match(r"qui[ée]n", self.lead)
        if len(self.noun.split()) > LONG_NOUN:
            return None
        if words.endswith(" no"):
            return None if self.lead else _asked(words, f"{self.verb} {self.rest}")
        if self.copular:
            asks = fold(words).split()[-1]
            if asks != "cuando" or len(self.rest.split()) > LONG_NOUN:
                return _asked(words, f"está {self.rest}") if asks == "donde" else None
            if who:
                verb = "está" if fold(words).startswith("desde") else "estuvo"
                return _asked(words, f"{verb} en el cargo {self.rest}")
            return _asked(words, f"empezó {self.rest}")
        if not self.of_subject:
            return self._about_object(words)
        if not who:
            return _asked(words, f"{self.verb} {self._doer} {self.rest}")
        if self.lead.endswith("es") and not is_participle(self.verb.split()[-1]):
            return _asked(words, f"{self.verb} {self.rest}")
        transitive = self.rest and self.rest.split()[0] not in STOPS - {"que"} and plain(self.verb) not in INTRANSITIVE
        if transitive and " " not in self.verb and not is_participle(self.verb.split()[-1]):
            return _asked(words, f"se {self.verb} {self.rest}")
        return _asked(words, f"{self.verb} alguien {self.rest}")

    def reported(self) -> str | None:
        """As a question inside another: "cuántas personas fueron detenidas en España"."""
        return " ".join(filter(None, (self.lead or "que", self.noun, self.verb, self.rest)))

    def stated(self) -> str | None:
        """As a statement that leaves open what was asked."""
        if self.copular:
            return None
        if self.of_subject:
            doer = self._doer if self.noun else ("algunos" if self.lead.endswith("es") else "alguien")
            return " ".join(filter(None, (doer, self.verb, self.rest)))
        return " ".join(filter(None, (self.verb, self.rest))) if not self.noun else None

    def counted(self) -> str | None:
        """The same asked for a number; None where nothing can be counted."""
        if self.lead and self.noun.split()[-1:] and self.noun.split()[-1].endswith("s") and not self.counts:
            bind = re.match(rf"{PREPOSITION}\s", self.lead)
            return self._with(f"{bind.group() if bind else ''}{how_many(self.noun)}", self.noun)
        if self.lead and not re.fullmatch(r"cu[áa]ndo|d[óo]nde|por qu[ée]|c[óo]mo", self.lead):
            return None
        first = self.rest.split()[0] if self.rest else ""
        if self.verb.split()[0] in THERE_IS and first.endswith("s"):
            return self._with(how_many(first), first, rest=self.rest[len(first) :].strip())
        cut = self._subject_end()
        subject = " ".join(self.rest.split()[:cut])
        if re.match(r"(?:los|las)\s", subject):
            after = " ".join(self.rest.split()[cut:])
            return self._with(how_many(subject.split()[1]), f"de {subject}", rest=after)
        return None

    def chosen(self) -> str | None:
        """The same asked for which ones; None where nothing was counted."""
        lead = re.sub(r"cu[áa]nt[oa]s", "qué", self.lead)
        noun = re.sub(r"^de (?=l[oa]s )", "cuáles de ", self.noun)
        return self._with(lead if noun == self.noun else "", noun) if self.counts and self.noun else None

    def who(self) -> str | None:
        """The same asked for who did it, or whom it was done to; None where that doesn't fit."""
        if self.of_subject and self.lead.startswith("qui"):
            return self._with(self.lead, "")
        if self.of_subject and self.noun and kin(self.noun.split()[-1]) == "people" and self.passive:
            verb = re.sub(r"as(?!\w)", "os", self.verb) if self.verb.endswith("as") else self.verb
            return _asked("quiénes", f"{verb} {self.rest}")
        adverbial = re.fullmatch(r"(?:desde )?cu[áa]ndo|d[óo]nde|c[óo]mo|", self.lead)
        return self.asked_with("por quién") if adverbial and self.passive else None

    def people(self) -> str | None:
        """Who or what was asked for, as a phrase: "las personas detenidas en España"; None where it is no group."""
        if not self.of_subject or not self.noun.endswith("s"):
            return None
        tokens = self.verb.split()
        tail = tokens[-1] if is_participle(tokens[-1]) else f"que {self.verb}"
        return " ".join(filter(None, (f"{article(self.lead, self.noun)} {self.noun}", tail, self.rest)))

    def doer(self) -> str | None:
        """The one person asked for, as a phrase: "el ministro que habló en Cartagena"; None where it is none."""
        if not self.of_subject or self.copular or self.counts:
            return None
        told = " ".join(filter(None, (self.verb, self.rest)))
        if not self.noun:
            return f"la persona que {told}" if self.lead == "quién" else None
        return f"{self._doer} que {told}" if is_office(self.noun) else None

    def with_noun(self, noun: str) -> str | None:
        return self._with(how_many(noun), noun) if self.counts and self.noun else None

    def with_subject(self, subject: str) -> str | None:
        """The same asked of another doer."""
        if self.of_subject:
            return None
        cut = self._subject_end()
        after = self.rest.split()[cut:]
        return self._with(self.lead, self.noun, rest=" ".join((subject, *after))) if cut else None

    def with_state(self, state: str) -> str | None:
        """The same asked of another thing that was done: "¿Cuántas personas fueron condenadas?"."""
        tokens = self.verb.split()
        if not self.passive or not tokens[:-1]:
            return None
        state = re.sub(r"[oa]s$", self.verb[-2:], state) if is_participle(state) else state
        return _asked(self.lead, " ".join((self.noun, *tokens[:-1], state, self.rest)))

    def without_doer(self) -> str | None:
        """Spanish verbs of the third person name no doer as they are."""
        return self._with(self.lead, self.noun) if self.lead else None

    # — parts —

    @property
    def _doer(self) -> str:
        noun = re.sub(r"^de (?:l[oa]s )?", "", self.noun)
        if not noun:
            return "algo" if fold(self.lead) == "que" else "alguien"
        if self.verb.split()[0] in THERE_IS:
            return noun
        return f"{article(self.lead, noun)} {noun}"

    def _subject_end(self) -> int:
        tokens = self.rest.split()
        end = 0
        while end < len(tokens):
            word = tokens[end].lower()
            inside_name = word in ("de", "del") or (
                end and tokens[end - 1].lower() in ("de", "del", "la", "los", "las", "el")
            )
            if (word in STOPS and not (end and inside_name)) or self._tells_about(tokens, end):
                break
            if end and is_participle(tokens[end]) and not ARTICLES.fullmatch(f"{tokens[end - 1]} "):
                break
            end += 1
        return end

    def _tells_about(self, tokens: list[str], at: int) -> bool:
        """ "Qué dijo Interpol de la operación": behind a name, "de" tells what was spoken about."""
        speaks = plain(self.verb) in SPEAKS and at and tokens[at - 1][:1].isupper()
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        return bool(speaks) and (tokens[at] == "del" or (tokens[at] == "de" and bool(ARTICLES.fullmatch(f"{after} "))))

    def _about_object(self, words: str) -> str | None:
        if self.noun:
            cut, tokens = self._subject_end(), self.rest.split()
            thing = f"{article(self.lead, self.noun)} {self.noun}"
            with_preposition = re.match(rf"{PREPOSITION}\s", self.lead)
            parts = (*tokens[:cut], *(() if with_preposition else (thing,)), *tokens[cut:])
            return _asked(words, f"{self.verb} {' '.join(parts)}")
        if fold(self.lead) == "que":
            if plain(self.verb) in INTRANSITIVE:
                return _asked(words, f"{self.verb} eso {self.rest}")
            return _asked(words, f"lo {self.verb} {self.rest}")
        return None if re.match(r"cu[áa]nto$", self.lead) else _asked(words, f"{self.verb} {self.rest}")

    def _with(self, lead: str, noun: str, *, rest: str | None = None) -> str:
        return _asked(lead, " ".join(filter(None, (noun, self.verb, self.rest if rest is None else rest))))


def _asked(words: str, rest: str) -> str:
    return f"¿{words[:1].upper()}{words[1:]} {' '.join(rest.split())}?"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
