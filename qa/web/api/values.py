"""Passages and articles as programs get them: what readers may see, nothing of the editors'."""

from __future__ import annotations

from collections.abc import Sequence

from qa.errors import NotFound, QuestionError
from qa.models import archive, replies
from qa.web.anchors import article_link, safe_link, sentence_number
from qa.web.api.models import Article, Correction, Passage, Search, SearchReply, Sentence, Source
from qa.web.enquiry import SentenceSpans
from qa.web.forms import Form, InvalidForm, checked
from qa.web.room import ReadingRoom


def search_question(search: Search, *, longest: int) -> replies.Question:
    """What the archive is asked for; `longest` bounds the words. Raises QuestionError in plain words."""
    form = Form.read(search.model_dump(by_alias=True, exclude={"limit"}))
    if not form.q:
        raise QuestionError("“q” is empty: give words to look for.")
    wanted = checked(form, longest=longest)
    if isinstance(wanted, InvalidForm):
        raise QuestionError(wanted.text)
    return replies.Question(form.q, wanted.first, wanted.last, wanted.outlet, wanted.language)


def search_reply(
    query: str, hits: Sequence[replies.Hit], *, room: ReadingRoom, sentence_spans: SentenceSpans
) -> SearchReply:
    """The passages that were found, each with its source; those of an article that is gone meanwhile are left out."""
    spans: dict[str, Sequence[archive.Span]] = {}
    passages = []
    for hit in hits:
        name = hit.passage.source.article_id
        try:
            if name not in spans:
                spans[name] = sentence_spans(room.article(name).body)
        except NotFound:
            continue
        passages.append(_passage(hit, spans[name]))
    return SearchReply(query=query, passages=passages)


def article_reply(article: archive.Article, spans: Sequence[archive.Span]) -> Article:
    """An article with its sentences, `spans`, numbered as on its page."""
    return Article(
        **_source(article.source).model_dump(exclude={"corrections"}),
        corrections=_corrections(article.source),
        event_date=article.event_date,
        derived_from=article.derived_from,
        note=article.note,
        headline_only=article.headline_only,
        body=article.body,
        sentences=[
            Sentence(number=number, start=span.start, end=span.end, text=article.body[span.start : span.end])
            for number, span in enumerate(spans, start=1)
        ],
    )


def _passage(hit: replies.Hit, spans: Sequence[archive.Span]) -> Passage:
    passage = hit.passage
    name = passage.source.article_id
    return Passage(
        source=_source(passage.source),
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=round(hit.score, 6),
        page=article_link(name, at=sentence_number(spans, passage.start)),
    )


def _source(source: archive.Source) -> Source:
    return Source(
        article_id=source.article_id,
        title=source.title,
        outlet=source.outlet,
        credit=source.credit,
        published=source.published,
        language=source.language,
        kind=source.kind,
        summarises=source.summarises,
        url=safe_link(source.url),
        status=source.status.value,
        corrections=_corrections(source),
        page=article_link(source.article_id),
    )


def _corrections(source: archive.Source) -> list[Correction]:
    return [Correction(text=one.text, date=one.day) for one in source.corrections]
