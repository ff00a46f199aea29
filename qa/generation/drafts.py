"""A language model's text, cut as it comes into sentences with the numbers that each cites; what is none is refused."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from qa.generation.prompt import NOT_ANSWERED
from qa.i18n.locale import N_
from qa.text.sentences import sentence_spans
from qa.text.terms import words

MOST_MARKS = 12  # numbers that one sentence may cite; more is no citation
LONGEST_MARK = 60  # characters within which a bracket that opened has to close, or it is none
BAD_MARK = 0  # stands for a mark that is no number of a sentence, so that the check refuses it
LONGEST, SHORTEST = 80, 3  # words of a sentence that can still be read in one go, and of one that says something
_MOST_CHARACTERS = 900

TOO_LONG = N_("It is longer than 80 words.")
NO_SENTENCE = N_("It is no sentence.")
UNSEEN = N_("It has characters in it that can't be seen or printed.")
UNSURE = N_("It has figures in it that can't be read for certain.")
REPEATED = N_("It says the same word again and again.")

# Bounded and begun only where blanks begin: a model may write nothing but blanks or open brackets, thousands of them.
_MARK = re.compile(r"(?<!\s)\s*[\[［【]((?:\d|\s|[,;–-]|\band\b|\by\b){1,200}?)[\]］】]")
_BLANKS = re.compile(r"[^\S\n]{2,}|\n\s*")
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_SIGNS = re.compile(r"^[ \t]*(?:[-*•·]|\d{1,2}[.)])[ \t]+|\*\*|__", re.MULTILINE)
_ENDS = tuple(".!?…”\"'’»)")
_FILLER = re.compile(r"\b(\w[\w ]{0,40}?)(?:\W+\1\b){3,}", re.IGNORECASE)
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SELECTORS = frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0))
)
"""Variation selectors and fillers: marks and letters by their category, and yet nothing that is seen."""
_FORMS = {
    N_("It has markup in it."): r"<[/!?]?[a-z]|&(?:[a-z]+|#\d+);|[`{}<>|\\]|\*\*|__|^\s*[#*>]|\]\(|!\[|\[[^\]]*\]",
    N_("It has an address in it."): r"\b(?:https?|ftp|file|mailto|javascript|data):|\bwww\.|\S+@\S+\.\w|\b[\w-]+\.(?:com|org|net|io|es/|eu/|info)\b",
    N_("It has code in it."): r"\b(?:def|function|import|select|eval|exec|console\.log|print)\s?\(|=>|==|\$\(|;\s?--|\b(?:import|from) \w+ import\b"
                          r"|\b(?:select \* from|drop table|rm -rf|sudo)\b",
    N_("It speaks to the reader or to a machine instead of telling what was reported."):
        r"\bas an? (?:ai|language model|assistant)\b|\bi(?:['’]m| am) (?:an? |sorry|unable|not able)|\bi (?:can(?:not|['’]t)|apologi[sz]e)\b"
        r"|\b(?:ignore|disregard|forget) (?:all |any |the |your |these |those )*(?:previous|prior|above|earlier|instructions|rules)"
        r"|\b(?:system|user|assistant) ?(?:prompt|message)\b|^(?:system|user|assistant|human):|\bclick (?:here|on)\b|\bvisit (?:our|the|this) (?:site|website|page|link)"
        r"|\bsubscribe\b|\byou (?:must|should|can|have to|are (?:now|an?))\b|\blet me\b|^(?:sure|certainly|of course|here (?:is|are)|note that|please)\b"
        r"|\bcomo (?:una )?(?:ia|modelo de lenguaje|asistente)\b|\bignor[ae] (?:todas )?(?:las|tus) instrucciones\b|\bhaz clic\b|^(?:claro|por supuesto|aquí (?:tienes|está))\b",
    N_("It asks instead of telling."): r"\?",
}  # fmt: skip
_PATTERNS = {reason: re.compile(form, re.IGNORECASE) for reason, form in _FORMS.items()}


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence without its marks; `cited` are their numbers or BAD_MARK. One that is not `whole` was cut off."""

    text: str
    cited: tuple[int, ...]
    whole: bool = True


