"""Replies, and what was read out of articles, as JSON values."""

from __future__ import annotations

from datetime import date

from qa.answering.legal_terms import terms_of
from qa.answering.rendering import reply_text
from qa.answering.stage_words import verdict_line
from qa.i18n.locale import use_locale
from qa.i18n.messages import retold
from qa.i18n.sources import held, quote_credit
from qa.models.annotations import DateMention, Figure, StageMention, TermMention, Timeframe
from qa.models.archive import Source
from qa.models.replies import Agreement, Answer, CaseStatus, Citation, Conflict, Event, Refusal, Reply
from qa.models.support import Support, Verdict


def reply_json(reply: Reply, *, id: str | None, seconds: float, answer_id: str | None = None) -> dict[str, object]:
    """A reply by the schema in docs/reply.schema.json, its own words in its language.

    `start` and `end` count characters of the article's body.
    """
    with use_locale(reply.question.locale):
        return _reply(reply, id=id, seconds=seconds, answer_id=answer_id)


def _reply(reply: Reply, *, id: str | None, seconds: float, answer_id: str | None) -> dict[str, object]:
    answered = isinstance(reply, Answer)
    return {
        "id": id,
        "answer_id": answer_id,
        "question": reply.question.text,
        "understood_as": reply.understood_as,
        "answered": answered,
        "composed_by": reply.composed_by.value if isinstance(reply, Answer) else None,
        "fallback": retold(reply.fallback) if isinstance(reply, Answer) and reply.fallback else None,
        "checked_on": _iso(reply.checked_on),
        "text": reply_text(reply),
        "statements": [
            {
                "text": s.text,
                "lead": quote_credit(s.quotes[0]),
                "citations": [q.number for q in s.quotes],
                "event": event_json(s.event) if s.event else None,
                "support": _support(s.support),
            }
            for s in reply.statements
        ]
        if isinstance(reply, Answer)
        else [],
        "citations": [_cited(quote, reply) for quote in reply.quotes] if isinstance(reply, Answer) else [],
        "conflicts": [_conflict(one) for one in reply.conflicts] if isinstance(reply, Answer) else [],
        "agreement": _agreement(reply.agreement) if isinstance(reply, Answer) and reply.agreement else None,
        "status": _status(reply.cases[0]) if reply.cases else None,
        "other_cases": [_status(case) for case in reply.cases[1:]],
        "as_of": _iso(reply.as_of) if isinstance(reply, Answer) else None,
        "reason": None if isinstance(reply, Answer) else retold(reply.reason),
        "nearest": [] if isinstance(reply, Answer) else [_near(source, reply) for source in reply.nearest],
        "coverage": None if isinstance(reply, Answer) else held(reply.coverage),
        "period": _period(reply.question.period),
        "notices": [retold(one) for one in reply.notices],
        "seconds": round(seconds, 4),
    }


def figure_json(figure: Figure) -> dict[str, object]:
    """A figure of an article; `start` and `end` count characters of its body."""
    return {
        "start": figure.span.start,
        "end": figure.span.end,
        "sentence": {"start": figure.sentence.start, "end": figure.sentence.end},
        "low": figure.low,
        "high": figure.high,
        "approx": figure.approximate,
        "counted": list(figure.counted),
        "kind": figure.kind.value if figure.kind else None,
        "scope": "worldwide" if figure.worldwide else list(figure.places),
        "speaker": figure.speaker,
        "as_of": figure.as_of,
        "event": figure.event,
        "period": figure.period,
        "additional": figure.additional,
    }


def mention_json(mention: DateMention) -> dict[str, object]:
    """A date of an article; `start` and `end` count characters of its body."""
    return {
        "start": mention.start,
        "end": mention.end,
        "value": mention.value,
        "precision": mention.precision.value,
        "kind": mention.kind.value,
        "flaw": mention.flaw,
    }


