"""How well known questions were answered: pure functions over what came back.

Every measure is a share, 0 to 1. Of `LOWER_IS_BETTER` less is better, of the others more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.models.replies import Answer, Citation, Reply
from qa.review.known import Expected, Known, pairs_of

Body = Callable[[str], str]
"""The body of the article of that id, as readers see it."""

LOWER_IS_BETTER = frozenset({"wrong_answers", "wrong_refusals", "gap_answered", "gap_refused"})

GAP = "gap"
"""The group of the measures that compare languages."""

GAP_TARGET = 0.05
"""How far apart the shares of right answers in two languages may be: readers of both are to be served alike."""


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """What came back for one question.

    `right` says of each statement whether it quotes an expected sentence, `verbatim` of each quote whether
    it stands in its article where it says; both are empty where the question was refused.
    """

    known: Known
    right: tuple[bool, ...] = ()
    verbatim: tuple[bool, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        return bool(self.right)

    @property
    def answered_right(self) -> bool:
        return self.known.answerable and any(self.right)

    @property
    def first_right(self) -> bool:
        return self.known.answerable and self.right[:1] == (True,)

    @property
    def wrong_answer(self) -> bool:
        return self.answered and not self.answered_right

    @property
    def wrong_refusal(self) -> bool:
        return self.known.answerable and not self.answered

    @property
    def refused_right(self) -> bool:
        return not self.known.answerable and not self.answered


@dataclass(frozen=True, slots=True)
class Share:
    """`part` out of `whole`; the share of nothing is None."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


Measures = Mapping[str, Share]


def outcome(known: Known, reply: Reply, body: Body) -> QuestionOutcome:
    """A reply held against what was expected."""
    if not isinstance(reply, Answer):
        return QuestionOutcome(known)
    return QuestionOutcome(
        known,
        right=tuple(any(is_right(quote, known.answers) for quote in s.quotes) for s in reply.statements),
        verbatim=tuple(is_verbatim(quote, body) for quote in reply.quotes),
        quotes=tuple(f"{quote.source.article_id}: {quote.text}" for quote in reply.quotes),
    )


def is_right(quote: Citation, answers: Sequence[Expected]) -> bool:
    """Whether the quote contains an expected sentence of its own article, or lies within one."""
    text = " ".join(quote.text.split())
    return bool(text) and any(
        quote.source.article_id == expected.article_id and (expected.sentence in text or text in expected.sentence)
        for expected in answers
    )


def is_verbatim(quote: Citation, body: Body) -> bool:
    return bool(quote.text) and body(quote.source.article_id)[quote.start : quote.end] == quote.text


def measures(outcomes: Sequence[QuestionOutcome]) -> dict[str, Share]:
    """The measures over these outcomes.

    answered_right   answerable questions with a statement that quotes an expected sentence
    first_right      answerable questions whose first statement does
    refused_right    unanswerable questions that were refused
    wrong_answers    questions answered without any right statement, of all
    wrong_refusals   answerable questions that were refused
    verbatim         quotes that stand in their article, character by character, where they say
    """
    answerable = [item for item in outcomes if item.known.answerable]
    quotes = [verbatim for item in outcomes for verbatim in item.verbatim]
    return {
        "answered_right": Share(sum(item.answered_right for item in answerable), len(answerable)),
        "first_right": Share(sum(item.first_right for item in answerable), len(answerable)),
        "refused_right": Share(sum(item.refused_right for item in outcomes), len(outcomes) - len(answerable)),
        "wrong_answers": Share(sum(item.wrong_answer for item in outcomes), len(outcomes)),
        "wrong_refusals": Share(sum(item.wrong_refusal for item in answerable), len(answerable)),
        "verbatim": Share(sum(quotes), len(quotes)),
    }


def by_group(outcomes: Sequence[QuestionOutcome]) -> dict[str, dict[str, Share]]:
    """The measures over all questions, over each set, and over each language they are asked in."""
    groups: dict[str, list[QuestionOutcome]] = {"all": list(outcomes)}
    for name in sorted({item.known.set for item in outcomes}):
        groups[name] = [item for item in outcomes if item.known.set == name]
    for language in sorted({item.known.language for item in outcomes}):
        groups[language] = [item for item in outcomes if item.known.language == language]
    between = gap(outcomes)
    return {name: measures(group) for name, group in groups.items()} | ({GAP: between} if between else {})


def gap(outcomes: Sequence[QuestionOutcome]) -> dict[str, Share]:
    """How much better questions were dealt with in one language than the same questions in the other; nothing where no
    question stands in both.

    gap_answered   difference in answerable questions that were answered right, of all pairs
    gap_refused    difference in unanswerable questions that were refused, of all pairs
    """
    by_id = {item.known.id: item for item in outcomes}
    paired = [
        (by_id[item.id], by_id[counterpart.id])
        for item, counterpart in pairs_of(item.known for item in outcomes)
        if counterpart
    ]
    if not paired:
        return {}
    answerable = [pair for pair in paired if pair[0].known.answerable]
    refusable = [pair for pair in paired if not pair[0].known.answerable]
    return {
        "gap_answered": _apart([[item.answered_right for item in sorted(p, key=_language)] for p in answerable]),
        "gap_refused": _apart([[item.refused_right for item in sorted(p, key=_language)] for p in refusable]),
    }


def _language(item: QuestionOutcome) -> str:
    return item.known.language


def _apart(pairs: Sequence[Sequence[bool]]) -> Share:
    return Share(abs(sum(first for first, _ in pairs) - sum(second for _, second in pairs)), len(pairs))
