"""Notes on the legal words in what is quoted: what they mean, beside the quote and never inside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from qa.i18n.locale import N_, _, ngettext, use_locale
from qa.models.annotations import LegalTerm, TermMention
from qa.models.replies import Citation, Question
from qa.text.glossary import find_terms
from qa.text.language import language_of


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
        TermMention(mention.span.shifted(quote.start), mention.term)
        for mention in find_terms(quote.text, quote.source.language)
    )


def term_notes(quotes: Iterable[Citation]) -> Iterator[TermNote]:
    """Each term once, where it first stands in the quotes."""
    explained: set[LegalTerm] = set()
    for quote in quotes:
        for mention in find_terms(quote.text, quote.source.language):
            if mention.term not in explained:
                explained.add(mention.term)
                yield TermNote(quote.text[mention.span.start : mention.span.end], mention.term, quote.number)


def legal_notes(quotes: Iterable[Citation], reader: str) -> dict[int, list[TermNote]]:
    """The notes by the number of the quote; each term is explained where it first stands.

    A reader of the quote's own language gets only terms that are often confused and terms of another language.
    """
    citations = list(quotes)
    foreign = {quote.number for quote in citations if quote.source.language.lower().split("-")[0] != reader}
    notes: dict[int, list[TermNote]] = {}
    for note in term_notes(citations):
        if note.number in foreign or note.term.confused or note.term.language != reader:
            notes.setdefault(note.number, []).append(note)
    return notes


def note_line(note: TermNote, reader: str) -> str:
    """A note as a line of text, in the reader's language: `Legal word in [1], “imputado”: …`."""
    text = explanation(note.term, reader)
    with use_locale(reader):
        return _("Legal word in [{number}], “{word}”: {text}", number=note.number, word=note.word, text=text)


def notes_heading(number: int, notes: list[TermNote], reader: str) -> str:
    """The heading of a quote's notes, in the reader's language."""
    with use_locale(reader):
        return ngettext("Legal word in quote {number}", "Legal words in quote {number}", len(notes), number=number)


def explanation(term: LegalTerm, reader: str) -> str:
    """A term's meaning in the reader's language; of a foreign term also the nearest one and what it must not be
    confused with."""
    meaning = term.meaning(reader)
    if term.language == reader:
        return meaning
    comparison = N_("{meaning} Nearest English term: “{nearest}”; not the same as “{different}”.")
    with use_locale(reader):
        return _(comparison, meaning=meaning, nearest=term.corresponds, different=term.not_equal)
