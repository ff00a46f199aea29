"""Answers: as turns of a conversation; and at their permanent addresses, with files and reports."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from qa.answering.policy import ON_PRINCIPLE, is_said
from qa.answering.rendering import reply_text
from qa.answering.view import QuoteView, ReplyView
from qa.errors import NotFound
from qa.export.articles import VOCABULARY, correction_comment, linked_source, organisation
from qa.i18n.locale import N_, _, use_locale
from qa.models.annotations import About
from qa.models.archive import Source, moment_text
from qa.models.journal import ReaderReport, ReportKind
from qa.models.replies import Answer, Citation, Composer, Inference, Intent, Reply, quotes_of
from qa.retrieval.timeline import timeline
from qa.review.decisions import corrections
from qa.review.exporting import FORMATS as PLAIN_FORMATS
from qa.review.permanent import ANSWER_ID, Check, PermanentAnswer, PermanentAnswers
from qa.review.service import StaffContext
from qa.text.cleaning import clean, without_surrogates
from qa.text.sentences import sentence_spans
from qa.web.context import ArchiveService, ReplyUpdate, Values, WebContext, render_line
from qa.web.forms import ListQuery, Pagination, SearchForm, article_link, safe_link, sentence_number, too_long
from qa.web.public import DOSSIERS, on_timeline
from qa.web.requests import base_of, from_here

CORRECTIONS = 50  # on a page
MOST_EXPORTED = 50  # answers in one file
LONGEST_REPORT = 1_000
# The IPTC's terms for content by a generative model, and for content put together by an algorithm.
_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype"
_MADE = {Composer.MODEL: "trainedAlgorithmicMedia", Composer.QUOTES: "algorithmicMedia"}

FORMATS = {**PLAIN_FORMATS, **DOSSIERS}
_FILE = re.compile(rf"({ANSWER_ID.pattern})\.({'|'.join(map(re.escape, FORMATS))})")
_NOINDEX = {"X-Robots-Tag": "noindex"}


@dataclass(frozen=True, slots=True)
class TimelinePart:
    """What the timeline has between some dates, of an outlet, an event; `narrowed` where that isn't all it has.

    `event` is a name by which alone it is narrowed.
    """

    address: str
    articles: int
    narrowed: bool
    event: str = ""


def timeline_part(service: ArchiveService, reply: Reply) -> TimelinePart | None:
    """What the timeline has within the limits of an overview or chronology; None of other replies. Raises StoreError.

    None, too, where it can't be narrowed so: its dates bound events, and of events without a name it knows nothing.
    """
    if not isinstance(reply, Answer) or reply.intent not in (Intent.OVERVIEW, Intent.CHRONOLOGY):
        return None
    question, words = reply.question, {limit.inference: limit.words for limit in reply.limits}
    period = question.period if Inference.PERIOD in words else None
    told = {statement.event for statement in reply.statements}
    event = reply.statements[0].event if len(told) == 1 else None
    unnamed = event.by_headline if event else Inference.EVENT in words
    if question.published_from or question.published_until or unnamed:
        return None
    if period and period.about is not About.EVENTS:
        return None
    first, last = (period.first, period.last) if period else (None, None)
    outlet = words.get(Inference.OUTLET) or question.outlet
    form = SearchForm(first=str(first or ""), last=str(last or ""), outlet=outlet, event=event.name if event else "")
    if form.narrowed:
        listed = on_timeline(service, outlet=outlet, event=form.event)
        count = sum(len(stop.articles) for stop in timeline(listed, first=first, last=last))
    else:
        count = service.coverage().articles
    alone = form.event if form == SearchForm(event=form.event) else ""
    return TimelinePart(form.address("/timeline"), count, form.narrowed, alone) if count else None


def turn_html(
    number: int,
    reply: Reply,
    *,
    places: Mapping[int, int | None],
    answer_id: str | None = None,
    similar: Sequence[tuple[str, str]] = (),
    suggestions: Sequence[str] = (),
    whole: TimelinePart | None = None,
    alone: bool = False,
) -> Markup:
    """The `number`th question of a conversation and its reply, as one line of HTML; `places` are sentences by quote.

    `similar` are questions with the id of a checked answer, `whole` is all that a wide answer tells the steps of.
    `alone`: the page around has the question and the sources.
    """
    question = reply.question
    values: Values = {"turn": f"turn-{number}", "alone": alone, "answer_id": answer_id, "similar": similar}
    values |= {"reply": reply, "view": ReplyView(reply), "links": _links(reply, places)}
    values["whole"] = whole
    values["growing"] = ReplyUpdate(reply).growing
    values["next_questions"] = [replace(question, text=text, without=()) for text in suggestions]
    values["text"] = "" if alone else f"{question.text}\n\n{reply_text(reply)}"
    # Another wording of what is declined on principle would be declined too.
    values["other_words_help"] = not (alone or isinstance(reply, Answer) or is_said(reply.reason, ON_PRINCIPLE))
    return render_line("answer.html" if isinstance(reply, Answer) else "refusal.html", **values)


def _links(reply: Reply, places: Mapping[int, int | None]) -> dict[int, str]:
    """The address of each quote's sentence, by the quote's number; an answer's quotes of one article are all marked."""
    links: dict[int, str] = {}
    for quote in _linked_quotes(reply):
        name = quote.source.article_id
        cited = [other for other in reply.citations if other.source.article_id == name]
        marked = (places.get(other.number) for other in (cited if quote in cited else [quote]))
        link = article_link(name, quoted=list(filter(None, marked)), at=places.get(quote.number))
        links.setdefault(quote.number, link)  # a case quotes once more what is numbered as a statement's
    return links


