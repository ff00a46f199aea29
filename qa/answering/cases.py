"""How far the cases have got that a question about guilt, verdict or outcome can mean: never a word beyond it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.events import EventReference, Events, Reported, folded
from qa.answering.quoting import Annotated, annotations_of, articles_of, glosses_within
from qa.answering.selecting import leans, sentence_before
from qa.answering.stage_words import NO_VERDICT
from qa.models.annotations import Stage, StageMention
from qa.models.archive import Article, Span
from qa.models.dates import Dates
from qa.models.replies import Answer, CaseStatus, Citation, Event, Refusal, Reply, Statement
from qa.protocols import DocumentStore, Retriever
from qa.retrieval.ranking import POOL
from qa.retrieval.timeline import REPORTED_WITHIN, When, moment_of
from qa.text.entities import NAME, event_names, fold_text, is_number, places_in, without_dates
from qa.text.figures import kind_words
from qa.text.language import language_of
from qa.text.sentences import sentence_spans
from qa.text.stages import is_about_persons, subject
from qa.text.terms import STOP_WORDS, fold, stem, stems, words

NAMED_BY = 40
"""Passages that have a case's own name, looked up besides: other words than the question's may tell its last stage."""
MOST_CASES = 3  # cases that a reply tells of where the question doesn't say which is meant
MOST_SENTENCES = 3  # sentences on the end of one case: an appeal, what it is against, and a sentence
TOPICAL_SHARE = 0.5  # share of a question's topical words that must stand in what is reported of a case

_ARTICLE = re.compile(r"(?<!\w)(?:the|an?|el|la|los|las|del|al|una?) \Z", re.IGNORECASE)
_ONE_NAME = re.compile(r"(?:(?! y ).)+")  # of "Ana Ruiz y Luis Gil"
_OUTCOME_TERMS = "convicted sentenced acquitted verdict appeal condena sentencia absuelto recurso".split()  # noqa: SIM905


@lru_cache(maxsize=1_000)
def persons_in(text: str) -> frozenset[frozenset[str]]:
    """Who is named in full in a text: of each name the words behind the first, folded. Told by form alone.

    The names of bodies and of courts have an article before them, mostly.
    """
    others = [name.span for name in event_names(text)] + [span for span, _ in places_in(text)]
    is_english = language_of(text) == "en"  # "a" is an article; in Spanish it stands before who is condemned
    names = (part for match in NAME.finditer(text) for part in _ONE_NAME.finditer(text, *match.span()))
    persons = set()
    for span in (Span(*name.span()) for name in names):
        capital = [word for word in words(text[span.start : span.end]) if word[0].isupper()]
        before = _ARTICLE.search(text, max(0, span.start - 8), span.start)
        of_body = (before and (before[0] != "a " or is_english)) or not capital or fold(capital[0]) in STOP_WORDS
        if len(capital) > 1 and not (of_body or any(map(span.overlaps, others))):
            persons.add(frozenset(fold(word) for word in capital[1:] if not is_about_persons(word)))
    return frozenset(filter(None, persons))


@dataclass(frozen=True, slots=True)
class StageReport:
    """A stage as an article reports it."""

    article: Article
    mention: StageMention

    @property
    def text(self) -> str:
        return self.article.body[self.mention.sentence.start : self.mention.sentence.end]

    @property
    def sentence(self) -> tuple[str, Span]:
        return self.article.article_id, self.mention.sentence

    @property
    def told(self) -> Span:
        """Its sentence, with the one before it where it can't be understood alone."""
        span = self.mention.sentence
        before = sentence_before(span, sentence_spans(self.article.body)) if leans(self.text) else None
        return Span(before.start, span.end) if before else span

    @property
    def vocabulary(self) -> frozenset[str]:
        """The words of what it tells, folded."""
        return frozenset(map(fold, words(self.article.body[self.told.start : self.told.end])))

    @property
    def order(self) -> tuple[str, int]:
        """By the end of its date, what has none first, a year or a quarter before its months; then by the stage."""
        value = (self.mention.value or "").rpartition("/")[2]
        day = value if len(value) != 4 and not value[5:6].isalpha() else f"{value[:4]}-00"
        return day, self.mention.stage.order

    def quote(self, annotated: Annotated, span: Span, number: int = 1) -> Citation:
        """A stretch of its article as a quote, its words marked."""
        glosses = glosses_within(annotated[self.article.article_id], span)
        text, marked = self.article.body[span.start : span.end], Span(self.mention.start, self.mention.end)
        return Citation(number, self.article.source, span.start, span.end, text, marked, glosses)


