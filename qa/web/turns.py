"""The view of a reply laid out as HTML: statements with their quotes and marks, and a card for each source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qa.answering.refusing import on_principle
from qa.answering.view import reply_view
from qa.i18n.forms import long_date
from qa.i18n.locale import _
from qa.models.replies import Answer, Composer, Question, Refusal, Reply
from qa.web.links import article_link, permanent_link
from qa.web.service import PageTexts
from qa.web.templating import render, single_line

MOST_NEAREST = 3
"""Nearest articles below a refusal."""


def turn_html(
    number: int,
    reply: Reply,
    *,
    places: Mapping[int, int],
    texts: PageTexts,
    answer_id: str | None = None,
    similar: Sequence[tuple[str, str]] = (),
    alone: bool = False,
) -> str:
    """One question and its reply, as one line of HTML. `number` counts the turns of a conversation.

    `places` gives the sentence of its article for each quote's number; `answer_id` names the permanent address;
    `similar` are questions with an answer checked by the staff, and its id. `alone`: the page around it has the
    question and the sources.
    """
    view = reply_view(reply)
    values: dict[str, object] = {
        "turn": f"turn-{number}",
        "alone": alone,
        "permanent": permanent_link(answer_id) if answer_id else "",
        "similar": [(question, permanent_link(other_id)) for question, other_id in similar],
        "question": reply.question,
        "dates": date_filter(reply.question),
        "texts": texts,
        "understood_as": reply.understood_as,
        "view": view,
        "links": _links(reply, places),
    }
    if isinstance(reply, Refusal):
        # Another wording of what is declined on principle would be declined too.
        suggestion = "" if alone or on_principle(reply.reason) else _(texts.suggestion)
        nearest = [(near, article_link(near.source.article_id)) for near in view.nearest[:MOST_NEAREST]]
        return single_line(render("refusal.html", **values, suggestion=suggestion, nearest=nearest))
    return single_line(
        render(
            "answer.html",
            **values,
            as_of=long_date(reply.as_of) if reply.as_of else "",
            by_model=reply.composed_by is Composer.MODEL,
            unfinished=reply.unfinished,
            translating=reply.translating,
        )
    )


def waiting_html(number: int, question: Question, *, texts: PageTexts) -> str:
    """A question while it is searched for, as one line of HTML."""
    dates = date_filter(question)
    return single_line(render("waiting.html", turn=f"turn-{number}", question=question, dates=dates, texts=texts))


def notice_html(text: str) -> str:
    """A sentence to the reader, as one line of HTML; empty where there is none."""
    return single_line(render("notice.html", text=text)) if text else ""


def date_filter(question: Question) -> str:
    """The publication dates that a question is limited to, in words."""
    first, last = question.published_from, question.published_until
    if first and last:
        return _("published {first} to {last}", first=long_date(first), last=long_date(last))
    if first:
        return _("published from {day}", day=long_date(first))
    return _("published until {day}", day=long_date(last)) if last else ""


def _links(reply: Reply, places: Mapping[int, int]) -> dict[int, str]:
    """The address of each quote's sentence, by the quote's number; an answer's quotes of one article are all marked."""
    answer = reply if isinstance(reply, Answer) else None
    quoted: dict[str, list[int]] = {}
    for quote in answer.quotes if answer else ():
        if quote.number in places:
            quoted.setdefault(quote.source.article_id, []).append(places[quote.number])
    links = {}
    for quote in (party.quote for party in answer.parties) if answer else (case.quote for case in reply.cases):
        place = places.get(quote.number)
        links[quote.number] = article_link(quote.source.article_id, quoted=[] if place is None else [place], at=place)
    for quote in answer.quotes if answer else ():
        name = quote.source.article_id
        links[quote.number] = article_link(name, quoted=quoted.get(name, []), at=places.get(quote.number))
    return links
