"""Legal words and where they stand in a text."""

from __future__ import annotations

from dataclasses import dataclass

from qa.models.archive import Span


@dataclass(frozen=True, slots=True)
class LegalTerm:
    """A legal word of one language, explained in both.

    `corresponds` is the nearest term of the other language, `not_equal` one that it is mistaken for. `confused`: so
    often that every reader is told. An `is_name` term keeps its form in texts of other languages.
    """

    term: str
    language: str
    meaning_en: str
    meaning_es: str
    corresponds: str
    not_equal: str
    confused: bool = False
    is_name: bool = False

    def meaning(self, language: str) -> str:
        """One sentence in Spanish or, for any other language, in English."""
        return self.meaning_es if language == "es" else self.meaning_en


@dataclass(frozen=True, slots=True)
class TermMention:
    """A legal word as a text has it: `text[span.start:span.end]` is the word, in whatever form."""

    span: Span
    term: LegalTerm
