"""What a language model makes of a quote in another language; no words of the archive or of its sources."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Translation:
    """The words of the quote of this `number` in another language, as a model wrote them; never verbatim.

    `language` is the tag of the language that they are in, `model` the name of who wrote them.
    """

    number: int
    text: str
    language: str
    model: str
