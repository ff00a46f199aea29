"""A sentence of the archive, taken apart, as a witness for what is written of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from qa.answering.checking.wording import Wording
from qa.domain.archive import Span
from qa.domain.support import Ground
from qa.language.dates.finding import find_dates

NEAR = 400
"""Characters of the words before it that are read: they say who "he" is, and hardly more."""


@dataclass(frozen=True)
class Witness:
    """A ground and what stands around it. `number` is its place, from 1."""

    number: int
    ground: Ground

    @cached_property
    def said(self) -> Wording:
        """The sentence itself."""
        return Wording.of(self.ground.text, otherwise=self.ground.source.language[:2])

    @cached_property
    def before(self) -> Wording:
        words = self.ground.before[-NEAR:]
        return Wording.of(words, otherwise=self.said.language)

    @cached_property
    def title(self) -> Wording:
        return Wording.of(self.ground.source.title, otherwise=self.said.language)

    @cached_property
    def credit(self) -> Wording:
        """All names by which its source may be called."""
        source = self.ground.source
        return Wording.of(f"{source.outlet}; {source.summarises or ''}; {source.kind}")

    @cached_property
    def names_of_source(self) -> frozenset[str]:
        """The keys of its source's names, without the places that are added to tell papers apart."""
        return Wording.of(re.sub(r"\([^)]*\)", "", self.credit.text)).keys

    @cached_property
    def parts(self) -> tuple[Wording, ...]:
        """Everything a word of a sentence may come from."""
        return (self.said, self.before, self.title, self.credit)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*(part.keys for part in self.parts))

    @cached_property
    def dates(self) -> tuple[tuple[Span, str | None], ...]:
        """Its dates, in its own offsets, with what they mean."""
        ground = self.ground
        own = [(Span(d.start, d.end).shifted(-ground.start), d.value) for d in ground.dates]
        if not own:
            source = ground.source
            read = find_dates(ground.text, published=source.published, language=source.language)
            own = [(Span(d.start, d.end), d.value) for d in read]
        return tuple(own)

    @property
    def context(self) -> str:
        """What is encoded of it: the headline and the words before it, too."""
        return f"{self.ground.source.heading}{self.ground.before[-NEAR:]} {self.ground.text}"

    def prepare(self) -> None:
        """Reads everything that a check will ask for, so that no check waits for it."""
        for part in self.parts:
            _ = (part.words, part.keys, part.content)
        _ = (self.keys, self.dates, self.said.amounts)