def _linked_quotes(reply: Reply) -> Sequence[Citation]:
    """The quotes of a reply that lead to their sentences: not what is merely nearest to a question that is declined."""
    return list(quotes_of(reply)) if isinstance(reply, Answer) else [case.quote for case in reply.cases]


def turn_of(context: WebContext, number: int, update: ReplyUpdate, *, asked: Sequence[str] = ()) -> Markup:
    """A turn in the locale of its reply; it is the `number`th, after the questions `asked`."""
    reply, service = update.reply, context.service
    unchecked, text = not (update.growing or reply.checked_on), reply.understood_as or reply.question.text
    quotes = _linked_quotes(reply)
    spans = {name: context.spans(name) for name in {quote.source.article_id for quote in quotes}}
    places: dict[int, int | None] = {}
    for quote in quotes:
        places.setdefault(quote.number, sentence_number(spans[quote.source.article_id], quote.start))
    with use_locale(reply.question.locale):
        near: Values = {"similar": service.close_to(text) if unchecked else ()}
        near["suggestions"] = () if update.growing else service.suggestions(reply, asked=asked)
        near["whole"] = None if update.growing else timeline_part(service, reply)
        return turn_html(number, reply, places=places, answer_id=update.answer_id, **near)


def add_answer_pages(app: FastAPI, context: WebContext, answers: PermanentAnswers) -> None:
    """The page of an answer at its own address, and answers as files."""

    @app.get("/answers/export")
    def export(request: Request, ids: str = "", kind: Annotated[str, Query(alias="format")] = "json") -> Response:
        answer_ids = [answer_id for answer_id in ids.split(",") if answer_id]
        if kind not in FORMATS or not 1 <= len(answer_ids) <= MOST_EXPORTED:
            most, formats = str(MOST_EXPORTED), ", ".join(FORMATS)
            how = _("Name 1 to {most} answers, and one of the formats {formats}.", most=most, formats=formats)
            return context.message_page(400, N_("Not like that"), f"{how} /answers/export?ids=ID,ID&format=csv")
        context.admit(request)
        return file(request, answer_ids, kind)

    @app.get("/answer/{name}", dependencies=[Depends(context.admit_view)])
    def answer(request: Request, name: str) -> Response:
        if match := _FILE.fullmatch(name):
            return file(request, [match[1]], match[2])
        answer = answers.get(name)
        return _printed(context, request, answer) if answer else _absent(context)

    def file(request: Request, answer_ids: Sequence[str], kind: str) -> Response:
        """The answers in one file; refused where one of them is withheld or isn't kept. Raises StoreError."""
        chosen = answers.of(answer_ids)
        if len(chosen) < len(set(answer_ids)):
            return _absent(context)
        if any(answer.withheld for answer in chosen):
            withheld = N_("The staff of the archive have withheld this answer.")
            return context.message_page(410, N_("Withheld"), withheld)
        with use_locale(chosen[0].locale):
            text = FORMATS[kind].write(chosen, base_of(request))
        # Spreadsheets read a file as UTF-8 only where it begins with its mark.
        content = text.encode("utf-8-sig" if kind == "csv" else "utf-8", "replace")
        name = f"answer-{chosen[0].answer_id}" if len(chosen) == 1 else "answers"
        disposition = "inline" if kind == "json" else f'attachment; filename="{name}.{kind}"'
        media_type = f"{FORMATS[kind].media_type}{'' if kind == 'json' else '; charset=utf-8'}"
        return Response(content, media_type=media_type, headers=_NOINDEX | {"Content-Disposition": disposition})


