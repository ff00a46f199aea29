"""Who is said to say what a text says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from qa.answering.checking import markers
from qa.answering.checking.stemming import stem_in
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span
from qa.language.numbers import is_number
from qa.language.terms import STOP_WORDS

_SAYING = markers.any_of(markers.SAYING)
_TELLING = markers.any_of(markers.TELLING)
_ACCORDING = markers.any_of(markers.ACCORDING)
_QUOTING = markers.any_of(r"quot(?:es?|ed|ing)|cit(?:es|ed|ing)|cita|citó|citando")
_DENIES = markers.any_of(r"den(?:y|ies|ied)|rejects?|rejected|niega[n]?|negó|negaron|rechaz\w+|desmint\w+")
_SAID_BY = re.compile(
    rf"(?<!\w)(?:(?:{markers.SAYING})\s(?:by|por)|(?:called|provided) for (?:by|in)|(?:set out|laid down) in)(?!\w)"
)
REPORT = frozenset(
    """
    newspaper paper daily weekly report reports article summary text broadcaster station dispatch account story magazine site piece bulletin
    newsletter publication outlet headline archive source sources
    diario periodico rotativo noticia cronica titular texto informacion resumen emisora reportaje articulo archivo agencia boletin medio
    publicacion fuentes
    """.split()  # noqa: SIM905
)
"""What a report is called by itself and others."""
_NOBODY = frozenset("se it he she they who which that this there what el ella ellos que lo se".split())  # noqa: SIM905
LOOSE = frozenset(
    "statement comunicado account words spokesman spokeswoman spokesperson portavoz official officials group report".split()  # noqa: SIM905
)
_ACTS = markers.any_of(
    r"found|held|ruled|decided|confirmed|confirms|lists|listed|declared|declares|asks?|asked|wants?|wanted|plans?|calls?|called|names?|puts?|gives?|gave|counts?|counted|files|filed|presents?|presented|speaks?|spoke|habla|da|cuenta"
)
"""What is saying only of a report: a court that ruled or officers who found do more than tell."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is said to say something: the words of the name or the office, at least one."""

    words: tuple[Word, ...]
    acts: bool
    denies: bool = False

    @property
    def is_report(self) -> bool:
        """Whether a report is meant, whatever it is called."""
        return any(word.folded in REPORT for word in self.words)


def speakers(wording: Wording) -> list[Speaker]:
    """Who is said to say what a text says, in order."""
    found = [
        Speaker(_behind(wording, mark.end) or _following(wording, mark.end), False)
        for mark in wording.marks(_ACCORDING)
        if not _SAYING.match(wording.lower, mark.end + 1)
    ]
    anybody = [mark.start for mark in wording.marks(_TELLING)]
    for mark in wording.marks(_SAYING):
        if mark.start and wording.text[mark.start].isupper():
            continue  # "the United States"
        acts = bool(_ACTS.fullmatch(wording.lower, mark.start, mark.end))
        if _BY.match(wording.lower, mark.end) or _is_noun(wording, mark):
            continue
        words = _who(wording, mark)
        if mark.start in anybody and (whole := _anybody(wording, mark.start)) and set(words) <= set(whole):
            words = whole
        denies = bool(_DENIES.fullmatch(wording.lower, mark.start, mark.end))
        found.append(Speaker(words, acts and mark.start not in anybody, denies))
    found += [Speaker(_behind(wording, mark.end), False) for mark in wording.marks(_QUOTING)]
    said_by = wording.marks(_SAID_BY)
    found += [Speaker(_behind(wording, one.end) or _following(wording, one.end)[:2], True) for one in said_by]
    return [one for one in found if any(not word.is_light or word.folded in REPORT for word in one.words)]


def _who(wording: Wording, mark: Span) -> tuple[Word, ...]:
    """The name or office that a word of saying belongs to, behind it or in front of it."""
    inverted, apart = _inverted(wording, mark), _set_off(wording, mark.start)
    if apart and not any(_names_somebody(word) for word in inverted):
        return apart
    return inverted or apart or _before(wording, mark.start)


ARTICLES = frozenset(
    "the a an of el la los las un una de del s both its their his her su for at and y e & both".split()  # noqa: SIM905
)
_AUXILIARY = frozenset(
    "has have had also now then later did does ha han había habían he do still already again once only earlier previously recently immediately today yesterday further subsequently".split()  # noqa: SIM905
)
_PASSIVE = frozenset(
    "was were is are be been being fue fueron es son sido to not would could may might will can".split()  # noqa: SIM905
)


def _before(wording: Wording, place: int) -> tuple[Word, ...]:
    """The name or office that ends before a word of saying, with what is set off by commas between."""
    words, place = _ahead_of(wording, place)
    if not words or words[-1].folded in _PASSIVE:
        return ()
    return _ending_at(wording, words, place)


