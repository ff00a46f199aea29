"""Names altered: another of the kind, another first name, and two names of a sentence exchanged."""

from __future__ import annotations

import re
from itertools import pairwise

from tests.checking.mutations.name_tables import FIRST_NAMES, KINDS, NOT_NAMES, SPELLINGS
from tests.checking.mutations.said import Alterations, Said, one_of
from tests.checking.pairs import drawn
from tests.checking.restating_tables import OPENERS

_OTHERS = 2
"""Of each name, so that a sentence with one name has as many alterations as one with many."""
_CAPITAL = r"(?:[A-ZÁÉÍÓÚÑ][\w'’-]+|[A-Z]\.)"
_GENERIC = re.compile(rf"(?<![\w<])(?:{_CAPITAL}(?: (?:of|de|del|von|van|&) (?={_CAPITAL}))?(?: |(?!\w)))+")


def altered_names(said: Said) -> Alterations:
    for kind, names in KINDS.items():
        pattern = rf"(?<!\w)(?:{one_of(names)})(?!\w)"
        for match in re.finditer(pattern, said.text):
            for other in _others(match.group(), names, said)[:_OTHERS]:
                yield f"another {kind}", said.with_words(match.start(), match.end(), other)
    for match in re.finditer(rf"\b(?:{one_of(FIRST_NAMES)})(?= (?:[A-Z]\. )?[A-ZÁÉÍÓÚ]\w)", said.text):
        other = FIRST_NAMES[match.group()]
        if other.casefold() not in said.known_words:
            yield "first name", said.with_words(match.start(), match.end(), other)
    yield from _unlisted(said)


def _others(name: str, names: list[str], said: Said) -> list[str]:
    """Names of the kind that neither the sources have nor what stands before them, in an order drawn by the text."""
    same = next((group for group in SPELLINGS if name in group), {name})
    around = f"{said.known} {said.before}".casefold()
    free = [other for other in names if other not in same and other.casefold() not in around]
    return sorted(free, key=lambda other: drawn(other + said.text, of=1 << 32))


def _unlisted(said: Said) -> Alterations:
    """Names of no list, by others of as many words that occur elsewhere in what is measured."""
    listed = [name for names in KINDS.values() for name in names]
    for match in _GENERIC.finditer(said.text):
        name = match.group().strip()
        if not _is_name(name, at_start=match.start() == 0) or any(one in name or name in one for one in listed):
            continue
        alike = [
            other
            for other in said.names
            if other.count(" ") == name.count(" ") and other.isupper() == name.isupper()
            and not set(other.casefold().split()) & said.known_words
        ]  # fmt: skip
        if alike:
            other = alike[drawn(name + said.text, of=len(alike))]
            yield "unlisted", said.with_words(match.start(), match.start() + len(name), other)


def _is_name(name: str, *, at_start: bool) -> bool:
    words = name.split()
    if words[0] in NOT_NAMES or words[0].lower() in OPENERS or re.search(r"\d", name):
        return False
    return len(words) > 1 and not at_start if not name.isupper() else len(name) > 2 and not at_start


def names_in(text: str) -> list[str]:
    """Names of two words and more, to stand in for others."""
    found = (match.group().strip() for match in _GENERIC.finditer(text))
    return [name for name in found if name.count(" ") in (1, 2) and _is_name(name, at_start=text.startswith(name))]


def exchanged_names(said: Said) -> Alterations:
    """Two names of one kind in each other's place, unless they stand in one list."""
    for kind, names in KINDS.items():
        found = list(re.finditer(rf"(?<!\w)(?:{one_of(names)})(?!\w)", said.text))
        for first, second in pairwise(found):
            between = said.text[first.end() : second.start()]
            same = any({first.group(), second.group()} <= group for group in SPELLINGS)
            if same or first.group() == second.group() or not tells_apart(between):
                continue
            text = said.with_words(first.start(), second.end(), f"{second.group()}{between}{first.group()}")
            yield f"two exchanged: {kind}", text


def tells_apart(between: str) -> bool:
    """Whether the words between two names say different things of them: a number, or more than a list's words."""
    rest = re.sub(r"\b(?:and|or|y|o|e|u|the|of|in|de|en|la|el|las|los|both|nor|ni|[A-ZÁÉÍÓÚ]\w*)\b", " ", between)
    return re.search(r"\d|\w{4,}.*\w{2,}", rest) is not None
