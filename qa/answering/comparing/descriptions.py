"""What someone or something is said to be: two descriptions that share a noun and differ in the word before it.

"Bodies of police co-operation" and "a body for judicial co-operation" have co-operation in common; an "interior
minister" and a "justice minister" the office. Words are compared by their beginnings, so that interior, *Interior*,
minister and *ministro* meet.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.answering.comparing.parties import Saying
from qa.answering.comparing.sentences import Told
from qa.domain.archive import Span
from qa.language.answer_spans import NAME, NOT_NAMES
from qa.language.places import places_in
from qa.language.questions import asks_yes_or_no_in_spanish
from qa.language.terms import STOP_WORDS, fold, stem, word_matches, words

BEHIND = 24
"""Words behind a name in which it may be described: "is an EU body in The Hague that supports …"."""

BEFORE = 6
"""Words before a name that may be its title: "Spain's interior minister, José Antonio Alonso"."""

BEGINNING = 6
"""Letters by which words of two languages, or of one root, are compared."""

_DESCRIBES = re.compile(
    r"\b(?:is|are|was|were|as|called|calls?|named|names|being|es|son|era|eran|fue|fueron|como|llama|llamó)\b",
    re.IGNORECASE,
)
"""Words that lead from a name to what it is said to be."""

_JOINED = re.compile(r"\b[Cc]o-(?=[a-z])")
_APART = re.compile(
    r"[,;:.()]|\b(?:and|or|nor|in|at|on|by|from|against|is|are|was|were|has|have|had"
    r"|y|o|e|u|ni|en|por|contra|es|son|era|fue|fueron|ha|han)\b",
    re.IGNORECASE,
)
"""What parts two words that then are no pair: "judges or police", "a body in The Hague"."""

_ROLE = re.compile(
    r"minist|presid|secret|commis|comisa|direct|chief|jefe|ombuds|defens|judge|juez|govern|gobern|mayor|alcald|chair"
    r"|prosec|fiscal|ambass|embaja|spokes|portav|captai|coach"
)
_GENERAL = frozenset(
    """
    new former old current then acting first second last next own main large big small great other same such
    against among contra international national several many all various
    nuevo nueva ex antiguo actual primer gran otro mismo internacional nacional
    """.split()  # noqa: SIM905
)
"""Words that go with others: a new minister may be the interior minister."""

_KINDS_OF_THING = frozenset(
    "bodi organi agency agenci instit group entity associ one thing person kind sort type organo cuerpo grupo".split()  # noqa: SIM905
)
"""Beginnings of nouns so wide that a description doesn't differ by them."""

_YES_NO = re.compile(r"^\W*(?:(?:and|but|so|y)\s)?(?:is|are|was|were|es|son|era|eran|fue|fueron)\b", re.IGNORECASE)
_WHO_IS = re.compile(
    r"^\W*(?:who|qui[eé]n(?:es)?)\s(?:is|are|was|were|es|son|era|eran|fue)\s"
    r"|\b(?:what|which|qu[eé])\s(?:office|post|position|role|job|title|kind of|sort of|type of|cargo|puesto|tipo de)\b"
    r"|\bhow (?:is|are|was|were) .* described\b",
    re.IGNORECASE,
)


