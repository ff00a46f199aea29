"""Who holds an office in the sources holds it in the sentence, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.stemming import LIGHT
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_OFFICES = frozenset(
    """
    executive minister ministra ministro ombudsman defensor judge juez jueza magistrate magistrado president presidente
    presidenta prosecutor fiscal mayor alcalde alcaldesa spokesman spokeswoman spokesperson portavoz rapporteur
    ponente commissioner comisario director directora chief jefe chairman chairwoman secretary secretario senator
    senador governor gobernador king rey queen reina pope papa lawyer abogado abogada analyst analista economist
    economista professor profesor general colonel coronel captain capitan lieutenant teniente officer official
    deputy diputado diputada ambassador embajador chancellor canciller premier delegate delegado delegada
    responsable head
    """.split()  # noqa: SIM905
)
_FIELDS = frozenset(
    """
    interior justice justicia industry industria defence defense defensa foreign exteriores finance hacienda economy
    economia health sanidad education educacion labour labor trabajo agriculture agricultura transport transportes
    environment trade comercio energy energia culture cultura prime primer vice home former designate elect acting
    """.split()  # noqa: SIM905
)
_LOOSE = frozenset(
    """
    head general executive responsable officer official chief jefe premier fiscal papa colonel captain capitan director
    """.split()  # noqa: SIM905
)
"""Words for an office that have other meanings, or other words for them."""
Held = tuple[Word, tuple[Word, ...], tuple[Word, ...]]
"""An office, whose it may be, and the words that say which it is."""
REACH = 5
"""Words between a name and the office of its holder, in the sources."""


def offices(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Offices beside a name that the sources don't put beside it."""
    parts = [part for one in witnesses for part in (one.said, one.before, one.title)]
    known = frozenset().union(*(one.keys for one in witnesses))
    for word in sentence.words:
        if word.folded in _OFFICES - _LOOSE and known.isdisjoint(word.keys):
            yield Finding(f"The sources don't speak of a “{word.text}”.")
            return
    theirs = [held for part in parts for held in held_offices(part)]
    for office, holders, about in held_offices(sentence):
        if holders and not any(_holds(holder, (office, *about), theirs, parts) for holder in holders):
            yield Finding(f"The sources don't call {holders[0].text} “{office.text}”.")
            return


def held_offices(wording: Wording) -> list[Held]:
    """Words for an office with the last words of the names right beside each, and the words that say which it is."""
    written = capitals(wording)
    found = []
    for at, word in enumerate(wording.words):
        if word.folded in _OFFICES:
            holders = _holders(wording, at, written)
            found.append((word, holders, (*_fields(wording, at), *_body(wording, at, holders))))
    return found


def _body(wording: Wording, at: int, holders: Sequence[Word]) -> list[Word]:
    """The name of the body that an office is held in: "president of Eurojust", "Eurojust's president"."""
    before = wording.words[at - 1] if at else None
    if before and before.text.endswith(("'s", "’s")) and before.is_capital:
        owned = [before]
    else:
        behind = wording.words[at + 1 : at + 4]
        owned = [word for word in behind[1:] if word.is_capital] if behind and behind[0].folded in _OF else []
        owned = [word for word in owned if not word.text.endswith(("'s", "’s"))][:1]
    own = {holder.folded for holder in holders}
    return [one for one in owned if one.folded not in own and not any(key.startswith("@") for key in one.keys)]


def _holds(holder: Word, words: Sequence[Word], theirs: Sequence[Held], parts: Sequence[Wording]) -> bool:
    """Whether the sources give somebody an office: right beside the name or, if they do so to nobody, near it."""
    beside = [one for one in theirs if any(name.meets(holder) for name in one[1])]
    office, *about = words
    same = [one for one in beside if one[0].meets(office)]
    if same:
        return all(any(word.meets(own) for part in parts for own in part.words) for word in about) and not any(
            word.folded in _FIELDS and not any(word.meets(own) for one in same for own in (one[0], *one[2]))
            for word in about
        )
    given = any(one[1] and one[0].meets(office) for one in theirs)
    return not given and not beside and all(any(_beside(part, holder, one) for part in parts) for one in words)


