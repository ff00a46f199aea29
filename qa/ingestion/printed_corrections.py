"""Finds which earlier report of its outlet a printed correction puts right: docs/decisions/0033-printed-corrections.md.

Of those in the training dossiers most say which day's report they mean, some its headline; where the archive has no
report of that day that is like it, what it puts right isn't here.
"""

import re
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from qa.dates.finding import find_dates
from qa.dates.periods import Precision, period_of
from qa.errors import Damaged, NotFound
from qa.models.archive import Article, Source, Span
from qa.models.dates import Dates
from qa.models.deliveries import NoticeKind, WireNotice
from qa.protocols import Vectors
from qa.store.archive_store import ArchiveStore
from qa.text.cleaning import folded
from qa.text.sentences import sentence_spans

MOST = 30  # paragraphs of one article that are looked at
NEAREST = 12  # passages of earlier reports that are looked at
ALIKE = 0.84
"""Cosine of the nearest sentences from which a report of the day that is named is the one meant."""
LIKE, WITHIN = 0.9, timedelta(days=45)
"""Cosine of the nearest sentences from which a report is taken for the one meant, and how old it may be, where the
correction names neither day nor headline."""
LONGEST = 600  # characters of a correction, whole sentences

_DAY = timedelta(days=1)

_WORD = (
    r"(?:corrections?|clarifications?|errat(?:um|a)|fe de err(?:ores|atas?)|correcci(?:ón|ones)|rectificaci(?:ón|ones)"
    r"|aclaraci(?:ón|ones))"
)
_LABEL = rf"\W*(?:an? )?{_WORD}(?: (?:and|y|&) \w+)?"
"""The usual words: the form is as fixed as an address on a letter."""
_DATED = r"[^:.\n]{0,20}\d"
_OF_HEADLINE = re.compile(rf"{_LABEL}\s*(?:$|[:.—–|-]|(?:to|sobre)\b|(?:,|for\b){_DATED})", re.IGNORECASE)
_OF_PARAGRAPH = re.compile(rf"{_LABEL}(?:,{_DATED}[^:.\n]{{0,6}})?\s*(?:[:.—–]|\s-\s|to our\b)", re.IGNORECASE)
_OF_REPORT = re.compile(
    r"\b(?:our|we|reports?|reported|articles?|stor(?:y|ies)|items?|editions?|issue|published|printed|stated|misstated"
    r"|nuestr[oa]s?|informaci(?:ón|ones)|noticias?|nota|crónica|artículo|análisis|edición|publica\w+|decía|afirmaba"
    r"|escribimos|dijimos|indica(?:mos|ba))\b",
    re.IGNORECASE,
)
"""A word for what was printed, or for who printed it: else a label heads news ("Correction: stocks lose a tenth")."""
_OF_ITSELF = re.compile(
    r"\bth(?:is|e present) (?:article|story|report|page|piece|column)\b|\beste (?:artículo|reportaje|texto)\b"
    r"|\besta (?:noticia|información|nota|crónica|página)\b",
    re.IGNORECASE,
)
"""What an article was told before is another version of it, and no report of another day."""
_BREAK = re.compile(r"\n\n+")
_QUOTED = re.compile(r"\"([^\"]*)\"|“([^“”]*)”|«([^«»]*)»|‘((?:[^‘’]|’(?=\w))*)’(?!\w)")
SHORTEST, LONGEST_TITLE = 8, 200  # characters of a headline


