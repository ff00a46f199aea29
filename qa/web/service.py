"""What the web application needs from the archive, and what its host may set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from qa.i18n.forms import number
from qa.i18n.locale import N_, _, ngettext
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, ListedArticle, Origins
from qa.models.dates import ALWAYS, Dates
from qa.models.journal import Channel
from qa.models.notices import Version
from qa.models.replies import Hit, Question, Reply


class ArchiveService(Protocol):
    """The archive as the public sees it. Every method may be called from several threads at once.

    Those that read the archive raise StoreError, those that take a question also QuestionError.
    """

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply:
        """An answer or a refusal. `history` holds the questions before this one, oldest first."""
        ...

    def replies(self, question: Question, *, history: Sequence[str] = ()) -> Iterator[Reply]:
        """The reply as it grows: each unfinished or translating answer is replaced by the next."""
        ...

    def article(self, article_id: str) -> Article:
        """A public article. Raises NotFound, and of one that was withdrawn Withdrawn."""
        ...

    def versions(self, article_id: str) -> list[Version]: ...

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]: ...

    def coverage(self) -> Coverage: ...

    def search(self, question: Question, *, limit: int) -> list[Hit]: ...

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]: ...

    def origins(self) -> Origins: ...

    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str | None:
        """Keeps a whole reply before it is shown; the id of its permanent address, None where it isn't kept."""
        ...

    def close_to(self, question: str) -> list[tuple[str, str]]:
        """Similar questions with an answer checked by the staff, and the answer's id."""
        ...

    def examples(self, locale: str) -> tuple[str, ...]:
        """Questions worth trying, in the language of the page; it shows the first four."""
        ...

    def suggestions(self, reply: Reply, *, asked: Sequence[str] = ()) -> tuple[str, ...]:
        """Questions to ask after a reply, none of those `asked` before it."""
        ...

    def reply_json(
        self, reply: Reply, *, id: str, seconds: float, answer_id: str | None = None
    ) -> dict[str, object]: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one reader, and all of them together, may ask.

    `concurrency` questions are answered at once and `queue_size` more may wait, `queue_share` of them from one network,
    for `wait_seconds`. A client host may ask `requests_per_minute` times; behind a proxy, the proxy must pass the
    client's address on.
    """

    question_length: int = 500
    concurrency: int = 20
    queue_size: int = 200
    # A school class behind one address; three quarters are left to others.
    queue_share: int = 50
    # Who waits longer for a first word takes the page for broken.
    wait_seconds: float = 10
    requests_per_minute: int = 30
    history_turns: int = 6


TAGLINE = N_(
    "Software finds and quotes passages from archived articles. It can miss things; every sentence links to its source."
)
MODEL_TAGLINE = N_(
    "Software finds passages in archived articles, and a language model writes answers from them; each sentence is "
    "checked by software against its sources and links to them. It can miss things and get things wrong."
)
QUESTION_LABEL, QUESTION_HINT = N_("Your question"), N_("A question in plain words")
DATE_HINT = N_("A year, a month or a day: 2005, 2005-03 or 2005-03-17.")


@dataclass(frozen=True, slots=True)
class PageTexts:
    """What the host says on the page, and what readers are told of how answers are made.

    `help` says where to report and to get help; empty, it isn't shown. `model` is the language model that writes
    answers; empty, none does. `translates`: it translates quotes, too. `journal`: questions and answers are kept, for
    `kept_days` or for ever where that is 0. `stale` gives the day on which the archive was last filled, where that is
    too long ago to say nothing.
    """

    title: str = N_("Ask the archive")
    model: str = ""
    translates: bool = False
    help: str = ""
    journal: bool = False
    kept_days: int = 365
    stale: Callable[[], date | None] = lambda: None

    @property
    def kept(self) -> str:
        """The retention of answers, in a sentence."""
        if not self.kept_days:
            return _("Answers are kept for ever.")
        days = ngettext("{number} day", "{number} days", self.kept_days, number=number(self.kept_days))
        return _("Answers are kept for {days}; those that the staff decided on stay longer.", days=days)

    @property
    def what_this_is(self) -> str:
        """The sentence under the title, before the first question."""
        return _(MODEL_TAGLINE if self.model else TAGLINE)

    def in_words(self) -> PageTexts:
        """The texts in the current locale; those that the host set stay as they are."""
        return replace(self, title=_(self.title), help=_(self.help))