def add_report_pages(app: FastAPI, context: WebContext, answers: PermanentAnswers, staff: StaffContext) -> None:
    """Readers' reports on answers, and the page of what was put right, newest first."""

    @app.get("/answer/{name}/report", dependencies=[Depends(context.admit_view)])
    def thanks(name: str) -> Response:
        if answers.get(name) is None:
            return _absent(context)
        return context.page("thanks.html", headers=_NOINDEX, path=f"/answer/{name}")

    @app.post("/answer/{name}/report")
    def report(
        request: Request, name: str, kind: Annotated[str, Form()] = "", text: Annotated[str, Form()] = ""
    ) -> Response:
        """Keeps a report, and leads to the page that says so. Raises StoreError."""
        if not from_here(request):
            elsewhere = N_("This form was not sent from a page of this site. Open the answer here and try again.")
            return context.message_page(403, N_("Not from here"), elsewhere)
        context.admit(request)
        answer = answers.get(name)
        if answer is None:
            return _absent(context)
        if answer.withheld:
            return _printed(context, request, answer)
        text, error = clean(without_surrogates(text)), ""
        if kind not in set(ReportKind):
            error = _("Choose what is wrong.")
        elif len(text) > LONGEST_REPORT:
            error = too_long(len(text), LONGEST_REPORT)
        elif kind == ReportKind.OTHER and not text:
            error = _("Say in a few words what is wrong.")
        if error:
            return _printed(context, request, answer, error=error, text=text, kind=kind)
        try:
            # Where many wait already this one is not kept; the staff look at the answer all the same.
            staff.journal.reviews.report(ReaderReport(name, ReportKind(kind), text, datetime.now(UTC)))
        except NotFound:
            return _absent(context)
        return RedirectResponse(f"/answer/{name}/report", 303)

    @app.get("/corrections", response_class=HTMLResponse, dependencies=[Depends(context.admit)])
    def listed(query: Annotated[ListQuery, Query()]) -> HTMLResponse:
        noticed, decided = [notice.article_id for notice in staff.history()], staff.journal.reviews.decided()
        rows = corrections(decided, staff.sources(), noticed, context.service.article, link=article_link)
        page = Pagination(len(rows), size=CORRECTIONS, wanted=query.page)
        return context.page("corrections.html", query=query, page=page, rows=rows[page.start : page.stop])


def _absent(context: WebContext) -> HTMLResponse:
    absent = _("There is no answer at this address.")
    return context.message_page(404, N_("No such answer"), f"{absent} {context.texts.kept}")