def declines(draft: Draft) -> bool:
    """Whether the model says that what it was given doesn't answer."""
    # In capitals anywhere, else alone: "Calls to the ministry were not answered" is a sentence of an answer.
    return NOT_ANSWERED in draft.text or draft.text.strip("[] .").casefold() == NOT_ANSWERED.casefold()


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """Each sentence as soon as the next has begun, the last one when the text has ended."""
    text, consumed = "", 0
    for piece in pieces:
        text += piece
        if re.search(r"[\s\]］】]", piece):  # no other piece completes a sentence
            opened = max(map(text.rfind, "[［【"))
            is_open = opened >= 0 and len(text) - opened < LONGEST_MARK and not re.search(r"[\]］】]", text[opened:])
            whole = _cut(text[:opened] if is_open else text)[:-1]
            yield from whole[consumed:]
            consumed = max(consumed, len(whole))
    for draft in _cut(text)[consumed:]:
        yield replace(draft, whole=bool(draft.cited) or draft.text.endswith(_ENDS))


def without_thought(text: str) -> str:
    """A text without what its model thought aloud."""
    return _THOUGHT.sub("", text)


def _cut(text: str) -> list[Draft]:
    """The sentences of a text, a mark belonging to the one that it stands in or behind."""
    prose = _BLANKS.sub(lambda run: "\n\n" if "\n" in run[0] else " ", _SIGNS.sub("", without_thought(text)))
    plain, marks, at = "", list[tuple[int, list[int]]](), 0
    for match in _MARK.finditer(prose):
        plain += prose[at : match.start()]
        marks.append((len(plain), _numbers(match[1])))
        at = match.end()
    plain = (plain + prose[at:]).rstrip()
    spans = [span for span in sentence_spans(plain) if span.start < span.end]
    cited: list[list[int]] = [[] for _ in spans]
    for place, numbers in marks:
        if behind := bisect_left(spans, place, key=lambda span: span.start):
            cited[behind - 1] += numbers
    texts = (" ".join(plain[span.start : span.end].split()) for span in spans)
    return [Draft(text, tuple(dict.fromkeys(numbers))) for text, numbers in zip(texts, cited, strict=True)]


def _numbers(inside: str) -> list[int]:
    """The numbers of one mark; ranges are written out, and what is too long or backwards is a bad mark."""
    numbers: list[int] = []
    for part in re.split(r"[,;]|\band\b|\by\b|\s(?=\d)", inside):
        digits = [re.sub(r"\D", "", bound) for bound in re.split(r"[–-]", part) if bound.strip()]
        bounds = [int(number) if 0 < len(number) <= 3 else BAD_MARK for number in digits]
        if len(bounds) <= 2 and bounds and 0 < bounds[0] <= bounds[-1] <= bounds[0] + MOST_MARKS:
            numbers += range(bounds[0], bounds[-1] + 1)
        elif bounds:
            numbers.append(BAD_MARK)
    return numbers if len(numbers) <= MOST_MARKS else [BAD_MARK]


def objection(sentence: str) -> str | None:
    """The first thing that makes a text no sentence of an answer; None where nothing does."""
    beginning = sentence[:_MOST_CHARACTERS]
    if any(ch in _SELECTORS or unicodedata.category(ch) in _UNPRINTABLE for ch in beginning):
        return UNSEEN
    if any(ch.isnumeric() and not ch.isascii() for ch in beginning):
        return UNSURE  # raised figures, fractions, figures of other scripts: none can be held against a source
    first_words = words(beginning)
    if len(sentence) > _MOST_CHARACTERS or len(first_words) > LONGEST:
        return TOO_LONG
    if sum(any(ch.isalpha() for ch in word) for word in first_words) < SHORTEST:
        return NO_SENTENCE
    if _FILLER.search(sentence):
        return REPEATED
    return next((reason for reason, pattern in _PATTERNS.items() if pattern.search(sentence)), None)
