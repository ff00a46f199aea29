"""A Spanish question taken apart and put together anew: another question word, who said so, what was counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.following.tongue import word_set
from qa.answering.following.offices import is_office
from qa.language.figures import kin
from qa.language.terms import fold

_PREPOSITION = r"(?:a|de|en|por|desde|hasta|para|con|según|sobre|contra|durante|bajo)"
_LEAD = re.compile(
    rf"(?P<lead>(?:{_PREPOSITION}\s+)?(?:por qu[ée]|qu[ée]|qui[ée]n(?:es)?|cu[áa]ndo|a?d[óo]nde|c[óo]mo|cu[áa]nto tiempo"
    r"|cu[áa]nt[oa]s?|cu[áa]l(?:es)?)(?:\s+más)?)(?!\w)\s*",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"cuant[oa]s$")
_TAKES_NOUN = re.compile(r"(?:cuant[oa]s?|que|cual(?:es)?)$")
_BE = word_set("es son era eran fue fueron ha han habia habian sido esta estan estaba estaban")
_THERE_IS = word_set("hay hubo habia habra")
_INTRANSITIVE = word_set("paso ocurrio sucedio pasa ocurre sucede empezo comenzo termino acabo nacio entro")
_VERBS = word_set("""
    es son era eran fue fueron ha han habia habian esta estan estaba estaban hay hubo hizo hicieron dijo dijeron tuvo
    tuvieron puso pusieron dio dieron vio vieron quiso quisieron pidio supo pudo pudieron vino vinieron trajo propuso
    propusieron dice dicen dirige dirigen dura duran lleva llevan obliga obligan preve tiene tienen propone proponen sigue
    siguen pide piden quiere quieren exige exigen apoya apoyan puede pueden debe deben cuesta
    abarca alcanza significa depende ocurre pasa existe existen afecta regula permite preside
    """)
_ENDS_VERB = re.compile(r"[^\W\d_]{2,}(?:ó|aron|ieron|yeron|ió|aba|aban)$")
_ENDS_PARTICIPLE = re.compile(
    r"[^\W\d_]{2,}(?:[ai]d|hech|dich|puest|abiert|escrit|vist|muert|rot)[oa]s?$|^(?:hech|dich|puest)[oa]s?$"
)
_LONG_NOUN = 8
"""Words of a noun beyond which there is a clause inside it, that can't be turned about."""
_CLITICS = word_set("se lo la los las le les no ya")
_STOPS = word_set("en a al de del por para con desde hasta contra según sobre tras durante ante entre que cuando donde")
_ARTICLES = re.compile(r"(?:el|la|los|las|un|una|unos|unas|su|sus|ese|esa|este|esta)\s", re.IGNORECASE)


def _plain(word: str) -> str:
    return fold(word.strip(",;:.!?\"'“”‘’()¿¡"))


def _is_verb(token: str) -> bool:
    word = token.strip(",;:.¿?").lower()
    return _plain(word) in _VERBS or (bool(_ENDS_VERB.match(word)) and not token[:1].isupper())