_NAME_LEADS = re.compile(r"^\W*¿\s*[A-ZÁÉÍÓÚÑ][\w'’-]*\s(?:[ye]\s[A-ZÁÉÍÓÚÑ]|(?:es|son|era|eran|fue|fueron)\s)")
_IS = re.compile(r"(?<!\w)(?:es|son|era|eran|fue|fueron)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words of a description that stand together; `mark` is their place in the sentence."""

    told: Told
    words: frozenset[str]
    mark: Span


@dataclass(frozen=True, slots=True)
class Described:
    """Whom or what a question asks to be described: the words of its name, the last of each name, and what may be said.

    A name is met by its last word: there are many Josés.
    """

    subject: frozenset[str]
    last: frozenset[str]
    predicate: frozenset[str]
    office: bool

    @classmethod
    def asked_by(cls, question: str) -> Described | None:
        """None where the question doesn't ask what something is, or names nothing."""
        yes_no, office = _asks_whether_it_is(question), bool(_WHO_IS.search(question))
        # The first word is capital anyway, unless what is asked about leads: "¿Eurojust e IberRed son …?"
        first = 0 if _NAME_LEADS.match(question) else next(word_matches(question)).end()
        names = [
            m
            for m in NAME.finditer(question, first)
            # Who holds an office in Spain is not what Spain is said to be.
            if fold(m.group()) not in NOT_NAMES and (yes_no or not places_in(m.group()))
        ]
        if not names or not (yes_no or office):
            return None
        subject = frozenset(fold(word) for m in names for word in words(m.group()) if fold(word) not in STOP_WORDS)
        last = frozenset(fold(words(m.group())[-1]) for m in names)
        others = {
            stem(word)[:BEGINNING]
            for word in words(_JOINED.sub("co", question))
            if fold(word) not in subject | STOP_WORDS
        }
        return cls(subject, last, frozenset(others) if yes_no else frozenset(), office)

    def asks(self, pair: frozenset[str]) -> bool:
        """Whether the question is about what two words say together."""
        return bool(pair & self.predicate) if self.predicate else any(_ROLE.match(word) for word in pair)


def compare_descriptions(asked: Described, sentences: Sequence[Told], answered: Sequence[Told]) -> list[Saying]:
    """The descriptions of what is asked about that differ in one word, if the answer has one of them."""
    pairs = [pair for one in sentences for pair in _pairs(one, asked)]
    parties: list[Pair] = []
    shared: set[str] = set()
    differing: set[str] = set()
    for anchor in pairs:
        if anchor.told not in answered or not asked.asks(anchor.words):
            continue
        for rival in pairs:
            words_apart = anchor.words ^ rival.words
            if _rival(rival, anchor, pairs) and (
                not asked.predicate or words_apart & asked.predicate - _KINDS_OF_THING
            ):
                parties += [anchor, rival]
                shared |= anchor.words & rival.words
                differing |= words_apart
    seconds = [one for one in pairs if one.words & shared and one.words & differing - shared]
    return [_saying(one) for one in _once([*parties, *seconds])] if parties else []


def _rival(one: Pair, anchor: Pair, pairs: Sequence[Pair]) -> bool:
    """Whether a pair has one word of the anchor's and another instead of the other, and neither sentence has both."""
    if one.told == anchor.told or len(one.words & anchor.words) != 1 or min(len(one.words), len(anchor.words)) < 2:
        return False
    (ours,), (theirs,) = anchor.words - one.words, one.words - anchor.words
    if {ours, theirs} & _KINDS_OF_THING:
        return False
    said_of_one = {word for pair in pairs if pair.told == one.told for word in pair.words}
    said_of_anchor = {word for pair in pairs if pair.told == anchor.told for word in pair.words}
    return ours not in said_of_one and theirs not in said_of_anchor


def _once(pairs: Sequence[Pair]) -> list[Pair]:
    """One pair for each sentence: that with the words that most of the sentences have."""
    counts = Counter(word for words_of in {(pair.told.span, pair.words) for pair in pairs} for word in words_of[1])
    kept: dict[tuple[str, Span], Pair] = {}
    for pair in sorted(pairs, key=lambda one: -sum(counts[word] for word in one.words)):
        kept.setdefault((pair.told.report.source.article_id, pair.told.span), pair)
    return list(kept.values())


def _pairs(one: Told, asked: Described) -> Iterator[Pair]:
    """Neighbouring words of what a sentence says of the subject."""
    text = one.text
    for start, end in _windows(text, asked):
        inside = (m for m in word_matches(text) if start <= m.start() and m.end() <= end)
        found = [m for m in inside if _tells(m.group(), asked) and fold(m.group()) not in one.report.voices]
        for left, right in pairwise(found):
            between = text[left.end() : right.start()]
            if not _APART.search(between) and len(words(between)) <= 2:
                first = left.start() - 3 * _is_joined(text, left)
                yield Pair(one, frozenset({_key(text, left), _key(text, right)}), Span(first, right.end()))


def _windows(text: str, asked: Described) -> Iterator[tuple[int, int]]:
    """Stretches of a sentence that may describe the subject: a title before its name, what it is called behind."""
    found = list(word_matches(text))
    for at, match in enumerate(found):
        if fold(match.group()) not in asked.last or not match.group()[0].isupper():
            continue
        first = at
        while first and fold(found[first - 1].group()) in asked.subject:
            first -= 1
        yield found[max(0, first - BEFORE)].start(), found[first].start()
        behind = text[match.end() : found[min(len(found) - 1, at + BEHIND)].end()]
        verb = _DESCRIBES.search(behind)
        if verb:
            yield match.end() + verb.end(), match.end() + len(behind)
        elif re.match(r"[\s,]*[a-záéíóúñ]", behind):  # "called José Antonio Alonso justice minister of Spain"
            yield match.end(), found[min(len(found) - 1, at + 3)].end()


def _tells(word: str, asked: Described) -> bool:
    plain = fold(word)
    if plain in STOP_WORDS or plain in _GENERAL or plain in asked.subject or len(plain) < 3 or plain[0].isdigit():
        return False
    return not places_in(word)


def _is_joined(text: str, match: re.Match[str]) -> bool:
    """Whether a word is the second half of one with a hyphen: co-operation."""
    return text[max(0, match.start() - 3) : match.start()].lower() == "co-"


def _key(text: str, match: re.Match[str]) -> str:
    return stem(("co" if _is_joined(text, match) else "") + match.group())[:BEGINNING]


def _saying(one: Pair) -> Saying:
    return one.told.saying(one.told.text[one.mark.start : one.mark.end], one.mark)


def _asks_whether_it_is(question: str) -> bool:
    """Whether it is asked if something is so: "Are they judges?", "¿Los dos son jueces?"."""
    return bool(_YES_NO.match(question)) or (asks_yes_or_no_in_spanish(question) and bool(_IS.search(question)))
