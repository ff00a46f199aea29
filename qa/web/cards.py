"""A reply as HTML: statements with their quotes and marks, and a card for each source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.answering.differing import agreement_sentence
from qa.answering.legal_terms import reader_language
from qa.answering.refusing import on_principle
from qa.answering.rendering import OTHERS, tells_of_several
from qa.answering.stage_words import SEVERAL, stage_line, verdict_line
from qa.i18n.forms import long_date, value_text
from qa.i18n.locale import _
from qa.i18n.sources import quote_credit
from qa.models.archive import Source
from qa.models.replies import Answer, CaseStatus, Citation, Composer, Event, Question, Refusal, Reply, Statement
from qa.models.translations import Translation
from qa.web.anchors import article_link, permanent_link
from qa.web.legal import Legal, legal_notes
from qa.web.printing import sheet, single_line
from qa.web.quoting import Piece, pieces
from qa.web.room import PageTexts
from qa.web.tables import tables


@dataclass(frozen=True, slots=True)
class Card:
    """A quote as shown: its words in pieces, those that answer marked, glosses between them.

    `legal` explains the legal words that first stand in it; `translation` is a machine's.
    """

    number: int
    source: Source
    credit: str
    pieces: tuple[Piece, ...]
    href: str
    legal: Legal | None = None
    translation: Translation | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A statement as shown. `own_words` is empty where the statement is its first quote, word for word."""

    lead: str
    own_words: str
    cards: tuple[Card, ...]

    @property
    def corrected(self) -> tuple[Source, ...]:
        """The sources that have a correction, each once; it goes before their words."""
        return tuple(dict.fromkeys(card.source for card in self.cards if card.source.corrections))


@dataclass(frozen=True, slots=True)
class Heading:
    """An event above what is told of it; `language` is that of a headline that stands in for its name."""

    name: str
    date: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The statements on one event; without a heading where the answer tells of one only."""

    heading: Heading | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """How far a case has got, in the software's words, and the quote that says so."""

    heading: Heading
    line: str
    card: Card


@dataclass(frozen=True, slots=True)
class Nearest:
    """An article that comes near a question that stays unanswered."""

    source: Source
    href: str
    pieces: tuple[Piece, ...] = ()


def turn_html(
    number: int,
    reply: Reply,
    *,
    places: Mapping[int, int],
    texts: PageTexts,
    answer_id: str | None = None,
    close: Sequence[tuple[str, str]] = (),
    alone: bool = False,
) -> str:
    """One question and its reply, as one line of HTML. `number` counts the turns of a conversation.

    `places` gives the sentence of its article for each quote's number; `answer_id` names the address where the answer
    stays; `close` are close questions that the staff checked an answer to, with its id. `alone`: the page around it has
    the question and the sources.
    """
    common = {
        "turn": f"turn-{number}",
        "alone": alone,
        "permanent": permanent_link(answer_id) if answer_id else "",
        "close": [(question, permanent_link(other)) for question, other in close],
        "checked": long_date(reply.checked_on) if reply.checked_on else "",
        "question": reply.question,
        "dates": dates(reply.question),
        "texts": texts,
        "understood_as": reply.understood_as,
        "period": reply.question.period,
        "notices": reply.notices,
        "cases": [_case(case, reply, places) for case in reply.cases],
        "several": _(SEVERAL) if len(reply.cases) > 1 else "",
    }
    if isinstance(reply, Refusal):
        near = {quote.source.article_id: tuple(pieces(quote)) for quote in reply.closest}
        nearest = [
            Nearest(source, article_link(source.article_id), near.get(source.article_id, ()))
            for source in reply.nearest[:3]
        ]
        # Another wording of what is declined on principle would be declined too.
        suggestion = "" if alone or on_principle(reply.reason) else _(texts.suggestion)
        shown = {"reply": reply, "nearest": nearest, "suggestion": suggestion}
        return single_line(sheet("refusal.html", **common, **shown))
    cards = answer_cards(reply, places)
    as_of = long_date(reply.as_of) if reply.as_of else ""
    compared = {
        "tables": tuple(tables(reply, places)),
        "agreement": agreement_sentence(reply.agreement) if reply.agreement else "",
    }
    shown = {"as_of": as_of, "groups": _groups(reply, cards), "cards": list(cards.values())}
    writing = {
        "written": reply.composed_by is Composer.MODEL,
        "by_staff": reply.composed_by is Composer.STAFF,
        "fallback": reply.fallback,
        "unfinished": reply.unfinished,
        "translating": reply.translating,
    }
    return single_line(sheet("answer.html", **common, **shown, **compared, **writing))


