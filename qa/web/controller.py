"""The controller of the asking page: from what was typed to what is shown, and the conversation that the browser keeps.

Readers leave the page for an article and come back: the browser keeps the sealed conversation for the tab and hands it
in again, so that quotes are shown as they were given and never looked up anew.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from qa.errors import NotFound, QuestionError
from qa.i18n.catalogues import ENGLISH
from qa.i18n.locale import _, use_locale, with_locale
from qa.i18n.messages import error_text
from qa.models.archive import Span
from qa.models.journal import Channel
from qa.models.replies import Answer, Reply
from qa.text.sentences import sentence_spans
from qa.web.context import ReplyUpdate, WebContext
from qa.web.links import sentence_number
from qa.web.questions import question_from
from qa.web.templating import render, single_line
from qa.web.turns import notice_html, turn_html, waiting_html

_SALT = "qa.conversation"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RenderedTurn:
    """A question and its reply: `html` is one line, already escaped."""

    number: int
    question: str
    html: str


@dataclass(frozen=True, slots=True)
class Conversation:
    """The last turns, oldest first. `asked` counts every question, those forgotten too."""

    turns: tuple[RenderedTurn, ...] = ()
    asked: int = 0

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(turn.question for turn in self.turns)

    @property
    def html(self) -> str:
        """Every turn as a block of its own, so that a new one leaves the others' place on the page alone."""
        return "\n\n".join(turn.html for turn in self.turns)

    def with_turn(self, question: str, html: str, *, keep: int) -> Conversation:
        """The conversation with one more turn, of which the newest `keep` stay."""
        turn = RenderedTurn(self.asked + 1, question, html)
        return Conversation((*self.turns, turn)[-keep:], turn.number)


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
        self._context = context
        self._key = secrets.token_bytes(32)

    def ask(
        self, text: str, first: str, last: str, conversation: Conversation, *, host: str | None, tag: str = ENGLISH
    ) -> Iterator[ConversationView]:
        """A view while the archive is searched, one for each sentence that is written, then one with the whole reply.

        Or one with what went wrong. `tag` is the locale of the page.
        """
        return with_locale(tag, self._views(text, first, last, conversation, host=host))

    def busy(self, text: str, conversation: Conversation, *, tag: str = ENGLISH) -> ConversationView:
        """The view where too many ask at once: the question stays in the box."""
        with use_locale(tag):
            return self._sealed(conversation, notice=_(self._context.texts.busy), box=text)

    def restore(self, sealed: str) -> ConversationView:
        """The view of a conversation that the browser kept; an empty one where it can't be trusted."""
        return self._sealed(unseal(sealed, key=self._key) or Conversation())

    def turn(self, number: int, update: ReplyUpdate) -> str:
        """A turn of a conversation in the locale of its reply, as one line of HTML; `number` counts from 1."""
        places, similar = self._places(update.reply), self._similar(update)
        texts, answer_id = self._context.texts, update.answer_id
        with use_locale(update.reply.question.locale):
            return turn_html(number, update.reply, places=places, texts=texts, answer_id=answer_id, similar=similar)

    def _views(
        self, text: str, first: str, last: str, conversation: Conversation, *, host: str | None
    ) -> Iterator[ConversationView]:
        context = self._context
        try:
            question = question_from(text, first, last, longest=context.limits.question_length)
            if context.limiter.take(host):
                raise QuestionError(_(context.texts.too_many))
            number = conversation.asked + 1
            yield _with_turn(conversation, waiting_html(number, question, texts=context.texts))
            html = ""
            for update in context.stream(question, channel=Channel.PAGE, history=conversation.questions):
                html = self.turn(number, update)
                if update.growing:
                    yield _with_turn(conversation, html)
            yield self._sealed(conversation.with_turn(question.text, html, keep=context.limits.history_turns))
        except QuestionError as error:
            yield self._sealed(conversation, notice=error_text(error), box=text)
        except Exception:
            _log.exception("a question could not be answered")
            yield self._sealed(conversation, notice=_(context.texts.trouble), box=text)

    def _similar(self, update: ReplyUpdate) -> list[tuple[str, str]]:
        """Similar questions with an answer checked by the staff, where this one isn't checked."""
        if update.growing or update.reply.checked_on:
            return []
        return self._context.service.close_to(update.reply.understood_as or update.reply.question.text)

    def _sealed(self, conversation: Conversation, *, notice: str = "", box: str = "") -> ConversationView:
        if not conversation.turns:
            return ConversationView(conversation, "", notice_html(notice), box)
        sealed = single_line(render("kept.html", sealed=seal(conversation, key=self._key)))
        return ConversationView(conversation, f"{conversation.html}\n\n{sealed}", notice_html(notice), box)

    def _places(self, reply: Reply) -> dict[int, int]:
        """The sentence of its article for the number of each quote with a link."""
        if isinstance(reply, Answer):
            quotes = [*reply.quotes, *(party.quote for party in reply.parties)]
        else:
            quotes = [case.quote for case in reply.cases]
        spans = {name: self._spans(name) for name in dict.fromkeys(quote.source.article_id for quote in quotes)}
        numbers = {quote.number: sentence_number(spans[quote.source.article_id], quote.start) for quote in quotes}
        return {number: place for number, place in numbers.items() if place is not None}

    def _spans(self, article_id: str) -> Sequence[Span]:
        try:
            return sentence_spans(self._context.service.article(article_id).body)
        except NotFound:
            return ()


def _with_turn(conversation: Conversation, html: str) -> ConversationView:
    """A conversation with a turn below it that isn't finished."""
    return ConversationView(conversation, "\n\n".join([conversation.html, html]).strip())


def seal(conversation: Conversation, *, key: bytes) -> str:
    """The conversation as text that a browser can keep but not alter."""
    turns = [[turn.number, turn.question, turn.html] for turn in conversation.turns]
    return str(_serializer(key).dumps([conversation.asked, turns]))


def unseal(sealed: str, *, key: bytes) -> Conversation | None:
    """The conversation that was sealed; None where the text is anything else."""
    try:
        asked, turns = _serializer(key).loads(sealed.encode("utf-8", "replace"))
    except BadData:
        return None
    return Conversation(tuple(RenderedTurn(*turn) for turn in turns), asked)


def _serializer(key: bytes) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
