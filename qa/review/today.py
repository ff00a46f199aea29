"""The sources of a reply that was given once, beside today's archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qa.errors import NotFound, Withdrawn
from qa.i18n.forms import long_date
from qa.i18n.locale import N_, _
from qa.i18n.sources import lead
from qa.models.archive import Article, Correction, Source
from qa.models.journal import Cited, Record, sources_of
from qa.models.replies import Citation

_DETAILS = {
    "outlet": N_("outlet"),
    "published": N_("date of publication"),
    "url": N_("address"),
    "language": N_("language"),
    "kind": N_("kind"),
    "summarises": N_("publication that is summarised"),
}
_CORRECTIONS, _NOTES = N_("corrections"), N_("notes")


class Change(StrEnum):
    """What became of a source since a reply rested on it."""

    UNCHANGED = "unchanged"
    CORRECTED = "corrected"  # the same text, with a further correction
    CHANGED = "changed"  # another headline or text
    DETAILS = "details"  # the same text; something else that readers see of it differs
    WITHDRAWN = "withdrawn"
    GONE = "gone"  # not in the archive, or not for readers

    @property
    def quotable(self) -> bool:
        """Whether its words may still be shown."""
        return self not in (Change.WITHDRAWN, Change.GONE)


_WHAT = {
    Change.UNCHANGED: N_("Unchanged since."),
    Change.CORRECTED: N_("Corrected since; the text is unchanged."),
    Change.CHANGED: N_("Its headline or text was changed since."),
    Change.GONE: N_("No longer in the archive. Its words are not shown any more."),
}


@dataclass(frozen=True, slots=True)
class SourceToday:
    """A source as a reply named it, and what became of it.

    `article` is today's, None where its words may not be shown. `corrections` and `details` are what is new in it;
    `reason`, which is public, and `day` tell of a withdrawal.
    """

    source: Source
    change: Change
    article: Article | None = None
    corrections: tuple[Correction, ...] = ()
    details: tuple[str, ...] = ()
    reason: str = ""
    day: date | None = None

    @property
    def article_id(self) -> str:
        return self.source.article_id

    @property
    def title(self) -> str | None:
        """The headline as it was, None where its words may not be shown: it is one of them."""
        return self.source.title if self.change.quotable else None

    def start_of(self, quote: Citation) -> int | None:
        """Where the words of a quote begin in today's article; None where they don't stand there."""
        if self.article is None:
            return None
        if self.article.body[quote.start : quote.end] == quote.text:
            return quote.start
        found = self.article.body.find(quote.text)
        return None if found < 0 else found

    @property
    def words(self) -> str:
        """What became of it, in sentences for the reader."""
        return " ".join((self.what, *(f"{lead(one)}: {one.text}" for one in self.corrections)))

    @property
    def what(self) -> str:
        """The same without the texts of its corrections."""
        if self.change is Change.WITHDRAWN:
            on = _(" on {day}", day=long_date(self.day)) if self.day else ""
            why = _(" Reason: {reason}", reason=self.reason) if self.reason else ""
            return _("Withdrawn from the archive{on}. Its words are not shown any more.{why}", on=on, why=why)
        if self.change is Change.DETAILS:
            details = ", ".join(map(_, self.details))
            return _("The text is unchanged; other details changed since: {details}.", details=details)
        return _(_WHAT[self.change])


def sources_today(record: Record, article: Callable[[str], Article]) -> tuple[SourceToday, ...]:
    """Each source that a record's reply names beside today's article; those quoted first. Raises StoreError."""
    if record.reply is None:
        return ()
    cited = {one.article_id: one for one in record.cited}
    return tuple(_today(source, cited.get(source.article_id), article) for source in sources_of(record.reply))


def _today(source: Source, cited: Cited | None, article: Callable[[str], Article]) -> SourceToday:
    try:
        found = article(source.article_id)
    except Withdrawn as taken:
        return SourceToday(source, Change.WITHDRAWN, reason=taken.reason, day=taken.day)
    except NotFound:
        return SourceToday(source, Change.GONE)
    new = tuple(one for one in found.source.corrections if one not in source.corrections)
    now = Cited.of(found)
    if cited is None or cited.text != now.text:
        return SourceToday(source, Change.CHANGED, found, new)
    if cited.digest == now.digest:
        return SourceToday(source, Change.UNCHANGED, found)
    if new:
        return SourceToday(source, Change.CORRECTED, found, new)
    return SourceToday(source, Change.DETAILS, found, details=_differing(source, found.source))


def _differing(then: Source, now: Source) -> tuple[str, ...]:
    named = tuple(word for name, word in _DETAILS.items() if getattr(then, name) != getattr(now, name))
    if then.corrections != now.corrections:
        named += (_CORRECTIONS,)
    return named or (_NOTES,)
