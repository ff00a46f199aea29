"""The view of a quote: its credit, its words with glosses on them, notes on legal words, correction, translation."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from qa.answering.quoting import fragments
from qa.i18n.forms import lead, quote_credit
from qa.i18n.locale import _, ngettext, use_locale
from qa.models.annotations import LegalTerm, TermMention
from qa.models.archive import Correction
from qa.models.replies import Answer, Citation
from qa.models.support import Translation
from qa.text.entities import NUMBER, number_value, places_in, without_dates
from qa.text.glossary import find_terms
from qa.text.language import primary
from qa.text.terms import content_words, lowered, stem

_NAME = re.compile(r"(?<=[\w,;:(“] )[A-ZÁÉÍÓÚÑ]\w{3,}")  # neither what begins a sentence nor a short word


@dataclass(frozen=True, slots=True)
class TermNote:
    """A legal word where it first stands in a reply: as it is written there, and the number of its quote."""

    word: str
    term: LegalTerm
    number: int


class QuoteView:
    """A citation as printed, in the current locale; `corrected` are the quotes that a correction is shown with."""

    def __init__(
        self,
        citation: Citation,
        notes: Mapping[int, Sequence[TermNote]] | None = None,
        answer: Answer | None = None,
        corrected: Mapping[Citation, bool] | None = None,
    ) -> None:
        self.citation, self.number, self.source = citation, citation.number, citation.source
        self.credit = quote_credit(citation)
        self.fragments = tuple(fragments(citation))  # its words cut at marks and glosses
        self.notes = tuple((notes or {}).get(citation.number, ()))
        translations = answer.translations if answer else ()
        self.translation = next((text for text in translations if text.number == citation.number), None)
        # That of its source where it is shown with this quote, once in a reply; in full where these words are touched.
        self.correction = citation.source.correction if corrected and citation in corrected else None
        self.touched = bool(corrected and corrected.get(citation))

    @property
    def words(self) -> str:
        """The quoted words, each gloss in square brackets right after the words it explains; no quotation marks."""
        return "".join(f" [{fragment.text}]" if fragment.gloss else fragment.text for fragment in self.fragments)


def corrected_quotes(quotes: Iterable[Citation]) -> dict[Citation, bool]:
    """The quotes that a correction is shown with: of each article the first that it touches (True), else the first."""
    by_article: dict[str, tuple[Citation, bool]] = {}
    for quote in quotes:
        if quote.source.correction:
            touched = is_corrected(quote)
            earlier = by_article.setdefault(quote.source.article_id, (quote, touched))
            if touched and not earlier[1]:
                by_article[quote.source.article_id] = quote, touched
    return dict(by_article.values())


def is_corrected(quote: Citation) -> bool:
    """Whether the correction of a quote's article touches its words."""
    correction, source = quote.source.correction, quote.source
    outlets = f"{source.outlet} {source.summarises or ''}"
    return correction is not None and touches(correction.text, quote.text, outlets)


def touches(correction: str, sentence: str, outlets: str) -> bool:
    """Whether a correction speaks of what a sentence says: a figure, a name, or another figure of the same thing."""
    # Names of outlets and countries, which most sentences of an article have, count where it says nothing else; other
    # words where it has neither names nor figures.
    (figures, names, stems), (said, named, words) = map(_told_in, (correction, sentence))
    counted, *_ = _told_in(without_dates(correction))
    countries = " ".join(correction[span.start : span.end] for span, _ in places_in(correction))
    common = {word.casefold() for word in _NAME.findall(f", {outlets} {countries}")}
    shared = (names & named) - (common if counted or names - common else set())
    same_thing = bool(stems & words) or not stems
    return bool(figures & said or shared or (same_thing and (figures and said if figures else not names)))


def _told_in(text: str) -> tuple[set[float], set[str], set[str]]:
    """The numbers of a text, those of dates too but not 1, which is an article as well; its names; its other stems."""
    values = (number_value(match[0]) for match in NUMBER.finditer(lowered(text)))
    names = {word.casefold() for word in _NAME.findall(without_dates(text))}
    stems = {stem(word) for word in content_words(text) if number_value(word) is None and word.casefold() not in names}
    return {value for value in values if value is not None and value != 1}, names, stems


def correction_line(correction: Correction) -> str:
    """A correction on one line: "Correction, 21 March 2005: …"."""
    return f"{lead(correction)}: {correction.text}"


def translated_by(translation: Translation) -> str:
    """Before what no person wrote or read, so that nobody takes it for a source's words or for the archive's."""
    return _("Machine translation by {model}, not checked:", model=translation.model)


def terms_of(quote: Citation) -> tuple[TermMention, ...]:
    """The legal words of a quote; their spans count characters of its article's body."""
    found = find_terms(quote.text, quote.source.language)
    return tuple(TermMention(mention.span.shifted(quote.start), mention.term) for mention in found)


def legal_notes(quotes: Iterable[Citation], reader: str) -> dict[int, list[TermNote]]:
    """The notes by the number of the quote; each term is explained once, where it first stands."""
    notes: dict[int, list[TermNote]] = {}
    explained: set[LegalTerm] = set()
    for quote in quotes:
        foreign = primary(quote.source.language) != reader
        for mention in find_terms(quote.text, quote.source.language):
            term = mention.term
            # Of the reader's own language only what is often confused is explained.
            if term not in explained and (foreign or term.confused or term.language != reader):
                word = quote.text[mention.span.start : mention.span.end]
                notes.setdefault(quote.number, []).append(TermNote(word, term, quote.number))
            explained.add(term)
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
    """A term's meaning in the reader's language, and what a foreign one is nearest to and must not be confused with."""
    meaning = term.meaning(reader)
    if term.language == reader:
        return meaning
    with use_locale(reader):
        return _(
            "{meaning} Nearest English term: “{nearest}”; not the same as “{different}”.",
            meaning=meaning,
            nearest=term.corresponds,
            different=term.not_equal,
        )
