"""What happened, in order: on one event, in a time, and in all that the archive holds."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice

import numpy as np

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.events import APART, Events
from qa.answering.matters import TOPIC_POOL, MatterRetrieval
from qa.answering.openings import Openings
from qa.answering.quoting import annotations_of, articles_of
from qa.answering.selecting import leans
from qa.answering.steps import (
    MOST_STEPS,
    OF_A_DAY,
    OF_EACH,
    Steps,
    asks_for_latest,
    bounds,
    bounds_events,
    by_own_days,
    dates_of,
    days_reported,
    each_of,
    far_apart,
    in_order,
    in_turn,
    may_tell_of,
    most_reported,
    newest_first,
    of_other_times,
    opening_sentence,
    opening_sentences,
    own_time,
    sentences_on_event,
    tells_of,
    times_named,
)
from qa.dates.periods import Period, Precision, of_day
from qa.models.annotations import Annotations, Timeframe
from qa.models.archive import Article, ListedArticle, Source, Span
from qa.models.dates import Dates
from qa.models.replies import Event, Hit, Intent, SentenceHit
from qa.protocols import DocumentStore, Encoder, Vectors
from qa.retrieval.ranking import is_label
from qa.retrieval.timeline import when_of
from qa.text.timeframes import topic_of

CONSIDERED = 3 * MOST_STEPS  # times and reports that are looked at for so many sentences: some say what others do
FEW = 3  # reports in all, up to which a summary tells more than how each begins
IN_PERIOD = 0.12  # how much less surely of its matter a sentence may be where a time is asked about, too
ASPECTS = (
    "How did it begin?",
    "What is it about?",
    "What was found or decided?",
    "How did it end, and what did it turn out to be?",
    "Who is in charge of it?",
)
"""What a reader wants to know of an event. How many reports begin tells the same again and again, and neither how the
event itself began nor what became of it."""
COMMON, REPEATING = 0.5, 0.5
"""Shares of its nearness to all aspects, and to what was chosen already, that a sentence loses for one aspect."""


@dataclass(frozen=True, slots=True)
class Chronologies:
    """Tells what happened by how reports begin, and by what they date themselves."""

    encoder: Encoder
    store: DocumentStore
    matters: MatterRetrieval
    openings: Openings

    def on_event(self, analyzed: AnalyzedQuestion) -> Steps:
        """How the reports of the event that a question names begin, as they came out; none where it names none."""
        # Who names an event wants to know what it was; few sentences that say so name it, or are near the question.
        hits = self.matters.passages(analyzed.question)
        events = self.matters.events(analyzed.question, hits)
        named = events.named_by(analyzed.last_reference) or events.named_by(analyzed.reference)
        reports = [hit for hit in hits if hit.source.article_id in named]
        articles = articles_of((hit.source.article_id for hit in reports), self.store.article)
        if asks_for_latest(analyzed.period):
            return Steps(self._newest(articles), reports)
        told = self.openings.of(articles)
        if analyzed.asked.intent is Intent.CHRONOLOGY and not analyzed.period:
            told = self._by_days(told, articles, events)
        if analyzed.asked.intent is Intent.OVERVIEW and len(articles) > MOST_STEPS // 2:
            told = in_order(self._by_aspects(told, articles, reports), self.store, lead=told[:1])
        if analyzed.more:
            before = {hit.place for hit in told}
            later = (islice(sentences_on_event(article), each_of(articles), None) for article in articles)
            further = in_turn(([hit for hit in of if hit.place not in before] for of in later), most=MOST_STEPS)
            told = in_order(further, self.store) or told
        return Steps(told, reports)

    def _newest(self, reports: Sequence[Article]) -> list[SentenceHit]:
        """How the last reports of an event begin, the newest first."""
        newest = sorted(reports, key=lambda report: newest_first(report.source))[:OF_EACH]
        begun = chain.from_iterable(islice(sentences_on_event(report), OF_EACH) for report in newest)
        return in_turn([begun], most=MOST_STEPS)

    def _by_aspects(
        self, told: Sequence[SentenceHit], articles: Sequence[Article], reports: Sequence[Hit]
    ) -> list[SentenceHit]:
        """Of how an event's reports begin the first, what is nearest to each aspect of it, and what most say."""
        on_event = {hit.place for article in articles for hit in sentences_on_event(article)}
        placed = dict[tuple[str, Span], tuple[SentenceHit, Vectors]]()
        vectors = self.store.sentence_vectors([hit.passage for hit in reports])
        for found, meanings in zip(reports, vectors, strict=True):
            for number, meaning in enumerate(meanings):
                hit = SentenceHit(found, found.passage.sentences[number], 0.0)
                if hit.place in on_event and not (is_label(found.passage, number) or leans(hit.text)):
                    placed[hit.place] = hit, meaning
        chosen = self._nearest_aspects(list(placed.values()), told[0]) if placed else []
        return in_turn([[told[0], *chosen, *self.openings.central(told)]], most=MOST_STEPS)

    def _nearest_aspects(
        self, sentences: Sequence[tuple[SentenceHit, Vectors]], lead: SentenceHit
    ) -> list[SentenceHit]:
        """For each aspect the sentence that is nearer to it than to others, and that says least again."""
        hits, meanings = [hit for hit, _ in sentences], np.array([meaning for _, meaning in sentences])
        nearness = np.array([self.encoder.encode_question(aspect) for aspect in ASPECTS]) @ meanings.T
        nearness = z_scores(nearness - COMMON * nearness.mean(axis=0))
        likeness = z_scores(meanings @ meanings.T)
        leading = [number for number, hit in enumerate(hits) if hit.place == lead.place]
        repeated = np.maximum.reduce([np.full(len(hits), likeness.min()), *likeness[leading]])
        chosen = list[SentenceHit]()
        for aspect in nearness:
            place = int((aspect - REPEATING * repeated).argmax())
            chosen.append(hits[place])
            repeated = np.maximum(repeated, likeness[place])
        return chosen

    def _by_days(self, told: Sequence[SentenceHit], reports: Sequence[Article], events: Events) -> list[SentenceHit]:
        """How the reports of an event begin, with what they date themselves and late news, as steps of a chronology."""

        def belongs(hit: SentenceHit) -> bool:
            # A report may recall another event, as by "last December"; known is which where the archive has it, too.
            return events.of(hit) in (None, events.by_article[hit.source.article_id])

        told = [*told[:1], *filter(belongs, told[1:])]
        first = list({hit.source.article_id: hit for hit in reversed(told)}.values())[::-1]
        late, sentences = self._late_news(reports, events), list(chain.from_iterable(map(sentences_on_event, reports)))

        def dated(begun: Sequence[SentenceHit]) -> list[SentenceHit]:
            texts = {hit.text for hit in begun}
            news = [(hit, day) for hit, day in late if hit.text not in texts]
            opening = [*zip(begun, dates_of(begun, self.store), strict=True), *news]
            return by_own_days(opening, sentences, self.store, most=MOST_STEPS, belongs=belongs)

        # Of many reports one is told by what it says next only where nothing else is dated.
        steps = dated(first) if len(first) > MOST_STEPS // 2 else []
        return steps if len(steps) == MOST_STEPS else dated(told)

    def _late_news(self, reports: Sequence[Article], events: Events) -> list[tuple[SentenceHit, date]]:
        """Of reports that came out long after their event what comes nearest to each headline, of the day of that."""
        late = list[tuple[date, str, list[SentenceHit]]]()
        for report in reports:
            hits, published = list(islice(sentences_on_event(report), MOST_STEPS)), report.source.published
            known = [when.first for when in events.by_article[report.article_id].whens if when.first]
            if hits and published and known and published - min(known) > APART:
                late.append((published, report.source.title, hits))
        late = list(far_apart(sorted(late, key=lambda report: report[:2]), MOST_STEPS))
        texts = [text for _, title, hits in late for text in (title, *(hit.text for hit in hits))]
        vectors, news = iter(self.encoder.encode(texts)), list[tuple[SentenceHit, date]]()
        for published, _, hits in late:
            headline, *meanings = islice(vectors, 1 + len(hits))
            nearness = [float(meaning @ headline) for meaning in meanings]
            news.append((hits[nearness.index(max(nearness))], published))
        return news

    def of_all(self, analyzed: AnalyzedQuestion) -> Steps:
        """How the reports of what was reported most begin: some of the main event, one for each other time."""
        question, period, locale = analyzed.question, analyzed.period, analyzed.original.locale
        listed = self.store.listed(Dates.of(question))
        if asks_for_latest(period):
            return self._latest(listed)
        if bounds_events(period):
            return self.of_period(analyzed, period)
        if len(listed) <= FEW and analyzed.asked.intent is Intent.OVERVIEW:
            return Steps(self.openings.of(self._articles(listed)))
        days = days_reported(question, self.store)
        fullest = max(days, key=len, default=[])
        main = self._main_event(fullest)
        told = self.openings.of(main, most=OF_EACH)
        others = [day for day in days if not main or day is not fullest]
        times = most_reported(others, count=MOST_STEPS - len(told))[:CONSIDERED]
        groups = [sorted(day, key=lambda article: article.source.language != locale)[:OF_EACH] for day in times]
        begun = (map(opening_sentence, self._articles(group)) for group in groups)
        fewer = self._fewer(main, in_turn(begun, most=MOST_STEPS - len(told)), most=max(1, len(told) - 1))
        steps = in_order([*told, *fewer], self.store, lead=told[:1])
        return Steps(steps, [hit.found for article in main for hit in islice(opening_sentences(article), OF_EACH)])

    def _main_event(self, day: Sequence[ListedArticle]) -> list[Article]:
        """The reports of the event that most of a day's articles are about; none where few are about one."""
        events = Events(self._articles(day[:CONSIDERED])).by_article.values()
        largest = max((event.articles for event in events), key=len, default=())
        return list(largest) if len(largest) >= OF_EACH else []

    def _fewer(self, main: Sequence[Article], hits: Sequence[SentenceHit], *, most: int) -> list[SentenceHit]:
        """The sentences without those beyond `most` of any event that has fewer reports than the main one."""
        ids = (article.article_id for article in main)
        events = Events(articles_of((*ids, *(hit.source.article_id for hit in hits)), self.store.article)).by_article
        told, fewer = Counter[Event](), []
        for hit in hits:
            reported = events.get(hit.source.article_id)
            if reported:
                told[reported.event] += 1
            if not reported or told[reported.event] <= most or len(reported.articles) >= len(main):
                fewer.append(hit)
        return fewer

    def _articles(self, listed: Iterable[ListedArticle]) -> list[Article]:
        return articles_of((one.source.article_id for one in listed), self.store.article)

    def _latest(self, listed: Iterable[ListedArticle]) -> Steps:
        """How the newest reports begin, the newest first."""
        newest = sorted((one for one in listed if one.source.published), key=lambda one: newest_first(one.source))
        return Steps(in_turn([map(opening_sentence, self._articles(newest[:CONSIDERED]))], most=MOST_STEPS))

    def of_period(self, analyzed: AnalyzedQuestion, period: Timeframe) -> Steps:
        """What happened in a time: how its reports begin, each event and day first, and what others date in it."""
        near, reports = self._found_in(period, analyzed)
        # A report may have been taken out since its sentences were found.
        found = chain((report.article_id for report in reports), (hit.source.article_id for hit in near))
        annotations = annotations_of(found, self.store)
        begun = list(filter(None, map(opening_sentence, reports)))
        times = dict(zip((hit.place for hit in begun), map(of_day, self._days_told(begun, annotations)), strict=True))
        told = most_reported(self._of_each_event([hit for hit in begun if bounds(period, times[hit.place])], times))
        dated = [
            (time, hit)
            for hit in near
            if (time := own_time(hit, annotations)) and tells_of(period, hit, annotations) and not leans(hit.text)
        ]
        # A report of March that begins with a draft of 24 February is told by what it dates in March.
        own = {hit.source.article_id: (time, hit) for time, hit in reversed(dated)}

        def in_time(time: Period, begun: SentenceHit) -> tuple[Period, SentenceHit]:
            if tells_of(period, begun, annotations):
                return time, begun
            first = self._first_of(period, begun.source, annotations)
            return own.get(begun.source.article_id) or (time, next(iter(first), begun))

        first = [
            in_time(times[hits[0].place], begun)
            for hits in told[:MOST_STEPS]
            for begun in self._leading(hits, is_main=hits is told[0])
        ]
        others = of_other_times(dated, [time for time, _ in first])
        steps = [*first[:MOST_STEPS], *far_apart(others, MOST_STEPS - len(first))]
        goes_on = ((hits[0], self._first_of(period, hits[0].source, annotations)) for hits in told[:MOST_STEPS])
        steps += [(times[begun.place], hit) for begun, first_of_it in goes_on for hit in first_of_it[:OF_A_DAY]]
        time_of = {hit.place: time for time, hit in reversed(steps)}
        group = {hit.source.article_id: number for number, hits in enumerate(told) for hit in hits}
        sentences = in_turn([(hit for _, hit in steps)], most=MOST_STEPS)
        sentences.sort(key=lambda hit: (time_of[hit.place].first, group.get(hit.source.article_id, len(told))))
        return Steps(sentences, [hit.found for hits in told for hit in hits])

    def _leading(self, begun: Sequence[SentenceHit], *, is_main: bool) -> Sequence[SentenceHit]:
        """What tells an event best of how its reports of one day begin; of the main one, on which many are, more."""
        if len(begun) == 1:
            return begun
        lead = self.openings.of(articles_of((hit.source.article_id for hit in begun), self.store.article), most=1)
        if not is_main or len(begun) < OF_EACH:
            return lead
        outvoted = self.openings.outvoted(begun)
        further = (
            hit for hit in self.openings.central(begun) if not hit.source.correction and hit.text not in outvoted
        )
        return in_turn([chain(lead, further)], most=OF_A_DAY)

    def _found_in(self, period: Timeframe, analyzed: AnalyzedQuestion) -> tuple[list[SentenceHit], list[Article]]:
        """What is surest of the matter, if one is asked about, and the reports that may tell of it in a time."""
        passages, topical = self.matters.retriever.find(analyzed.question, limit=TOPIC_POOL), analyzed.asked.topical
        within = IN_PERIOD if topical else math.inf
        near = self.matters.surest(topic_of(analyzed.question.text), passages, within=within)
        found = dict.fromkeys(hit.source.article_id for hit in near)
        listed = (one for one in self.store.listed(Dates.of(analyzed.question)) if may_tell_of(period, one))
        days = dict[date, list[ListedArticle]]()
        for one in listed:
            if not topical or one.source.article_id in found:
                days.setdefault(when_of(one).first or date.max, []).append(one)
        fullest = chain.from_iterable(most_reported([days[day] for day in sorted(days)]))
        ids = (one.source.article_id for one in islice(fullest, OF_EACH * CONSIDERED))
        return near, articles_of((*ids, *found), self.store.article)

    def _of_each_event(
        self, begun: Sequence[SentenceHit], times: Mapping[tuple[str, Span], Period]
    ) -> list[list[SentenceHit]]:
        """How reports begin, those on one event of one day together, in order."""
        events = Events.among((hit.found for hit in begun), self.store).by_article
        groups = dict[tuple[date, Event], list[SentenceHit]]()
        for hit in begun:
            if reported := events.get(hit.source.article_id):  # else it was taken out in between
                groups.setdefault((times[hit.place].first, reported.event), []).append(hit)
        return [groups[group] for group in sorted(groups, key=lambda group: group[0])]

    def _days_told(self, begun: Sequence[SentenceHit], annotations: Mapping[str, Annotations]) -> list[date]:
        """When what reports begin with was: the last day that it names, else that of the report.

        "The bridge, which had closed on 3 April, reopened on Wednesday" tells of Wednesday.
        """
        days = []
        for hit, day in zip(begun, dates_of(begun, self.store), strict=True):
            named = [time.first for time in times_named(hit, annotations) if time.precision is Precision.DAY]
            days.append(max((time for time in named if time <= (hit.source.published or time)), default=day))
        return days

    def _first_of(self, period: Timeframe, source: Source, annotations: Mapping[str, Annotations]) -> list[SentenceHit]:
        """What a report says first of a time, but for what leans on what stands before it."""
        reports = articles_of([source.article_id], self.store.article)
        first = (hit for report in reports for hit in islice(opening_sentences(report), OF_EACH))
        return [hit for hit in first if tells_of(period, hit, annotations) and not leans(hit.text)]


def z_scores(values: Vectors) -> Vectors:
    """Values with mean 0 and deviation 1, so that two kinds of nearness can be weighed against each other."""
    scores: Vectors = (values - values.mean()) / (values.std() or 1.0)
    return scores
