"""An English question taken apart and put together anew: another question word, who said so, what was counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.answering.following.tongue import word_set
from qa.answering.following.verbs import base_of, inflected, is_base, is_participle, is_past, is_third, participle_of
from qa.answering.following.offices import is_office
from qa.language.figures import kin
from qa.language.numbers import is_number
from qa.language.terms import word_matches

_BE = word_set("is are am was were isn't aren't wasn't weren't")
_HAVE = word_set("has have had")
_DO = word_set("do does did")
_MODAL = word_set("will would can could should must may might shall")
_AUXILIARIES = _BE | _HAVE | _DO | _MODAL
_BEFORE_NOUNS = word_set("the a an this that these those its their his her our any some no all each every")
_PREPOSITIONS = word_set(
    "in at on from to of for by with about behind under over during after before since until against between near into"
    " through across as per than via without within"
)
_WITH_NOUNS = word_set("of behind about on against between")
"""Prepositions that mostly tell which thing is meant, not where or when something was done to it."""
_INTRANSITIVE = word_set(
    "come go happen occur fall rise sit stand live die participate vote abstain complain agree travel return become be"
)
_PARTICLES = word_set("forward up out off down back away over")
_ADVERBS = word_set("not also still first already ever so far been being finally really only originally")
_PRONOUNS = word_set("it he she they we you i there anyone anybody someone somebody everyone nobody")
_CLAUSE_OPENERS = word_set("that which who whom whose when where why how whether if because while")

_LEAD = re.compile(
    r"(?P<lead>(?:(?:in|at|from|by|to|on|for|since|until|with|of|about|under|during|against)\s+)?"
    r"(?:how\s+(?:many|much)(?=\s+of\b)|how\s+(?:many|much|long|often|old|big|large|far|soon)|how\s+come|which|whose|whom"
    r"|what(?:\s+(?:else|exactly))?|who(?:\s+else)?|when|where|why|how))(?![\w'’])\s*",
    re.IGNORECASE,
)
_TAKES_NOUN = re.compile(r"(?:how (?:many|much)|which|whose|what)$", re.IGNORECASE)
_COUNTS = re.compile(r"how (?:many|much)$", re.IGNORECASE)
_BINDS = re.compile(r"(?:in|at|from|by|to|on|for|since|until|with|of|about|under|during|against)\s", re.IGNORECASE)
_ASKS_DEGREE = re.compile(r"how (?:much|old|big|large|far|soon|often)$", re.IGNORECASE)
_STANDS_FOR_PERSONS = re.compile(r"^(?:who|whom)\b", re.IGNORECASE)
_LONG_NOUN = 8
"""Words of a noun beyond which there is a clause inside it, that can't be turned about."""
_DESCRIBED = 5
"""Words among which the verb follows a noun with a participle that describes it: "the people arrested in Spain were"."""
_TIME_NOUNS = word_set("year years month months day days week weeks hour hours time date")


def _plain(word: str) -> str:
    return word.strip(",;:.!?\"'“”‘’()").lower()


