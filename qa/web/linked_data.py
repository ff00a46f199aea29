"""An answer for machines that read pages: a QAPage of schema.org, as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from markupsafe import Markup

from qa.answering.rendering import reply_text
from qa.export.json_ld import VOCABULARY, correction_comment, linked_source, organisation
from qa.i18n.locale import use_locale
from qa.models.archive import Source, moment_text
from qa.models.replies import Answer
from qa.review.permanent import Check, Made, PermanentAnswer
from qa.web.anchors import article_link, permanent_link, safe_link

MODEL_WROTE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
"""IPTC's word for what a generative model made."""

SOFTWARE_CHOSE = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
"""IPTC's word for what an algorithm put together without one."""

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}
_KINDS = {Made.MODEL: MODEL_WROTE, Made.QUOTES: SOFTWARE_CHOSE}


def linked_data(shown: PermanentAnswer, base: str, *, title: str) -> Markup:
    """The JSON for a script element that holds data; nothing in it can end that element. `title` is the site's."""
    # Only ASCII, and no angle bracket: inside strings, where alone they stand, JSON reads the escapes as the same.
    with use_locale(shown.locale):
        text = json.dumps(_page(shown, base, title), ensure_ascii=True)
    return Markup(text.translate(_UNSAFE))


def _page(shown: PermanentAnswer, base: str, title: str) -> dict[str, object]:
    url = f"{base}{permanent_link(shown.answer_id)}"
    question: dict[str, object] = {
        "@type": "Question",
        "name": (shown.reply.understood_as if shown.reply else None) or shown.record.question,
        "text": shown.record.question,
        "dateCreated": moment_text(shown.record.at),
        "answerCount": 0,
    }
    if isinstance(shown.reply, Answer):
        answered = "acceptedAnswer" if shown.checked.check is Check.CHECKED else "suggestedAnswer"
        question |= {"answerCount": 1, answered: _answer(shown, shown.reply, url, title, base)}
    return {
        "@context": VOCABULARY,
        "@type": "QAPage",
        "url": url,
        "isPartOf": {"@type": "WebSite", "name": title, "url": f"{base}/"},
        "mainEntity": question,
    }


def _answer(shown: PermanentAnswer, reply: Answer, url: str, title: str, base: str) -> dict[str, object]:
    quoted = tuple(dict.fromkeys(quote.source for quote in reply.quotes))
    told: dict[str, object] = {
        "@type": "Answer",
        "text": reply_text(reply),
        "url": url,
        "dateCreated": moment_text(shown.record.at),
        "author": organisation(title),
        "creditText": shown.composed,
        "citation": _citations(quoted, base),
    }
    if shown.made in _KINDS:
        told["digitalSourceType"] = _KINDS[shown.made]
    if reply.as_of:
        told["temporalCoverage"] = f"../{reply.as_of.isoformat()}"
    return told


def _citations(sources: Sequence[Source], base: str) -> list[Mapping[str, object]]:
    return [_citation(source, base) for source in sources]


def _citation(source: Source, base: str) -> dict[str, object]:
    """An article; a summary is no work of the publication that it is about, and is kept apart from it."""
    summary = source.kind == "summary"
    here, there = f"{base}{article_link(source.article_id)}", safe_link(source.url)
    told = linked_source(source) | {"url": here if summary else there or here}
    if summary:
        told |= {"@type": "CreativeWork", **({"isBasedOn": there} if there else {})}
    if source.corrections:
        told["correction"] = [correction_comment(one) for one in source.corrections]
    return told