def _printed(
    context: WebContext, request: Request, answer: PermanentAnswer, *, error: str = "", text: str = "", kind: str = ""
) -> HTMLResponse:
    """The permanent page of an answer, with a report that can't be kept; of a withheld one only that it is."""
    headers = {} if answer.checked.check is Check.CHECKED else _NOINDEX
    if answer.withheld:
        return context.form_page("withheld.html", status=410, headers=headers, answer=answer)
    sources, base, reply = _sources(answer), base_of(request), answer.reply
    turn = ""
    if reply:
        places = {number: place for source in sources for number, place in source["places"].items()}
        with use_locale(reply.question.locale):  # as it was given
            turn = turn_html(1, reply, places=places, whole=timeline_part(context.service, reply), alone=True)
    form: Values = {"typed": text[:LONGEST_REPORT], "chosen": kind, "longest": LONGEST_REPORT}
    form |= {"status": 400, "refusal": {"text": error}} if error else {}
    data = linked_data(answer, base, title=context.texts.title)
    values: Values = {"base": base, "turn": turn, "sources": sources, "summary": _summary(answer), "data": data, **form}
    return context.form_page("permanent.html", headers=headers, answer=answer, formats=FORMATS, **values)


def _summary(answer: PermanentAnswer) -> str:
    """What a preview of a link says: the words that answer, else the first quote, or that there is no answer."""
    if answer.reply is None:
        return answer.missing
    with use_locale(answer.reply.question.locale):
        view = ReplyView(answer.reply)
        quotes = [f"“{quote.words}” {quote.credit}" for quote in view.quotes[:1]]
        direct = f"{view.direct.line}." if view.direct and view.direct.words and quotes else ""
        return " ".join(filter(None, (direct, *(quotes or (view.verdict, view.reason)))))


def _sources(answer: PermanentAnswer) -> list[Values]:
    """The sources below an answer beside today's; `places` gives the sentence of each quote that is still there."""
    citations = list(dict.fromkeys(quotes_of(answer.reply))) if answer.reply else []
    listed = []
    for today in answer.sources:
        quotes = [quote for quote in citations if quote.source.article_id == today.article_id]
        spans = sentence_spans(today.article.body) if today.article else ()
        starts = ((quote.number, today.start_of(quote)) for quote in quotes)
        numbers = ((number, sentence_number(spans, start)) for number, start in starts if start is not None)
        places = {number: place for number, place in numbers if place is not None}
        # As printed in the answer, with the corrections of today.
        source = quotes[0].source if quotes else today.source
        views = list(map(QuoteView, quotes)) if today.article else []
        listed.append({"today": today, "source": source, "quotes": views, "places": places})
    return listed


def linked_data(answer: PermanentAnswer, base: str, *, title: str) -> Markup:
    """The JSON for a script element that holds data; nothing in it can end that element. `title` is the site's."""
    reply, at = answer.reply, moment_text(answer.record.at)
    name = (reply.understood_as if reply else None) or answer.record.question
    question: dict[str, object] = {"@type": "Question", "name": name, "text": answer.record.question}
    question |= {"dateCreated": at, "answerCount": 0}
    if isinstance(reply, Answer):
        sources = dict.fromkeys(quote.source for quote in reply.citations)
        values: Values = {"@type": "Answer", "url": answer.address(base), "dateCreated": at}
        with use_locale(answer.locale):
            values |= {"text": reply_text(reply), "author": organisation(title), "creditText": answer.composed}
            values["citation"] = [_citation(source, base) for source in sources]
        if answer.made in _MADE:
            values["digitalSourceType"] = f"{_SOURCE_TYPES}/{_MADE[answer.made]}"
        if reply.as_of:
            values["temporalCoverage"] = f"../{reply.as_of.isoformat()}"
        checked = answer.checked.check is Check.CHECKED
        question |= {"answerCount": 1, "acceptedAnswer" if checked else "suggestedAnswer": values}
    site = {"@type": "WebSite", "name": title, "url": f"{base}/"}
    page = {"@context": VOCABULARY, "@type": "QAPage", "url": answer.address(base), "isPartOf": site}
    return htmlsafe_json_dumps({**page, "mainEntity": question})


def _citation(source: Source, base: str) -> dict[str, object]:
    """An article; a summary is no work of the publication that it is about, and is kept apart from it."""
    page, original = f"{base}{article_link(source.article_id)}", safe_link(source.url)
    values = linked_source(source) | {"url": original or page}
    if source.kind == "summary":
        values |= {"@type": "CreativeWork", "url": page, **({"isBasedOn": original} if original else {})}
    if source.corrections:
        values["correction"] = [correction_comment(correction) for correction in source.corrections]
    return values