def waiting_html(number: int, question: Question, *, texts: PageTexts) -> str:
    """One question that is being searched for, as one line of HTML."""
    return single_line(
        sheet("waiting.html", turn=f"turn-{number}", question=question, dates=dates(question), texts=texts)
    )


def notice_html(text: str) -> str:
    """A sentence to the reader, as one line of HTML; nothing where there is nothing to say."""
    return single_line(sheet("notice.html", text=text)) if text else ""


def answer_cards(answer: Answer, places: Mapping[int, int]) -> dict[int, Card]:
    """A card for each quote of an answer, by the quote's number, in the order printed."""
    quoted: dict[str, list[int]] = {}
    for quote in answer.quotes:
        if quote.number in places:
            quoted.setdefault(quote.source.article_id, []).append(places[quote.number])
    legal = legal_notes(answer.quotes, reader_language(answer.question))
    return {
        quote.number: replace(
            _card(quote, quoted.get(quote.source.article_id, []), places.get(quote.number), legal),
            translation=answer.translation_of(quote),
        )
        for quote in answer.quotes
    }


def dates(question: Question) -> str:
    """The dates a question is held to, in words."""
    first, last = question.published_from, question.published_until
    if first and last:
        return _("published {first} to {last}", first=long_date(first), last=long_date(last))
    if first:
        return _("published from {day}", day=long_date(first))
    return _("published until {day}", day=long_date(last)) if last else ""


def _card(quote: Citation, quoted: list[int], place: int | None, legal: Mapping[int, Legal]) -> Card:
    href = article_link(quote.source.article_id, quoted=quoted, at=place)
    return Card(quote.number, quote.source, quote_credit(quote), tuple(pieces(quote)), href, legal.get(quote.number))


def _paragraph(statement: Statement, cards: Mapping[int, Card]) -> Paragraph:
    own_words = "" if statement.verbatim else statement.text
    return Paragraph(
        quote_credit(statement.quotes[0]), own_words, tuple(cards[quote.number] for quote in statement.quotes)
    )


def _groups(answer: Answer, cards: Mapping[int, Card]) -> list[Group]:
    """Neighbouring statements on one event together, under its name where the answer tells of several."""
    apart = tells_of_several(answer)
    return [
        Group(
            _heading(event, [one.quotes[0] for one in told]) if apart else None,
            tuple(_paragraph(one, cards) for one in told),
        )
        for event, told in ((event, list(run)) for event, run in groupby(answer.statements, key=lambda one: one.event))
    ]


def _heading(event: Event | None, quotes: Sequence[Citation]) -> Heading:
    if event is None:
        return Heading(_(OTHERS))
    date = value_text(event.date) if event.date else ""
    if not event.by_headline:
        return Heading(event.name, date)
    language = next((one.source.language for one in quotes if one.source.title == event.name), "")
    return Heading(f"“{event.name}”", date, language)


def _case(case: CaseStatus, reply: Reply, places: Mapping[int, int]) -> CaseLine:
    place = places.get(case.quote.number)
    line = stage_line(case) if isinstance(reply, Refusal) else verdict_line(case)
    legal = legal_notes([case.quote], reader_language(reply.question))
    card = _card(case.quote, [] if place is None else [place], place, legal)
    return CaseLine(_heading(case.event, [case.quote]), line, card)
