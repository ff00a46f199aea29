"""An answer for machines that read pages: a QAPage of schema.org, as JSON-LD."""

from __future__ import annotations

import json

from markupsafe import Markup

from qa.answering.rendering import reply_text
from qa.export.json_ld import VOCABULARY, correction_comment, linked_source, organisation
from qa.i18n.locale import use_locale
from qa.models.archive import Source, moment_text
from qa.models.replies import Answer
from qa.review.shown import Check, Made, Shown
from qa.web.links import article_link, permanent_link, safe_link

MODEL_WROTE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""The IPTC's term for content by a generative model."""

SOFTWARE_CHOSE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
"""The IPTC's term for content put together by an algorithm."""

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
_KINDS = {Made.MODEL: MODEL_WROTE, Made.QUOTES: SOFTWARE_CHOSE}


def linked_data(answer: Shown, base: str, *, title: str) -> Markup:
    """The JSON for a script element that holds data; nothing in it can end that element. `title` is the site's."""
    # Only ASCII, and no angle bracket: inside strings, the only place for them, JSON reads the escapes as the same.
    with use_locale(answer.locale):
        text = json.dumps(_page(answer, base, title), ensure_ascii=True)
    return Markup(text.translate(_UNSAFE))


def _page(answer: Shown, base: str, title: str) -> dict[str, object]:
    url = f"{base}{permanent_link(answer.answer_id)}"
    question: dict[str, object] = {
        "@type": "Question",
        "name": (answer.reply.understood_as if answer.reply else None) or answer.record.question,
        "text": answer.record.question,
        "dateCreated": moment_text(answer.record.at),
        "answerCount": 0,
    }
    if isinstance(answer.reply, Answer):
        kind = "acceptedAnswer" if answer.checked.check is Check.CHECKED else "suggestedAnswer"
        question |= {"answerCount": 1, kind: _answer(answer, answer.reply, url, title, base)}
    return {
        "@context": VOCABULARY,
        "@type": "QAPage",
        "url": url,
        "isPartOf": {"@type": "WebSite", "name": title, "url": f"{base}/"},
        "mainEntity": question,
    }


def _answer(answer: Shown, reply: Answer, url: str, title: str, base: str) -> dict[str, object]:
    sources = tuple(dict.fromkeys(quote.source for quote in reply.quotes))
    values: dict[str, object] = {
        "@type": "Answer",
        "text": reply_text(reply),
        "url": url,
        "dateCreated": moment_text(answer.record.at),
        "author": organisation(title),
        "creditText": answer.composed,
        "citation": [_citation(source, base) for source in sources],
    }
    if answer.made in _KINDS:
        values["digitalSourceType"] = _KINDS[answer.made]
    if reply.as_of:
        values["temporalCoverage"] = f"../{reply.as_of.isoformat()}"
    return values


def _citation(source: Source, base: str) -> dict[str, object]:
    """An article; a summary is no work of the publication that it is about, and is kept apart from it."""
    summary = source.kind == "summary"
    page, original = f"{base}{article_link(source.article_id)}", safe_link(source.url)
    values = linked_source(source) | {"url": page if summary else original or page}
    if summary:
        values |= {"@type": "CreativeWork", **({"isBasedOn": original} if original else {})}
    if source.corrections:
        values["correction"] = [correction_comment(correction) for correction in source.corrections]
    return values