@dataclass(frozen=True, slots=True)
class Case:
    """An event with the stages that are reported of it."""

    reported: Reported
    reports: tuple[StageReport, ...]

    @property
    def last(self) -> StageReport:
        """The last stage reported: of the highest level reached the newest, what one report alone says aside."""
        agreed = [report for report in self.reports if not report.mention.contested] or self.reports

        def order(report: StageReport) -> tuple[int, str, int, bool]:
            stage = report.mention.stage
            return stage.level, self._day(report), stage.order, report.mention.dated

        return max(agreed, key=order)

    def _day(self, report: StageReport) -> str:
        """When a stage was reached: one that an article gives no date for is no later than where it dates the same one.

        Nor than another that it dates as news; what it only recalls, such as an earlier verdict, tells nothing of it.
        """
        day, (name, level) = report.order[0], (report.article.article_id, report.mention.stage.level)
        beside = (
            other for other in self.reports if (other.article.article_id, other.mention.stage.level) == (name, level)
        )
        same_news = (o for o in beside if o.mention.stage is report.mention.stage or not _long_before(o.order[0], day))
        dated = [other.order[0] for other in same_news if other.mention.dated]
        return min(day, max(dated)) if dated and not report.mention.dated else day

    @property
    def outcomes(self) -> tuple[StageReport, ...]:
        """What was reported of its end, the last first, each sentence once."""
        ends = sorted((r for r in self.reports if r.mention.stage.is_outcome), key=lambda report: report.order)
        return tuple(sorted({report.sentence: report for report in ends}.values(), key=ends.index, reverse=True))

    @property
    def whens(self) -> Iterator[When]:
        """When its stages were reported, or reached."""
        for report in self.reports:
            published, value = report.article.source.published, report.mention.value
            yield When(first=published, last=published)
            if value and (when := moment_of(value)):
                yield when

    def status(self, quote: Citation) -> CaseStatus:
        """How far the case has got, with the quote that says so."""
        last, mention = self.last, self.last.mention
        published = last.article.source.published
        in_report = (report for report in self.reports if report.article.article_id == last.article.article_id)
        beside = {report.mention.stage for report in in_report if self._day(report) == self._day(last)} - {
            mention.stage
        }
        # The verdict that an appeal names is what it is against, which is past.
        outcomes = [stage for stage in beside if stage.is_outcome and mention.stage.order < Stage.APPEALED.order]
        outcomes.sort(key=lambda stage: stage.order, reverse=True)
        as_of = mention.value or (published.isoformat() if published else None)
        verdict_held = any(report.mention.stage.is_verdict for report in self.reports)
        return CaseStatus(self.reported.event, mention.stage, quote, as_of, verdict_held, tuple(outcomes))


def _long_before(earlier: str, later: str) -> bool:
    """Whether a date lies so long before another that news of that doesn't mean it."""
    first, second = moment_of(earlier), moment_of(later)
    return not (first and first.last and second and second.first and second.first - first.last <= REPORTED_WITHIN)


def of_persons(question: str, cases: Sequence[Case]) -> list[Case]:
    """The cases without what is reported of others, where a question names people of theirs.

    What names nobody stays: it may be of them.
    """
    asked = set(map(fold, words(question)))
    known = {person for case in cases for article in case.reported.articles for person in persons_in(article.body)}
    meant = frozenset[str]().union(*(person for person in known if person & asked))
    others = frozenset[str]().union(*known) - meant
    if not meant:
        return list(cases)
    kept = [tuple(r for r in case.reports if r.vocabulary & meant or not r.vocabulary & others) for case in cases]
    return [replace(case, reports=reports) for case, reports in zip(cases, kept, strict=True) if reports]


def case_reply(analyzed: AnalyzedQuestion, *, retriever: Retriever, store: DocumentStore) -> Reply | None:
    """An answer where the end of some case is reported, else a refusal with how far each has got; None without one."""
    question, understood_as = analyzed.original, analyzed.understood_as
    every = _cases_meant(analyzed, retriever, store)
    if not every:
        return None
    cases = of_persons(analyzed.question.text, every)
    annotated = annotations_of((report.article.article_id for case in cases for report in case.reports), store)
    statements = tuple(_statements(cases, annotated, analyzed.question.text))
    first_quotes = {statement.event: statement.quotes[0] for statement in reversed(statements)}
    statuses = tuple(case.status(first_quotes[case.reported.event]) for case in cases)
    if any(case.outcomes for case in cases):
        return Answer(question, statements, understood_as, cases=statuses)
    named = [status.quote.source for status in statuses]
    named = named or [report.article.source for case in every for report in case.reports]
    sources = tuple(dict.fromkeys(named))[:MOST_CASES]
    return Refusal(question, NO_VERDICT, sources, store.coverage(), understood_as, cases=statuses)


def _statements(cases: Sequence[Case], annotated: Annotated, question: str) -> Iterator[Statement]:
    """What is quoted of each case, the cases one after the other; its last stage first, then the stages asked for."""
    number, asked = 0, {word.kind.name for word in kind_words(question)}  # "Was anybody acquitted?"
    for case in cases:
        quoted: list[tuple[str, Span]] = []
        of_asked = {report.sentence for report in case.reports if report.mention.stage.name in asked}
        outcomes = sorted(case.outcomes, key=lambda report: report.sentence not in of_asked)
        for report in (case.last, *outcomes)[: MOST_SENTENCES + 1]:
            name = report.article.article_id
            told = [span for quoted_id, span in quoted if quoted_id == name]
            # "He was acquitted of bribery" behind "Ann was convicted of fraud", which is quoted already.
            spans = (span for span in (report.told, report.mention.sentence) if not any(map(span.overlaps, told)))
            if span := next(spans, None):
                quoted.append((name, span))
                number += 1
                quote = report.quote(annotated, span, number)
                yield Statement(quote.text, (quote,), case.reported.event)


