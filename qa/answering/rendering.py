"""Replies as JSON values and as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from qa.answering.differing import agreement_sentence, conflict_sentence, row_lines
from qa.answering.glossing import with_glosses
from qa.domain.archive import Source
from qa.domain.claims import Claim
from qa.domain.mentions import DateMention
from qa.domain.replies import Agreement, Answer, Conflict, NoAnswer, Quote, Reply, Statement
from qa.domain.timeframes import Timeframe

REFUSED = "The archive doesn't answer this."


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
            {"text": s.text, "lead": s.lead, "citations": [q.number for q in s.quotes]} for s in reply.statements
        ]
        if isinstance(reply, Answer)
        else [],
        "citations": [_citation(quote) for quote in reply.quotes] if isinstance(reply, Answer) else [],
        "conflicts": [_conflict(one) for one in reply.conflicts] if isinstance(reply, Answer) else [],
        "agreement": _agreement(reply.agreement) if isinstance(reply, Answer) and reply.agreement else None,
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
        said = [line for statement in reply.statements for line in _statement_lines(statement)]
        return "\n".join([*said, *_comparison_lines(reply), *reply.notices])
    lines = [f"{REFUSED} {reply.reason}", f"The archive holds {reply.coverage.text}.", *reply.notices]
    if reply.nearest:
        lines.append("Nearest articles:")
        for source in reply.nearest:
            lines.append(f"  {source.title} ({source.credit})")
            lines += [f"    nearest words: “{with_glosses(quote)}”" for quote in _of(source, reply)]
    return "\n".join(lines)


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
