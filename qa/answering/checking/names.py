"""Every name stands in the sources: of a person, a place, an organisation, an operation, a people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from qa.answering.checking.finding import Finding
from qa.answering.checking.peoples import people_of
from qa.answering.checking.stemming import LIGHT
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.language.numbers import is_number
from qa.language.places import name_of
from qa.language.renderings import other_words
from qa.language.terms import fold

_BEGINS = re.compile(r"^\W*$|[.:!?]\W*$|[“\"«]$")
_ROMAN = re.compile(r"[IVXLC]+")
_ACRONYM = re.compile(r"[A-Z]{2,6}")


def names(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Names that stand nowhere in the sources, nor among the words before them or in their credit."""
    known = _known(witnesses)
    written = capitals(sentence)
    missing = [
        word
        for word in written
        if word.keys.isdisjoint(known)
        and not _abbreviates(word, witnesses)
        and not _derived(word, known)
        and not _is_joined(word, sentence, known)
    ]
    for group in _together(missing, sentence.text):
        yield Finding(f"The name {group} stands in none of its sources.")
    if not missing and not any(_points_back(one) for one in witnesses):
        cited = frozenset().union(*(one.said.keys | one.names_of_source for one in witnesses))
        near = [word for word in written if not _is_cited(word, cited, witnesses)]
        for group in _together([word for word in near if not _translated(word, witnesses)], sentence.text)[:1]:
            yield Finding(f"The name {group} is not in the sentences cited, only near them.", grave=False)
    for first, last in _mismatched(written, sentence.text, witnesses):
        yield Finding(f"The sources call nobody “{first.text} {last.text}”.")
    for code, said in _peoples(sentence):
        if f"@{code}" not in known and said.folded not in known:
            yield Finding(f"The sources don't speak of {name_of(code) if code != 'EU' else 'Europe'}.")


def _mismatched(written: Sequence[Word], text: str, witnesses: Sequence[Witness]) -> Iterator[tuple[Word, Word]]:
    """Two words of one name that the sources have of two: a first name, and another's surname."""
    runs = [run for one in witnesses for part in one.parts for run in _runs(part)]
    for first, last in pairwise(written):
        if text[first.end : last.start] != " " or not (_is_own(first) and _is_own(last)):
            continue
        behind = [run[at + 1 :] for run in runs for at, word in enumerate(run) if word.folded == first.folded]
        known = any(word.meets(last) for run in runs for word in run)
        if known and behind and all(rest and not any(word.meets(last) for word in rest) for rest in behind):
            yield first, last


def _is_own(word: Word) -> bool:
    """Whether a word of a name means nothing by itself, as those of persons don't."""
    return not any(key[0] in "@=" for key in word.keys) and not word.text.isupper()


def _runs(part: Wording) -> Iterator[list[Word]]:
    """The words of names that stand right behind each other."""
    run: list[Word] = []
    for word in part.words:
        if run and not (word.is_capital and part.text[run[-1].end : word.start] in (" ", ". ")):
            yield run
            run = []
        if word.is_capital:
            run.append(word)
    yield run


def capitals(sentence: Wording) -> list[Word]:
    """The words that are written as names; one that begins the sentence only where a name goes on from it."""
    found = []
    for at, word in enumerate(sentence.words):
        if not word.is_capital or sentence.in_date(word) or is_number(word.text) or _is_title_case_stop(word):
            continue
        begins = bool(_BEGINS.search(sentence.text[: word.start]))
        if (
            not begins
            or _begins_as_name(sentence, at)
            or _goes_on(sentence, at)
            or any(key.startswith("@") for key in word.keys)
        ):
            found.append(word)
    return found


_VERBS = re.compile(
    r"(?:'s|’s)?\s(?:is|was|has|had|will|would|could|may|might|can|does|did|says|said|ha|fue|era|es|había|podría|se|que|who|which|then|also|now"
    r"|\w{3,}ed|\w{2,}ó|held|led|took|gave|made|sent|told|met|won|lost|saw|began|and [A-Z]\w+|y [A-Z]\w+)(?!\w)|,\s(?:an?|the|who|which|whose|also|un|una|el|la|los|que)\s|(?:'s|’s)\s"
)
_APPOSED = re.compile(r",\s(?:an?|una?)\s[\w-]+(?:\s[\w-]+){0,5},")
_COMMON = re.compile(
    r".*(?:s|ing|ion|ment|ness|ity|ance|ence|ly|ship|ism|ure|age|al|cy|ery)|police|data|people|men|women|children|information|"
    r"another|nobody|someone|anyone|everyone|both|today|yesterday|tomorrow|work|trade|oil|land|interest|access|research|evidence|news"
    r"|parliament|congress|government|court|earlier|later|further|once|previously|meanwhile|inflation|money|production|output|demand|supply",
    re.IGNORECASE,
)
"""Nouns that may begin a sentence without an article, and what looks like them."""


def _begins_as_name(sentence: Wording, at: int) -> bool:
    """Whether the first word of a sentence is a name: a single noun that stands there without an article."""
    word = sentence.words[at]
    owns = word.text.endswith(("'s", "’s"))
    if _APPOSED.match(sentence.text, word.end):
        return True
    return not _COMMON.fullmatch(word.folded) and (owns or bool(_VERBS.match(sentence.text, word.end)))


