"""Notes on the legal words in what is quoted: what they mean, beside the quote and never inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qa.models.annotations import LegalTerm, TermMention
from qa.models.replies import Citation, Question
from qa.text.glossary.finding import find_terms
from qa.text.language import language_of


@dataclass(frozen=True, slots=True)
class NoteWords:
    """The software's own words of a note in one language; `opening` and `closing` are its quotation marks."""

    lead: str
    nearest: str
    differs: str
    opening: str
    closing: str

    def quoted(self, text: str) -> str:
        return f"{self.opening}{text}{self.closing}"


NOTE_WORDS: Mapping[str, NoteWords] = {
    "en": NoteWords("Legal word in", "Nearest English term", "not the same as", "“", "”"),
    "es": NoteWords("Término jurídico en", "Término español más próximo", "no equivale a", "«", "»"),
}


@dataclass(frozen=True, slots=True)
class TermNote:
    """A legal word where it first stands in a reply: as it is written there, and the number of its quote."""

    word: str
    term: LegalTerm
    number: int


def reader_language(question: Question) -> str:
    """The language that a question is asked in, `es` or `en`; the page's where its words don't tell."""
    return language_of(question.text, otherwise=question.locale)


def terms_of(quote: Citation) -> tuple[TermMention, ...]:
    """The legal words of a quote; their spans count characters of its article's body."""
    return tuple(
        TermMention(one.span.shifted(quote.start), one.term) for one in find_terms(quote.text, quote.source.language)
    )


def term_notes(quotes: Iterable[Citation]) -> Iterator[TermNote]:
    """Each term once, where it first stands in the quotes."""
    told: set[LegalTerm] = set()
    for quote in quotes:
        for one in find_terms(quote.text, quote.source.language):
            if one.term not in told:
                told.add(one.term)
                yield TermNote(quote.text[one.span.start : one.span.end], one.term, quote.number)


def note_lines(quotes: Iterable[Citation], reader: str) -> Iterator[str]:
    """The notes as lines of text: on the words of quotes in another language than the reader's, and on words that are
    confused so often that every reader is told."""
    held = list(quotes)
    foreign = in_other_languages(held, reader)
    for note in term_notes(held):
        if note.number in foreign or note.term.confused:
            yield note_line(note, reader)


def in_other_languages(quotes: Iterable[Citation], reader: str) -> frozenset[int]:
    """The numbers of the quotes that are not in the reader's language."""
    return frozenset(one.number for one in quotes if one.source.language.lower().split("-")[0] != reader)


def note_line(note: TermNote, reader: str) -> str:
    """One note: `Legal word in [1], “imputado”: …`."""
    said = note_words(reader)
    return f"{said.lead} [{note.number}], {said.quoted(note.word)}: {explanation(note.term, reader)}"


def explanation(term: LegalTerm, reader: str) -> str:
    """What a term means and, for who doesn't read its language, what it corresponds to and what it isn't."""
    said, meaning = note_words(reader), term.meaning(reader)
    if term.language == reader:
        return meaning
    nearest, other = said.quoted(term.corresponds), said.quoted(term.not_equal)
    return f"{meaning} {said.nearest}: {nearest}; {said.differs} {other}."


def note_words(reader: str) -> NoteWords:
    """The words of a note in the reader's language; in English for any that has none."""
    return NOTE_WORDS.get(reader, NOTE_WORDS["en"])
