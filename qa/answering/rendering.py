"""Replies as JSON values and as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from qa.answering.differing import agreement_sentence, conflict_sentence, row_lines
from qa.answering.glossing import value_text, with_glosses
from qa.answering.stage_words import NO_VERDICT, SEVERAL, stage_line, verdict_line
from qa.domain.archive import Source
from qa.domain.claims import Claim
from qa.domain.mentions import DateMention
from qa.domain.replies import Agreement, Answer, CaseStatus, Conflict, Event, NoAnswer, Quote, Reply, Statement
from qa.domain.stages import StageMention
from qa.domain.timeframes import Timeframe

REFUSED = "The archive doesn't answer this."
OTHERS = "Of no single event"
"""Above statements that tell of no event, after those that do."""


def reply_json(reply: Reply, *, id: str | None, seconds: float) -> dict[str, object]:
    """A reply by the schema in docs/reply.schema.json. `start` and `end` count characters of the article's body."""
    answered = isinstance(reply, Answer)
    return {
        "id": id,
        "question": reply.question.text,
        "understood_as": reply.understood_as,
        "answered": answered,
        "text": reply_text(reply),
        "statements": [
            {
                "text": s.text,
                "lead": s.lead,
                "citations": [q.number for q in s.quotes],
                "event": event_json(s.event) if s.event else None,
            }
            for s in reply.statements
        ]
        if isinstance(reply, Answer)
        else [],
        "citations": [_citation(quote) for quote in reply.quotes] if isinstance(reply, Answer) else [],
        "conflicts": [_conflict(one) for one in reply.conflicts] if isinstance(reply, Answer) else [],
        "agreement": _agreement(reply.agreement) if isinstance(reply, Answer) and reply.agreement else None,
        "status": _status(reply.cases[0]) if reply.cases else None,
        "other_cases": [_status(case) for case in reply.cases[1:]],
        "as_of": _iso(reply.as_of) if isinstance(reply, Answer) else None,
        "reason": None if isinstance(reply, Answer) else reply.reason,
        "nearest": [] if isinstance(reply, Answer) else [_near(source, reply) for source in reply.nearest],
        "coverage": None if isinstance(reply, Answer) else reply.coverage.text,
        "period": _period(reply.question.period),
        "notices": list(reply.notices),
        "seconds": round(seconds, 4),
    }


def reply_text(reply: Reply) -> str:
    """A reply for a terminal, a mail or a clipboard: corrections, leads, quotes and their marks."""
    if isinstance(reply, Answer):
        return "\n".join((*_case_lines(reply), *_answer_lines(reply), *_comparison_lines(reply), *reply.notices))
    if reply.cases:
        return "\n".join((*_case_lines(reply), f"The archive holds {reply.coverage.text}.", *reply.notices))
    lines = [f"{REFUSED} {reply.reason}", f"The archive holds {reply.coverage.text}.", *reply.notices]
    if reply.nearest:
        lines.append("Nearest articles:")
        for source in reply.nearest:
            lines.append(f"  {source.title} ({source.credit})")
            lines += [f"    nearest words: “{with_glosses(quote)}”" for quote in _of(source, reply)]
    return "\n".join(lines)


def _answer_lines(answer: Answer) -> Iterator[str]:
    """The statements, each event's under its name where they tell of several."""
    apart = tells_of_several(answer)
    for number, statement in enumerate(answer.statements):
        if apart and (number == 0 or statement.event != answer.statements[number - 1].event):
            yield f"{event_text(statement.event)}:"
        yield from _statement_lines(statement)


def _case_lines(reply: Reply) -> Iterator[str]:
    """How far each case has got; where nothing else quotes the words that say so, with them."""
    refused = isinstance(reply, NoAnswer)
    if reply.cases and (refused or len(reply.cases) > 1):
        yield " ".join([NO_VERDICT] * refused + [SEVERAL] * (len(reply.cases) > 1))
    for case in reply.cases:
        yield f"{event_text(case.event)}: {stage_line(case) if refused else verdict_line(case)}"
        if refused:
            yield from _statement_lines(Statement(case.quote.text, (case.quote,)))


def tells_of_several(answer: Answer) -> bool:
    """Whether an answer's statements tell of more than one event that is known.

    Two of one date of which one has no name but a headline may be the same.
    """
    events = {statement.event for statement in answer.statements if statement.event}
    return any(
        one.date != other.date or not (one.by_headline or other.by_headline) for one, other in combinations(events, 2)
    )


def event_text(event: Event | None) -> str:
    """An event as a reader sees it: "Operación Cerbero, 16 March 2005"."""
    if event is None:
        return OTHERS
    name = f"“{event.name}”" if event.by_headline else event.name
    return f"{name}, {value_text(event.date)}" if event.date else name


def _statement_lines(statement: Statement) -> Iterator[str]:
    """What its articles were corrected in, each said once, then the words."""
    corrections = dict.fromkeys(q.source.correction for q in statement.quotes if q.source.correction)
    yield from (f"{one.lead}: {one.text}" for one in corrections if one)
    own = statement.text != statement.quotes[0].text
    words = statement.text if own else with_glosses(statement.quotes[0])
    yield f"{statement.lead}: “{words}” " + "".join(f"[{q.number}]" for q in statement.quotes)


def _comparison_lines(answer: Answer) -> Iterator[str]:
    """What sources say differently, and that independent ones agree."""
    if answer.agreement:
        yield agreement_sentence(answer.agreement)
    for conflict in answer.conflicts:
        yield conflict_sentence(conflict)
        yield from row_lines(conflict)


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


def claim_json(claim: Claim) -> dict[str, object]:
    """A claim of an article; `start` and `end` count characters of its body and hold the figure."""
    return {
        "start": claim.figure.start,
        "end": claim.figure.end,
        "sentence": {"start": claim.sentence.start, "end": claim.sentence.end},
        "low": claim.low,
        "high": claim.high,
        "approx": claim.approximate,
        "counted": list(claim.counted),
        "kind": claim.kind.value if claim.kind else None,
        "scope": "worldwide" if claim.worldwide else list(claim.scope),
        "speaker": claim.speaker,
        "as_of": claim.as_of,
        "event": claim.event,
        "period": claim.period,
        "additional": claim.additional,
    }


def _citation(quote: Quote) -> dict[str, object]:
    source, correction = quote.source, quote.source.correction
    return {
        "number": quote.number,
        "article_id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "credit": quote.credit,
        "published": _iso(source.published),
        "language": source.language,
        "url": source.url,
        "quote": quote.text,
        "start": quote.start,
        "end": quote.end,
        "correction": {"text": correction.text, "date": _iso(correction.day)} if correction else None,
        "glosses": [mention_json(gloss) for gloss in quote.glosses],
        "answer": {"start": quote.marked.start, "end": quote.marked.end} if quote.marked else None,
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


def _period(period: Timeframe | None) -> dict[str, object] | None:
    return {"from": _iso(period.first), "until": _iso(period.last), "about": period.about.value} if period else None


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


def _near(source: Source, refusal: NoAnswer) -> dict[str, object]:
    quote = next(_of(source, refusal), None)
    return {
        "article_id": source.article_id,
        "title": source.title,
        "published": _iso(source.published),
        "closest": {"quote": quote.text, "start": quote.start, "end": quote.end} if quote else None,
    }


def _of(source: Source, refusal: NoAnswer) -> Iterator[Quote]:
    return (quote for quote in refusal.closest if quote.source.article_id == source.article_id)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
