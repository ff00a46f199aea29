"""What the pages share: the archive behind them, its limits and texts, and the templates; every value is escaped."""

import functools
import hashlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from qa.answering.analysis import LONGEST_QUESTION
from qa.answering.quoting import article_within_rights
from qa.answering.stage_words import phase_words
from qa.answering.view import explanation, notes_heading, party_words, translated_by
from qa.errors import ArchiveError, Busy, NotFound, QuestionError
from qa.i18n import forms
from qa.i18n.locale import N_, _, current_locale, ngettext, pgettext
from qa.i18n.staff import cost_words, likelihood_words, stopped_words, support_words, usage_words, value_words
from qa.models.annotations import NamedEvent
from qa.models.archive import Coverage, ListedArticle, Origins, Span, moment_text
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Version
from qa.models.journal import Channel
from qa.models.replies import Answer, Hit, Question, Reply
from qa.protocols import ArticleReader
from qa.text.sentences import sentence_spans
from qa.web.forms import article_link, ask_link, language_tag, safe_link
from qa.web.limits import (
    BUSY,
    TOO_MUCH,
    VIEWS_PER_REQUEST,
    Limits,
    RateLimiter,
    RequestQueue,
    TooManyRequests,
    host_of,
)
from qa.web.metrics import Metrics
from qa.web.requests import FORM_POLICY, fault_text, locale_in_address, locale_links

T = TypeVar("T")
Values = dict[str, Any]  # what a template shows

TROUBLE = N_("The archive can’t be searched just now. Your question is still in the box; try again in a minute.")
TAGLINE = N_(
    "Software finds and quotes passages from archived articles. It can miss things; every sentence links to its source."
)
MODEL_TAGLINE = N_(
    "Software finds passages in archived articles, and a language model writes answers from them; each sentence is "
    "checked by software against its sources and links to them. It can miss things and get things wrong."
)

_BREAKS = re.compile(r"[\t\n\r\f\v]+")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PageTexts:
    """What the host says on the page, and what readers are told of how answers are made."""

    title: str = N_("Ask the archive")
    model: str = ""  # that writes answers; empty where none does
    translates: bool = False  # the model translates quotes
    help: str = ""
    journal: bool = False  # questions and answers are kept
    kept_days: int = 365  # 0: for ever
    stale: Callable[[], date | None] = lambda: None  # the day of the last ingestion, where that is too long ago

    @property
    def kept(self) -> str:
        """The retention of answers, in a sentence."""
        if not self.kept_days:
            return _("Answers are kept for ever.")
        days = ngettext("{number} day", "{number} days", self.kept_days, number=forms.number(self.kept_days))
        return _("Answers are kept for {days}; those that the staff decided on stay longer.", days=days)

    @property
    def what_this_is(self) -> str:
        """The sentence under the title, before the first question."""
        return _(MODEL_TAGLINE if self.model else TAGLINE)


def render(template: str, **values: object) -> str:
    """A template of `templates/`, filled in, in the current locale."""
    texts = values.get("texts")
    if isinstance(texts, PageTexts):  # no message has the words of the host: those stay as they are
        values["texts"] = replace(texts, title=_(texts.title), help=_(texts.help))
    return _environment().get_template(template).render(**values)


def render_line(template: str, **values: object) -> Markup:
    """The same on one line: a line break inside would end a block of HTML within Markdown."""
    return Markup(_BREAKS.sub(" ", render(template, **values)).strip())


@functools.cache
def _environment() -> Environment:
    environment = Environment(loader=PackageLoader("qa.web"), autoescape=True, undefined=StrictUndefined)
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    # What the extension adds is not in the type.
    environment.install_gettext_callables(_, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    environment.globals |= {"locale": current_locale, "locales": locale_links, "longest_question": LONGEST_QUESTION}
    environment.globals["locale_in_address"] = locale_in_address
    filters = (
        *(article_link, ask_link, moment_text, phase_words),
        *(explanation, notes_heading, party_words, translated_by),
        *(forms.coverage_text, forms.credit, forms.language_name, forms.lead, forms.long_date, forms.moment_words),
        *(forms.number, forms.publication_text, forms.quote_credit, forms.short_date),
        *(cost_words, likelihood_words, stopped_words, support_words, usage_words, value_words),
    )
    environment.filters |= {filter.__name__: filter for filter in filters}
    environment.filters |= {"translated": _, "lang": language_tag, "outside": safe_link}
    environment.filters["host"] = lambda url: urlsplit(url).netloc
    return environment


class ArchiveService(ArticleReader, Protocol):
    """The archive as the public sees it, from several threads at once.

    Methods raise StoreError, those that take a question also QuestionError. `replies` gives the reply as it grows, each
    to be replaced by the next; `history` holds the questions before this one, oldest first. `keep` keeps a whole reply
    before it is shown, and gives the id of its permanent address, None where it isn't kept. `close_to` gives similar
    questions with the id of an answer that the staff checked, `examples` what is worth trying, `suggestions` what next.
    """

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply: ...
    def replies(self, question: Question, *, history: Sequence[str] = ()) -> Iterator[Reply]: ...
    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str | None: ...
    def reply_json(self, reply: Reply, *, id: str, seconds: float, answer_id: str | None = None) -> Values: ...
    def versions(self, article_id: str) -> list[Version]: ...
    def coverage(self) -> Coverage: ...
    def search(self, question: Question, *, limit: int) -> list[Hit]: ...
    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]: ...
    def origins(self) -> Origins: ...
    def named_events(self) -> Mapping[str, tuple[NamedEvent, ...]]: ...
    def close_to(self, question: str) -> list[tuple[str, str]]: ...
    def examples(self, locale: str) -> tuple[str, ...]: ...
    def suggestions(self, reply: Reply, *, asked: Sequence[str] = ()) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class ReplyUpdate:
    """A reply in a stream: `answer_id` names its permanent address, None while it grows or where it isn't kept."""

    reply: Reply
    answer_id: str | None = None
    seconds: float = 0.0

    @property
    def growing(self) -> bool:
        return isinstance(self.reply, Answer) and (self.reply.unfinished or self.reply.translating)


