"""What is told of an event on the timeline, as shown: figures and the stage of a case, each linked to its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.counts import Count, CountRow
from qa.answering.entries import Strand
from qa.answering.stage_words import REPORTED, stage_line
from qa.i18n.sources import credit, quote_credit
from qa.models.archive import Source, Span
from qa.models.replies import Citation
from qa.web.anchors import article_link, sentence_number
from qa.web.enquiry import SentenceSpans


@dataclass(frozen=True, slots=True)
class Voice:
    """One who says it: `speaker` is empty for the report itself. `href` opens the sentence in its article."""

    speaker: str
    source: Source
    credit: str
    href: str
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """A figure in the software's words, and all who say so."""

    words: str
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class CountView:
    """What is said of one thing, the different sayings side by side; `caption` names the thing and the place."""

    caption: str
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What one article or several tell of an event; `stage` is empty where they report none.

    `name` is that of the event; empty where it has none but the headline of a report. `corrected` are the sources of
    what is told that have a correction, each once.
    """

    name: str
    figures: tuple[CountView, ...]
    stage: str
    stage_voice: Voice | None
    corrected: tuple[Source, ...]


class Teller:
    """Lays out what a strand tells; each article's sentences are counted once."""

    def __init__(self, strand: Strand, sentence_spans: SentenceSpans) -> None:
        self._strand = strand
        self._sentence_spans = sentence_spans
        self._bodies = {article.article_id: article.body for article in strand.articles}
        self._spans: dict[str, Sequence[Span]] = {}

    def telling(self) -> Telling:
        strand, status = self._strand, self._strand.status
        figures = tuple(self._figure(count) for count in strand.counts)
        voices = [voice for figure in figures for saying in figure.sayings for voice in saying.voices]
        stage_voice = self._voice(status.quote) if status else None
        sources = dict.fromkeys(voice.source for voice in [*voices, *([stage_voice] if stage_voice else [])])
        return Telling(
            "" if strand.reported.event.by_headline else strand.reported.event.name,
            figures,
            stage_line(status, lead=REPORTED) if status else "",
            stage_voice,
            tuple(source for source in sources if source.corrections),
        )

    def _figure(self, count: Count) -> CountView:
        sayings = (Saying(words, tuple(map(self._row_voice, rows))) for words, rows in count.sayings.items())
        return CountView(count.caption, tuple(sayings))

    def _row_voice(self, row: CountRow) -> Voice:
        party = row.party
        return self._voice(party.quote, party.speaker or "", tuple(map(credit, party.copies)))

    def _voice(self, quote: Citation, speaker: str = "", copies: tuple[str, ...] = ()) -> Voice:
        name = quote.source.article_id
        if name not in self._spans:
            self._spans[name] = self._sentence_spans(self._bodies[name])
        href = article_link(name, at=sentence_number(self._spans[name], quote.start))
        return Voice(speaker, quote.source, quote_credit(quote), href, copies)