@dataclass(frozen=True, slots=True)
class EnglishClause:
    """What asks ("How many", "In which"; empty where yes or no is asked), the noun beside it, the auxiliary, the rest.

    `of_subject` says that what is asked for does what the rest tells: "Who | proposed it", "How many | were arrested".
    """

    lead: str
    noun: str
    auxiliary: str
    rest: str
    of_subject: bool

    @classmethod
    def of(cls, question: str) -> EnglishClause | None:
        """None where the text is no question that can be taken apart."""
        text = question.strip().rstrip("?. ").strip()
        match = _LEAD.match(text)
        lead, tokens = (match["lead"], text[match.end() :].split()) if match else ("", text.split())
        taken = _noun_end(tokens) if _TAKES_NOUN.search(lead) else 0
        noun, tokens = " ".join(tokens[:taken]), tokens[taken:]
        if not tokens:
            return None
        auxiliary = _plain(tokens[0]) if _plain(tokens[0]) in _AUXILIARIES else ""
        if not lead and not auxiliary:
            return None
        rest = " ".join(tokens[1:] if auxiliary else tokens)
        of_subject = bool(match) and _is_subject(lead, noun, auxiliary, rest)
        if not rest or (not auxiliary and not of_subject):
            return None
        return cls(lead, noun, auxiliary, rest, of_subject)

    @property
    def copular(self) -> bool:
        """Whether it asks who or what something is."""
        asks = re.fullmatch(r"(?:who|what|which)", self.lead, re.IGNORECASE) is not None
        return asks and self.auxiliary in _BE and not self.of_subject and self.split() is None

    def split(self) -> tuple[str, str] | None:
        """Subject and predicate of what follows the auxiliary; None where the border can't be told."""
        if self.of_subject or not self.auxiliary:
            return None
        tokens = self.rest.split()
        fits = is_participle if self.auxiliary in _BE | _HAVE else _is_base_or_be
        for at in range(1, len(tokens)):
            if _plain(tokens[at]) in _CLAUSE_OPENERS:
                return None
            word, before = _plain(tokens[at]), _plain(tokens[at - 1])
            following = _plain(tokens[at + 1]) if at + 1 < len(tokens) else ""
            if not fits(word) or before in _BEFORE_NOUNS or before in _PREPOSITIONS or tokens[at][:1].isupper():
                continue
            if fits is _is_base_or_be and _is_base_or_be(following):
                continue
            if kin(before) == "people" and fits is is_participle:
                further = _second_participle(tokens, at)
                if not further and "of" in map(_plain, tokens[:at]):
                    return None  # "the names of the people arrested" has no verb.
                at = further or at
            while at > 1 and _plain(tokens[at - 1]) in _ADVERBS:
                at -= 1
            return " ".join(tokens[:at]), " ".join(tokens[at:])
        return None

    def asked_with(self, words: str) -> str | None:
        """The same asked with other question words: "When", "In which countries"."""
        if len(self.noun.split()) > _LONG_NOUN:
            return None
        if words.endswith(" not"):
            parts = None if self.lead else self.split()
            return _asked(words[:-4], self.auxiliary, f"{parts[0]} not {parts[1]}") if parts else None
        if self.copular:
            return self._existing(words)
        if not self.of_subject:
            if words.lower() in ("by whom", "by who") and not self.passive:
                return None
            degree = _ASKS_DEGREE.match(self.lead) and not self.noun
            return None if degree else _asked(words, self.auxiliary, self._with_object_inside())
        if self.auxiliary:
            return _asked(words, self.auxiliary, f"{self._doer} {self.rest}")
        if words.lower() in ("by whom", "by who"):
            return self._passive(words)
        return self._passive(words) or self._with_do(words) or _asked(words, "was", f"it that {self._doer} {self.rest}")

    def reported(self) -> str | None:
        """As a question inside another: "how many people were arrested in Spain"; None where no such form is known."""
        lead = " ".join(filter(None, (_lowered(self.lead) or "that", self.noun)))
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
        return self._told(parts[0], _with_object(parts[1], self._object) if self._object else parts[1])

    def counted(self) -> str | None:
        """The same asked for a number: "How many people were arrested in Spain?"; None where nothing can be counted."""
        if self.of_subject and self._asks_person:
            verb = {"was": "were", "is": "are", "has": "have"}.get(self.auxiliary, self.auxiliary)
            return " ".join(filter(None, ("How many people", verb, self.rest))) + "?"
        if _TAKES_NOUN.search(self.lead) and not _COUNTS.search(self.lead) and _is_plural(self.noun):
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
        if self.noun and kin(self.noun.split()[-1]) == "people" and not _BINDS.match(self.lead):
            verb = {"were": "was", "are": "is", "have": "has"}.get(self.auxiliary, self.auxiliary)
            return " ".join(filter(None, ("Who", verb if self.of_subject else self.auxiliary, self.rest))) + "?"
        parts = self.split()
        if parts and _plain(parts[0]) in _PRONOUNS - {"it", "there"} and (told := self._told("who", parts[1])):
            return f"{_capital(told)}?"
        return self.asked_with("by whom") if parts and self.passive and not self._object else None

    def people(self) -> str | None:
        """Who or what was asked for, as a phrase: "the people arrested in Spain"; None where it is no group."""
        if self.of_subject:
            noun = re.sub(r"^(?:of )?(?:the |them)?", "", self.noun)
            noun = noun or ("people" if self._asks_person else "")
            if not _is_plural(noun):
                return None
            return f"the {noun} {self._relative()}"
        if self._object and _is_plural(self._object) and (parts := self.split()) and (told := self._told(*parts)):
            return f"the {self._object.removeprefix('the ')} that {told}"
        if (parts := self.split()) and self.auxiliary in _BE and _is_bare_plural(parts[0]):
            group = "people" if _plain(parts[0]) in _PRONOUNS else _somebody(parts[0])
            return f"the {group} {parts[1]}"
        if parts and parts[0].lower().startswith(("the ", "those ")) and _is_plural(parts[0]):
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

    @property
    def subject(self) -> str:
        """Who does or is what is asked about; empty where that is what is asked for, or can't be told."""
        if self.copular:
            return self.rest
        parts = self.split()
        return parts[0] if parts else ""

    @property
    def counts(self) -> bool:
        return bool(_COUNTS.search(self.lead))

    @property
    def passive(self) -> bool:
        """Whether the doer stays unnamed: "How many homes were searched?"."""
        predicate = self.rest if self.of_subject else (self.split() or ("", ""))[1]
        first = next((word for word in predicate.split() if _plain(word) not in _ADVERBS), "")
        return self.auxiliary in _BE and is_participle(_plain(first)) and " by " not in f" {predicate} "

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
        be = ("were" if past else "are") if _is_plural(self.noun) else ("was" if past else "is")
        return " ".join(filter(None, (_capital(self.lead), self.noun, be, participle, after))) + "?"

    # — parts —

    @property
    def _asks_person(self) -> bool:
        return bool(_STANDS_FOR_PERSONS.match(self.lead))

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
        if self.of_subject or _BINDS.match(self.lead):
            return ""
        if self.noun:
            return "" if _plain(self.noun) in _TIME_NOUNS else (self.noun if self.counts else f"the {self.noun}")
        if self._asks_person:
            return "someone"
        return "that" if self.lead.lower().startswith("what") else ""

    def _with_object_inside(self) -> str:
        parts = self.split()
        if not self._object:
            return _somebody(self.rest)
        if parts is None:
            there = re.match(r"there(?: |$)", self.rest)
            return (
                f"there {self._object} {self.rest[there.end() :]}".strip() if there else f"{self.rest} {self._object}"
            )
        return f"{parts[0]} {_with_object(parts[1], self._object)}"

    def _with(self, lead: str, noun: str, *, rest: str | None = None) -> str:
        return _capital(" ".join(filter(None, (lead, noun, self.auxiliary, self.rest if rest is None else rest)))) + "?"

    def _told(self, subject: str, predicate: str) -> str | None:
        """Subject before the verb, as statements have it."""
        if self.auxiliary not in _DO:
            return f"{_somebody(subject)} {self.auxiliary} {predicate}"
        verb, _, after = predicate.partition(" ")
        form = inflected(verb, self.auxiliary)
        return " ".join(filter(None, (_somebody(subject), form, after))) if form else None

    def _relative(self) -> str:
        first = _plain(self.rest.split()[0]) if self.rest else ""
        if self.auxiliary in _BE and is_participle(first):
            return self.rest
        which = "who" if kin(self._doer.split()[-1]) == "people" or self._doer == "someone" else "that"
        return " ".join(filter(None, (which, self.auxiliary, self.rest)))

    def _passive(self, words: str) -> str | None:
        """ "Who proposed the law in May?" asked with "When": "When was the law proposed in May?"."""
        verb, _, after = self.rest.partition(" ")
        participle = participle_of(verb) if is_past(_plain(verb)) else None
        if not participle or not after or base_of(verb) in _INTRANSITIVE:
            return None
        if after.startswith("that "):
            return _asked(words, "was", f"it {participle} {after}")
        tokens = after.split()
        cut = next((at for at, word in enumerate(tokens) if at and _ends_object(tokens, at)), len(tokens))
        if _plain(tokens[0]) in _PREPOSITIONS | _CLAUSE_OPENERS or _plain(tokens[0]) in ("part", "place"):
            return None
        if _plain(tokens[cut - 1]) in _PARTICLES:
            participle, tokens, cut = f"{participle} {tokens[cut - 1]}", [*tokens[: cut - 1], *tokens[cut:]], cut - 1
        thing, more = " ".join(tokens[:cut]), " ".join(tokens[cut:])
        return _asked(words, "were" if _is_plural(thing) else "was", " ".join(filter(None, (thing, participle, more))))

    def _with_do(self, words: str) -> str | None:
        """ "How many took part in it?" asked with "When": "When did people take part in it?"."""
        verb, _, after = self.rest.partition(" ")
        base = base_of(_plain(verb))
        return _asked(words, "did", " ".join(filter(None, (self._doer, base, after)))) if base else None

    def _existing(self, words: str) -> str | None:
        """ "Who is the minister?" asked with "Since when"; None where nothing begins or is anywhere."""
        asks, since = words.lower().split()[-1], words.lower().startswith("since")
        if len(self.rest.split()) > _LONG_NOUN:
            return None
        if asks == "where" or (asks == "when" and not since and self.auxiliary in ("was", "were")):
            return _asked(words, self.auxiliary, self.rest + (" in office" if self._asks_person and asks == "when" else ""))
        if asks != "when":
            return None
        if self._asks_person:
            return _asked(words, "has" if since else self.auxiliary, f"{self.rest} {'been ' if since else ''}in office")
        return _asked(words, "has" if since else "did", f"{self.rest} {'existed' if since else 'begin'}")

    def _counted_subject(self) -> str | None:
        parts = self.split()
        subject, predicate = parts or ("", "")
        if re.match(r"there\s", self.rest) and not parts:
            noun, _, after = self.rest.removeprefix("there ").removeprefix("any ").partition(" ")
            return f"How many {noun} {self.auxiliary} there {after}".rstrip() + "?" if _is_plural(noun) else None
        if not parts:
            return None
        verb = {"was": "were", "is": "are", "has": "have"}.get(self.auxiliary, self.auxiliary)
        if _plain(subject) in _PRONOUNS or _is_bare_plural(subject):
            noun = "people" if _plain(subject) in _PRONOUNS else subject.removeprefix("any ")
        elif _is_plural(subject) and subject.lower().startswith(("the ", "those ", "these ")):
            noun = f"of {subject}"
        else:
            return None
        if self.auxiliary not in _DO:
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
        base = base_of(_plain(verb)) if is_past(_plain(verb)) else None
        return f"Did {subject} {base} {after}".rstrip() + "?" if base else None