def refusal(error: Exception) -> Values:
    """What a page is given where it has no result for what was sent: why not, and the box that is wrong."""
    status, text, box, headers = 503, _(BUSY), "", dict[str, str]()
    if isinstance(error, Busy):
        headers["Retry-After"] = str(error.seconds)
        if isinstance(error, TooManyRequests):
            status, text = 429, _(TOO_MUCH)
    elif isinstance(error, QuestionError):
        status, text, box = 400, forms.error_text(error), error.box
    else:
        _log.error("a question could not be answered", exc_info=error)
        text = fault_text(TROUBLE)
    return {"status": status, "headers": headers, "refusal": {"text": text, "box": box}}


@dataclass(eq=False)
class WebContext:
    """The archive behind the pages, with what limits their readers and the texts around it."""

    service: ArchiveService
    texts: PageTexts = field(default_factory=PageTexts)
    limits: Limits = field(default_factory=Limits)
    is_loaded: Callable[[], bool] = lambda: True

    def __post_init__(self) -> None:
        self.limiter, self.queue = RateLimiter(self.limits.requests_per_minute), RequestQueue(self.limits)
        self._views = RateLimiter(VIEWS_PER_REQUEST * self.limits.requests_per_minute)
        self.metrics = Metrics()

    def stream(self, question: Question, *, channel: Channel, history: Sequence[str] = ()) -> Iterator[ReplyUpdate]:
        """The reply as it grows, at last the whole, kept before it is seen. Raises QuestionError, StoreError."""
        begun = time.perf_counter()
        try:
            for reply in self.service.replies(question, history=history):
                update = ReplyUpdate(reply)
                if not update.growing:
                    seconds = time.perf_counter() - begun
                    self.metrics.replied(reply, channel=channel, seconds=seconds)
                    update = ReplyUpdate(reply, self.service.keep(reply, channel=channel, seconds=seconds), seconds)
                yield update
        except QuestionError:
            raise
        except Exception:
            self.metrics.questions.labels(channel, "failed").inc()
            raise

    def reply(self, question: Question, *, channel: Channel) -> ReplyUpdate:
        """The whole reply. Raises QuestionError, StoreError."""
        *_growing, whole = self.stream(question, channel=channel)
        return whole

    def reply_json(self, question: Question, *, channel: Channel) -> Values:
        """The whole reply as JSON values, the same id for the same question. Raises QuestionError, StoreError."""
        whole = self.reply(question, channel=channel)
        asked = (question.text, str(question.published_from), str(question.published_until), *question.without)
        id = hashlib.sha256("\n".join(asked).encode("utf-8", "replace")).hexdigest()[:16]
        return self.service.reply_json(whole.reply, id=id, seconds=whole.seconds, answer_id=whole.answer_id)

    def admit(self, request: Request) -> None:
        """Counts a request that takes work. Raises TooManyRequests."""
        if seconds := self.limiter.take(host_of(request)):
            raise TooManyRequests(seconds)

    def admit_view(self, request: Request) -> None:
        """Counts a page that is only read. Raises TooManyRequests."""
        if seconds := self._views.take(host_of(request)):
            raise TooManyRequests(seconds)

    async def queued(self, request: Request, work: Callable[..., T], *args: Any) -> T:
        """The result of a call that takes work, in a thread, once the queue lets it. Raises Busy."""
        async with self.queue.slot(host_of(request)):
            return await run_in_threadpool(work, *args)

    def coverage(self) -> Coverage | None:
        """The coverage of the archive; None while it can't be read."""
        try:
            return self.service.coverage()
        except ArchiveError:
            _log.exception("the archive could not be read")
            return None

    def examples(self, locale: str) -> tuple[str, ...]:
        """Questions worth trying; none while the archive, or its journal, can't be read."""
        try:
            return self.service.examples(locale)
        except ArchiveError:
            _log.exception("the archive could not be read")
            return ()

    def spans(self, article_id: str, *, within_rights: bool = False) -> Sequence[Span]:
        """The sentences of an article; none where it isn't public: another process may withdraw it at any time."""
        try:
            article = self.service.article(article_id)
            return sentence_spans((article_within_rights(article) if within_rights else article).body)
        except NotFound:
            return ()

    def page(
        self, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
    ) -> HTMLResponse:
        """A response with a page."""
        html = render(template, texts=self.texts, **{"refusal": None, **values})
        return HTMLResponse(html, status, headers=headers)

    def form_page(self, template: str, *, policy: str = FORM_POLICY, **values: Any) -> HTMLResponse:
        """A page with a form that leads to this host; `policy` replaces that of pages without forms."""
        headers = {"Content-Security-Policy": policy} | values.pop("headers", {})
        return self.page(template, headers=headers, **values)

    def message_page(self, status: int, heading: str, text: str, **options: Any) -> HTMLResponse:
        """A page of one sentence; both are messages. That of a fault has the request's number."""
        words = fault_text(text) if status >= 500 else _(text)
        return self.page("plain.html", status=status, heading=_(heading), text=words, **options)

    def staff_message(self, status: int, heading: str, text: str, *, member: object = None) -> HTMLResponse:
        """A page of one sentence for the staff: for a member, or for somebody who isn't signed in."""
        return self.form_page("staff_message.html", status=status, heading=heading, text=text, member=member)
