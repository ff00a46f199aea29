"""Replies as plain text, and replies and annotations of articles as JSON values."""

from collections.abc import Iterator, Sequence
from datetime import date

from qa.answering.corrected import is_corrected
from qa.answering.stage_words import verdict_line
from qa.answering.view import (
    QuoteView,
    ReplyView,
    SourceView,
    StatementView,
    copies_words,
    correction_line,
    note_line,
    spoken_in,
    terms_of,
    translated_by,
)
from qa.dates.periods import DateMention
from qa.i18n.forms import localized, quote_credit
from qa.i18n.locale import _, use_locale
from qa.models.annotations import Figure, StageMention, TermMention, Timeframe
from qa.models.replies import Answer, CaseStatus, Conflict, Event, Refusal, Reply, Statement
from qa.models.support import Support, Verdict


def reply_text(reply: Reply) -> str:
    """A reply for a terminal, a mail or a clipboard, in its locale: corrections, leads, quotes and their marks."""
    with use_locale(reply.question.locale):
        view = ReplyView(reply)
        checked = [_("Checked by the staff of the archive on {day}.", day=view.checked)] if view.checked else []
        return "\n".join([*checked, *(_refusal_lines(view) if isinstance(reply, Refusal) else _answer_lines(view))])


def _answer_lines(view: ReplyView) -> Iterator[str]:
    yield from filter(None, (view.composition, view.several))
    if view.direct:
        yield f"“{view.direct.words}” ({view.direct.credit})" if view.direct.credit else view.direct.line
    yield from (case.text for case in view.cases)
    for group in view.groups:
        if group.heading:
            yield f"{group.heading.text}:"
        for statement in group.statements:
            yield from _statement_lines(statement)
    for quote in view.quotes if view.written else ():
        yield f"[{quote.number}] {_quoted(quote)}"
        yield from _translation_lines(quote)
    yield from filter(None, (view.agreement,))
    for conflict in view.conflicts:
        yield conflict.sentence
        for row in conflict.rows:
            if row.quote.correction:
                yield f"    {correction_line(row.quote.correction)}"
            credited = spoken_in(row.speaker, row.quote.credit)
            yield f"  – {row.day}: {row.says}. {credited}: “{row.quote.citation.text}”{copies_words(row.copies)}"
    yield from _limit_lines(view)
    yield from (note_line(note, view.reader) for note in view.notes)
    yield from view.notices


def _limit_lines(view: ReplyView) -> Iterator[str]:
    if view.limits:
        yield f"{_('Limited to:')} {'; '.join(limit.text for limit in view.limits)}"


def _refusal_lines(view: ReplyView) -> Iterator[str]:
    yield f"{view.verdict} {view.several if view.cases else view.reason}".strip()
    yield from _limit_lines(view)
    for case in view.cases:
        yield case.text
        yield from _statement_lines(StatementView("", (case.quote,)))
    yield from (note_line(note, view.reader) for note in view.notes)
    yield _("The archive holds {extent}.", extent=view.coverage)
    yield from view.notices
    if view.nearest and not view.cases:
        yield _("Nearest articles:")
        for nearest in view.nearest:
            yield f"  {nearest.source.title} ({nearest.credit})"
            if nearest.quote:
                if nearest.quote.correction:
                    yield f"    {correction_line(nearest.quote.correction)}"
                words = _("nearest words: “{words}”", words=nearest.quote.words)
                yield f"    {words}"


def _statement_lines(statement: StatementView) -> Iterator[str]:
    """The words, written ones without quotation marks, behind the corrections that touch them and before the others."""
    corrected = [(quote.touched, quote.correction) for quote in statement.quotes if quote.correction]
    yield from (correction_line(correction) for touched, correction in corrected if touched)
    marks = "".join(f"[{quote.number}]" for quote in statement.quotes)
    yield f"{statement.text or _quoted(statement.quotes[0])} {marks}"
    if not statement.text:
        yield from _translation_lines(statement.quotes[0])
    yield from (f"  {correction_line(correction)}" for touched, correction in corrected if not touched)


def _quoted(quote: QuoteView) -> str:
    return f"{quote.credit}: “{quote.words}”"


def _translation_lines(quote: QuoteView) -> Iterator[str]:
    if quote.translation:
        yield f"  {translated_by(quote.translation)} {quote.translation.text}"


def reply_json(
    reply: Reply, *, id: str | None, seconds: float, answer_id: str | None = None, suggestions: Sequence[str] = ()
) -> dict[str, object]:
    """A reply by the schema in qa/web/api; `start` and `end` count characters of the article's body."""
    with use_locale(reply.question.locale):
        view = ReplyView(reply)
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
            "direct": _direct(answer, view) if answer else None,
            "statements": [_statement(statement) for statement in answer.statements] if answer else [],
            "citations": [_cited(quote) for quote in view.quotes],
            "conflicts": [_conflict(conflict) for conflict in answer.conflicts] if answer else [],
            "agreement": _agreement(answer) if answer and view.agreement else None,
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
    """A figure of an article; offsets count characters of its body."""
    return {
        **values_of(figure.span, "start", "end"),
        "sentence": values_of(figure.sentence, "start", "end"),
        **values_of(figure, "low", "high"),
        "approx": figure.approximate,
        "counted": list(figure.counted),
        "kind": figure.kind.value if figure.kind else None,
        "scope": "worldwide" if figure.worldwide else list(figure.places),
        **values_of(figure, "speaker", "as_of", "event", "period", "additional"),
    }


