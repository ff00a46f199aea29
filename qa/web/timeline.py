"""The timeline page: the archive's events in their order, with the articles about them."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from qa.answering.entries import Entry, entries
from qa.errors import ArchiveError
from qa.i18n.locale import _
from qa.models.dates import Dates
from qa.retrieval.timeline import When, part, timeline
from qa.web.enquiry import SentenceSpans
from qa.web.forms import Form, InvalidForm, Pages, bounded, checked, form_page
from qa.web.public import NOT_NOW, UNREADABLE, plain_page
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.rows import Row, row_of_listed
from qa.web.tellings import Teller, Telling
from qa.web.throttle import Throttle, host_of

ROWS = 100
"""Articles on a page: a case of the demo's size stands on one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stop:
    """A time on the timeline, and what is told of it: events that several articles report on, then the articles."""

    when: When
    tellings: tuple[Telling, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What the page shows: the events, then those that no date is known of. `total` counts articles on all pages."""

    dated: tuple[Stop, ...]
    undated: tuple[Stop, ...]
    total: int
    pages: Pages


def timeline_routes(
    room: ReadingRoom, *, sentence_spans: SentenceSpans, throttle: Throttle, texts: PageTexts, limits: Limits
) -> APIRouter:
    router = APIRouter()

    def page(
        form: Form, *, line: Line | None, refusal: InvalidForm | None = None, status: int = 200, wait: int = 0
    ) -> HTMLResponse:
        shown = bounded(form, longest=limits.question_length)
        values = {"form": shown, "line": line, "refusal": refusal, "origins": room.origins(), "texts": texts}
        return form_page("timeline.html", status=status, wait=wait, **values)

    @router.get("/timeline", response_class=HTMLResponse)
    def whole(request: Request) -> HTMLResponse:
        form = replace(Form.read(request.query_params), q="", language="", sort="relevance")
        wanted = checked(form, longest=limits.question_length)
        try:
            if isinstance(wanted, InvalidForm):
                return page(form, line=None, status=400, refusal=wanted)
            host = host_of(request)
            if not throttle.admits(host):
                refusal = InvalidForm("", _(texts.too_much))
                return page(form, line=None, status=429, refusal=refusal, wait=throttle.wait(host))
            return page(form, line=line_of(form, wanted, room, sentence_spans))
        except ArchiveError:
            _log.exception("the timeline could not be drawn")
            return plain_page(503, NOT_NOW, UNREADABLE, texts)

    return router


def line_of(form: Form, wanted: Dates, room: ReadingRoom, sentence_spans: SentenceSpans) -> Line:
    """One page of the timeline. The dates bound the event, not its publication. Raises StoreError."""
    listed = room.listed(Dates(outlet=wanted.outlet))
    events = timeline(listed, first=wanted.first, last=wanted.last)
    total = sum(len(event.articles) for event in events)
    pages = Pages.of(total, size=ROWS, wanted=form.page)
    shown = entries(part(events, pages.start, pages.stop), room)
    stops = [_stop(entry, room, sentence_spans) for entry in shown]
    dated = tuple(stop for stop in stops if not stop.when.undated)
    return Line(dated, tuple(stop for stop in stops if stop.when.undated), total, pages)


def _stop(entry: Entry, room: ReadingRoom, sentence_spans: SentenceSpans) -> Stop:
    """What one article alone tells stands in its row."""
    shared, alone = list[Telling](), dict[str, Telling]()
    for strand in entry.strands:
        telling = Teller(strand, sentence_spans).telling()
        if len(strand.articles) > 1:
            shared.append(telling)
        else:
            alone[strand.articles[0].article_id] = telling
    rows = (
        row_of_listed(one, room, sentence_spans, telling=alone.get(one.source.article_id))
        for one in entry.event.articles
    )
    return Stop(entry.event.when, tuple(shared), tuple(rows))