def _is_base_or_be(word: str) -> bool:
    return is_base(word)


def _second_participle(tokens: list[str], first: int) -> int:
    """Where the verb is after a participle that only tells who is meant: "the people arrested in Spain convicted"."""
    for at in range(first + 1, len(tokens)):
        if is_participle(_plain(tokens[at])) and _plain(tokens[at - 1]) not in _PREPOSITIONS | {"and", "or"}:
            return at
    return 0


def _noun_end(tokens: list[str]) -> int:
    """How many words the noun beside a question word has: up to the verb."""
    for at, token in enumerate(tokens):
        word = _plain(token)
        if word in _AUXILIARIES and (at or word not in ("might", "may", "can", "will")):
            return at
        following = _plain(tokens[at + 1]) if at + 1 < len(tokens) else ""
        if at and word in _PREPOSITIONS and following and not _further_verb(tokens[at:]):
            return at
        window = len(tokens) if _plain(tokens[0]) == "of" else _DESCRIBED
        tells = is_past(word) or (at and word.endswith("s") and is_third(word))
        if tells and not token[:1].isupper() and (at == 0 or not _further_auxiliary(tokens[at : at + window])):
            return at
    return len(tokens)


def _further_auxiliary(tokens: list[str]) -> bool:
    """Whether a participle only describes: "the people arrested in Spain were"."""
    return any(_plain(token) in _BE | _HAVE for token in tokens[1:])


