"""Finds which earlier report of its outlet a printed correction puts right: docs/decisions/0033-printed-corrections.md.

Of those in the training dossiers most say which day's report they mean, some its headline; where the archive has no
report of that day that is like it, what it puts right isn't here.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from qa.dates.finding import find_dates
from qa.dates.periods import Precision, period_of
from qa.errors import Damaged, NotFound
from qa.models.archive import Article, Passage, Source, Span
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import NoticeKind, WireNotice
from qa.protocols import Vectors
from qa.store.archive_store import ArchiveStore
from qa.text.cleaning import folded
from qa.text.sentences import sentence_spans

PASSAGES = 512  # read at a time
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
    r"(?:corrections?|clarifications?|errat(?:um|a)|fe de err(?:ores|atas)|correcci(?:ón|ones)|rectificaci(?:ón|ones)"
    r"|aclaraci(?:ón|ones))"
)
_LABEL = rf"\W*(?:an? )?{_WORD}(?: (?:and|y) \w+)?"
"""The usual words: the form is as fixed as an address on a letter."""
_OF_HEADLINE = re.compile(rf"{_LABEL}\s*(?:$|[:.—–|-]|(?:to|sobre)\b)", re.IGNORECASE)
_OF_PARAGRAPH = re.compile(rf"{_LABEL}\s*(?:[:.—–]|to our\b)", re.IGNORECASE)
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
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]{8,200})[\"”»]")


@dataclass(frozen=True, slots=True)
class PrintedCorrections:
    """The corrections that stand in articles of the store, as notices on the reports that they put right."""

    store: ArchiveStore

    def found(self, *, after: int = 0) -> Iterator[WireNotice]:
        """Those in articles whose passages have numbers beyond that; none in what the archive itself wrote."""
        numbers, store = self.store.numbers(after=after), self.store
        for start in range(0, len(numbers), PASSAGES):
            of_article: dict[str, list[Passage]] = {}
            for passage in store.passages(numbers[start : start + PASSAGES], between=ALWAYS).values():
                if passage.source.kind != "summary":
                    of_article.setdefault(passage.source.article_id, []).append(passage)
            for article_id, passages in of_article.items():
                if any(_labelled(passage.source.title, passage.text) for passage in passages):
                    with suppress(NotFound, Damaged):  # it may have been taken back a moment ago
                        yield from self._of(store.article(article_id), passages)

    def _of(self, article: Article, passages: Sequence[Passage]) -> Iterator[WireNotice]:
        read = zip(passages, self.store.sentence_vectors(passages), strict=True)
        vectors = {span: vector for passage, of in read for span, vector in zip(passage.sentences, of, strict=False)}
        told = set[str]()
        for number, paragraph in enumerate(_labelled(article.source.title, article.body)[:MOST]):
            if not _is_of_report(article.body[paragraph.start : paragraph.end], title=article.source.title):
                continue
            inside = [vector for span, vector in vectors.items() if span.within(paragraph)]
            text = article.body[paragraph.start : paragraph.end]
            corrected = self._by_headline(article.source, text) or (
                self._by_day(article.source, text, np.stack(inside), is_first=number == 0) if inside else None
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

    def _by_headline(self, source: Source, text: str) -> str | None:
        """The newest earlier report of the outlet whose headline the text quotes."""
        titles = set(map(folded, _QUOTED.findall(text))) - {""}
        before = Dates(last=source.published, outlet=source.outlet)
        earlier = [item.source for item in self.store.listed(before)] if titles else []
        meant = [one for one in earlier if folded(one.title) in titles and _is_other_of_outlet(one, source)]
        return max(meant, key=lambda one: one.published or date.min).article_id if meant else None

    def _by_day(self, source: Source, text: str, vectors: Vectors, *, is_first: bool) -> str | None:
        """The report nearest to the text of those of a day that it names; without one the nearest of late."""
        if source.published is None:
            return None
        published = source.published
        mentions = find_dates(text, published=published, language=source.language)
        periods = [period_of(mention.value) for mention in mentions if mention.value]
        days = {period.first for period in periods if period and period.precision is Precision.DAY}
        days = {day for day in days if day < published}
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


def _before(day: date, by: timedelta) -> date:
    return date.fromordinal(max(date.min.toordinal(), day.toordinal() - by.days))  # files may name the year 1


def _labelled(title: str, body: str) -> list[Span]:
    """The paragraphs of an article, or of a passage of one, that are headed as corrections."""
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
