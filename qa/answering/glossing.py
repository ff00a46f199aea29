"""What the dates in a quote mean: "yesterday" says nothing to who reads it years later."""

from __future__ import annotations

from collections.abc import Iterator

from qa.i18n.forms import value_text
from qa.i18n.locale import N_, _
from qa.models.annotations import Annotations, DateKind, DateMention
from qa.models.archive import Span
from qa.models.replies import Citation

UNRESOLVED = N_("the report has no date")


def glosses_within(annotations: Annotations, span: Span) -> tuple[DateMention, ...]:
    """The relative and the impossible dates of a stretch of a body."""
    return tuple(one for one in annotations.dates if _needs_gloss(one) and Span(one.start, one.end).within(span))


def _needs_gloss(mention: DateMention) -> bool:
    return mention.kind is DateKind.RELATIVE or mention.flaw is not None


def gloss_text(mention: DateMention) -> str:
    """What is printed between ⟨ and ⟩ after the words of a date."""
    if mention.flaw:
        flaw = _(mention.flaw)
        return _("so in the source; {flaw}", flaw=f"{flaw[0].lower()}{flaw[1:]}")
    return value_text(mention.value) if mention.value else _(UNRESOLVED)


def with_glosses(quote: Citation) -> str:
    """A quote's words with its glosses, each in ⟨ ⟩ right after the words it explains."""
    return "".join(f" ⟨{text}⟩" if is_gloss else text for text, is_gloss in interleaved(quote))


def interleaved(quote: Citation) -> Iterator[tuple[str, bool]]:
    """The words of a quote cut where a gloss belongs, and the glosses; whether a piece is one. Words lose nothing."""
    at = quote.start
    for gloss in quote.glosses:
        yield quote.text[at - quote.start : gloss.end - quote.start], False
        yield gloss_text(gloss), True
        at = gloss.end
    yield quote.text[at - quote.start :], False