def _cases_meant(analyzed: AnalyzedQuestion, retriever: Retriever, store: DocumentStore) -> list[Case]:
    """The cases that a question can mean, the likeliest first; empty where the archive reports of none such."""
    question, reference = analyzed.question, analyzed.reference
    cases = _cases_of([hit.source.article_id for hit in retriever.find(question, limit=POOL)], store)
    # Looked up by the words of their names, or of their headlines.
    events = [case.reported for case in cases if _fits(question.text, reference, case)]
    if not events:
        return []
    names = " ".join(event.key or fold_text(event.event.name) for event in events)
    terms = [word for word in names.split() if word not in STOP_WORDS and not word.isdigit()]
    between = Dates.of(question)
    more = store.matching(terms, limit=NAMED_BY, between=between)
    more += store.matching([*terms, *_OUTCOME_TERMS], limit=NAMED_BY, between=between)
    known = [report.article.article_id for case in cases for report in case.reports]
    cases = _cases_of([*known, *(hit.source.article_id for hit in more)], store)
    cases = [case for case in cases if _fits(question.text, reference, case)]
    cases = [case for case in cases if reference.names_event(case.reported)] or cases  # others may speak of it, too
    cases = [case for case in cases if reference.in_time(case.reported.whens)] or cases
    topical = (word for word in words(question.text) if fold(word) not in STOP_WORDS)
    says_which = reference.numbers or not all(map(is_about_persons, topical))

    def rank(case: Case) -> tuple[object, ...]:
        """The case with the newest stage first; where nothing says which is meant, that of which most is reported."""
        newest, reports = case.last.order[0], len(case.reported.articles)
        return (newest, reports) if says_which else (bool(case.outcomes), reports, newest)

    return sorted(cases, key=rank, reverse=True)[:MOST_CASES]


def _cases_of(article_ids: Iterable[str], store: DocumentStore) -> list[Case]:
    annotated = annotations_of(article_ids, store)
    articles = articles_of((name for name, read in annotated.items() if read.stages), store.article)
    return cases_told(articles, annotated, Events(articles))


def cases_told(articles: Iterable[Article], annotated: Annotated, events: Events) -> list[Case]:
    """The cases whose stages the articles report; `events` are those of the articles."""
    by_event: dict[Event, tuple[Reported, list[StageReport]]] = {}
    for article in articles:
        for mention in annotated[article.article_id].stages:
            report = StageReport(article, mention)
            reported = events.within(report.text, article.article_id)
            by_event.setdefault(reported.event, (reported, []))[1].append(report)
    return [Case(reported, tuple(stages)) for reported, stages in by_event.values()]


def _fits(question: str, reference: EventReference, case: Case) -> bool:
    """Whether everything that a question says of the case it means is true of this one."""
    if reference.names and not reference.names_event(case.reported):
        return False
    if reference.times and not (reference.in_time(case.reported.whens) or reference.in_time(case.whens)):
        return False
    if (reference.numbers and not reference.in_number(case.reported)) or not reference.in_words(case.reported):
        return False
    sentences = " ".join(report.text for report in case.reports)
    # Every country that the question names has to be named where the stages are told.
    countries_fit = {code for _, code in places_in(question)} <= {code for _, code in places_in(sentences)}
    return countries_fit and _subject_fits(question, case, sentences) and _topic_fits(question, reference, case)


def _subject_fits(question: str, case: Case, sentences: str) -> bool:
    """Whether who is asked about is in the very sentences: a minister who announced arrests was not arrested."""
    persons = subject(question)
    if places_in(persons):  # no country is guilty
        return False
    present = stems(f"{sentences} {case.reported.event.name}")
    terms = [word for word in words(persons) if fold(word) not in STOP_WORDS and not word[0].isdigit()]
    return all(is_about_persons(word) or stem(word) in present or is_number(word) for word in terms)


def _topic_fits(question: str, reference: EventReference, case: Case) -> bool:
    """Whether every name of a question stands in the reports of the case, and most of its own words."""
    present = stems(" ".join([case.reported.event.name, *map(folded, case.reported.articles)]))
    undated = without_dates(question)
    countries = {fold(word) for span, _ in places_in(question) for word in words(question[span.start : span.end])}
    topical = [word for word in dict.fromkeys(map(fold, words(undated))) if word not in STOP_WORDS | countries]
    terms = [word for word in topical if not is_about_persons(word) and not is_number(word)]
    begin = len(undated) - len(undated.lstrip(" ¿¡\"'“"))  # the word there has a capital anyway
    named = {fold(word) for name in NAME.finditer(undated) if name.start() > begin for word in words(name[0])}
    if any(stem(word) not in present for word in terms if word in named):
        return False
    # Beside the case's name, its time or its number the words may be in another language.
    surely = reference.names_event(case.reported) or reference.times or reference.numbers
    return bool(surely) or sum(stem(word) in present for word in terms) >= TOPICAL_SHARE * len(terms)
