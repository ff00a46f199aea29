"""Replies to questions about guilt, verdict or outcome: the last stage reported, never a word beyond it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.annotated import Annotated, annotations_of
from qa.answering.cases import Case, StageReport
from qa.answering.glossing import glosses_within
from qa.answering.selecting import leans
from qa.answering.stage_words import NO_VERDICT
from qa.models.annotations import Stage
from qa.models.archive import Span
from qa.models.replies import Answer, CaseStatus, Citation, Refusal, Reply, Statement
from qa.protocols import DocumentStore
from qa.text.sentences import sentence_spans

MOST_SENTENCES = 3
"""Sentences on the end of one case: an appeal, what it is against, and a sentence."""

Notices = tuple[str, ...]


def case_reply(analyzed: AnalyzedQuestion, cases: Sequence[Case], store: DocumentStore, notices: Notices) -> Reply:
    """An answer where the end of some case is reported; else a refusal that tells how far each has got."""
    question, understood_as = analyzed.original, analyzed.understood_as
    annotated = annotations_of((report.article.article_id for case in cases for report in case.reports), store)
    statements = tuple(_statements(cases, annotated))
    first_quotes = {statement.event: statement.quotes[0] for statement in reversed(statements)}
    statuses = tuple(_status(case, first_quotes[case.reported.event]) for case in cases)
    if any(case.outcomes for case in cases):
        return Answer(question, statements, understood_as, notices, cases=statuses)
    sources = tuple(dict.fromkeys(status.quote.source for status in statuses))
    return Refusal(question, NO_VERDICT, sources, store.coverage(), understood_as, notices=notices, cases=statuses)


def _statements(cases: Sequence[Case], annotated: Annotated) -> Iterator[Statement]:
    """What is quoted of each case, the cases one after the other; its last stage first."""
    number = 0
    for case in cases:
        quoted: list[tuple[str, Span]] = []
        for report in (case.last, *case.outcomes)[: MOST_SENTENCES + 1]:
            name, span = report.article.article_id, _quoted_span(report)
            if any(name == quoted_id and span.overlaps(earlier) for quoted_id, earlier in quoted):
                continue
            quoted.append((name, span))
            number += 1
            yield Statement(_text(report, span), (_quote(number, report, span, annotated),), case.reported.event)


def case_status(case: Case, annotated: Annotated) -> CaseStatus:
    """How far a case has got, with the sentence that says so quoted by itself."""
    return _status(case, _quote(1, case.last, case.last.mention.sentence, annotated))


def _status(case: Case, quote: Citation) -> CaseStatus:
    last = case.last
    mention, published = last.mention, last.article.source.published
    as_of = mention.value or (published.isoformat() if published else None)
    beside = {
        report.mention.stage for report in case.reports if _together(report, last) and report.mention.stage.is_outcome
    }
    outcomes = tuple(sorted(beside - {mention.stage}, key=lambda stage: stage.order, reverse=True))
    return CaseStatus(case.reported.event, mention.stage, quote, as_of, case.verdict_held, outcomes)


def _together(report: StageReport, last: StageReport) -> bool:
    """Whether two verdicts are told in one sentence; that of an appeal names what it is against, which is past."""
    same = report.article.article_id == last.article.article_id and report.mention.sentence == last.mention.sentence
    return same and last.mention.stage.order < Stage.APPEALED.order


def _quoted_span(report: StageReport) -> Span:
    """The sentence, with the one before it where it can't be understood alone."""
    sentence = report.mention.sentence
    if not leans(report.text):
        return sentence
    before = [span for span in sentence_spans(report.article.body) if span.end <= sentence.start]
    return Span(before[-1].start, sentence.end) if before else sentence


def _text(report: StageReport, span: Span) -> str:
    return report.article.body[span.start : span.end]


def _quote(number: int, report: StageReport, span: Span, annotated: Annotated) -> Citation:
    glosses = glosses_within(annotated[report.article.article_id], span)
    marked = Span(report.mention.start, report.mention.end)
    return Citation(number, report.article.source, span.start, span.end, _text(report, span), marked, glosses)
