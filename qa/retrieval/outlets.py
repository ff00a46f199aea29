"""The outlets of an archive in questions: which one's reports are wanted ("according to the Tribune")."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice

from qa.models.archive import Origins, Span
from qa.models.replies import FACT, Asked, Intent, Question
from qa.protocols import OutletReading
from qa.text.entities import is_date, places_in
from qa.text.terms import STOP_WORDS, fold, word_matches, words

LONGEST_NAME = 8  # words of an outlet's name that are looked for
MOST_NAMED = 6  # names in a question that are read
WANTED, WANTED_SMALL = 0.0, 1.5
"""Log odds from which an outlet's own reports are wanted; the second where one word in small letters names it, which
may be any: docs/evaluation/intents.md has what is told so."""
REPORT = {"en": "the report", "es": "el artículo"}
_ASIDE = re.compile(r"\s*\([^)]*\)")  # "ABC (Australia)"
_BETWEEN = re.compile(r"[,;|]|\s(?:and|y|e)\s")  # the publications that one report is drawn from
_ARTICLE = r"(?:the|an?|el|la|los|las|una?)"
_THE = re.compile(r"the\s+", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:(?:the|los|las) (?:others|otros|otras|demas)|(?:any|every)(?:body|one) else|de otros"
    r"|other (?:papers|outlets|sources|media|reports)|otr[oa]s (?:medios|diarios|periodicos|fuentes))\b"
)


@dataclass(frozen=True, slots=True)
class NamedOutlet:
    """An outlet whose reports a question wants, the words that name it, and what is wanted; empty where none is."""

    name: str = ""  # as the archive has it, or how that begins
    words: str = ""
    asked: Asked | None = None  # None where its question doesn't tell

    def held(self, question: Question) -> Question:
        """The question held to the outlet; for its words, which few of its reports have, "the report" is read."""
        if not self.words:
            return question
        article, report = REPORT["es" if question.locale == "es" else "en"].split()
        named = rf"(?<!\w)(?:(?P<before>(?i:del|al)\s+)|(?i:{_ARTICLE})\s+)?{re.escape(self.words)}(?!\w)"
        text = re.sub(named, lambda match: (match["before"] or f"{article} ") + report, question.text)
        return replace(question, text=text, outlet=self.name or question.outlet)


NO_OUTLET = NamedOutlet()


class OutletNames:
    """Finds the outlet whose reports a question wants; `read` tells whether a name in it is such a one's."""

    def __init__(self, origins: Callable[[], Origins], read: Callable[[str, Span], OutletReading | None]) -> None:
        self._origins, self._read = origins, read

    def wanted(self, question: str, joined: str = "") -> NamedOutlet:
        """That of the question, else of it `joined` with those before; none where two are wanted, or no one's own."""
        # "And what do the others say?" wants anybody's but the one of the question before.
        if _OTHERS.search(fold(question)):
            return NO_OUTLET
        before = None if joined in ("", question) else self._wanted(joined)
        return self._wanted(question) or (replace(before, asked=None) if before else NO_OUTLET)

    def _wanted(self, question: str) -> NamedOutlet | None:
        wanted = dict[str, NamedOutlet]()
        for span, name in islice(self._named(question), MOST_NAMED):
            reading, called = self._read(question, span), question[span.start : span.end]
            is_small = called.islower() or question.isupper()
            is_small = is_small and len([word for word in words(called) if fold(word) not in STOP_WORDS]) == 1
            if reading and reading.wanted >= (WANTED_SMALL if is_small else WANTED):
                wanted.setdefault(fold(name), NamedOutlet(name, called, of_reports(reading)))
        # "According to the BBC, what did BBC News show?" means one.
        shortest = min(wanted, key=len, default="")
        return wanted[shortest] if wanted and all(name.startswith(shortest) for name in wanted) else None

    def _named(self, question: str) -> Iterator[tuple[Span, str]]:
        """Where it names outlets, by the longest of their names."""
        names, matches = names_of(self._origins()), list(word_matches(question))
        folded = [fold(match.group()) for match in matches]
        at = 0
        while at < len(folded):
            lengths = range(min(LONGEST_NAME, len(folded) - at), 0, -1)
            length = next((length for length in lengths if tuple(folded[at : at + length]) in names), 0)
            if length:
                span = Span(matches[at].start(), matches[at + length - 1].end())
                # Else it is part of another's name: "País Vasco", "the New York Times".
                before = matches[at - 1].group() if at > 1 else ""
                is_part = question[span.end :].lstrip()[:1].isupper() or before[:1].isupper()
                if not is_part or question.isupper():
                    yield span, names[tuple(folded[at : at + length])]
            at += max(1, length)


def of_reports(reading: OutletReading) -> Asked:
    """What is wanted of an outlet's reports: all of them, what they tell of a matter, or one fact."""
    if reading.of_all >= WANTED:
        return Asked(Intent.OVERVIEW, topical=False)
    return Asked(Intent.OVERVIEW, likely=False) if reading.told >= WANTED else FACT


@lru_cache(maxsize=2)
def names_of(origins: Origins) -> Mapping[tuple[str, ...], str]:
    """By folded words what the archive's outlets are called in it, whole, as they begin, and without their article.

    Nothing where there is one outlet alone: its reports are all there are.
    """
    listed, names = publications(origins), dict[tuple[str, ...], str]()
    everything = " ".join((*origins.outlets, *origins.summarised)).lower()
    counts = Counter(words(everything))
    within = {of_name[at:] for of_name in map(_folded, listed) for at in range(1, len(of_name))}
    for name in listed if len(listed) > 1 else ():
        parts = [name[: match.end()] for match in islice(word_matches(name), LONGEST_NAME)]
        for part in parts:
            is_whole, folded = part == parts[-1], _folded(part)
            # A country or a word that it begins with is no outlet: "Austria", of the Austria Press Agency.
            is_other = not is_whole and ((len(folded) == 1 and part[1:].islower()) or bool(places_in(part)))
            # What articles are held to is looked for letter by letter: "Time" would be found in "Sunday Times".
            is_clear = folded not in within and (
                len(folded) > 1 or everything.count(part.lower()) == counts[part.lower()]
            )
            if is_clear and not is_other and folded[-1] not in STOP_WORDS:
                names.setdefault(folded, part)
                names.setdefault(("the", *folded), part)
                if is_whole and folded[0] in STOP_WORDS:
                    names.setdefault(folded[1:], part)
    return names


def _folded(name: str) -> tuple[str, ...]:
    return tuple(map(fold, words(name)))[:LONGEST_NAME]


def publications(origins: Origins) -> list[str]:
    """The names of the outlets, and of those whose reports the archive's own summarise, without "the"."""
    named = (_bare(outlet.partition("(")[0].strip()) for outlet in origins.outlets if outlet)
    return [*dict.fromkeys((*named, *chain.from_iterable(map(credited_in, origins.summarised))))]


def credited_in(credit: str) -> list[str]:
    """The names of the publications that a summary says it summarises, without "the"."""
    parts = (part.strip() for part in _BETWEEN.split(_ASIDE.sub("", credit)))
    # No "with a detail from …", no "January 2005" and no "London".
    names = [name for name in dict.fromkeys(map(_bare, parts)) if name[:1].isupper() and not is_date(name)]
    return [name for name in names if Span(0, len(name)) not in [span for span, _ in places_in(name)]]


def _bare(name: str) -> str:
    return _THE.sub("", name, count=1) if _THE.match(name) else name
