"""What the legal words of a quote mean, folded up below it: `<details>`, which opens without a script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qa.answering.legal_terms import TermNote, explanation, in_other_languages, term_notes
from qa.models.replies import Citation

_SUMMARY = {
    "en": ("Legal word in quote", "Legal words in quote"),
    "es": ("Término jurídico de la cita", "Términos jurídicos de la cita"),
}
"""What is folded up, for one word and for several, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Word:
    """A legal word as the quote has it, the language that it is of, and what it means."""

    word: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Legal:
    """The notes of one quote; `reader` is the language that they are written in."""

    summary: str
    reader: str
    words: tuple[Word, ...]


def legal_notes(quotes: Iterable[Citation], reader: str) -> dict[int, Legal]:
    """The notes by the number of the quote; each term is explained where it first stands.

    Who reads the quote's own language is told only of what is often confused, and of names of the other language.
    """
    held = list(quotes)
    foreign = in_other_languages(held, reader)
    by_quote: dict[int, list[TermNote]] = {}
    for note in term_notes(held):
        if note.number in foreign or note.term.confused or note.term.language != reader:
            by_quote.setdefault(note.number, []).append(note)
    return {number: _legal(number, notes, reader) for number, notes in by_quote.items()}


def _legal(number: int, notes: list[TermNote], reader: str) -> Legal:
    one, several = _SUMMARY.get(reader, _SUMMARY["en"])
    words = tuple(Word(note.word, note.term.language, explanation(note.term, reader)) for note in notes)
    return Legal(f"{one if len(words) == 1 else several} {number}", reader if reader in _SUMMARY else "en", words)
