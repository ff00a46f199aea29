"""Who holds an office in the sources holds it in the sentence, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answering.checking.finding import Finding
from qa.answering.checking.names import capitals
from qa.answering.checking.stemming import LIGHT
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word

_OFFICES = frozenset(
    """
    minister ministra ministro ombudsman defensor judge juez jueza magistrate magistrado president presidente presidenta
    prosecutor fiscal mayor alcalde alcaldesa spokesman spokeswoman spokesperson portavoz rapporteur ponente commissioner
    comisario director directora chief jefe chairman chairwoman secretary secretario senator senador governor gobernador
    king rey queen reina pope papa lawyer abogado abogada analyst analista economist economista professor profesor
    general colonel coronel captain capitan lieutenant teniente officer official deputy diputado diputada ambassador
    embajador chancellor canciller premier delegate delegado delegada responsable head
    """.split()
)
_FIELDS = frozenset(
    """
    interior justice justicia industry industria defence defense defensa foreign exteriores finance hacienda economy
    economia health sanidad education educacion labour labor trabajo agriculture agricultura transport transportes
    environment trade comercio energy energia culture cultura prime primer vice home former
    """.split()
)
REACH = 5
"""Words between a name and the office of its holder, in the sources."""


def offices(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Offices beside a name that the sources don't put beside it."""
    written = capitals(sentence)
    parts = [part for one in witnesses for part in (one.said, one.before, one.title)]
    for at, word in enumerate(sentence.words):
        if word.folded not in _OFFICES:
            continue
        holder = _holder(sentence, at, written)
        if holder is None:
            continue
        claimed = [word, *_fields(sentence, at)]
        for one in claimed:
            if not any(_beside(part, holder, one) for part in parts):
                yield Finding(f"The sources don't call {holder.text} “{one.text}”.")
                break


def _holder(sentence: Wording, at: int, written: Sequence[Word]) -> Word | None:
    """The last word of the name right beside an office, behind it before in front of it."""
    behind = _name_from(sentence, at + 1, 1, written)
    return behind or _name_from(sentence, at - 1, -1, written)


def _name_from(sentence: Wording, at: int, step: int, written: Sequence[Word]) -> Word | None:
    last: Word | None = None
    skipped = 0
    while 0 <= at < len(sentence.words) and skipped <= REACH:
        word = sentence.words[at]
        named = word in written and not any(key.startswith("@") for key in word.keys)
        if named and word.folded not in _OFFICES | _FIELDS:
            if step < 0:
                return word
            last = word
        elif last or not _may_stand_between(word):
            break
        else:
            skipped += 1
        at += step
    return last


def _may_stand_between(word: Word) -> bool:
    articles = {"the", "a", "an", "of", "del", "de", "la", "el", "s", "su", "its", "for", "y", "who", "is", "es", "was"}
    return word.folded in articles | _FIELDS or any(key.startswith("@") for key in word.keys)


def _fields(sentence: Wording, at: int) -> list[Word]:
    """The words that say which minister is meant."""
    near = [*sentence.words[max(0, at - 2) : at], *sentence.words[at + 1 : at + 3]]
    return [word for word in near if word.folded in _FIELDS and word.folded not in LIGHT]


def _beside(part: Wording, holder: Word, office: Word) -> bool:
    """Whether a text has an office near a name, with no other name's end between."""
    places = [at for at, word in enumerate(part.words) if word.folded == holder.folded]
    for at in places:
        near = part.words[max(0, at - REACH - 2) : at + REACH + 3]
        if any(word.meets(office) for word in near):
            return True
    return False
