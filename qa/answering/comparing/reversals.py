"""First accounts that a later report takes back: "at first … but it turned out that …"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.comparing.parties import Saying
from qa.answering.comparing.sentences import Told, on_one_event
from qa.answering.comparing.stated import Ties
from qa.domain.archive import Span
from qa.language.questions import asks_yes_or_no_in_spanish
from qa.language.terms import STOP_WORDS, fold, stem, stems, word_matches, words

_YES_NO = re.compile(
    r"^\W*(?:(?:and|but|so|y)\s)?(?:is|are|was|were|did|does|do|had|has|es|son|era|eran|fue|fueron|hubo|había)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:at first|initially|originally|in the beginning|first (?:thought|believed|reported|said)|early reports?"
    r"|al principio|inicialmente|en un (?:principio|primer momento)|se (?:creyó|pensó)|primeras? informaci\w+)\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\b(?:turned out(?: to be| that)?|proved(?: to be| that)?|it (?:later )?emerged(?: that)?"
    r"|was later found(?: to be)?|in fact|in the end|later (?:it )?(?:became clear|was shown)(?: that)?"
    r"|result(?:ó|aron)(?: ser| que)?|se (?:vio|supo|demostró|comprobó)(?: que)?|en realidad|finalmente)\b",
    re.IGNORECASE,
)

_DESCRIBES = re.compile(r"\b(?:as|is|are|was|were|be|called|calls|como|es|son|era|eran|fue|ser)\b", re.IGNORECASE)
LED = 5
"""Words before the word asked for, among which one has to say that something is described by it."""

BEHIND = 4
"""Words on each side of the word asked for that are shown of a first account."""


def compare_reversals(question: str, sentences: Sequence[Told], answered: Sequence[Told], ties: Ties) -> list[Saying]:
    """What was said first, in words of a yes-or-no question, and the report of the same event that takes it back."""
    if not is_yes_no(question):
        return []
    asked = frozenset(stem(word) for word in words(question) if fold(word) not in STOP_WORDS)
    for turned in sentences:
        mark = _turn(turned)
        if mark is None or not any(on_one_event(turned.report, one.report, ties) for one in answered):
            continue
        first = list(_first_accounts(turned, asked, sentences, ties))
        if first:
            return [*first, turned.saying(turned.text[mark.start : mark.end], mark)]
    return []


def is_yes_no(question: str) -> bool:
    return bool(_YES_NO.match(question)) or asks_yes_or_no_in_spanish(question)


def _turn(one: Told) -> Span | None:
    """What a sentence says that it turned out to be, where it tells of a first account, too."""
    turn = _TURN.search(one.text)
    if turn is None or not _FIRST.search(one.text):
        return None
    end = re.compile(r"[,;.]").search(one.text, turn.end())
    start = turn.end() + 1
    return Span(start, end.start() if end else len(one.text)) if start < len(one.text) else None


def _first_accounts(turned: Told, asked: frozenset[str], sentences: Sequence[Told], ties: Ties) -> Iterator[Saying]:
    """Sentences of earlier reports of the event with the rarest word of the question that any of them has."""
    others = [
        one
        for one in sentences
        if one.report is not turned.report and _earlier(one, turned) and on_one_event(one.report, turned.report, ties)
    ]
    counts = {word: sum(word in stems(one.text) for one in others) for word in asked}
    present = [word for word, count in counts.items() if count]
    if not present:
        return
    rarest = min(present, key=lambda word: (counts[word], word))
    if counts[rarest] > 3:
        return  # a word that every report has tells nothing of who says what
    for one in others:
        if mark := _around(one.text, rarest):
            yield one.saying(one.text[mark.start : mark.end], mark)


def _earlier(one: Told, turned: Told) -> bool:
    ours, theirs = one.report.source.published, turned.report.source.published
    return ours is None or theirs is None or ours <= theirs


def _around(text: str, word: str) -> Span | None:
    """The word with those beside it, within its clause."""
    found = list(word_matches(text))
    at = next((number for number, match in enumerate(found) if stem(match.group()) == word), None)
    if at is None or not _DESCRIBES.search(text, found[max(0, at - LED)].start(), found[at].start()):
        return None
    start, end = at, at
    while (
        start and at - start < BEHIND and not re.search(r"[,;:.]", text[found[start - 1].end() : found[start].start()])
    ):
        start -= 1
    while (
        end + 1 < len(found)
        and end - at < BEHIND
        and not re.search(r"[,;:.]", text[found[end].end() : found[end + 1].start()])
    ):
        end += 1
    return Span(found[start].start(), found[end].end())
