"""A dossier: dated quotes on a topic with their sources, out of answers or a search, as Markdown or HTML to print."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import resources
from itertools import groupby

from markupsafe import Markup

from qa.answering.quoting import QuoteBudget
from qa.answering.view import QuoteView, corrected_quotes
from qa.errors import NotFound
from qa.i18n.forms import credit, long_date
from qa.i18n.locale import _
from qa.models.archive import Article, ListedArticle, Source
from qa.models.replies import Answer, Citation
from qa.retrieval.timeline import when_of
from qa.review.exporting import AnswerFormat
from qa.review.formats import marked_down, quotation, web_address
from qa.review.permanent import SOFTWARE, PermanentAnswer
from qa.text.sentences import sentence_spans
from qa.web.links import article_link, sentence_number
from qa.web.templating import render


@dataclass(frozen=True, slots=True)
class Dossier:
    """Quotes with their addresses, under headings in the order of events; and their articles, with an address each."""

    title: str
    made: date
    stops: list[tuple[str, list[tuple[QuoteView, str]]]]
    sources: Mapping[Source, str]

    @property
    def note(self) -> str:
        day = long_date(self.made)
        made = _("Quotes from an archive of articles, word for word, put together by software on {day}.", day=day)
        return f"{made} {_(SOFTWARE)}"


def dossier_of(title: str, quotes: Iterable[Citation], article: Callable[[str], Article], *, base: str) -> Dossier:
    """Those of the quotes that stand in today's articles, each once, within their owners' limits. Raises StoreError."""
    budget = QuoteBudget()
    placed: dict[tuple[str, int], tuple[date, str, str, Citation]] = {}
    for quote in quotes:
        name = quote.source.article_id
        try:
            held = article(name)
        except NotFound:
            continue
        if (name, quote.start) in placed or held.body[quote.start : quote.end] != quote.text:
            continue
        if allowed := budget.quoted(replace(quote, source=held.source)):
            when = when_of(ListedArticle(held.source, held.event_date))
            link = f"{base}{article_link(name, at=sentence_number(sentence_spans(held.body), quote.start))}"
            placed[name, quote.start] = (when.first or date.max, when.heading, link, allowed)
    ordered = sorted(placed.values(), key=lambda entry: entry[:2])
    numbered = [replace(entry[-1], number=number) for number, entry in enumerate(ordered, start=1)]
    corrected = corrected_quotes(numbered)
    dated = zip(numbered, ordered, strict=True)
    stops = [
        (heading, [(QuoteView(quote, corrected=corrected), entry[2]) for quote, entry in listed])
        for heading, listed in groupby(dated, key=lambda pair: pair[1][1])
    ]
    sources = {quote.source: f"{base}{article_link(quote.source.article_id)}" for quote in numbered}
    return Dossier(title, datetime.now(UTC).date(), stops, sources)


def html(dossier: Dossier) -> str:
    """A page that needs no other file."""
    static = resources.files("qa.web") / "static"
    sheets = ((static / name).read_text("utf-8") for name in ("paper.css", "dossier.css"))
    return render("dossier.html", dossier=dossier, sheets=Markup("\n").join(map(Markup, sheets)))


def markdown(dossier: Dossier) -> str:
    blocks = [f"# {marked_down(dossier.title)}", f"*{marked_down(dossier.note)}*"]
    for heading, quotes in dossier.stops:
        blocks.append(f"## {marked_down(heading)}")
        for quote, link in quotes:
            blocks += [*quotation(quote), f"<{link}>"]
    sources = []
    for source, link in dossier.sources.items():
        addresses = " ".join(f"<{address}>" for address in (link, web_address(source.url)) if address)
        sources.append(f"- “{marked_down(source.title)}”, {marked_down(credit(source))}. {addresses}")
    return "\n\n".join([*blocks, f"## {_('Sources')}", "\n".join(sources)]) + "\n"


WRITERS: Mapping[str, Callable[[Dossier], str]] = {"md": markdown, "html": html}


def _of_answers(write: Callable[[Dossier], str]) -> Callable[[Sequence[PermanentAnswer], str], str]:
    def written(answers: Sequence[PermanentAnswer], base: str) -> str:
        articles = {today.article_id: today.article for answer in answers for today in answer.sources if today.article}
        cited = (quote for answer in answers if isinstance(answer.reply, Answer) for quote in answer.reply.citations)
        quotes = [quote for quote in cited if quote.source.article_id in articles]
        return write(dossier_of(answers[0].record.question, quotes, articles.__getitem__, base=base))

    return written


DOSSIERS = {
    "dossier.md": AnswerFormat("text/markdown", _of_answers(markdown)),
    "dossier.html": AnswerFormat("text/html", _of_answers(html)),
}
"""Answers as dossiers, beside the other formats of answers; of several the first gives the title."""