def _further_verb(tokens: list[str]) -> bool:
    return any(_plain(token) in _AUXILIARIES or is_past(_plain(token)) for token in tokens[1:])


def _is_subject(lead: str, noun: str, auxiliary: str, rest: str) -> bool:
    if not _TAKES_NOUN.search(lead) and not re.fullmatch(r"(?:who|what)(?: else| exactly)?", lead, re.IGNORECASE):
        return False
    if _BINDS.match(lead):
        return False
    if not auxiliary:
        first = _plain(rest.split()[0])
        return is_past(first) or (first.endswith("s") and first not in _PREPOSITIONS) or is_base(first)
    first = rest.split()[0] if rest else ""
    if auxiliary in _DO or not first:
        return False
    if noun and _plain(noun) in _TIME_NOUNS:
        return False
    plain = _plain(first)
    nominal = (
        plain in _BEFORE_NOUNS | _PRONOUNS or first[:1].isupper() or is_number(plain) or first.endswith(("'s", "’s"))
    )
    if nominal:
        return False
    if is_participle(plain) or plain in _PREPOSITIONS | _ADVERBS or plain.endswith("ing"):
        return True
    if auxiliary in _MODAL:
        return is_base(plain)
    tokens = [_plain(word) for word in rest.split()]
    return not any(map(is_participle, tokens[1:4]))