def _ahead_of(wording: Wording, place: int) -> tuple[list[Word], int]:
    """The words before a word of saying and its auxiliaries, and where these begin."""
    words = [word for word in wording.words if word.end <= place][-24:]
    while words and words[-1].folded in _AUXILIARY:
        place = words.pop().start
    return words, place


def _set_off(wording: Wording, place: int) -> tuple[Word, ...]:
    """The same where something is set off by commas between: "Múgica, the ombudsman, said"."""
    words, place = _ahead_of(wording, place)
    if not words or wording.text[words[-1].end : place].strip() != ",":
        return ()
    comma = wording.text.rfind(",", max(0, place - 90), words[-1].end)
    aside = [word for word in words if word.start > comma]
    relative = bool(aside) and aside[0].folded in {"who", "which", "whose", "que", "quien"}
    if comma < 0 or aside[0].folded in _LEADING or (not relative and any(_is_finite(word) for word in aside)):
        return ()
    named = _ending_at(wording, [word for word in words if word.end <= comma], comma)
    return (*named, *(word for word in aside if word.is_capital or _names_somebody(word)))


_LEADING = frozenset(
    "of for that to on in about from by with after before during since until de que por en tras desde".split()  # noqa: SIM905
)


def _ending_at(wording: Wording, words: Sequence[Word], end: int) -> tuple[Word, ...]:
    """The name or office that the last of some words belong to."""
    taken: list[Word] = []
    for word in reversed(words):
        gap = wording.text[word.end : end]
        joined = gap == "-" or wording.text[word.start - 1 : word.start] == "-"
        if re.search(r"[,;:()—–.!?]", gap) or not (joined or _is_part(word)):
            break
        taken.append(word)
        end = word.start
    return _somebody(tuple(reversed(taken)))


def _behind(wording: Wording, place: int) -> tuple[Word, ...]:
    """The name or office that begins behind "according to"."""
    taken: list[Word] = []
    end = place
    for word in wording.words:
        if word.start < place:
            continue
        gap = wording.text[end : word.start]
        if len(taken) > 9 or re.search(r"[,;:()—–.!?]", gap) or not (gap == "-" or _is_part(word)):
            break
        taken.append(word)
        end = word.end
    return _somebody(tuple(taken))


def _following(wording: Wording, place: int) -> tuple[Word, ...]:
    """The words behind "according to" up to the next comma or the end, where nobody is named by them."""
    end = re.compile(r"[,;:.()]|$").search(wording.text, place)
    limit = min(end.start() if end else len(wording.text), place + 50)
    words = [word for word in wording.words if place <= word.start and word.end <= limit]
    if words and words[0].folded in _LEADING:
        return ()
    return tuple(word for word in words if word.folded not in ARTICLES)[:8]


def _inverted(wording: Wording, mark: Span) -> tuple[Word, ...]:
    """The name behind ", said": only where the saying stands behind what is said."""
    if wording.lower[mark.start : mark.end] in _ADDRESSING or not re.search(
        r"(?:[,”\"»’]\s*|(?:^|\s)(?:según|como|as)\s)(?:as |como |según )?(?:(?:also|then|has|had|ha|había)\s)?$",
        wording.lower[: mark.start],
    ):
        return ()
    words = _following(wording, mark.end)
    first = next((word for word in wording.words if word.start >= mark.end), None)
    titled = bool(words) and words[-1].is_capital and not words[0].is_light  # "said lead manager Salomon Brothers"
    if first is None or not (titled or first.is_capital or first.folded in ARTICLES - _JOINING):
        return ()
    if not _DETERMINED.match(wording.lower, mark.end):
        head = [word for word in words if word.start < _end_of_head(wording, mark.end)]
        words = _somebody(words) if any(_names_somebody(word) for word in head) else ()
    return words if 0 < len(words) < 7 and not any(_is_finite(word) for word in words) else ()


_ADDRESSING = frozenset(["told", "tells", "tell"])
"""Behind these stands who is spoken to."""
_JOINING = frozenset("of at for and y e de del &".split())  # noqa: SIM905
_HEAD_ENDS = re.compile(r"\s(?:of|at|in|on|for|to|de|del|en|con)\s")


def _end_of_head(wording: Wording, place: int) -> int:
    """Where the noun that stands behind a place is done and what belongs to it begins."""
    match = _HEAD_ENDS.search(wording.lower, place)
    return match.start() if match else len(wording.text)


_DETERMINED = re.compile(r"\s(?:the|los|las|el|la)\s(?:[\w’'-]+\s?){1,8}(?:[.,;)]|$)")