def stage_json(mention: StageMention) -> dict[str, object]:
    """A stage of a case as an article reports it; offsets count characters of its body."""
    return {
        "start": mention.start,
        "end": mention.end,
        "sentence": {"start": mention.sentence.start, "end": mention.sentence.end},
        "stage": mention.stage.value,
        "date": mention.value,
        "dated_by": None if mention.value is None else "sentence" if mention.dated else "publication",
        "contested": mention.contested,
    }


def event_json(event: Event) -> dict[str, object]:
    return {"name": event.name, "date": event.date}


def _support(support: Support | None) -> dict[str, object]:
    """The verdict on a sentence; a quote's own words support themselves."""
    checked = support or Support(Verdict.SUPPORTED)
    return {"verdict": checked.verdict.value, "reasons": list(checked.reasons)}


def _cited(quote: Citation, answer: Answer) -> dict[str, object]:
    """A citation, beside it what a language model made of its words in the reader's language, where one did."""
    translation = answer.translation_of(quote)
    if translation is None:
        return _citation(quote)
    told = {"text": translation.text, "language": translation.language, "model": translation.model}
    return {**_citation(quote), "translation": told}


def _citation(quote: Citation) -> dict[str, object]:
    source, correction = quote.source, quote.source.correction
    return {
        "number": quote.number,
        "article_id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "credit": quote_credit(quote),
        "published": _iso(source.published),
        "language": source.language,
        "url": source.url,
        "quote": quote.text,
        "start": quote.start,
        "end": quote.end,
        "correction": {"text": correction.text, "date": _iso(correction.day)} if correction else None,
        "glosses": [mention_json(gloss) for gloss in quote.glosses],
        "terms": [_term(one) for one in terms_of(quote)],
        "answer": {"start": quote.marked.start, "end": quote.marked.end} if quote.marked else None,
    }


def _term(mention: TermMention) -> dict[str, object]:
    term = mention.term
    return {
        "start": mention.span.start,
        "end": mention.span.end,
        "term": term.term,
        "language": term.language,
        "meaning": {"en": term.meaning_en, "es": term.meaning_es},
        "corresponds": term.corresponds,
        "not_equal": term.not_equal,
        "confused": term.confused,
    }


def _conflict(conflict: Conflict) -> dict[str, object]:
    return {
        "about": conflict.about,
        "scope": conflict.scope,
        "claims": [
            {
                "value": int(party.value)
                if isinstance(party.value, float) and party.value.is_integer()
                else party.value,
                "approx": party.approximate,
                "kind": party.kind,
                "speaker": party.speaker,
                "article_id": party.source.article_id,
                "published": _iso(party.source.published),
                "quote": party.quote.text,
                "start": party.quote.start,
                "end": party.quote.end,
            }
            for party in conflict.parties
        ],
    }


def _agreement(agreement: Agreement) -> dict[str, object]:
    return {
        "about": agreement.about,
        "said": agreement.said,
        "independent": agreement.independent,
        "article_ids": [source.article_id for source in agreement.sources],
    }


def _period(period: Timeframe | None) -> dict[str, object] | None:
    return {"from": _iso(period.first), "until": _iso(period.last), "about": period.about.value} if period else None


def _status(case: CaseStatus) -> dict[str, object]:
    return {
        "event": event_json(case.event),
        "stage": case.stage.value,
        "beside": [stage.value for stage in case.beside],
        "as_of": case.as_of,
        "verdict_held": case.verdict_held,
        "text": verdict_line(case),
        "quote": case.quote.text,
        "article_id": case.quote.source.article_id,
        "start": case.quote.start,
        "end": case.quote.end,
    }


def _near(source: Source, refusal: Refusal) -> dict[str, object]:
    quote = next((one for one in refusal.closest if one.source.article_id == source.article_id), None)
    return {
        "article_id": source.article_id,
        "title": source.title,
        "published": _iso(source.published),
        "closest": {"quote": quote.text, "start": quote.start, "end": quote.end} if quote else None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