def _is_title_case_stop(word: Word) -> bool:
    return word.folded in LIGHT and not word.text.isupper()


def _goes_on(sentence: Wording, at: int) -> bool:
    """Whether the next word is a capital, too, right behind it; or the word is an abbreviation."""
    word = sentence.words[at]
    if len(word.text) > 1 and word.text.isupper():
        return True
    following = sentence.words[at + 1] if at + 1 < len(sentence.words) else None
    return bool(
        following
        and following.is_capital
        and sentence.text[word.end : following.start] == " "
        and not is_number(following.text)
    )


def _known(witnesses: Sequence[Witness]) -> frozenset[str]:
    keys = set().union(*(one.keys for one in witnesses))
    return frozenset(keys | _rendered(witnesses))


def _rendered(witnesses: Sequence[Witness]) -> frozenset[str]:
    """The words that names in the sources go by in the other language."""
    whole = (" ".join(word.folded for part in one.parts for word in part.words) for one in witnesses)
    return frozenset[str]().union(*map(other_words, whole))


_ADJECTIVES = frozenset("ian an n ese i ish ic s ans ians er ers".split())  # noqa: SIM905


def _derived(word: Word, known: frozenset[str]) -> bool:
    """Whether a word is made of a place in the sources by an ending, or the other way round: Chad, Chadian."""
    return _names_its_people(word, known) or any(
        len(name) > 3 and word.folded.startswith(name) and word.folded[len(name) :] in _ADJECTIVES
        for key in known
        for name in (key, key[:-1] if len(key) > 5 else key)
    )


_OF_PLACES = tuple("es esa eses ano ana anos anas eno ena enos ense enses ino ina i".split())  # noqa: SIM905


def _names_its_people(word: Word, known: frozenset[str]) -> bool:
    """Whether the sources have the Spanish word for what is of a place: pontevedrés, of Pontevedra."""
    base = word.folded.rstrip("aeo")
    return len(base) > 3 and any(base + ending in known for ending in _OF_PLACES)


def _is_joined(word: Word, sentence: Wording, known: frozenset[str]) -> bool:
    """Whether a word is part of one that the sources write as one: Ibero-American, iberoamericana."""
    parts = next(
        (one.group() for one in _HYPHENED.finditer(sentence.text) if one.start() <= word.start < one.end()), ""
    )
    whole = fold(parts.replace("-", ""))
    return len(whole) > 7 and any(key.startswith(whole[:-1]) and len(key) < len(whole) + 4 for key in known)


_HYPHENED = re.compile(r"\w+(?:-\w+)+")


def _abbreviates(word: Word, witnesses: Sequence[Witness]) -> bool:
    """Whether an abbreviation is made of the first letters of a name in the sources."""
    if not _ACRONYM.fullmatch(word.text) or _ROMAN.fullmatch(word.text):
        return False
    for one in witnesses:
        for part in one.parts:
            letters = "".join(own.text[0] for own in part.words if own.is_capital)
            plain = "".join(own.text[0] for own in part.words if own.folded not in LIGHT).upper()
            if word.text in letters or word.text in plain:
                return True
    return False


_BACK = re.compile(
    r"(?<!\w)(?:he|she|it|they|him|her|them|his|its|their|this|these|those|there|here|both|such|él|ella|ellos|ellas|su|sus|este|esta|estos"
    r"|estas|ese|esa|esos|esas|ello|allí|ambos|ambas|dicho|dicha|lo|le|les)(?!\w)|(?<!\w)(?:the|el|la|los|las)\s(?!(?:newspaper|report|diario|paper)\b)[a-záéíóúñ]"
)


def _is_cited(word: Word, cited: frozenset[str], witnesses: Sequence[Witness]) -> bool:
    """Whether the sources' sentences have a name; a paper may be called by its country, too."""
    if not word.keys.isdisjoint(cited) or _abbreviates(word, witnesses):
        return True
    return people_of(word.folded, "en") is not None and any(one.credit.has(word) for one in witnesses)


def _points_back(witness: Witness) -> bool:
    """Whether a source's sentence speaks of somebody or something that the words before it name."""
    text = witness.ground.text
    return bool(_BACK.search(text[:1].lower() + text[1:]))


def _translated(word: Word, witnesses: Sequence[Witness]) -> bool:
    return word.folded in _rendered(witnesses)


def _together(missing: Sequence[Word], text: str) -> list[str]:
    """Words of one name as one."""
    groups: list[tuple[int, int]] = []
    for word in missing:
        if groups and text[groups[-1][1] : word.start] in (" ", "-", "’", "'"):
            groups[-1] = (groups[-1][0], word.end)
        else:
            groups.append((word.start, word.end))
    return [text[start:end] for start, end in groups]


def _peoples(sentence: Wording) -> Iterator[tuple[str, Word]]:
    """The countries that adjectives in small letters name, as Spanish has them."""
    if sentence.language == "es":
        for word in sentence.words:
            if not word.is_capital and (code := people_of(word.folded, "es")):
                yield code, word
