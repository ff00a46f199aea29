"""Rows of a table: what each source says, copies folded into the first that said it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from qa.answering.comparing.copies import witnesses
from qa.answering.comparing.sameness import middle
from qa.answering.comparing.stated import Report, Stated
from qa.answering.glossing import glosses_within
from qa.domain.archive import Article, Span
from qa.domain.claims import Claim
from qa.domain.replies import Party, Quote
from qa.language.numbers import is_number

_AT_LEAST = re.compile(r"(?:at least|a minimum of|al menos|como m[ií]nimo)\s(?:the |los |las )?$", re.IGNORECASE)
_FEWER = re.compile(r"(?:less|fewer|lower) than\s$|(?:under|below|menos de)\s$", re.IGNORECASE)
_NEARLY = re.compile(r"(?:nearly|almost|casi|cerca de)\s$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Saying:
    """What one report says, before it becomes a row: `mark` is the stretch that differs, inside `sentence`."""

    report: Report
    value: float | str
    said: str
    approximate: bool
    kind: str | None
    speaker: str | None
    sentence: Span
    mark: Span

    @property
    def key(self) -> tuple[str, str | None]:
        """What makes two sayings the same."""
        return self.said.lower(), self.kind


def saying_of(one: Stated, body: str) -> Saying:
    claim = one.claim
    value = middle(claim)
    said = said_in(claim, body)
    kind = claim.kind.value if claim.kind else None
    return Saying(
        one.report, said if value is None else value, said, claim.approximate or value is None, kind, claim.speaker,
        claim.sentence, claim.figure,
    )  # fmt: skip


def said_in(claim: Claim, body: str) -> str:
    """A figure in the software's words: 500, about 500, more than 20,000, six to 24 as 6 to 24."""
    before = body[max(0, claim.figure.start - 25) : claim.figure.start]
    low, high = claim.low, claim.high
    unit = claim.counted[0] if claim.counted and claim.counted[0] in "%$£€" else ""
    if high == 0:
        return "none"
    if low is None and high is None:
        words = body[claim.figure.start : claim.figure.end]
        return words if is_number(words) else "some"  # hundreds, or no more than "arrests"
    if low is None:
        return f"{'fewer than' if _FEWER.search(before) else 'up to'} {_number(high, unit)}"
    if high is None:
        return f"{'at least' if _AT_LEAST.search(before) else 'more than'} {_number(low, unit)}"
    if low != high:
        return f"{_number(low, unit)} to {_number(high, unit)}"
    about = "nearly" if _NEARLY.search(before) else "about"
    return f"{about} {_number(low, unit)}" if claim.approximate else _number(low, unit)


def _number(value: float | None, unit: str) -> str:
    text = f"{value:,.0f}" if value is not None and value == int(value) else f"{value:,}"
    return f"{text}%" if unit == "%" else f"{unit}{text}"


def parties(sayings: Sequence[Saying], articles: dict[str, Article]) -> tuple[Party, ...]:
    """A row for each source and what it says, in order of publication; copies are in the row of the first."""
    ordered = sorted(_told_once(sayings), key=_order)
    found = list({saying.report.source.article_id: saying.report for saying in ordered}.values())
    first = witnesses(found, lambda article_id: articles[article_id].body)
    witness = {report.source.article_id: found[first[at]].source.article_id for at, report in enumerate(found)}
    rows: dict[tuple[object, ...], Party] = {}
    for saying in ordered:
        article_id = saying.report.source.article_id
        key = (witness[article_id], saying.key, saying.speaker if witness[article_id] == article_id else None)
        held = next(
            (rows[k] for k in rows if k[:2] == key[:2] and (k == key or witness[article_id] != article_id)), None
        )
        if held is None:
            rows[key] = _party(saying, articles[article_id])
        elif held.source.article_id != article_id and all(one.article_id != article_id for one in held.copies):
            at = next(k for k in rows if rows[k] is held)
            rows[at] = replace(held, copies=(*held.copies, saying.report.source))
    return tuple(rows.values())


def _told_once(sayings: Sequence[Saying]) -> list[Saying]:
    """Without what an article says again with less: the number without its status, or without who says so."""

    def fuller(one: Saying, other: Saying) -> bool:
        same = one.report is other.report and one.said == other.said and one is not other
        less = (other.kind is None and one.kind is not None) or (
            other.kind == one.kind and other.speaker is None and one.speaker is not None
        )
        return same and less

    return [one for one in sayings if not any(fuller(other, one) for other in sayings)]


def independent(found: Sequence[Report], articles: dict[str, Article]) -> int:
    """How many of the reports are no copies of another."""
    first = witnesses(found, lambda article_id: articles[article_id].body)
    return len(set(first))


def _order(saying: Saying) -> tuple[object, ...]:
    source = saying.report.source
    return source.published or date.max, source.article_id, saying.mark


def _party(saying: Saying, article: Article) -> Party:
    span = saying.sentence
    quote = Quote(
        1, article.source, span.start, span.end, article.body[span.start : span.end], saying.mark,
        glosses_within(saying.report.annotations, span),
    )  # fmt: skip
    return Party(saying.value, saying.said, saying.approximate, saying.kind, saying.speaker, quote)
