"""The sentences found for a question, each with its report, for what is compared in words instead of figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.comparing.parties import Saying
from qa.answering.comparing.sameness import far, tied
from qa.answering.comparing.stated import Report, Ties
from qa.domain.archive import Span
from qa.domain.replies import Evidence
from qa.language.claims.speakers import Voices, attributions, speaker_of
from qa.language.event_names import event_names


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a report; `span` is its place in the body."""

    report: Report
    span: Span
    text: str

    @property
    def speaker(self) -> str | None:
        """Who says it, where it isn't the report itself."""
        return speaker_of(attributions(self.text), Voices.of(self.report.source), None)

    def saying(self, said: str, mark: Span, *, kind: str | None = None, speaker: str | None = None) -> Saying:
        """What it says as a row; `mark` is a place in the sentence."""
        return Saying(
            self.report, said, said, False, kind, speaker or self.speaker, self.span, mark.shifted(self.span.start)
        )


def told(found: Sequence[Report]) -> Iterator[Told]:
    """Every sentence of the passages found, article by article."""
    for report in found:
        for passage in sorted(report.passages, key=lambda one: one.start):
            yield from (Told(report, span, passage.slice(span)) for span in passage.sentences)


def answering(chosen: Sequence[Evidence], sentences: Sequence[Told]) -> list[Told]:
    """Those of the sentences that the answer is made of."""
    spans = [(item.source.article_id, item.span) for item in chosen]
    return [one for one in sentences if (one.report.source.article_id, one.span) in spans]


def on_one_event(one: Report, other: Report, ties: Ties) -> bool:
    """Whether two reports are about the same event: by its name in their headlines or first words, days and ties."""
    if one is other:
        return True
    if far(one.event_days or one.published_days, other.event_days or other.published_days):
        return False
    ours, theirs = _names(one), _names(other)
    return bool(ours & theirs) or (not (ours and theirs) and tied(one, other, ties))


def _names(report: Report) -> set[str]:
    """Names of events that the report's headline gives, or its first passage."""
    headline = {one.key for one in event_names(report.source.title)}
    first = min(report.passages, key=lambda one: one.start)
    return headline or {one.key for one in event_names(first.text)}