def mention_json(mention: DateMention) -> dict[str, object]:
    """A date of an article; offsets count characters of its body."""
    return values_of(mention, "start", "end", "value", "precision", "kind", "flaw")


def stage_json(mention: StageMention) -> dict[str, object]:
    """A stage of a case as an article reports it; offsets count characters of its body."""
    return {
        **values_of(mention, "start", "end"),
        "sentence": values_of(mention.sentence, "start", "end"),
        "stage": mention.stage.value,
        "date": mention.value,
        "dated_by": None if mention.value is None else "sentence" if mention.dated else "publication",
        "contested": mention.contested,
    }


def _event(event: Event | None) -> dict[str, object] | None:
    return values_of(event, "name", "date") if event else None


def case_json(case: CaseStatus) -> dict[str, object]:
    """How far a case has got, with the words that say so."""
    return {
        "event": _event(case.event),
        "stage": case.stage.value,
        "beside": [stage.value for stage in case.beside],
        "quote": case.quote.text,
        "article_id": case.quote.source.article_id,
        **values_of(case.quote, "start", "end"),
    }


def _direct(answer: Answer, view: ReplyView) -> dict[str, object] | None:
    direct = answer.direct
    if not direct or not view.direct:
        return None
    listed = answer.statements if direct.members else answer.statements[:1]
    if any(is_corrected(statement.quotes[0]) for statement in listed):  # its words don't stand without the correction
        return None
    text, sure = direct.text if direct.members else view.direct.words or direct.text, bool(view.direct.words)
    return {"text": text, "sure": sure, "citation": direct.quote.number, "others": direct.others}


def _statement(statement: Statement) -> dict[str, object]:
    support = statement.support or Support(Verdict.SUPPORTED)  # a quote's own words support themselves
    return {
        "text": statement.text,
        "lead": quote_credit(statement.quotes[0]),
        "citations": [quote.number for quote in statement.quotes],
        "event": _event(statement.event),
        "support": {"verdict": support.verdict.value, "reasons": list(support.reasons)},
    }


def _cited(quote: QuoteView) -> dict[str, object]:
    citation, source, correction = quote.citation, quote.source, quote.source.correction
    values: dict[str, object] = {
        "number": quote.number,
        **values_of(source, "article_id", "title", "outlet"),
        "credit": quote.credit,
        "published": _iso(source.published),
        **values_of(source, "language", "url"),
        "quote": citation.text,
        **values_of(citation, "start", "end"),
        "correction": {"text": correction.text, "date": _iso(correction.day)} if correction else None,
        "glosses": [mention_json(gloss) for gloss in citation.glosses],
        "terms": [_term(mention) for mention in terms_of(citation)],
        "answer": values_of(citation.marked, "start", "end") if citation.marked else None,
    }
    if quote.translation:
        values["translation"] = values_of(quote.translation, "text", "language", "model")
    return values


def _term(mention: TermMention) -> dict[str, object]:
    term = mention.term
    return {
        **values_of(mention.span, "start", "end"),
        **values_of(term, "term", "language"),
        "meaning": {"en": term.meaning_en, "es": term.meaning_es},
        **values_of(term, "corresponds", "not_equal", "confused"),
    }


def _conflict(conflict: Conflict) -> dict[str, object]:
    claims = [
        {
            "value": int(value) if isinstance(value := party.value, float) and value.is_integer() else value,
            "said": party.said,
            "approx": party.approximate,
            **values_of(party, "kind", "speaker"),
            "article_id": party.source.article_id,
            "published": _iso(party.source.published),
            "quote": party.quote.text,
            **values_of(party.quote, "start", "end"),
        }
        for party in conflict.parties
    ]
    return {**values_of(conflict, "about", "scope"), "claims": claims}


def _agreement(answer: Answer) -> dict[str, object] | None:
    if not (agreement := answer.agreement):
        return None
    article_ids = [source.article_id for source in agreement.sources]
    return {**values_of(agreement, "about", "said", "independent"), "article_ids": article_ids}


def _period(period: Timeframe | None) -> dict[str, object] | None:
    return {"from": _iso(period.first), "until": _iso(period.last), "about": period.about.value} if period else None


def _near(nearest: SourceView) -> dict[str, object]:
    quote = nearest.quote.citation if nearest.quote else None
    return {
        **values_of(nearest.source, "article_id", "title"),
        "published": _iso(nearest.source.published),
        "closest": {"quote": quote.text, **values_of(quote, "start", "end")} if quote else None,
    }


def values_of(item: object, *names: str) -> dict[str, object]:
    """What stands in JSON under the name that it has here."""
    return {name: getattr(item, name) for name in names}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