def _holders(sentence: Wording, at: int, written: Sequence[Word]) -> tuple[Word, ...]:
    """The last words of the names right beside an office, the likelier holder first."""
    front, behind = (_name_from(sentence, at + step, step, written) for step in (-1, 1))
    if front and _IS.fullmatch(sentence.lower, front.end, sentence.words[at].start):
        return (front,)
    return tuple(name for name in (behind, front) if name)


_IS = re.compile(r"\s(?:is|was|as|es|era|fue|como)\s(?:[\w’']+\s){0,4}")
"""Between a name and what somebody is: "while Ana Ruiz was interior minister"."""


def _name_from(sentence: Wording, at: int, step: int, written: Sequence[Word]) -> Word | None:
    last: Word | None = None
    skipped = 0
    while 0 <= at < len(sentence.words) and skipped <= REACH:
        word = sentence.words[at]
        named = word in written and not any(key.startswith("@") for key in word.keys)
        if step < 0 and word in written and word.text.endswith(("'s", "’s")):
            return None  # the body that it is held in
        if named and word.folded not in _OFFICES | _FIELDS:
            if step < 0:
                return None if _is_of_office(sentence, at) else word
            last = word
        elif step > 0 and not last and word.folded in _OF and not _says_which(sentence, at):
            at = _past_body(sentence, at)
            continue
        elif last or not (_may_stand_between(word) or _joins_offices(sentence, at)):
            break
        else:
            skipped += 1
        at += step
    return last


_OF = frozenset({"of", "de", "del"})


def _is_of_office(sentence: Wording, at: int) -> bool:
    """Whether a capital belongs to the name of an office: "Defensor del Pueblo", "Fiscal General del Estado"."""
    before = [word.folded for word in sentence.words[max(0, at - 3) : at]]
    return len(before) > 1 and before[-1] in _OF and bool(_OFFICES & set(before[:-1]))


def _past_body(sentence: Wording, at: int) -> int:
    """The word behind "of the Council," where a comma follows; beyond the sentence where none does."""
    for place in range(at + 1, min(at + 7, len(sentence.words) - 1)):
        if sentence.text[sentence.words[place].end : sentence.words[place + 1].start].strip() == ",":
            return place + 1
    return len(sentence.words)


def _says_which(sentence: Wording, at: int) -> bool:
    """Whether "of" is followed by what the office is for, and not by the body that it is held in."""
    following = [word for word in sentence.words[at + 1 : at + 4] if word.folded not in {"the", "la", "el", "los"}][:1]
    return any(word.folded in _FIELDS or any(key.startswith("@") for key in word.keys) for word in following)


def _may_stand_between(word: Word) -> bool:
    articles = {"the", "a", "an", "of", "del", "de", "la", "el", "s", "for", "y", "who", "is", "es", "was"}
    owner = word.is_capital and word.text.endswith(("'s", "’s"))
    return owner or word.folded in articles | _FIELDS | _OFFICES or any(key.startswith("@") for key in word.keys)


def _joins_offices(sentence: Wording, at: int) -> bool:
    """Whether one person is two things: "chairman and chief executive"."""
    near = [word.folded in _OFFICES for word in (sentence.words[at - 1], *sentence.words[at + 1 : at + 2])]
    return sentence.words[at].folded in {"and", "y", "e"} and len(near) == 2 and all(near)


def _fields(sentence: Wording, at: int) -> list[Word]:
    """The words that say which minister is meant."""
    near = [*sentence.words[max(0, at - 2) : at], *sentence.words[at + 1 : at + 3]]
    return [word for word in near if word.folded in _FIELDS and word.folded not in LIGHT]


def _beside(part: Wording, holder: Word, office: Word) -> bool:
    """Whether a text has an office near a name, with no other name's end between."""
    places = [at for at, word in enumerate(part.words) if word.meets(holder)]
    for at in places:
        near = part.words[max(0, at - REACH - 2) : at + REACH + 3]
        if any(word.meets(office) for word in near):
            return True
    return False
