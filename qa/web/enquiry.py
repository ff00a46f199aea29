"""One question asked at the page, from what was typed to what is shown."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qa.errors import NotFound, QuestionError
from qa.i18n.catalogues import ENGLISH
from qa.i18n.locale import _, use_locale, with_locale
from qa.i18n.messages import error_words
from qa.models.archive import Span
from qa.models.journal import Channel
from qa.models.replies import Answer, Citation, Reply
from qa.web.anchors import sentence_number
from qa.web.asking import question_from
from qa.web.cards import notice_html, turn_html, waiting_html
from qa.web.conversation import Conversation, seal, unseal
from qa.web.printing import sheet, single_line
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.telling import Told, telling
from qa.web.throttle import Throttle

SentenceSpans = Callable[[str], Sequence[Span]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: the conversation, a notice to the reader, and what stands in the box."""

    conversation: Conversation
    html: str
    notice: str = ""
    box: str = ""


class Enquiry:
    """The desk where questions are taken. It keeps nothing of a reader: that travels in the conversation."""

    def __init__(
        self,
        room: ReadingRoom,
        *,
        sentence_spans: SentenceSpans,
        throttle: Throttle,
        texts: PageTexts,
        limits: Limits,
    ) -> None:
        self._room = room
        self._sentence_spans = sentence_spans
        self._throttle = throttle
        self._texts = texts
        self._limits = limits
        self._key = secrets.token_bytes(32)

    def ask(
        self, text: str, first: str, last: str, conversation: Conversation, *, host: str | None, tag: str = ENGLISH
    ) -> Iterator[View]:
        """A view while the archive is searched, one for each sentence that is written, then one with the whole reply.

        Or one with what went wrong. `tag` is the language of the page.
        """
        return with_locale(tag, self._views(text, first, last, conversation, host=host))

    def busy(self, text: str, conversation: Conversation, *, tag: str = ENGLISH) -> View:
        """What is shown where too many ask at once: the question stays in the box."""
        with use_locale(tag):
            return self._kept(conversation, notice=_(self._texts.busy), box=text)

    def _views(
        self, text: str, first: str, last: str, conversation: Conversation, *, host: str | None
    ) -> Iterator[View]:
        try:
            question = question_from(text, first, last, longest=self._limits.question_length)
            if not self._throttle.admits(host):
                raise QuestionError(_(self._texts.too_many))
            number = conversation.asked + 1
            waiting = waiting_html(number, question, texts=self._texts)
            yield View(conversation, "\n\n".join([conversation.html, waiting]).strip())
            html = ""
            for told in telling(self._room, question, channel=Channel.PAGE, history=conversation.questions):
                html = self.shown(number, told)
                if told.growing:
                    yield View(conversation, "\n\n".join([conversation.html, html]).strip())
            yield self._kept(conversation.with_turn(question.text, html, keep=self._limits.history_turns))
        except QuestionError as error:
            yield self._kept(conversation, notice=error_words(error), box=text)
        except Exception:
            _log.exception("a question could not be answered")
            yield self._kept(conversation, notice=_(self._texts.trouble), box=text)

    def shown(self, number: int, told: Told) -> str:
        """A turn of a conversation in the language of its reply, as one line of HTML; `number` counts from 1."""
        places, close = self._places(told.reply), self._close(told)
        with use_locale(told.reply.question.locale):
            return turn_html(
                number, told.reply, places=places, texts=self._texts, answer_id=told.answer_id, close=close
            )

    def _close(self, told: Told) -> list[tuple[str, str]]:
        """Close questions that the staff checked an answer to, where they didn't check this one."""
        if told.growing or told.reply.checked_on:
            return []
        return self._room.close_to(told.reply.understood_as or told.reply.question.text)

    def restore(self, sealed: str) -> View:
        """The view of a conversation that the browser kept; an empty one where it can't be trusted."""
        return self._kept(unseal(sealed, key=self._key) or Conversation())

    def _kept(self, conversation: Conversation, *, notice: str = "", box: str = "") -> View:
        if not conversation.turns:
            return View(conversation, "", notice_html(notice), box)
        sealed = single_line(sheet("kept.html", sealed=seal(conversation, key=self._key)))
        return View(conversation, f"{conversation.html}\n\n{sealed}", notice_html(notice), box)

    def _places(self, reply: Reply) -> dict[int, int]:
        """The sentence of its article for each quote's number."""
        spans: dict[str, Sequence[Span]] = {}
        places: dict[int, int] = {}
        for quote in _quotes(reply):
            name = quote.source.article_id
            if name not in spans:
                spans[name] = self._spans(name)
            place = sentence_number(spans[name], quote.start)
            if place is not None:
                places[quote.number] = place
        return places

    def _spans(self, article_id: str) -> Sequence[Span]:
        try:
            return self._sentence_spans(self._room.article(article_id).body)
        except NotFound:
            return ()


def _quotes(reply: Reply) -> Iterator[Citation]:
    """Every quote of a reply that a reader can open at its sentence."""
    if isinstance(reply, Answer):
        yield from reply.quotes
        yield from (party.quote for party in reply.parties)
    else:
        yield from (case.quote for case in reply.cases)
