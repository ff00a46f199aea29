"""How far the cases have got that a question about guilt, verdict or outcome can mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qa.answering.annotated import Annotated, annotations_of
from qa.answering.event_reference import EventReference, folded
from qa.answering.events import Reported, by_key, event_within, reported_events
from qa.answering.grouping import articles_of
from qa.models.annotations import Stage, StageMention
from qa.models.archive import Article
from qa.models.dates import Dates
from qa.models.replies import Event, Question
from qa.protocols import DocumentStore, Retriever
from qa.retrieval.timeline import When, moment_of
from qa.text.entities import NAME, without_dates
from qa.text.event_names import fold_text
from qa.text.numbers import is_number
from qa.text.outcomes import is_about_persons, subject
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, stem, stems, words

LOOKED_AT = 50
"""Passages whose articles are looked through for cases: what the fusion of the ways of searching yields anyway."""

NAMED_BY = 40
"""Passages that have a case's own name, looked up besides: other words than the question's may tell its last stage."""

MOST_CASES = 3
"""Cases that a reply tells of where the question doesn't say which is meant."""

TOPICAL_SHARE = 0.5
"""Share of a question's topical words that must stand in what is reported of a case."""

_OUTCOME_TERMS = "convicted sentenced acquitted verdict appeal condena sentencia absuelto recurso".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class StageReport:
    """A stage as an article reports it."""

    article: Article
    mention: StageMention

    @property
    def text(self) -> str:
        return self.article.body[self.mention.sentence.start : self.mention.sentence.end]

    @property
    def day(self) -> str:
        """The end of its date, for putting stages in order; what has none comes before all that has."""
        value = (self.mention.value or "").rpartition("/")[2]
        return value if len(value) != 4 and not value[5:6].isalpha() else f"{value[:4]}-00"

    @property
    def order(self) -> tuple[str, int]:
        """By day; of one day by the place on the way of a case."""
        return self.day, self.mention.stage.order

    @property
    def told(self) -> tuple[str, Stage]:
        return self.article.article_id, self.mention.stage


@dataclass(frozen=True, slots=True)
class Case:
    """An event with the stages that are reported of it."""

    reported: Reported
    reports: tuple[StageReport, ...]

    @property
    def last(self) -> StageReport:
        """The last stage reported: of the highest level reached the newest, what one report alone says aside."""
        dated = {report.told for report in self.reports if report.mention.dated}
        # What an article repeats without a date is no later than where it gives one.
        reports = [report for report in self.reports if report.mention.dated or report.told not in dated]
        agreed = [report for report in reports if not report.mention.contested] or reports
        return max(agreed, key=lambda report: (report.mention.stage.level, *report.order, report.mention.dated))

    @property
    def outcomes(self) -> tuple[StageReport, ...]:
        """What was reported of its end, the last first, each sentence once."""
        ends = sorted((r for r in self.reports if r.mention.stage.is_outcome), key=lambda report: report.order)
        sentences = {(report.article.article_id, report.mention.sentence): report for report in ends}
        return tuple(sorted(sentences.values(), key=ends.index, reverse=True))

    @property
    def verdict_held(self) -> bool:
        return any(report.mention.stage.is_verdict for report in self.reports)


def cases_meant(
    question: Question, reference: EventReference, *, retriever: Retriever, store: DocumentStore
) -> list[Case]:
    """The cases that a question can mean, the likeliest first; empty where the archive reports of none such."""
    found = retriever.find(question, limit=LOOKED_AT)
    cases = _cases_of(dict.fromkeys(hit.source.article_id for hit in found), store)
    candidates = [case for case in cases if _fits(question.text, reference, case)]
    if not candidates:
        return []
    terms = [term for case in candidates for term in _terms(case)]
    between = Dates.of(question)
    known = dict.fromkeys(report.article.article_id for case in cases for report in case.reports)
    more = store.matching([*terms], limit=NAMED_BY, between=between)
    more += store.matching([*terms, *_OUTCOME_TERMS], limit=NAMED_BY, between=between)
    ids = dict.fromkeys([*known, *(hit.passage.source.article_id for hit in more)])
    cases = [case for case in _cases_of(ids, store) if _fits(question.text, reference, case)]
    cases = [case for case in cases if reference.in_time(case.reported)] or cases
    unsaid = len(cases) > 1 and not _says_which(question.text, reference)
    return sorted(cases, key=lambda case: _rank(case, unsaid=unsaid), reverse=True)[:MOST_CASES]