def _is_finite(word: Word) -> bool:
    return word.folded in _NO_SUBJECT or (not word.is_capital and bool(re.search(r"(?:ed|ó|aron|ieron)$", word.text)))


_BY = re.compile(r"\s(?:(?!(?:that|que)\s)\w+\s)?(?:by|por)\s")
_NOUNS = frozenset(
    "states reports counts claims notes names calls files lists estimates forecasts demands forecast estimate claim demand asks cuenta cita informa rules plans holds".split()  # noqa: SIM905
)


def _is_noun(wording: Wording, mark: Span) -> bool:
    """Whether what looks like a word of saying is a noun: "29 states", "the reports"."""
    if wording.lower[mark.start : mark.end] not in _NOUNS:
        return False
    before = [word for word in wording.words if word.end <= mark.start][-1:]
    bare = wording.lower[mark.start : mark.end] in {"rules", "plans"}
    if _OF_NOUN.match(wording.lower, mark.end) or (bare and not any(_names_somebody(one) for one in before)):
        return True
    return any(
        is_number(word.text)
        or word.text.endswith(("'s", "’s"))
        or word.folded in {"the", "a", "some", "many", "such", "all", "its"} | _LEADING
        for word in before
    )


_OF_NOUN = re.compile(r"\s(?:on|of|about|from|are|were|have|had|say|said)\s")
_NOUN_PHRASE = re.compile(
    r"(?:^|[,;:.]\s|(?<!\w)(?:and|but|that|while|which|although|though|as|y|pero|que|mientras|aunque|porque)\s)"
    r"(?P<who>(?:(?:the|a|an|its|their|his|her|some|many|most|several|two|el|la|los|las|un|una|unos|unas|su|sus)\s)?(?:[\w’'-]+\s){1,6}?)"
    r"(?:(?:has|have|had|also|now|then|later|earlier|previously|ha|han|había|habían|\w+ly)\s)*$"
)
_NO_SUBJECT = frozenset(
    "was were is are be been being it he she they who which that this there has have had to not fue fueron es son ha han había habían era".split()  # noqa: SIM905
)


def _anybody(wording: Wording, place: int) -> tuple[Word, ...]:
    """The words that a clause begins with and that a word of saying follows: "two residents of the street said"."""
    begin = max(0, place - 90)
    match = _NOUN_PHRASE.search(wording.lower[begin:place])
    if match is None:
        return ()
    first, last = begin + match.start("who"), begin + match.end("who")
    words = [word for word in wording.words if first <= word.start and word.end <= last]
    if any(word.folded in _NO_SUBJECT or word.folded in {"segun", "according"} for word in words):
        return ()
    return tuple(word for word in words if word.folded not in ARTICLES | _FIRST)


def _is_part(word: Word) -> bool:
    """Whether a word may be part of somebody's name or office."""
    return word.folded in ARTICLES or _names_somebody(word) or any(key.startswith("@") for key in word.keys)


def _is_name(word: Word) -> bool:
    """Whether a word is written as a name, and not only because a sentence begins with it: "By", "As"."""
    return word.is_capital and (word.folded not in STOP_WORDS | _FIRST or word.text.isupper())


_FIRST = frozenset("as by for at in on no only under while when although though since so if si como solo tras".split())  # noqa: SIM905


def _names_somebody(word: Word) -> bool:
    return _is_name(word) or word.folded in REPORT or word.folded in _FIELD or not word.keys.isdisjoint(_roles())


def _somebody(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """The words without articles; none where nobody is named by them."""
    kept = tuple(word for word in words if word.folded not in ARTICLES and word.folded not in _NOBODY)
    telling = (word for word in kept if word.folded not in _FIELD or word.is_capital)
    return kept if any(_names_somebody(word) and not word.text[0].isdigit() for word in telling) else ()


_FIELD = frozenset(
    """
    interior justice industry defence foreign finance economic research federal national local british-based chilean own same child-rights
    digital-rights law firm think tank general technology health justicia industria italian italiana italiano postal judicial civil central
    official director joint
    """.split()  # noqa: SIM905
)
_ROLES = """
ministry minister police court government spokesman spokeswoman prosecutor official authority agency commission statement company organisation union department mayor president council analyst expert investigator scientist researcher engineer resident worker auditor doctor service chairman executive officer ombudsman judge lawyer bank economist trader association ministers ministerio ministro policía tribunal gobierno portavoz fiscalía autoridades comunicado empresa sindicato juez abogado alcalde asociación investigadores agentes defensor
"""


@cache
def _roles() -> frozenset[str]:
    """The keys of words for those who speak in an office."""
    return frozenset(stem_in(word, language) for word in _ROLES.split() for language in ("en", "es"))
