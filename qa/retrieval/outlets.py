"""The outlets of an archive in questions: which one's reports are wanted ("according to the Tribune")."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.models.archive import Origins, Span
from qa.models.replies import Question
from qa.text.entities import without_dates
from qa.text.terms import STOP_WORDS, fold, word_matches, words

LONGEST_NAME = 8  # words of an outlet's name that are looked for
WANTED = 0.0  # log odds from which a named outlet's own reports are wanted: docs/evaluation/intents.md
REPORT, ARCHIVE = ("the report", "el artículo"), ("the archive", "el archivo")  # in English, in Spanish
_ASIDE = re.compile(r"\([^)]*\)")  # "ABC (Australia)"
_BETWEEN = re.compile(r"[,;|]|\s(?:and|y|e)\s")  # the publications that one report is drawn from
_ARTICLE = re.compile(r"(?:the|el|la|los|las)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NamedOutlet:
    """An outlet whose reports a question wants, and the words that name it there; both empty where none is wanted."""

    name: str = ""  # as the archive has it, or how that begins
    words: str = ""

    def held(self, question: Question) -> Question:
        """The question held to the outlet; for its name, which few reports of it have, "the report" is read."""
        if not self.name:
            return question
        return replace(question, text=self._as(question.text, REPORT[question.locale == "es"]), outlet=self.name)

    def within(self, text: str, locale: str) -> str:
        """The text as it is asked of all that there is of the outlet: "What does the archive say?"."""
        return self._as(text, ARCHIVE[locale == "es"])

    def _as(self, text: str, other: str) -> str:
        if not self.words:
            return text
        named = rf"(?<!\w)(?P<before>(?:del|al)\s+)?(?:{_ARTICLE.pattern})?{re.escape(self.words)}(?!\w)"
        article, noun = other.split()
        return re.sub(named, lambda match: f"{match['before'] or article + ' '}{noun}", text, flags=re.IGNORECASE)


NO_OUTLET = NamedOutlet()


class OutletNames:
    """Finds the outlet whose reports a question wants; `wants` gives the log odds that a name in it is such a one's."""

    def __init__(self, origins: Callable[[], Origins], wants: Callable[[str, Span], float]) -> None:
        self._origins, self._wants = origins, wants

    def __call__(self, question: str) -> NamedOutlet:
        """None's where the question names none of the archive's outlets, or several, or wants no one's own reports."""
        named = dict[str, NamedOutlet]()
        for span, name in self._in(question):
            if self._wants(question, span) >= WANTED:
                named.setdefault(fold(name), NamedOutlet(name, question[span.start : span.end]))
        return next(iter(named.values())) if len(named) == 1 else NO_OUTLET

    def _in(self, question: str) -> Iterable[tuple[Span, str]]:
        """Where it names outlets, by the longest of their names."""
        origins, matches = self._origins(), list(word_matches(question))
        names, whole = by_words(origins), {*publications(origins)}
        folded = [fold(match.group()) for match in matches]
        at = 0
        while at < len(folded):
            lengths = range(min(LONGEST_NAME, len(folded) - at), 0, -1)
            length = next((length for length in lengths if tuple(folded[at : at + length]) in names), 0)
            if length:
                name, span = (
                    names[tuple(folded[at : at + length])],
                    Span(matches[at].start(), matches[at + length - 1].end()),
                )
                # The beginning of a name may be a word, or that of another: "the case", "the European Parliament".
                has_capital = name.isupper() or question[matches[at + length - 1].start()].isupper()
                if name in whole or (has_capital and not question[span.end :].lstrip()[:1].isupper()):
                    yield span, name
            at += max(1, length)


@lru_cache(maxsize=2)
def by_words(origins: Origins) -> Mapping[tuple[str, ...], str]:
    """The archive's outlets by the words that their names begin with, folded, with and without the article.

    Nothing where there is one outlet alone: its reports are all there are.
    """
    listed, names = publications(origins), dict[tuple[str, ...], str]()
    for name in listed if len(listed) > 1 else ():
        for called in dict.fromkeys((name, _ARTICLE.sub("", name, count=1))):
            for match in word_matches(called):
                part = called[: match.end()]
                folded = tuple(map(fold, words(part)))
                if folded[-1] not in STOP_WORDS:
                    names.setdefault(folded, name if part == called else part)
    return names


def publications(origins: Origins) -> list[str]:
    """The names of the outlets, and of those whose reports the archive's own summarise."""
    credited = [part for credit in origins.summarised for part in _BETWEEN.split(without_dates(_ASIDE.sub("", credit)))]
    # "The Irish Times", but "the BBC"; and no "with a detail from …".
    named = (re.sub(r"^(?:the|el|la)\s", "", part.strip()) for part in credited)
    plain = (_ASIDE.sub("", outlet).strip() for outlet in origins.outlets)
    return [*dict.fromkeys((*filter(None, plain), *(name for name in named if name[:1].isupper())))]