def _ends_object(tokens: list[str], at: int) -> bool:
    """Whether the object of a verb ends here: before a preposition but "of" and those that tell which one."""
    word = _plain(tokens[at])
    return word in _PREPOSITIONS - _WITH_NOUNS or word in ("last", "yesterday", "worldwide", "abroad", "there")


def _with_object(predicate: str, thing: str) -> str:
    """The object behind its verb, or before the verb of a clause of its own: "say people were detained"."""
    tokens = predicate.split()
    inner = next((at for at, word in enumerate(tokens) if at and _plain(word) in _BE | _HAVE), 0)
    if inner:
        return " ".join((*tokens[:inner], thing, *tokens[inner:]))
    at = 1
    while at < len(tokens) and (_plain(tokens[at]) in ("or", "and") or is_base(_plain(tokens[at]))):
        at += 1
    if at < len(tokens) and at == len(tokens) - 1 and _plain(tokens[at]) in _PREPOSITIONS:
        at += 1
    return " ".join((*tokens[:at], thing, *tokens[at:]))


def _is_plural(noun: str) -> bool:
    head = (
        re.split(r"\s(?:of|in|on|for|behind|about|against|between|from|at|by|with|to|that|who)\s", noun)[0]
        if noun
        else ""
    )
    words = [match.group().lower() for match in word_matches(head)]
    while len(words) > 1 and is_participle(words[-1]):
        words.pop()
    if " and " in f" {head} ":
        return True
    return bool(words) and (
        words[-1] in ("people", "police", "men", "women", "children", "media")
        or (words[-1].endswith("s") and not words[-1].endswith(("ss", "us", "is", "'s", "’s")))
        or (is_number(words[0]) and words[0] not in ("one", "1"))
    )


def _is_bare_plural(subject: str) -> bool:
    first = _plain(subject.split()[0]) if subject else ""
    bare = first not in _BEFORE_NOUNS - {"any", "some"} and not subject[:1].isupper()
    return (bare and _is_plural(subject)) or first in ("anyone", "anybody", "someone", "somebody")


def _somebody(subject: str) -> str:
    """What a question calls anyone, a statement calls someone."""
    changed = re.sub(r"^any(?=one\b|body\b)", "some", subject)
    return re.sub(r"^any\s", "", changed)


def _asked(words: str, auxiliary: str, rest: str) -> str:
    return f"{_capital(words)} {auxiliary} {rest}?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
