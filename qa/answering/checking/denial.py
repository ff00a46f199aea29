"""What the sources deny isn't told as having happened, nor the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.checking import markers
from qa.answering.checking.antonyms import oppose, sides_of, turned_forms
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_DENYING = markers.any_of(markers.DENYING)
_DENYING_THAT = markers.any_of(markers.DENYING_THAT)
_OBJECT = markers.any_of(markers.DENIED_OBJECT)
_NO_DENIAL = markers.any_of(markers.NO_DENIAL)
_NAMED = markers.any_of(r"not guilty|without charges?")
_BUT_FOR = re.compile(
    rf"(?:(?<!\w)(?:{markers.DENYING})|(?<!\w)un(?![idt])\w+|n[’']t)(?!\w).*(?<!\w)"
    r"(?:unless|without|until|except|but|other than|sin|salvo|hasta que|a menos que|excepto|más que)(?!\w)"
)
"""Two denials that make a condition or an exception: "not … unless", "nobody but"."""
_ON_TERMS = markers.any_of(
    rf"{markers.ONLY}|if|unless|provid\w+|as long as|without|until|subject to|except\w*|requir\w+|need\w*|condition\w*"
    r"|si|siempre que|a menos que|hasta que|sin|salvo|excepto|requier\w+|necesit\w+"
)
_CLOSED = re.compile(r"\s(?:and|but|or|that|in|on|at|y|e|pero|que|en)\s")
"""Behind "no one" where it ends what is denied: "had arrested no one and that"."""
_CONTRARY = markers.any_of(markers.CONTRARY)


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, and the words that it is said of, likeliest first."""

    span: Span
    denied: tuple[Word, ...]
    of_object: bool = False
    """It is "no" or "nobody", so that the first word behind it needn't be the one that counts."""


def denials(wording: Wording) -> list[Denial]:
    """The denials of a text, in order."""
    harmless = wording.marks(_NO_DENIAL)
    found = []
    for span in wording.marks(_DENYING):
        if any(span.within(other) for other in harmless):
            continue
        behind = wording.behind(span, most=4)
        of_object = bool(_OBJECT.fullmatch(wording.lower, span.start, span.end))
        if wording.language == "es" and wording.lower[span.start : span.end] == "no":
            of_object = False  # it is "not"
        before = wording.before(span) if of_object else ()
        closed = bool(_CLOSED.match(wording.lower, span.end))
        found.append(Denial(span, (*before, *behind) if closed else (*behind, *before), of_object))
    found += [Denial(span, wording.behind(span, most=5), True) for span in wording.marks(_DENYING_THAT)]
    return found


def denial(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Denials that are added, and denials that are left out."""
    for mark in sentence.marks(_NAMED):
        words = sentence.lower[mark.start : mark.end]
        if not any(words in one.said.lower for one in witnesses):
            yield Finding(f"No source says “{words}”.")
            return
    if _BUT_FOR.search(sentence.lower) and any(_ON_TERMS.search(one.said.lower) for one in witnesses):
        return
    own = denials(sentence)
    theirs = [(one.said, found) for one in witnesses for found in denials(one.said)]
    for added in own:
        if not _is_denied(added, theirs, witnesses, sentence.language):
            words = sentence.text[added.span.start : added.denied[0].end] if added.denied else ""
            yield Finding(f"No source denies it: “{words or sentence.text[added.span.start : added.span.end]}”.")
            return
    covered = {word for one in own for word in one.denied or sentence.content} | set(_contrary(sentence))
    for text, left_out in theirs:
        if own and text.language != sentence.language:
            continue
        told = _told_anyway(left_out, sentence, covered)
        if told and not _told_elsewhere(told, left_out, text, witnesses):
            yield Finding(f"A source denies it: “{text.text[left_out.span.start : left_out.span.end]} … {told.text}”.")
            return


def _is_denied(
    added: Denial, theirs: Sequence[tuple[Wording, Denial]], witnesses: Sequence[Witness], added_in: str
) -> bool:
    """Whether a source denies the same, with a denial or a word that is one by its meaning."""
    if not added.denied:
        return bool(theirs) or any(_contrary(one.said) for one in witnesses)
    near = added.denied[: 4 if added.of_object else 2]
    if any(word.meets(other) for word in near for _, one in theirs for other in one.denied):
        return True
    if any(text.language != added_in for text, _ in theirs):
        return True
    if any(_is_turned(word, one.said, added_in) for word in near for one in witnesses):
        return True
    head = added.denied[0]
    contrary = [other for one in witnesses for other in _contrary(one.said)]
    if any(head.meets(other) for other in contrary):
        return True
    told = any(one.said.has(head) for one in witnesses)
    return not told and bool(theirs or contrary)


def _is_turned(denied: Word, said: Wording, language: str) -> bool:
    """Whether a text has the opposite of what is denied: "undecided" for "not decided"."""
    turned, sides = turned_forms(denied), sides_of(denied, language)
    if said.language != language or any(denied.meets(word) for word in said.words):
        return False
    return any(not turned.isdisjoint(word.keys) or oppose(sides, sides_of(word, said.language)) for word in said.words)


def _contrary(wording: Wording) -> list[Word]:
    """The words around those that deny by their meaning."""
    return [word for mark in wording.marks(_CONTRARY) for word in wording.around(mark)]


def _told_anyway(left_out: Denial, sentence: Wording, covered: set[Word]) -> Word | None:
    """The first word that a source denies and the sentence tells, nowhere denied."""
    denied = left_out.denied[: 4 if left_out.of_object else 1]
    own = [one for word in denied for one in sentence.content if one.meets(word)]
    return own[0] if own and not any(one in covered for one in own) else None


def _told_elsewhere(told: Word, left_out: Denial, text: Wording, witnesses: Sequence[Witness]) -> bool:
    """Whether the sources also tell it without the denial."""
    for one in witnesses:
        denied = {word for found in denials(one.said) for word in found.denied}
        if any(word.meets(told) and word not in denied for word in one.said.content):
            return True
    return False