@dataclass(frozen=True, slots=True)
class PrintedCorrections:
    """The corrections that stand in articles of the store, as notices on the reports that they put right."""

    store: ArchiveStore
    _by_outlet: dict[str, dict[str, list[Source]]] = field(default_factory=dict)

    def found(self, *, after: int = 0) -> Iterator[tuple[str, list[WireNotice]]]:
        """By article those in articles with numbers beyond that, whoever may see those.

        A notice is hidden as its article is. None of an article that had some before and has them no more.
        """
        printers = self.store.printers()
        for row in self.store.texts(after=after):
            if row["id"] in printers or _labelled(row["title"], row["body"]):
                with suppress(NotFound, Damaged):
                    yield row["id"], list(self._of(self.store.original(row["id"])))

    def _of(self, article: Article) -> Iterator[WireNotice]:
        vectors, told = self.store.sentences_of(article.article_id), set[str]()
        for number, paragraph in enumerate(_labelled(article.source.title, article.body)[:MOST]):
            text = article.body[paragraph.start : paragraph.end]
            if not _is_of_report(text, title=article.source.title):
                continue
            inside = [vector for span, vector in vectors.items() if span.within(paragraph)]
            days = _days(text, article.source)
            corrected = self._by_headline(article.source, text, days) or (
                self._by_day(article.source, np.stack(inside), days, is_first=number == 0) if inside else None
            )
            owners = self.store.owners([corrected, article.article_id]) if corrected else {}
            # A source acts on its own articles alone. What else is said of one report explains what stands first.
            if corrected and corrected not in told and len(set(owners.values())) == 1:
                told.add(corrected)
                words = text[: max(s.end for s in sentence_spans(text) if s.start == 0 or s.end <= LONGEST)]
                at, owner = article.article_id, owners[corrected]
                yield WireNotice(
                    corrected, NoticeKind.CORRECTION, words, at, day=article.source.published, source=owner
                )

    def _by_headline(self, source: Source, text: str, days: Set[date]) -> str | None:
        """The earlier report of the outlet whose headline the text quotes: of a day that it names, else the newest."""
        quoted = [title for quote in _QUOTED.findall(text) for title in quote]
        titles = {folded(title) for title in quoted if SHORTEST <= len(title) <= LONGEST_TITLE}
        if not titles:
            return None
        headlines = self._headlines(source.outlet)
        earlier = [one for title in titles for one in headlines.get(title, ())]
        meant = [one for one in earlier if (one.published or date.min) <= (source.published or date.max)]
        meant = [one for one in meant if _is_other_of_outlet(one, source)]
        named = [one for one in meant if one.published and any(abs(one.published - day) <= _DAY for day in days)]
        return max(named or meant, key=lambda one: one.published or date.min).article_id if meant else None

    def _headlines(self, outlet: str) -> dict[str, list[Source]]:
        """The readable articles of an outlet by their headlines; listed once, for there may be many."""
        if outlet not in self._by_outlet:
            by_title = self._by_outlet[outlet] = {}
            for item in self.store.listed(Dates(outlet=outlet)):
                by_title.setdefault(folded(item.source.title), []).append(item.source)
        return self._by_outlet[outlet]

    def _by_day(self, source: Source, vectors: Vectors, days: Set[date], *, is_first: bool) -> str | None:
        """The report nearest to what is said, of those of a day that is named; without one the nearest of late."""
        if (published := source.published) is None:
            return None
        if not days:
            near = (
                self._nearest(source, vectors, Dates(_before(published, WITHIN), _before(published, _DAY)))
                if is_first
                else {}
            )
            first, cosine = max(near.items(), key=lambda pair: pair[1], default=(None, 0.0))
            return first.article_id if first and cosine >= LIKE else None
        # What is printed on Friday was on the page on Thursday, and the other way round.
        for distance in (timedelta(), _DAY):
            of_days = dict[Source, float]()
            for day in days:
                of_days |= self._nearest(
                    source, vectors, Dates(_before(day, distance), min(day + distance, _before(published, _DAY)))
                )
            if of_days and (likest := max(of_days.items(), key=lambda pair: pair[1]))[1] >= ALIKE:
                return likest[0].article_id
        return None

    def _nearest(self, source: Source, vectors: Vectors, within: Dates) -> dict[Source, float]:
        """Reports of the outlet of some days, each with the cosine of its sentence nearest to any of the text."""
        between = replace(within, outlet=source.outlet)
        held = self.store.vectors(self.store.readable_numbers(between=between), between=between)
        hits = self.store.by_cosine(*held, vectors.mean(axis=0), limit=NEAREST, between=between)
        passages = [hit.passage for hit in hits if _is_other_of_outlet(hit.source, source)]
        near = dict[Source, float]()
        for passage, of in zip(passages, self.store.sentence_vectors(passages), strict=True):
            cosine = float((of @ vectors.T).max()) if of.size else 0.0
            near[passage.source] = max(near.get(passage.source, 0.0), cosine)
        return near


def _days(text: str, source: Source) -> set[date]:
    """The days before its own that an article names in a text."""
    if (published := source.published) is None:
        return set()
    mentions = find_dates(text, published=published, language=source.language)
    periods = [period_of(mention.value) for mention in mentions if mention.value]
    days = {period.first for period in periods if period and period.precision is Precision.DAY}
    return {day for day in days if day < published}


def _before(day: date, by: timedelta) -> date:
    return date.fromordinal(max(date.min.toordinal(), day.toordinal() - by.days))  # files may name the year 1


def _labelled(title: str, body: str) -> list[Span]:
    """The paragraphs of an article that are headed as corrections."""
    ends = [0, *(end for match in _BREAK.finditer(body) for end in match.span()), len(body)]
    paragraphs = [Span(start, end) for start, end in list(pairwise(ends))[::2]]
    whole = _OF_HEADLINE.match(title)
    return [span for span in paragraphs if whole or _OF_PARAGRAPH.match(body, span.start, span.end)]


def _is_of_report(text: str, *, title: str) -> bool:
    """Whether a correction speaks of what was printed before, as it does under a headline that is but the label."""
    is_label = re.fullmatch(rf"{_LABEL}\W*", title, re.IGNORECASE)
    return bool((is_label or _OF_REPORT.search(text)) and not _OF_ITSELF.search(text))


def _is_other_of_outlet(source: Source, correcting: Source) -> bool:
    return bool(source.outlet) and source.outlet == correcting.outlet and source.article_id != correcting.article_id
