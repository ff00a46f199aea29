"""The permanent page of an answer, laid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from markupsafe import Markup

from qa.i18n.forms import language_name, long_date, moment_words
from qa.i18n.locale import N_, _, use_locale
from qa.models.archive import Source, Span
from qa.models.journal import ReportKind, quotes_of
from qa.models.replies import Citation, Question
from qa.review.exporting import FORMATS
from qa.review.permanent import Check, PermanentAnswer
from qa.review.sources_today import SourceToday
from qa.web.anchors import article_link, permanent_link, safe_link, sentence_number
from qa.web.cards import dates, turn_html
from qa.web.enquiry import SentenceSpans
from qa.web.linked_data import linked_data
from qa.web.printing import sheet
from qa.web.quoting import Piece, pieces
from qa.web.room import PageTexts

LONGEST_REPORT = 1_000

KINDS = {
    ReportKind.WRONG: N_("The answer is wrong"),
    ReportKind.NOT_IN_SOURCE: N_("A source doesn’t say that"),
    ReportKind.OUT_OF_DATE: N_("It is out of date"),
    ReportKind.NAMES_PERSON: N_("It names a person who should not be named"),
    ReportKind.OTHER: N_("Something else"),
}
"""What a reader may say is wrong, in words for the reader."""

_FILES = {"json": "JSON", "csv": "CSV", "md": "Markdown", "bib": "BibTeX", "ris": "RIS"}


@dataclass(frozen=True, slots=True)
class QuotedNow:
    """A quote in the list of sources; `href` opens today's article, at the sentence where it still stands there."""

    number: int
    pieces: tuple[Piece, ...]
    href: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A source in the list below an answer: `title` and links are None where its words may not be shown."""

    today: SourceToday
    source: Source
    title: str | None
    href: str | None
    url: str | None
    host: str
    quotes: tuple[QuotedNow, ...]


def permanent_html(
    shown: PermanentAnswer,
    *,
    base: str,
    sentence_spans: SentenceSpans,
    texts: PageTexts,
    refusal: str = "",
    typed: str = "",
    chosen: str = "",
) -> str:
    """The whole page. `base` is this site's address; `refusal` says what was wrong with a report, `typed` and `chosen`
    what stood in its boxes. Of a withheld answer neither question nor words are there."""
    if shown.withheld:
        return sheet("withheld.html", shown=shown, texts=texts)
    sources, places = _sources(shown, sentence_spans)
    turn = ""
    if shown.reply:
        with use_locale(shown.reply.question.locale):  # as it was given
            turn = turn_html(1, shown.reply, places=places, texts=texts, alone=True)
    return sheet(
        "permanent.html",
        shown=shown,
        dates=_held_to(shown.question),
        asked=moment_words(shown.record.at),
        as_of=long_date(shown.as_of) if shown.as_of else "",
        checked=shown.checked.check is Check.CHECKED,
        standing=_standing(shown),
        turn=Markup(turn),  # escaped by its own template
        sources=sources,
        address=f"{base}{permanent_link(shown.answer_id)}",
        path=permanent_link(shown.answer_id),
        data=linked_data(shown, base, title=texts.title),
        files=[(kind, _FILES[kind]) for kind in FORMATS],
        kinds=[(kind.value, words) for kind, words in KINDS.items()],
        longest=LONGEST_REPORT,
        refusal=refusal,
        typed=typed[:LONGEST_REPORT],
        chosen=chosen,
        texts=texts,
    )


def _standing(shown: PermanentAnswer) -> str | None:
    """The address of the answer that stands in this one's place."""
    replaced = shown.checked.check is Check.REPLACED and shown.checked.standing
    return permanent_link(replaced) if replaced else None


def _held_to(question: Question | None) -> str:
    """What a question is held to, in words."""
    if question is None:
        return ""
    outlet = _("outlet: {outlet}", outlet=question.outlet) if question.outlet else ""
    language = _("language: {language}", language=language_name(question.language)) if question.language else ""
    return "; ".join(filter(None, (dates(question), outlet, language)))


def _sources(shown: PermanentAnswer, sentence_spans: SentenceSpans) -> tuple[list[Listed], dict[int, int]]:
    """The sources as they are listed, and the sentence of today's article for each quote's number."""
    spans = {one.article_id: sentence_spans(one.article.body) for one in shown.sources if one.article is not None}
    quoted = list(dict.fromkeys(quotes_of(shown.reply))) if shown.reply else []
    sources, places = [], dict[int, int]()
    for today in shown.sources:
        own = [quote for quote in quoted if quote.source.article_id == today.article_id]
        at = {quote.number: _place(quote, today, spans.get(today.article_id, ())) for quote in own}
        found = {number: place for number, place in at.items() if place is not None}
        places |= found
        sources.append(_listed(today, own, found))
    return sources, places


def _place(quote: Citation, today: SourceToday, spans: Sequence[Span]) -> int | None:
    start = today.start_of(quote)
    return None if start is None else sentence_number(spans, start)


def _listed(today: SourceToday, quotes: Sequence[Citation], places: dict[int, int]) -> Listed:
    # As printed in the answer, with the corrections of today.
    source = quotes[0].source if quotes else today.source
    if not today.change.quotable:
        return Listed(today, source, None, None, None, "", ())
    url = safe_link(source.url)
    now = tuple(
        QuotedNow(
            one.number,
            tuple(pieces(one)),
            article_link(source.article_id, quoted=sorted(places.values()), at=places.get(one.number)),
            one.number in places,
        )
        for one in quotes
    )
    host = urlsplit(url).netloc if url else ""
    return Listed(today, source, source.title, article_link(source.article_id), url, host, now)
