"""The timeline page: the archive's events in order, what is reported of each, and the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qa.answering.counts import Count, CountRow
from qa.answering.entries import Entry, Strand, entries
from qa.answering.stage_words import REPORTED, stage_line
from qa.i18n.locale import _
from qa.i18n.sources import credit, quote_credit
from qa.models.archive import Source, Span
from qa.models.dates import Dates
from qa.models.replies import Citation
from qa.retrieval.timeline import When, part, timeline
from qa.text.sentences import sentence_spans
from qa.web.context import WebContext
from qa.web.forms import Form, InvalidForm, Pagination, checked
from qa.web.links import article_link, sentence_number
from qa.web.rate_limit import host_of
from qa.web.rows import ArticleRow, row_of_listed

ROWS = 100
"""Articles on a page: a case of the demo's size fits on one."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A source of a claim: `speaker` is empty for the report itself. `href` opens the sentence in its article."""

    speaker: str
    source: Source
    credit: str
    href: str
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure in the software's words, and all who give it."""

    words: str
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class CountView:
    """The different claims about one thing side by side; `caption` names the thing and the place."""

    caption: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class EventReport:
    """What one article or several report of an event; `stage` is empty where they report none.

    `name` is that of the event; empty where it has none but the headline of a report. `corrected` are the cited sources
    that have a correction, each once.
    """

    name: str
    figures: tuple[CountView, ...]
    stage: str
    stage_voice: Voice | None
    corrected: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class TimelineStop:
    """A time on the timeline: events that several articles report on, then the articles, each with its own report."""

    when: When
    reports: tuple[EventReport, ...]
    rows: tuple[tuple[ArticleRow, EventReport | None], ...]


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """The events, then those without a date. `total` counts articles on all pages."""

    dated: tuple[TimelineStop, ...]
    undated: tuple[TimelineStop, ...]
    total: int
    pages: Pagination


def timeline_routes(context: WebContext) -> APIRouter:
    router = APIRouter()
    longest = context.limits.question_length

    def page(
        form: Form,
        *,
        line: TimelinePage | None = None,
        refusal: InvalidForm | None = None,
        status: int = 200,
        retry_after: int = 0,
    ) -> HTMLResponse:
        values = {"form": form.bounded(longest=longest), "line": line, "refusal": refusal}
        origins = context.service.origins()
        return context.form_page("timeline.html", status=status, retry_after=retry_after, origins=origins, **values)

    @router.get("/timeline", response_class=HTMLResponse)
    def whole(request: Request) -> HTMLResponse:
        form = replace(Form.read(request.query_params), q="", language="", sort="relevance")
        wanted = checked(form, longest=longest)
        if isinstance(wanted, InvalidForm):
            return page(form, status=400, refusal=wanted)
        if seconds := context.limiter.take(host_of(request)):
            return page(form, status=429, refusal=InvalidForm("", _(context.texts.too_much)), retry_after=seconds)
        return page(form, line=timeline_page(form, wanted, context))

    return router


def timeline_page(form: Form, wanted: Dates, context: WebContext) -> TimelinePage:
    """One page of the timeline. The dates bound the event, not its publication. Raises StoreError."""
    listed = context.service.listed(Dates(outlet=wanted.outlet))
    events = timeline(listed, first=wanted.first, last=wanted.last)
    total = sum(len(event.articles) for event in events)
    pages = Pagination.of(total, size=ROWS, wanted=form.page)
    stops = [_stop(entry, context) for entry in entries(part(events, pages.start, pages.stop), context.service)]
    dated = tuple(stop for stop in stops if not stop.when.undated)
    return TimelinePage(dated, tuple(stop for stop in stops if stop.when.undated), total, pages)


def _stop(entry: Entry, context: WebContext) -> TimelineStop:
    """The report of a single article goes into its row."""
    shared, single = list[EventReport](), dict[str, EventReport]()
    for strand in entry.strands:
        report = ReportBuilder(strand).report()
        if len(strand.articles) > 1:
            shared.append(report)
        else:
            single[strand.articles[0].article_id] = report
    rows = ((row_of_listed(listed, context), single.get(listed.source.article_id)) for listed in entry.event.articles)
    return TimelineStop(entry.event.when, tuple(shared), tuple(rows))


class ReportBuilder:
    """Lays out a strand; each article is split into sentences once."""

    def __init__(self, strand: Strand) -> None:
        self._strand = strand
        self._bodies = {article.article_id: article.body for article in strand.articles}
        self._spans: dict[str, Sequence[Span]] = {}

    def report(self) -> EventReport:
        strand, status = self._strand, self._strand.status
        figures = tuple(self._figure(count) for count in strand.counts)
        voices = [voice for figure in figures for claim in figure.claims for voice in claim.voices]
        stage_voice = self._voice(status.quote) if status else None
        sources = dict.fromkeys(voice.source for voice in [*voices, *([stage_voice] if stage_voice else [])])
        return EventReport(
            "" if strand.reported.event.by_headline else strand.reported.event.name,
            figures,
            stage_line(status, lead=REPORTED) if status else "",
            stage_voice,
            tuple(source for source in sources if source.corrections),
        )

    def _figure(self, count: Count) -> CountView:
        claims = (Claim(words, tuple(map(self._row_voice, rows))) for words, rows in count.sayings.items())
        return CountView(count.caption, tuple(claims))

    def _row_voice(self, row: CountRow) -> Voice:
        party = row.party
        return self._voice(party.quote, party.speaker or "", tuple(map(credit, party.copies)))

    def _voice(self, quote: Citation, speaker: str = "", copies: tuple[str, ...] = ()) -> Voice:
        name = quote.source.article_id
        if name not in self._spans:
            self._spans[name] = sentence_spans(self._bodies[name])
        href = article_link(name, at=sentence_number(self._spans[name], quote.start))
        return Voice(speaker, quote.source, quote_credit(quote), href, copies)
