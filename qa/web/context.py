"""What every page of the web application shares: the archive, its limits, its texts, and how a page is made."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from qa.answering.quoting import article_within_rights
from qa.errors import ArchiveError, Busy, NotFound, QuestionError
from qa.i18n.forms import error_text
from qa.i18n.locale import N_, _
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, ListedArticle, Origins, Span
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Version
from qa.models.journal import Channel
from qa.models.replies import Answer, Hit, Question, Reply
from qa.text.sentences import sentence_spans
from qa.web.forms import InvalidForm
from qa.web.guard import FORM_POLICY
from qa.web.limits import BUSY, TOO_MUCH, Limits, RateLimiter, RequestQueue, TooManyRequests, host_of
from qa.web.metrics import Metrics
from qa.web.requests import fault_text
from qa.web.templating import PageTexts, render

T = TypeVar("T")
Values = dict[str, Any]  # what a template shows

TROUBLE = N_("The archive can’t be searched just now. Your question is still in the box; try again in a minute.")

_log = logging.getLogger(__name__)


class ArchiveService(Protocol):
    """The archive as the public sees it. Every method may be called from several threads at once.

    Those that read the archive raise StoreError, those that take a question also QuestionError.
    """

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply:
        """An answer or a refusal. `history` holds the questions before this one, oldest first."""

    def replies(self, question: Question, *, history: Sequence[str] = ()) -> Iterator[Reply]:
        """The reply as it grows: each unfinished or translating answer is replaced by the next."""

    def article(self, article_id: str) -> Article:
        """A public article. Raises NotFound, and of one that was withdrawn Withdrawn."""

    def versions(self, article_id: str) -> list[Version]: ...

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]: ...

    def coverage(self) -> Coverage: ...

    def search(self, question: Question, *, limit: int) -> list[Hit]: ...

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]: ...

    def origins(self) -> Origins: ...

    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str | None:
        """Keeps a whole reply before it is shown; the id of its permanent address, None where it isn't kept."""

    def close_to(self, question: str) -> list[tuple[str, str]]:
        """Similar questions with an answer checked by the staff, and the answer's id."""

    def examples(self, locale: str) -> tuple[str, ...]:
        """Questions worth trying, in the language of the page; it shows the first four."""

    def suggestions(self, reply: Reply, *, asked: Sequence[str] = ()) -> tuple[str, ...]:
        """Questions to ask after a reply, none of those `asked` before it."""

    def reply_json(
        self, reply: Reply, *, id: str, seconds: float, answer_id: str | None = None
    ) -> dict[str, object]: ...


@dataclass(frozen=True, slots=True)
class ReplyUpdate:
    """A reply in a stream: `answer_id` names its permanent address, None while it grows or where it isn't kept."""

    reply: Reply
    answer_id: str | None = None
    seconds: float = 0.0

    @property
    def growing(self) -> bool:
        return isinstance(self.reply, Answer) and (self.reply.unfinished or self.reply.translating)


@dataclass(frozen=True, slots=True)
class PageRefusal:
    """Why a page has no result; `box` names the one that is wrong, `retry_after` are seconds, 0 for no use."""

    status: int
    text: str
    box: str = ""
    retry_after: int = 0


class WebContext:
    """The archive behind the pages, with what limits their readers and the texts around it."""

    def __init__(
        self,
        service: ArchiveService,
        *,
        texts: PageTexts | None = None,
        limits: Limits | None = None,
        is_loaded: Callable[[], bool] = lambda: True,
    ) -> None:
        self.is_loaded = is_loaded
        self.service, self.texts, self.limits = service, texts or PageTexts(), limits or Limits()
        self.limiter, self.queue = RateLimiter(self.limits.requests_per_minute), RequestQueue(self.limits)
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
            self.metrics.failed(channel)
            raise

    def reply(self, question: Question, *, channel: Channel) -> ReplyUpdate:
        """The whole reply. Raises QuestionError, StoreError."""
        *_growing, whole = self.stream(question, channel=channel)
        return whole

    def reply_json(self, question: Question, *, channel: Channel) -> dict[str, object]:
        """The whole reply as JSON values, the same id for the same question. Raises QuestionError, StoreError."""
        whole = self.reply(question, channel=channel)
        asked = (question.text, str(question.published_from), str(question.published_until), *question.without)
        id = hashlib.sha256("\n".join(asked).encode("utf-8", "replace")).hexdigest()[:16]
        return self.service.reply_json(whole.reply, id=id, seconds=whole.seconds, answer_id=whole.answer_id)

    def admit(self, request: Request) -> None:
        """Counts a request that takes work. Raises TooManyRequests."""
        if seconds := self.limiter.take(host_of(request)):
            raise TooManyRequests(seconds)

    async def queued(self, request: Request, work: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """The result of a call that takes work, in a thread, once the queue lets it. Raises Busy."""
        async with self.queue.slot(host_of(request)):
            return await run_in_threadpool(work, *args, **kwargs)

    def coverage(self) -> Coverage | None:
        """The coverage of the archive; None while it can't be read."""
        return _unless_unreadable(self.service.coverage)

    def examples(self, locale: str) -> tuple[str, ...]:
        """Questions worth trying; none while the archive can't be read."""
        return _unless_unreadable(self.service.examples, locale) or ()

    def spans(self, article_id: str) -> Sequence[Span]:
        """The sentences of a public article; none where it isn't public any more."""
        try:
            return sentence_spans(self.service.article(article_id).body)
        except NotFound:
            return ()

    def readable(self, article_id: str) -> Article | None:
        """An article within its rights; None where it isn't public: another process may withdraw it at any time."""
        try:
            article = self.service.article(article_id)
        except NotFound:
            return None
        return article_within_rights(article) if article.source.status.readable else None

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        policy: str = "",
        refusal: PageRefusal | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """A response with a page; `policy` replaces that of pages without forms."""
        html = render(template, texts=self.texts, refusal=refusal, **values)
        response = HTMLResponse(html, refusal.status if refusal else status, headers=headers)
        if policy:
            response.headers["Content-Security-Policy"] = policy
        if refusal and refusal.retry_after:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response

    def form_page(self, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
        """A page with a form that leads to this host."""
        return self.page(template, status=status, policy=FORM_POLICY, **values)

    def refusal(self, error: Busy | QuestionError) -> PageRefusal:
        """What a page says where it has no result for what was sent."""
        if isinstance(error, TooManyRequests):
            return PageRefusal(429, _(TOO_MUCH), retry_after=error.seconds)
        if isinstance(error, Busy):
            return PageRefusal(503, _(BUSY), retry_after=error.seconds)
        return PageRefusal(400, error_text(error), box=error.box if isinstance(error, InvalidForm) else "q")

    def message_page(self, status: int, heading: str, text: str, **options: Any) -> HTMLResponse:
        """A page of one sentence; both are messages. That of a fault has the request's number."""
        words = fault_text(text) if status >= 500 else _(text)
        return self.page("plain.html", status=status, heading=_(heading), text=words, **options)


def _unless_unreadable(read: Callable[..., T], *args: Any) -> T | None:
    try:
        return read(*args)
    except ArchiveError:
        _log.exception("the archive could not be read")
        return None
