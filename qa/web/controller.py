"""The controller of the asking page: from what was typed to the HTML that is shown, and the conversation.

Readers leave the page for an article and come back: the browser keeps the sealed conversation for the tab and hands it
in again, so that quotes are shown as they were given and never looked up anew.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from itsdangerous import BadData, URLSafeSerializer

from qa.answering.policy import on_principle
from qa.answering.rendering import reply_text
from qa.answering.view import ReplyView
from qa.errors import QuestionError
from qa.i18n.forms import error_text, published_text
from qa.i18n.locale import ENGLISH, _, use_locale, with_locale
from qa.models.journal import Channel
from qa.models.replies import Answer, Citation, Question, Reply
from qa.web.context import TROUBLE, ReplyUpdate, WebContext
from qa.web.forms import question_from
from qa.web.limits import BUSY, TOO_MANY
from qa.web.links import article_link, ask_link, sentence_number
from qa.web.requests import fault_text
from qa.web.templating import render, single_line

_log = logging.getLogger(__name__)


def turn_html(
    number: int,
    reply: Reply,
    *,
    places: Mapping[int, int],
    answer_id: str | None = None,
    similar: Sequence[tuple[str, str]] = (),
    suggestions: Sequence[str] = (),
    alone: bool = False,
) -> str:
    """The `number`th question of a conversation and its reply, as one line of HTML.

    `places` gives the sentence of its article for each quote's number; `similar` are questions with a checked answer,
    and its id, `suggestions` those to ask next. `alone`: the page around it has the question and the sources.
    """
    asked = reply.question
    html = render(
        "answer.html" if isinstance(reply, Answer) else "refusal.html",
        turn=f"turn-{number}",
        reply=reply,
        view=ReplyView(reply),
        links=_links(reply, places),
        alone=alone,
        growing=ReplyUpdate(reply).growing,
        answer_id=answer_id,
        similar=similar,
        next_questions=[(text, ask_link(replace(asked, text=text, without=()))) for text in suggestions],
        text="" if alone else f"{asked.text}\n\n{reply_text(reply)}",
        # Another wording of what is declined on principle would be declined too.
        other_words_help=not (alone or isinstance(reply, Answer) or on_principle(reply.reason)),
    )
    return single_line(html)


def waiting_html(number: int, question: Question) -> str:
    """A question while it is searched for, as one line of HTML."""
    dates = published_text(question.published_from, question.published_until)
    return single_line(render("waiting.html", turn=f"turn-{number}", question=question, dates=dates))


def notice_html(text: str) -> str:
    """A sentence to the reader, as one line of HTML; empty where there is none."""
    return single_line(render("notice.html", text=text)) if text else ""


def _links(reply: Reply, places: Mapping[int, int]) -> dict[int, str]:
    """The address of each quote's sentence, by the quote's number; an answer's quotes of one article are all marked."""
    cited = reply.citations if isinstance(reply, Answer) else ()
    links = {}
    for quote in _linked_quotes(reply):
        name = quote.source.article_id
        marked = [other for other in cited if other.source.article_id == name] if quote in cited else [quote]
        quoted = [places[other.number] for other in marked if other.number in places]
        links[quote.number] = article_link(name, quoted=quoted, at=places.get(quote.number))
    return links


def _linked_quotes(reply: Reply) -> list[Citation]:
    """The quotes of a reply that lead to their sentences."""
    if isinstance(reply, Answer):
        return [*(party.quote for party in reply.parties), *reply.citations]
    return [case.quote for case in reply.cases]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first, each its question and escaped HTML; and a count of those forgotten too."""

    turns: tuple[tuple[str, str], ...] = ()
    questions_asked: int = 0

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(question for question, _ in self.turns)

    @property
    def html(self) -> str:
        """Every turn as a block of its own, so that a new one leaves the others' place on the page alone."""
        return "\n\n".join(html for _, html in self.turns)

    def with_turn(self, question: str, html: str, *, keep: int) -> Conversation:
        """The conversation with one more turn, of which the newest `keep` stay."""
        return Conversation((*self.turns, (question, html))[-keep:], self.questions_asked + 1)


@dataclass(frozen=True, slots=True)
class ConversationView:
    """What the page shows: the conversation, a notice to the reader, and what is in the question box."""

    conversation: Conversation
    html: str
    notice: str = ""
    box: str = ""