def _is_participle(token: str) -> bool:
    return bool(_ENDS_PARTICIPLE.match(token.strip(",;:.¿?").lower()))


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
        match = _LEAD.match(text)
        lead, tokens = (match["lead"], text[match.end() :].split()) if match else ("", text.split())
        taken = next((at for at in range(len(tokens)) if _verb_begins(tokens[at:])), None)
        takes_noun = bool(_TAKES_NOUN.search(fold(lead)))
        if taken is None or (taken and not takes_noun):
            return None
        noun, tokens = " ".join(tokens[:taken]), tokens[taken:]
        end = _verb_end(tokens)
        verb, rest = _lowered(" ".join(tokens[:end])), " ".join(tokens[end:])
        return cls(_lowered(lead), noun, verb, rest, bool(match) and _is_subject(fold(lead), noun, verb, rest))

    @property
    def copular(self) -> bool:
        who = re.fullmatch(r"qui[ée]n(?:es)?|qu[ée]|cu[áa]l(?:es)?", self.lead, re.IGNORECASE)
        return bool(who) and _plain(self.verb) in ("es", "son", "era", "eran", "fue", "fueron")

    @property
    def counts(self) -> bool:
        return bool(_COUNTS.search(fold(self.lead)))

    @property
    def passive(self) -> bool:
        return _is_participle(self.verb.split()[-1]) and " por " not in f" {self.rest} "

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
        if len(self.noun.split()) > _LONG_NOUN:
            return None
        if words.endswith(" no"):
            return None if self.lead else _asked(words, f"{self.verb} {self.rest}")
        if self.copular:
            asks = fold(words).split()[-1]
            if asks != "cuando" or len(self.rest.split()) > _LONG_NOUN:
                return _asked(words, f"está {self.rest}") if asks == "donde" else None
            if who:
                verb = "está" if fold(words).startswith("desde") else "estuvo"
                return _asked(words, f"{verb} en el cargo {self.rest}")
            return _asked(words, f"empezó {self.rest}")
        if not self.of_subject:
            return self._about_object(words)
        if not who:
            return _asked(words, f"{self.verb} {self._doer} {self.rest}")
        if self.lead.endswith("es") and not _is_participle(self.verb.split()[-1]):
            return _asked(words, f"{self.verb} {self.rest}")
        transitive = (
            self.rest and self.rest.split()[0] not in _STOPS - {"que"} and _plain(self.verb) not in _INTRANSITIVE
        )
        if transitive and " " not in self.verb and not _is_participle(self.verb.split()[-1]):
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
            bind = re.match(rf"{_PREPOSITION}\s", self.lead)
            return self._with(f"{bind.group() if bind else ''}{_how_many(self.noun)}", self.noun)
        if self.lead and not re.fullmatch(r"cu[áa]ndo|d[óo]nde|por qu[ée]|c[óo]mo", self.lead):
            return None
        first = self.rest.split()[0] if self.rest else ""
        if self.verb.split()[0] in _THERE_IS and first.endswith("s"):
            return self._with(_how_many(first), first, rest=self.rest[len(first) :].strip())
        cut = self._subject_end()
        subject = " ".join(self.rest.split()[:cut])
        if re.match(r"(?:los|las)\s", subject):
            after = " ".join(self.rest.split()[cut:])
            return self._with(_how_many(subject.split()[1]), f"de {subject}", rest=after)
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
        tail = tokens[-1] if _is_participle(tokens[-1]) else f"que {self.verb}"
        return " ".join(filter(None, (f"{_article(self.lead, self.noun)} {self.noun}", tail, self.rest)))

    def doer(self) -> str | None:
        """The one person asked for, as a phrase: "el ministro que habló en Cartagena"; None where it is none."""
        if not self.of_subject or self.copular or self.counts:
            return None
        told = " ".join(filter(None, (self.verb, self.rest)))
        if not self.noun:
            return f"la persona que {told}" if self.lead == "quién" else None
        return f"{self._doer} que {told}" if is_office(self.noun) else None

    def with_noun(self, noun: str) -> str | None:
        return self._with(_how_many(noun), noun) if self.counts and self.noun else None

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
        state = re.sub(r"[oa]s$", self.verb[-2:], state) if _is_participle(state) else state
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
        if self.verb.split()[0] in _THERE_IS:
            return noun
        return f"{_article(self.lead, noun)} {noun}"

    def _subject_end(self) -> int:
        tokens = self.rest.split()
        end = 0
        while end < len(tokens):
            word = tokens[end].lower()
            inside_name = word in ("de", "del") or (
                end and tokens[end - 1].lower() in ("de", "del", "la", "los", "las", "el")
            )
            if word in _STOPS and not (end and inside_name):
                break
            if end and _is_participle(tokens[end]) and not _ARTICLES.fullmatch(f"{tokens[end - 1]} "):
                break
            end += 1
        return end

    def _about_object(self, words: str) -> str | None:
        if self.noun:
            cut, tokens = self._subject_end(), self.rest.split()
            thing = f"{_article(self.lead, self.noun)} {self.noun}"
            with_preposition = re.match(rf"{_PREPOSITION}\s", self.lead)
            parts = (*tokens[:cut], *(() if with_preposition else (thing,)), *tokens[cut:])
            return _asked(words, f"{self.verb} {' '.join(parts)}")
        if fold(self.lead) == "que":
            if _plain(self.verb) in _INTRANSITIVE:
                return _asked(words, f"{self.verb} eso {self.rest}")
            return _asked(words, f"lo {self.verb} {self.rest}")
        return None if re.match(r"cu[áa]nto$", self.lead) else _asked(words, f"{self.verb} {self.rest}")

    def _with(self, lead: str, noun: str, *, rest: str | None = None) -> str:
        return _asked(lead, " ".join(filter(None, (noun, self.verb, self.rest if rest is None else rest))))


def _verb_begins(tokens: list[str]) -> bool:
    """Whether a verb stands here, with the small words before it: "se", "lo", "no"."""
    if _plain(tokens[0]) == "se":
        return len(tokens) > 1
    at = next((at for at, token in enumerate(tokens) if _plain(token) not in _CLITICS), len(tokens))
    return at < len(tokens) and _is_verb(tokens[at])


def _verb_end(tokens: list[str]) -> int:
    end = 1
    while end < len(tokens) and _plain(tokens[end - 1]) in _CLITICS:
        end += 1
    if _plain(tokens[end - 1]) in _BE:
        while end < len(tokens) and (_is_participle(tokens[end]) or tokens[end] == "siendo"):
            end += 1
    return end


def _is_subject(lead: str, noun: str, verb: str, rest: str) -> bool:
    if re.match(rf"{_PREPOSITION}\s", lead) or lead == "cuanto tiempo":
        return False
    if lead.startswith("quien"):
        return True
    if not noun:
        return False
    plural = noun.split()[-1].endswith("s") or noun.startswith("de ")
    several = verb.split()[0].endswith("n") or verb.split()[0] in _THERE_IS
    if plural and not several:
        return False
    return (
        _is_participle(verb.split()[-1])
        or not rest
        or (not _ARTICLES.match(rest) and not rest[:1].isupper())
        or _plain(verb) in ("fundaron", "piden", "apoyan")
    )


def _article(lead: str, noun: str) -> str:
    ends = fold(lead)[-2:]
    if ends in ("os", "as"):
        return {"os": "los", "as": "las"}[ends]
    head = fold(noun.split()[0])
    feminine = head in ("ley", "red", "leyes", "redes") or head.removesuffix("s").endswith(
        ("a", "cion", "cione", "dad", "dade", "sion")
    )
    return ("las" if feminine else "los") if head.endswith("s") else ("la" if feminine else "el")


def _how_many(noun: str) -> str:
    return "cuántas" if _article("", noun.removeprefix("de las ").removeprefix("de los ")) == "las" else "cuántos"


def _asked(words: str, rest: str) -> str:
    return f"¿{words[:1].upper()}{words[1:]} {' '.join(rest.split())}?"


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
