"""Replies and annotations of articles as JSON values."""

from collections.abc import Sequence
from datetime import date

from qa.answering.quote_view import QuoteView, terms_of
from qa.answering.rendering import reply_text
from qa.answering.stage_words import verdict_line
from qa.answering.view import DirectView, NearestView, reply_view
from qa.dates.periods import DateMention
from qa.i18n.forms import localized, quote_credit
from qa.i18n.locale import use_locale
from qa.models.annotations import Figure, StageMention, TermMention, Timeframe
from qa.models.archive import Span
from qa.models.replies import Agreement, Answer, CaseStatus, Citation, Conflict, Direct, Event, Reply, Statement
from qa.models.support import Support, Verdict


def reply_json(
    reply: Reply,
    *,
    id: str | None,
    seconds: float,
    answer_id: str | None = None,
    suggestions: Sequence[str] = (),
) -> dict[str, object]:
    """A reply by the schema in docs/reply.schema.json, its own words in its language.

    `start` and `end` count characters of the article's body.
    """
    with use_locale(reply.question.locale):
        view = reply_view(reply)
        answer = reply if isinstance(reply, Answer) else None
        cases = [
            {**case_json(case), **values_of(case, "as_of", "verdict_held"), "text": verdict_line(case)}
            for case in reply.cases
        ]
        return {
            "id": id,
            "answer_id": answer_id,
            "question": reply.question.text,
            "understood_as": reply.understood_as,
            "answered": answer is not None,
            "composed_by": answer.composed_by.value if answer else None,
            "fallback": localized(answer.fallback) if answer and answer.fallback else None,
            "checked_on": _iso(reply.checked_on),
            "text": reply_text(reply),
            "direct": _direct(answer.direct, view.direct) if answer and answer.direct and view.direct else None,
            "statements": [_statement(statement) for statement in answer.statements] if answer else [],
            "citations": [_cited(quote) for quote in view.quotes],
            "conflicts": [_conflict(conflict) for conflict in answer.conflicts] if answer else [],
            "agreement": _agreement(answer.agreement) if answer and answer.agreement else None,
            "status": cases[0] if cases else None,
            "other_cases": cases[1:],
            "as_of": _iso(answer.as_of) if answer else None,
            "reason": None if answer else view.reason,
            "nearest": [_near(nearest) for nearest in view.nearest],
            "coverage": None if answer else view.coverage,
            "period": _period(reply.question.period),
            "limits": [{"kind": str(limit.kind), "text": limit.text} for limit in view.limits],
            "notices": list(view.notices),
            "seconds": round(seconds, 4),
            "suggestions": list(suggestions),
        }


def figure_json(figure: Figure) -> dict[str, object]:
    """A figure of an article; `start` and `end` count characters of its body."""
    return {
        **_offsets(figure.span),
        "sentence": _offsets(figure.sentence),
        **values_of(figure, "low", "high"),
        "approx": figure.approximate,
        "counted": list(figure.counted),
        "kind": figure.kind.value if figure.kind else None,
        "scope": "worldwide" if figure.worldwide else list(figure.places),
        **values_of(figure, "speaker", "as_of", "event", "period", "additional"),
    }


def mention_json(mention: DateMention) -> dict[str, object]:
    """A date of an article; `start` and `end` count characters of its body."""
    return {**_offsets(mention), **values_of(mention, "value", "precision", "kind", "flaw")}


def stage_json(mention: StageMention) -> dict[str, object]:
    """A stage of a case as an article reports it; offsets count characters of its body."""
    return {
        **_offsets(mention),
        "sentence": _offsets(mention.sentence),
        "stage": mention.stage.value,
        "date": mention.value,
        "dated_by": None if mention.value is None else "sentence" if mention.dated else "publication",
        "contested": mention.contested,
    }


def event_json(event: Event) -> dict[str, object]:
    return {"name": event.name, "date": event.date}


def case_json(case: CaseStatus) -> dict[str, object]:
    """How far a case has got, with the words that say so."""
    return {
        "event": event_json(case.event),
        "stage": case.stage.value,
        "beside": [stage.value for stage in case.beside],
        "quote": case.quote.text,
        "article_id": case.quote.source.article_id,
        **_offsets(case.quote),
    }


def _direct(direct: Direct, view: DirectView) -> dict[str, object]:
    return {
        "text": view.words or direct.text,
        "sure": direct.sure,
        "citation": direct.quote.number,
        "others": direct.others,
    }


def _statement(statement: Statement) -> dict[str, object]:
    # A quote's own words support themselves.
    support = statement.support or Support(Verdict.SUPPORTED)
    return {
        "text": statement.text,
        "lead": quote_credit(statement.quotes[0]),
        "citations": [quote.number for quote in statement.quotes],
        "event": event_json(statement.event) if statement.event else None,
        "support": {"verdict": support.verdict.value, "reasons": list(support.reasons)},
    }


def _cited(quote: QuoteView) -> dict[str, object]:
    """A citation with its translation, where there is one."""
    citation, source, correction = quote.citation, quote.source, quote.source.correction
    values: dict[str, object] = {
        "number": quote.number,
        **values_of(source, "article_id", "title", "outlet"),
        "credit": quote.credit,
        "published": _iso(source.published),
        **values_of(source, "language", "url"),
        "quote": citation.text,
        **_offsets(citation),
        "correction": {"text": correction.text, "date": _iso(correction.day)} if correction else None,
        "glosses": [mention_json(gloss) for gloss in citation.glosses],
        "terms": [_term(mention) for mention in terms_of(citation)],
        "answer": _offsets(citation.marked) if citation.marked else None,
    }
    if quote.translation:
        values["translation"] = values_of(quote.translation, "text", "language", "model")
    return values


def _term(mention: TermMention) -> dict[str, object]:
    term = mention.term
    return {
        **_offsets(mention.span),
        **values_of(term, "term", "language"),
        "meaning": {"en": term.meaning_en, "es": term.meaning_es},
        **values_of(term, "corresponds", "not_equal", "confused"),
    }


def _conflict(conflict: Conflict) -> dict[str, object]:
    claims = [
        {
            "value": int(value) if isinstance(value := party.value, float) and value.is_integer() else value,
            "approx": party.approximate,
            **values_of(party, "kind", "speaker"),
            "article_id": party.source.article_id,
            "published": _iso(party.source.published),
            "quote": party.quote.text,
            **_offsets(party.quote),
        }
        for party in conflict.parties
    ]
    return {**values_of(conflict, "about", "scope"), "claims": claims}


def _agreement(agreement: Agreement) -> dict[str, object]:
    article_ids = [source.article_id for source in agreement.sources]
    return {**values_of(agreement, "about", "said", "independent"), "article_ids": article_ids}


def _period(period: Timeframe | None) -> dict[str, object] | None:
    return {"from": _iso(period.first), "until": _iso(period.last), "about": period.about.value} if period else None


def _near(nearest: NearestView) -> dict[str, object]:
    quote = nearest.quote.citation if nearest.quote else None
    return {
        **values_of(nearest.source, "article_id", "title"),
        "published": _iso(nearest.source.published),
        "closest": {"quote": quote.text, **_offsets(quote)} if quote else None,
    }


def values_of(item: object, *names: str) -> dict[str, object]:
    """What stands in JSON under the name that it has here."""
    return {name: getattr(item, name) for name in names}


def _offsets(stretch: Span | Citation | DateMention | StageMention) -> dict[str, int]:
    return {"start": stretch.start, "end": stretch.end}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