class QuestionController:
    """Answers the page's questions. It keeps nothing of a reader: that travels in the conversation."""

    def __init__(self, context: WebContext) -> None:
        self.context = context
        self._key = secrets.token_bytes(32)

    def ask(
        self,
        text: str,
        first: str,
        last: str,
        conversation: Conversation,
        *,
        host: str | None,
        tag: str = ENGLISH,
        without: str = "",
    ) -> Iterator[ConversationView]:
        """A view while the archive is searched, one for each sentence that is written, then one with the whole reply.

        Or one with what went wrong. `tag` is the page's locale; `without` names, with spaces between, what is left out.
        """
        return with_locale(tag, self._views(text, (first, last), without.split(), conversation, host))

    def busy(self, text: str, conversation: Conversation, *, tag: str = ENGLISH) -> ConversationView:
        """The view where too many ask at once: the question stays in the box."""
        with use_locale(tag):
            return self._sealed(conversation, notice=_(BUSY), box=text)

    def restore(self, sealed: str) -> ConversationView:
        """The view of a conversation that the browser kept; an empty one where it can't be trusted."""
        return self._sealed(unseal(sealed, key=self._key) or Conversation())

    def turn(self, number: int, update: ReplyUpdate, *, asked: Sequence[str] = ()) -> str:
        """A turn in the locale of its reply, as one line of HTML; it is the `number`th, after the questions `asked`."""
        reply, service = update.reply, self.context.service
        unchecked = not (update.growing or reply.checked_on)
        with use_locale(reply.question.locale):
            return turn_html(
                number,
                reply,
                places=self._places(reply),
                answer_id=update.answer_id,
                similar=service.close_to(reply.understood_as or reply.question.text) if unchecked else (),
                suggestions=() if update.growing else service.suggestions(reply, asked=asked),
            )

    def _views(
        self, text: str, dates: tuple[str, str], without: Sequence[str], conversation: Conversation, host: str | None
    ) -> Iterator[ConversationView]:
        context = self.context
        try:
            question = question_from(text, *dates, without=without)
            if context.limiter.take(host):
                raise QuestionError(_(TOO_MANY))
            number, before, html = conversation.questions_asked + 1, conversation.html, ""
            yield ConversationView(conversation, f"{before}\n\n{waiting_html(number, question)}".strip())
            for update in context.stream(question, channel=Channel.PAGE, history=conversation.questions):
                html = self.turn(number, update, asked=conversation.questions)
                if update.growing:
                    yield ConversationView(conversation, f"{before}\n\n{html}".strip())
            # A follow-up goes on from the question as it was asked, not from what was left out of it.
            asked = (question.without and update.reply.understood_as) or question.text
            yield self._sealed(conversation.with_turn(asked, html, keep=context.limits.history_turns))
        except QuestionError as error:
            yield self._sealed(conversation, notice=error_text(error), box=text)
        except Exception:
            _log.exception("a question could not be answered")
            yield self._sealed(conversation, notice=fault_text(TROUBLE), box=text)

    def _sealed(self, conversation: Conversation, *, notice: str = "", box: str = "") -> ConversationView:
        html = conversation.html
        if html:
            html += f"\n\n{single_line(render('kept.html', sealed=seal(conversation, key=self._key)))}"
        return ConversationView(conversation, html, notice_html(notice), box)

    def _places(self, reply: Reply) -> dict[int, int]:
        """The sentence of its article for the number of each quote with a link."""
        quotes = _linked_quotes(reply)
        spans = {name: self.context.spans(name) for name in {quote.source.article_id for quote in quotes}}
        numbers = {quote.number: sentence_number(spans[quote.source.article_id], quote.start) for quote in quotes}
        return {number: place for number, place in numbers.items() if place is not None}


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="qa.conversation", signer_kwargs={"digest_method": hashlib.sha256})


def seal(conversation: Conversation, *, key: bytes) -> str:
    """The conversation as text that a browser can keep but not alter."""
    return str(_serializer(key).dumps([conversation.questions_asked, conversation.turns]))


def unseal(sealed: str, *, key: bytes) -> Conversation | None:
    """The conversation that was sealed; None where the text is anything else."""
    try:
        questions_asked, turns = _serializer(key).loads(sealed.encode("utf-8", "replace"))
    except BadData:
        return None
    return Conversation(tuple((question, html) for question, html in turns), questions_asked)