def _rank(case: Case, *, unsaid: bool) -> tuple[object, ...]:
    """The case with the newest stage first; where nothing says which is meant, that of which most is reported."""
    if unsaid:
        return bool(case.outcomes), len(case.reported.articles), case.last.day
    return (case.last.day, len(case.reported.articles))


def _terms(case: Case) -> list[str]:
    """Words to look a case up by: its name's, or its headline's."""
    name = case.reported.key or fold_text(case.reported.event.name)
    return [word for word in name.split() if word not in STOP_WORDS and not word.isdigit()]


def _cases_of(article_ids: Iterable[str], store: DocumentStore) -> list[Case]:
    """The cases that some articles report of."""
    annotated = annotations_of(article_ids, store)
    articles = articles_of((name for name, read in annotated.items() if read.stages), store.article)
    return cases_told(articles, annotated, reported_events(articles))


def cases_told(articles: Iterable[Article], annotated: Annotated, events: Mapping[str, Reported]) -> list[Case]:
    """The cases whose stages the articles report; `events` are those of the articles, by their ids."""
    named = by_key(events.values())
    by_event: dict[Event, tuple[Reported, list[StageReport]]] = {}
    for article in articles:
        for mention in annotated[article.article_id].stages:
            report = StageReport(article, mention)
            reported = event_within(report.text, events[article.article_id], named)
            by_event.setdefault(reported.event, (reported, []))[1].append(report)
    return [Case(reported, tuple(stages)) for reported, stages in by_event.values()]


def _fits(question: str, reference: EventReference, case: Case) -> bool:
    """Whether everything that a question says of the case it means is true of this one."""
    if reference.names and not reference.names_event(case.reported):
        return False
    if reference.times and not (reference.in_time(case.reported) or _dated(reference, case)):
        return False
    if (reference.numbers and not reference.in_number(case.reported)) or not reference.in_words(case.reported):
        return False
    sentences = " ".join(report.text for report in case.reports)
    # Every country that the question names has to be named where the stages are told.
    countries_fit = {code for _, code in places_in(question)} <= {code for _, code in places_in(sentences)}
    return countries_fit and _subject_fits(question, case, sentences) and _topic_fits(question, reference, case)


def _dated(reference: EventReference, case: Case) -> bool:
    """Whether a stage of the case was reported or reached at the time that is asked about."""
    reported = [When(None, None, day, day) for report in case.reports if (day := report.article.source.published)]
    reached = [when for report in case.reports if report.mention.value and (when := moment_of(report.mention.value))]
    return any(when.meets(time.first, time.last) for time in reference.times for when in (*reported, *reached))


def _subject_fits(question: str, case: Case, sentences: str) -> bool:
    """Whether who is asked about is in the very sentences that report the stages.

    A minister who announced arrests was not arrested, and no country is guilty.
    """
    persons = subject(question)
    if any(True for _ in places_in(persons)):
        return False
    present = stems(f"{sentences} {case.reported.event.name}")
    terms = [word for word in words(persons) if fold(word) not in STOP_WORDS and not word[0].isdigit()]
    return all(is_about_persons(word) or stem(word) in present or is_number(word) for word in terms)


def _topic_fits(question: str, reference: EventReference, case: Case) -> bool:
    """Whether every name of a question stands in the reports of the case, and most of its own words.

    Where it gives the case's name, its time or its number, no more words are asked for: the rest of them may be in
    another language.
    """
    event = f" {fold_text(case.reported.event.name)} "
    present = stems("".join((event, *map(folded, case.reported.articles))))
    undated = without_dates(question)
    countries = {fold(word) for span, _ in places_in(question) for word in words(question[span.start : span.end])}
    terms = [
        word
        for word in dict.fromkeys(map(fold, words(undated)))
        if word not in STOP_WORDS and word not in countries and not is_about_persons(word) and not is_number(word)
    ]
    named = {fold(word) for name in _names(undated) for word in words(name)}
    if any(stem(word) not in present for word in terms if word in named):
        return False
    surely = reference.names_event(case.reported) or reference.times or reference.numbers
    return bool(surely) or sum(stem(word) in present for word in terms) >= TOPICAL_SHARE * len(terms)


def _names(question: str) -> list[str]:
    begin = len(question) - len(question.lstrip(" ¿¡\"'“"))
    return [match.group() for match in NAME.finditer(question) if match.start() > begin]


def _says_which(question: str, reference: EventReference) -> bool:
    terms = [w for w in words(question) if fold(w) not in STOP_WORDS and not is_about_persons(w)]
    return bool(terms) or bool(reference.numbers)
