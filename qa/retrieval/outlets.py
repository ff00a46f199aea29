"""The outlets of an archive in questions: which one's reports are wanted ("according to the Tribune")."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from qa.models.archive import Origins, Span
from qa.models.replies import FACT, Asked, Intent, Question
from qa.protocols import OutletReading
from qa.text.entities import is_date, places_in
from qa.text.terms import STOP_WORDS, fold, word_matches, words

LONGEST_NAME = 8  # words of an outlet's name that are looked for
MOST_NAMED = 6  # names in a question that are read: each takes as long as a question
WANTED, WANTED_SMALL = 0.0, 1.5
"""Log odds from which an outlet's own reports are wanted; the second where one word in small letters names it, which
may be any: docs/evaluation/intents.md has what is told so."""
REPORT = {"en": "the report", "es": "el artículo"}
_ASIDE = re.compile(r"\s*\([^)]*\)")  # "ABC (Australia)"
_BETWEEN = re.compile(r"[,;|]|\s(?:and|y|e)\s")  # the publications that one report is drawn from
_ARTICLE = r"(?:the|an?|el|la|los|las|una?)"
_THE = re.compile(r"the\s+", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:others?|else|rest|otr[oa]s?|demás|resto)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedOutlet:
    """An outlet whose reports a question wants, the words that name it, and what is wanted; empty where none is."""

    name: str = ""  # as the archive has it, or how that begins
    words: str = ""
    asked: Asked = FACT

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
        named = self._wanted(question)
        # "And what do the others say?" wants anybody's but the one of the question before.
        if named is None and joined != question and not _OTHERS.search(question):
            named = self._wanted(joined)
        return named or NO_OUTLET

    def _wanted(self, question: str) -> NamedOutlet | None:
        wanted = dict[str, NamedOutlet]()
        for span, name in islice(self._named(question), MOST_NAMED):
            reading, called = self._read(question, span), question[span.start : span.end]
            is_small = called.islower() and len(words(_bare(called))) == 1
            if reading and reading.wanted >= (WANTED_SMALL if is_small else WANTED):
                wanted.setdefault(fold(name), NamedOutlet(name, called, asked_of(reading)))
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
                name, is_whole = names[tuple(folded[at : at + length])]
                # Else it may begin another's: "País Vasco", "the Los Angeles Lakers".
                if is_whole or not question[span.end :].lstrip()[:1].isupper():
                    yield span, name
            at += max(1, length)


def asked_of(reading: OutletReading) -> Asked:
    """What is wanted of an outlet's reports: all of them, what they tell of a matter, or one fact."""
    if reading.of_all >= WANTED:
        return Asked(Intent.OVERVIEW, topical=False)
    return Asked(Intent.OVERVIEW, likely=False) if reading.told >= WANTED else FACT


@lru_cache(maxsize=2)
def names_of(origins: Origins) -> Mapping[tuple[str, ...], tuple[str, bool]]:
    """By folded words the archive's outlets: how each is called in it, and whether those are the whole of its name.

    Names are known by how they begin, too, and without their article. Nothing where there is one outlet alone: its
    reports are all there are.
    """
    listed, names = publications(origins), dict[tuple[str, ...], tuple[str, bool]]()
    everything = fold(" ".join((*origins.outlets, *origins.summarised)))
    counts = Counter(words(everything))
    for name in listed if len(listed) > 1 else ():
        parts = [name[: match.end()] for match in islice(word_matches(name), LONGEST_NAME)]
        for part in parts:
            is_whole, folded = part == parts[-1], tuple(map(fold, words(part)))
            # A country or a word that it begins with is no outlet: "Austria", of the Austria Press Agency.
            is_other = not is_whole and ((len(folded) == 1 and part[1:].islower()) or bool(places_in(part)))
            # What articles are held to is looked for letter by letter: "Time" would be found in "Sunday Times".
            is_clear = len(folded) > 1 or everything.count(folded[0]) == counts[folded[0]]
            if is_clear and not is_other and folded[-1] not in STOP_WORDS:
                names.setdefault(folded, (part, is_whole))
                names.setdefault(("the", *folded), (part, is_whole))
                if is_whole and folded[0] in STOP_WORDS:
                    names.setdefault(folded[1:], (part, False))
    return names


def publications(origins: Origins) -> list[str]:
    """The names of the outlets, and of those whose reports the archive's own summarise, without "the"."""
    parts = (part.strip() for credit in origins.summarised for part in _BETWEEN.split(_ASIDE.sub("", credit)))
    # No "with a detail from …", and no "January 2005".
    credited = (name for part in parts if (name := _bare(part))[:1].isupper() and not is_date(name))
    named = (_bare(outlet.partition("(")[0].strip()) for outlet in origins.outlets if outlet)
    return [*dict.fromkeys((*named, *credited))]


def _bare(name: str) -> str:
    return _THE.sub("", name, count=1) if _THE.match(name) else name
