"""What the staff pick from lists: articles by their words, and the sentences of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from qa.errors import InputError, NotFound, QuestionError
from qa.i18n.locale import _
from qa.i18n.sources import credit
from qa.models.archive import Source
from qa.models.replies import Question
from qa.review.drafts import MOST_QUOTES, Place
from qa.text.sentences import sentence_spans
from qa.text.terms import fold, words
from qa.web.context import WebContext
from qa.web.forms import typed, whole_number

MOST_LISTED = 12
"""Articles in a list to pick from; who doesn't see theirs there adds a word."""

LONGEST_WORDS = 200
SEARCHED = 50
"""Passages that are looked through for articles whose text comes near the words."""

_PLACE = re.compile(r"(?P<name>\S.{0,499}) (?P<first>\d{1,6})-(?P<last>\d{1,6})")


def articles_found(text: str, sources: Iterable[Source], context: WebContext) -> list[Source]:
    """Those of the sources with all the words in headline, credit or id, newest first; then those whose text has them.

    Without words the newest.
    """

    def heading(source: Source) -> str:
        return fold(f"{source.title} {source.outlet} {credit(source)} {source.article_id}")

    text = typed(text)[:LONGEST_WORDS]
    wanted = [fold(word) for word in words(text)]
    by_id = {source.article_id: source for source in sources}
    named = [source for source in by_id.values() if all(word in heading(source) for word in wanted)]
    named.sort(key=lambda source: source.published or date.min, reverse=True)
    ids = [source.article_id for source in named]
    if wanted and len(named) < MOST_LISTED:
        try:
            hits = context.service.search(Question(text), limit=SEARCHED)
            ids += [hit.passage.source.article_id for hit in hits]
        except QuestionError:
            pass
    return [by_id[name] for name in dict.fromkeys(ids) if name in by_id][:MOST_LISTED]


@dataclass(frozen=True, slots=True)
class PickedPlace:
    """A place as it stands in a form; without a `source` where readers see it no more."""

    place: Place
    source: Source | None = None
    text: str = ""

    @property
    def value(self) -> str:
        return f"{self.place.article_id} {self.place.first}-{self.place.last}"


@dataclass(frozen=True, slots=True)
class SentenceList:
    """The sentences of an article, in order."""

    source: Source
    sentences: tuple[str, ...]


def picked(place: Place, context: WebContext) -> PickedPlace:
    """A place with its words as readers see them."""
    try:
        article = context.service.article(place.article_id)
    except NotFound:
        return PickedPlace(place)
    spans = sentence_spans(article.body)[place.first - 1 : place.last]
    if not spans:
        return PickedPlace(place)
    return PickedPlace(place, article.source, article.body[spans[0].start : spans[-1].end])


def sentences_of(article_id: str, context: WebContext) -> SentenceList:
    """Raises NotFound."""
    article = context.service.article(article_id)
    return SentenceList(article.source, tuple(article.body[s.start : s.end] for s in sentence_spans(article.body)))


def place_of(value: str) -> Place | None:
    """A place by the value that a form has for it."""
    match = _PLACE.fullmatch(value)
    return Place(match["name"], int(match["first"]), int(match["last"])) if match else None


def with_picked(form: Mapping[str, str], context: WebContext) -> dict[str, str]:
    """The form of a draft with the sentences that were picked among the places of their statement.

    Raises InputError, NotFound.
    """
    statement, first, count = (whole_number(form.get(name, ""), digits=6) for name in ("to", "sentence", "count"))
    if not first:
        raise InputError(_("Choose a sentence first."))
    fields = [f"place-{statement}-{number}" for number in range(MOST_QUOTES)]
    free = next((field for field in fields if not form.get(field)), None)
    if f"text-{statement}" not in form or free is None:
        raise InputError(_("This statement has no room for a further sentence. Choose another."))
    last = min(first + (count or 1) - 1, len(sentences_of(form.get("article", ""), context).sentences))
    return {**form, free: PickedPlace(Place(form["article"], first, last)).value}
