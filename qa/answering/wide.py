"""Finds what answers a wide question: the steps of a matter, what there is on a subject, two things side by side."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain, groupby, islice, zip_longest
from typing import TypeVar

import numpy as np

from qa.answering.analysis import AnalyzedQuestion
from qa.answering.conflicts import as_asked, conflicts_in, numbers_named
from qa.answering.events import APART, EventReference, Events
from qa.answering.quoting import annotations_of, articles_of
from qa.answering.reported_figures import PEOPLE, middle
from qa.answering.selecting import leans
from qa.answering.steps import (
    MOST_STEPS,
    OF_A_DAY,
    OF_EACH,
    REMARK,
    Steps,
    begun_by,
    bounds,
    bounds_events,
    by_own_days,
    each_of,
    far_apart,
    first_of_time,
    in_turn,
    is_stretch,
    may_tell_of,
    most_reported,
    of_other_times,
    opening_sentence,
    opening_sentences,
    own_time,
    same_words,
    says_alone,
    sentences_on_event,
    tells_of,
    times_named,
)
from qa.dates.periods import Period, Precision, of_day
from qa.models.annotations import About, Annotations, FigureKind, Timeframe
from qa.models.archive import Article, ListedArticle, Span
from qa.models.dates import Dates
from qa.models.replies import Conflict, Event, Hit, Intent, Party, Question, SentenceHit
from qa.protocols import DocumentStore, Encoder, Retriever, Vectors
from qa.retrieval.ranking import POOL, is_label
from qa.retrieval.timeline import article_fit, when_of
from qa.retrieval.topics import TopicScores
from qa.text.entities import NAME, is_date, places_in
from qa.text.figures import figures
from qa.text.language import language_asked, primary
from qa.text.terms import STOP_WORDS, content_words, fold, stem, stems, word_matches, words
from qa.text.timeframes import after_what, topic_of

SHORTEST = 4  # letters of a name that is looked for: "I'd" and "EU" are none
SIDES = 3  # things that are set side by side
CONSIDERED = 3 * MOST_STEPS  # times and reports that are looked at for so many sentences: some say what others do
ON_SUBJECT = 6  # sentences on a subject
FEW = 3  # reports in all, up to which a summary tells more than how each begins
SEVERAL = 3  # events that the sentences nearest to a topic are of, from which it is about no single one
NEAR = 0.03
"""How much farther from the question than the nearest passage, in cosine, one may be that still is of the matter."""
SAME_MEANING = 0.97  # cosine from which two sentences say the same
TOPIC_POOL = 100  # passages among which a matter is looked for
IN_PERIOD = 0.12  # the same for the best sentence of a report, where a time is asked about, too
ON_TOPIC = 0.08
"""How much lower than the best a sentence's score for its matter may be: of what then is told of one in forty matters,
six sentences of five reports, .88 are of the right one; with .06 .90 of four reports, with .09 .86."""
LEADING = 0.06  # how much less sure than its best sentence how a report begins may be: an aside is by .1 and more
BROAD = 2 * MOST_STEPS  # reports of one matter from which it is told from the first to the last of them
AGAIN = 0.03  # what each further sentence of an article loses before what others say first
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
CENTRAL = 0.005
"""How much less near to how other reports begin than the nearest, in mean cosine, the sentence may be that leads."""

HELD = {FigureKind.ARRESTED.value: FigureKind.DETAINED.value}  # kinds of which one paper's words are another's

Naming = Callable[[str], bool]  # whether some words name a subject
Found = TypeVar("Found", Hit, SentenceHit)


@dataclass(frozen=True, slots=True)
class WideRetrieval:
    """Finds the sentences of a wide answer, few of an article and none that says it again; nothing is read."""

    retriever: Retriever
    encoder: Encoder
    store: DocumentStore
    topics: TopicScores

    def steps(self, analyzed: AnalyzedQuestion) -> Steps:
        """The sentences of an answer in steps; none where the archive says nothing of the matter."""
        if analyzed.asked.intent is Intent.COMPARISON:
            return self._side_by_side(analyzed)
        if analyzed.asked.intent is Intent.DISAGREEMENT:
            return self._differing(analyzed)
        if analyzed.asked.topical:
            return self._on_topic(analyzed)
        return Steps(self._of_earlier(analyzed)) if analyzed.repeated else self._of_all(analyzed)

    def _on_topic(self, analyzed: AnalyzedQuestion) -> Steps:
        """What is told of the matter that a question names, as it happened."""
        question, period = analyzed.question, analyzed.period
        # An open time may be most of the archive's.
        if is_stretch(period):
            of_period = self._of_period(analyzed, period)
            return of_period if self._is_named(question.text, of_period.sentences) else Steps()
        # An outlet that tells of other things alone says nothing on it.
        of_any = replace(question, outlet=analyzed.original.outlet) if analyzed.outlet else None
        told = self._of_topic(question, limit=CONSIDERED, period=period, within=ON_TOPIC, best_of=of_any, leading=True)
        if not self._is_named(question.text, told):
            return Steps()
        if asks_for_latest(period):
            return Steps(self._newest_first(told)[:MOST_STEPS])
        if asked_after := after_what(question.text):
            told = self._later(told, asked_after)
        first = list({hit.source.article_id: hit for hit in reversed(told)}.values())
        first.sort(key=told.index)
        if len(first) >= BROAD:
            return Steps(far_apart(self.in_order(first), MOST_STEPS))
        further = [hit for hit in told if hit not in first]
        return Steps(self.in_order(self._of_several_events([*first, *further])))

    def _later(self, told: list[SentenceHit], than: str) -> list[SentenceHit]:
        """The sentences of later days than the first near to what it is asked for the sequel of; all if none is."""
        if not told:
            return told
        nearness = self.encoder.encode([hit.text for hit in told]) @ self.encoder.encode_question(than)
        days = self._days_of(told)
        begun = min(day for day, near in zip(days, nearness, strict=True) if near >= nearness.max() - NEAR)
        return [hit for hit, day in zip(told, days, strict=True) if begun < day < date.max] or told

    def _is_named(self, text: str, told: Sequence[SentenceHit]) -> bool:
        """Whether some passage names what a question names; what a name is in another language nobody knows."""
        if _is_headline(text):
            return True
        asked, names = {code for _, code in places_in(text)}, self._telling_names(text)
        foreign = sum(primary(hit.source.language) != language_asked(text) for hit in told)
        if names and 2 * foreign > len(told):
            return True
        texts = {f"{hit.source.title}. {hit.passage.text}" for hit in told}
        if any(naming(passage) for name in names if (naming := self._naming(name)) for passage in texts):
            return True
        named = {code for passage in texts for _, code in places_in(passage)}
        if asked & named:
            return True
        # "In Spain" is named by no report that is at home there; another country is.
        return not names and not (asked and named)

    def _of_several_events(self, told: Sequence[SentenceHit]) -> list[SentenceHit]:
        """The first of some sentences; where these are of several events one on each, then the second on each."""
        events = Events.among((hit.found for hit in told), self.store)
        known = [reported.event if (reported := events.of(hit)) else None for hit in told]
        if len({*known[:MOST_STEPS]} - {None}) < SEVERAL:
            return list(told[:MOST_STEPS])
        before = [
            sum(event == known[place] for event in known[:place]) if known[place] else 0 for place in range(len(told))
        ]
        return [told[place] for place in sorted(range(len(told)), key=before.__getitem__)][:MOST_STEPS]

    def _of_earlier(self, analyzed: AnalyzedQuestion) -> list[SentenceHit]:
        """Sentences on what was asked before, where more of it is wanted those that weren't told yet."""
        earlier = analyzed.repeated[-1]
        only = self._naming(earlier.text) if self._names(earlier.text) else None
        before = self._of_topic(earlier, limit=MOST_STEPS, only=only, within=math.inf if only else ON_TOPIC)
        if asks_for_latest(analyzed.period):
            further = self._of_topic(earlier, limit=CONSIDERED, only=only, within=math.inf if only else ON_TOPIC)
            return self._newest_first(further)[:MOST_STEPS]
        if not analyzed.more:
            return self.in_order(before)
        # Whoever asked for the whole was told how its reports begin instead.
        begun, told = ({hit.place for hit in hits} for hits in (self._of_all(analyzed).sentences, before))
        further = self._of_topic(earlier, limit=CONSIDERED, only=only)
        others = [hit for hit in further if hit.place not in begun]
        more = [hit for hit in others if hit.place not in told]
        if only and not more:  # what their reports say besides
            reports = {hit.source.article_id for hit in before}
            beside = self._of_topic(earlier, limit=TOPIC_POOL, unless=only)
            more = [hit for hit in beside if hit.source.article_id in reports]
        return self.in_order((more or others)[:MOST_STEPS] or before)

    def passages(self, analyzed: AnalyzedQuestion) -> list[Hit]:
        """Passages that tell more of it, the best for the question and for each name in it first; none on the whole."""
        question, intent = analyzed.question, analyzed.asked.intent
        if not (analyzed.asked.topical or intent in (Intent.COMPARISON, Intent.PROFILE)):
            return self._near(analyzed.repeated[-1]) if analyzed.repeated else []
        only = self._naming(question.text) if intent is Intent.PROFILE else None
        names = self._names(question.text)
        parts = names[:SIDES] if intent is Intent.COMPARISON and len(names) > 1 else [question.text, *names]
        found = [self._near(replace(question, text=part), only=only) for part in dict.fromkeys(parts)]
        by_turns = filter(None, chain.from_iterable(zip_longest(*found)))
        return self._fitting(analyzed.period, list({hit.passage.passage_id: hit for hit in by_turns}.values()))

    def goes_by_time(self, analyzed: AnalyzedQuestion) -> bool:
        """Whether those sentences are held to the time of the question: not on the matter spoken of before."""
        if analyzed.asked.intent is Intent.COMPARISON or analyzed.asked.topical:
            return True
        return not analyzed.repeated and analyzed.period is not None

    def names_matter(self, analyzed: AnalyzedQuestion) -> bool:
        """Whether who asks for the latest names what of, though it reads like the latest of all: "latest on Heron"."""
        asked_for = asks_for_latest(analyzed.period) and not (analyzed.asked.topical or analyzed.outlet)
        text = analyzed.question.text
        return asked_for and not _is_headline(text) and any(_is_of(name, text) for name in self._telling_names(text))

    def naming(self, question: Question) -> Naming | None:
        """Whether a sentence names the subject of a question; None where the archive knows no such one."""
        return self._naming(question.text)

    def on_event(self, analyzed: AnalyzedQuestion) -> Steps:
        """How the reports of the event that a question names begin, as they came out; none where it names none."""
        # Who names an event wants to know what it was; few sentences that say so name it, or are near the question.
        if analyzed.asked.intent in (Intent.COMPARISON, Intent.DISAGREEMENT):
            return Steps()
        hits = self._fitting(analyzed.period, self.retriever.find(analyzed.question, limit=POOL))
        events = Events.around(analyzed.question, hits, self.retriever, self.store)
        named = reporting(events, analyzed.last_reference) or reporting(events, analyzed.reference)
        reports = [hit for hit in hits if hit.source.article_id in named]
        articles = articles_of((hit.source.article_id for hit in reports), self.store.article)
        if asks_for_latest(analyzed.period):
            return Steps(self._newest(articles), reports)
        told = self._openings(articles, analyzed.original.locale)
        if analyzed.asked.intent is Intent.CHRONOLOGY and not analyzed.period:
            told = self._by_days(told, articles, events)
        if analyzed.asked.intent is Intent.OVERVIEW and len(articles) > MOST_STEPS // 2:
            on_event = {hit.place for article in articles for hit in sentences_on_event(article)}
            by_aspects = self._by_aspects(told, reports, among=on_event)
            told = self.in_order(in_turn([by_aspects], most=MOST_STEPS), lead=told[:1])
        if analyzed.more:
            before = {hit.place for hit in told}
            later = [islice(sentences_on_event(article), each_of(articles), None) for article in articles]
            if further := in_turn(
                ([hit for hit in hits if hit.place not in before] for hits in later), most=MOST_STEPS
            ):
                return Steps(self.in_order(further), reports)
        return Steps(told, reports)

    def _by_aspects(
        self, told: Sequence[SentenceHit], reports: Sequence[Hit], *, among: Set[tuple[str, Span]]
    ) -> list[SentenceHit]:
        """Of how an event's reports begin the first, `among` some nearest to each aspect of it, and what most say."""
        vectors = self.store.sentence_vectors([hit.passage for hit in reports])
        placed = {
            hit.place: (hit, meaning)
            for found, meanings in zip(reports, vectors, strict=True)
            for number, meaning in enumerate(meanings)
            if (hit := SentenceHit(found, found.passage.sentences[number], 0.0)).place in among
            and not (is_label(found.passage, number) or leans(hit.text))
        }
        outvoted = self._outvoted([hit for hit, _ in placed.values()])
        sound = [
            (hit, meaning) for hit, meaning in placed.values() if not (hit.source.correction or hit.text in outvoted)
        ]
        if not sound:
            return list(told)
        hits, meanings = [hit for hit, _ in sound], np.array([meaning for _, meaning in sound])
        nearness = np.array([self.encoder.encode_question(aspect) for aspect in ASPECTS]) @ meanings.T
        nearness = z_scores(nearness - COMMON * nearness.mean(axis=0))
        likeness = z_scores(meanings @ meanings.T)
        chosen = list[SentenceHit]()
        lead = [number for number, hit in enumerate(hits) if hit.place == told[0].place]
        repeated = np.maximum.reduce([np.full(len(hits), likeness.min()), *likeness[lead]])
        for aspect in nearness:
            place = int((aspect - REPEATING * repeated).argmax())
            chosen.append(hits[place])
            repeated = np.maximum(repeated, likeness[place])
        begun = self.encoder.encode([hit.text for hit in told])
        shared = (begun @ begun.T).mean(axis=1)
        others = sorted(range(1, len(told)), key=lambda place: -shared[place])
        return [*told[:1], *chosen, *(told[place] for place in others)]

    def _by_days(self, told: Sequence[SentenceHit], reports: Sequence[Article], events: Events) -> list[SentenceHit]:
        """How the reports of an event begin, with what they date themselves and late news, as steps of a chronology."""

        def belongs(hit: SentenceHit) -> bool:
            # A report may recall another event, as by "last December"; known is which where the archive has it, too.
            return events.of(hit) in (None, events.by_article[hit.source.article_id])

        told = [*told[:1], *filter(belongs, told[1:])]
        first = list({hit.source.article_id: hit for hit in reversed(told)}.values())[::-1]
        late = self._late_news(reports, events)
        sentences = list(chain.from_iterable(map(sentences_on_event, reports)))
        steps = list[SentenceHit]()
        # Of many reports one is told by what it says next only where nothing else is dated.
        for begun in (first, told) if len(first) > MOST_STEPS // 2 else (told,):
            texts = {hit.text for hit in begun}
            news = [(hit, day) for hit, day in late if hit.text not in texts]
            opening = [*zip(begun, self._days_of(begun), strict=True), *news]
            steps = by_own_days(opening, sentences, self.store, most=MOST_STEPS, belongs=belongs)
            if len(steps) == MOST_STEPS:
                break
        return steps

    def _late_news(self, reports: Sequence[Article], events: Events) -> list[tuple[SentenceHit, date]]:
        """Of reports that came out long after their event what comes nearest to each headline, of the day of that."""
        late = []
        for report in reports:
            hits, published = list(islice(sentences_on_event(report), MOST_STEPS)), report.source.published
            known = [when.first for when in events.by_article[report.article_id].whens if when.first]
            if hits and published and known and published - min(known) > APART:
                late.append((published, report.source.title, hits))
        late = list(far_apart(sorted(late, key=lambda item: item[:2]), MOST_STEPS))
        if not late:
            return []
        texts = [text for _, title, hits in late for text in (title, *(hit.text for hit in hits))]
        vectors = iter(self.encoder.encode(texts))
        news = []
        for published, _, hits in late:
            headline, *meanings = islice(vectors, 1 + len(hits))
            nearness = [float(meaning @ headline) for meaning in meanings]
            news.append((hits[nearness.index(max(nearness))], published))
        return news

    def _newest(self, reports: Sequence[Article]) -> list[SentenceHit]:
        """How the last reports of an event begin, the newest first."""
        begun = [list(islice(sentences_on_event(report), OF_EACH)) for report in reports]
        first = self._newest_first([hits[0] for hits in begun if hits])
        order = {hit.source.article_id: number for number, hit in enumerate(first)}
        last = sorted(filter(None, begun), key=lambda hits: order[hits[0].source.article_id])[:OF_EACH]
        return in_turn([chain.from_iterable(last)], most=MOST_STEPS)

    def _openings(self, reports: Sequence[Article], locale: str, *, most: int = MOST_STEPS) -> list[SentenceHit]:
        """How the reports of one event begin, of those of its first day what tells it best first."""
        openings = [list(islice(sentences_on_event(report), each_of(reports))) for report in reports]
        outvoted = self._outvoted(list(chain.from_iterable(openings)))
        first = [hits[0] for hits in openings if hits]
        # What most others contradict is left out; what its report says next has no claim to be told before others.
        sound = [[None if hit.text in outvoted else hit for hit in hits] for hits in openings]
        days = self._days_of(first)
        earliest = [hit for hit, day in zip(first, days, strict=True) if day == min(days)]
        lead = [self._most_central(earliest, locale)] if earliest else []
        return self.in_order(in_turn([lead, *sound], most=most), lead=lead)

    def _most_central(self, hits: Sequence[SentenceHit], locale: str) -> SentenceHit:
        """Of the sentences that have most in common with the others that in the reader's language, or the earliest."""
        vectors = self.encoder.encode([hit.text for hit in hits])
        shared = (vectors @ vectors.T).mean(axis=1)
        disputed = {party.quote.text for conflict in self._conflicts(hits) for party in conflict.parties}
        # None that has a correction or that other reports contradict, where there are others.
        uncorrected = [number for number, hit in enumerate(hits) if not hit.source.correction]
        undisputed = [number for number in uncorrected if hits[number].text not in disputed]
        sound = undisputed or uncorrected or range(len(hits))
        central = [hits[n] for n in sound if shared[n] >= max(shared[m] for m in sound) - CENTRAL]
        return min(central, key=lambda hit: (hit.source.language != locale, hit.source.published or date.max))

    def _leading(self, begun: Sequence[SentenceHit], locale: str) -> SentenceHit:
        """What tells an event best of how its reports of one day begin, where several do by their first sentences."""
        if len(begun) == 1:
            return begun[0]
        reports = articles_of((hit.source.article_id for hit in begun), self.store.article)
        return next(iter(self._openings(reports, locale, most=1)), begun[0])

    def _conflicts(self, hits: Iterable[SentenceHit]) -> list[Conflict]:
        told = [replace(hit, answer=None, likelihood=1.0) for hit in hits]
        return [c for c in conflicts_in(told, (), self.store, most=len(told)) if c.about == PEOPLE]

    def _outvoted(self, hits: Sequence[SentenceHit]) -> set[str]:
        """The sentences with a number of people for which fewer sources stand than for another that came no earlier."""
        outvoted = set[str]()
        for conflict in 2 * self._conflicts(hits):  # what is outvoted on one number has no vote on another
            # Five hundred people held are not five hundred expected.
            said = [(party.value, HELD.get(party.kind or "", party.kind), party) for party in conflict.parties]
            voting = [each for each in said if not (each[2].source.correction or each[2].quote.text in outvoted)]
            for value, kind, party in said:
                since = party.source.published or date.min
                votes = Counter(each[:2] for each in voting if (each[2].source.published or date.max) >= since)
                if votes[value, kind] < max(votes.values(), default=0):
                    outvoted.add(party.quote.text)
        return outvoted

    def on_subject(self, question: Question, naming: Naming) -> list[SentenceHit]:
        """Sentences that name the subject of a question, by date."""
        return self.in_order(self._of_topic(question, limit=ON_SUBJECT, only=naming))

    def _of_topic(
        self,
        question: Question,
        wanted: str = "",
        *,
        limit: int,
        only: Naming | None = None,
        unless: Naming | None = None,
        period: Timeframe | None = None,
        within: float = math.inf,
        best_of: Question | None = None,
        leading: bool = False,
    ) -> list[SentenceHit]:
        """The sentences that are surest of what is `wanted`, few of an article; no score is farther from the best.

        Where given `only` names them all, `unless` none, and the best is as near to that of another question. How a
        report begins is told first of it where that is `leading` and nearly as sure as its best.
        """
        wanted = wanted or question.text
        hits = self._fitting(period, self.retriever.find(question, limit=TOPIC_POOL))
        vectors = self.store.sentence_vectors([hit.passage for hit in hits])
        asked = self.encoder.encode_question(wanted)
        scored: list[tuple[float, SentenceHit, Vectors]] = []
        for hit, meanings, scores in zip(hits, vectors, self.topics.of(wanted, hits, vectors), strict=True):
            for number, score in enumerate(scores):
                sentence = SentenceHit(hit, hit.passage.sentences[number], 0.0, float(meanings[number] @ asked))
                fits = (only is None or only(sentence.text)) and not (unless and unless(sentence.text))
                if fits and not (is_label(hit.passage, number) or (leading and sentence.text[0] in REMARK)):
                    scored.append((float(score), sentence, meanings[number]))
        best = max((score for score, *_ in scored), default=0.0)
        least = best - within if best_of is None or best >= self._best(best_of, period) - within else math.inf
        chosen: list[tuple[SentenceHit, Vectors]] = []
        told = Counter[str]()

        def standing(place: int) -> float:
            score, sentence, _ = scored[place]
            return score - AGAIN * told[sentence.source.article_id]

        left = list(range(len(scored)))
        leads = begun_by(hit for _, hit, _ in scored) if leading else {}
        while left and len(chosen) < limit and standing(place := max(left, key=standing)) >= least:
            article_id = scored[place][1].source.article_id
            if not told[article_id]:
                lead = leads.get(article_id, place)
                place = lead if lead in left and scored[lead][0] >= scored[place][0] - LEADING else place
            left.remove(place)
            _, item, meaning = scored[place]
            # Sentences of one article, whose vectors are near each other, say different things.
            repeats = any(
                float(meaning @ vector) >= SAME_MEANING or same_words(item.text, earlier.text)
                for earlier, vector in chosen
                if earlier.source.article_id != article_id
            )
            if not repeats:
                chosen.append((item, meaning))
                told[article_id] += 1
            if told[article_id] == OF_EACH:  # none of its others is looked at again: it may have thousands
                left = [other for other in left if scored[other][1].source.article_id != article_id]
        return [item for item, _ in chosen]

    def _best(self, question: Question, period: Timeframe | None) -> float:
        """How surely what is most of its matter is of it."""
        hits = self._fitting(period, self.retriever.find(question, limit=TOPIC_POOL))
        scores = self.topics.of(question.text, hits, self.store.sentence_vectors([hit.passage for hit in hits]))
        told = zip(hits, scores, strict=True)
        each = (float(s) for hit, of_hit in told for n, s in enumerate(of_hit) if not is_label(hit.passage, n))
        return max(each, default=0.0)

    def _near(self, question: Question, *, only: Naming | None = None) -> list[Hit]:
        """Passages of a topic, best first: those that are near to it, or in which `only` some words will do."""
        hits = self.retriever.find(question, limit=POOL)
        if only:
            return [hit for hit in hits if only(hit.passage.text)]
        nearest = max((hit.cosine for hit in hits if hit.cosine is not None), default=0.0)
        return [hit for hit in hits if hit.cosine is None or hit.cosine >= nearest - NEAR]

    def _naming(self, text: str) -> Naming | None:
        """Whether a sentence names a subject, by the rarest or the last of its words; None where it is unknown."""
        # Most people are called by the last alone: "Who is Enrique Múgica?". A name with a capital is the subject.
        name = next(iter(self._names(text)), text)
        known = [word for word in content_words(name) if self.store.matching([word], limit=1)]
        if not known or (name != text and not self._has_together(known)):
            return None
        wanted = {stem(max(known, key=self.store.idf)), stem(known[-1])}
        return lambda sentence: bool(wanted & stems(sentence))

    def _telling_names(self, text: str) -> list[str]:
        """The names of a question but for short ones, dates and territories."""
        return [name for name in self._names(text) if len(name) >= SHORTEST and not (is_date(name) or places_in(name))]

    def _names(self, text: str) -> list[str]:
        """The names of a question, of which the archive may know the first word as one: "Heron and Egret: which …"."""
        vocabulary = self.store.vocabulary()
        return names_in(text, is_name=lambda word: (known := vocabulary.get(fold(word))) is not None and known.is_name)

    def _has_together(self, name: Sequence[str]) -> bool:
        """Whether a passage has all the words of a name whose last one says little by itself: "… Criminal Court"."""
        last = (words(hit.passage.text) for hit in self.store.matching(name[-1:], limit=POOL))
        if not any(word == fold(word) == name[-1] for word in chain.from_iterable(last)):
            return True  # it has a capital everywhere, as a surname has: who is meant may be called by it alone
        wanted = {stem(word) for word in name}
        passages = self.store.matching(name, limit=POOL)
        return any(wanted <= stems(f"{hit.source.title} {hit.passage.text}") for hit in passages)

    def _fitting(self, period: Timeframe | None, hits: Sequence[Found]) -> list[Found]:
        """Those from articles of the time that is asked for; all where there are none."""
        if period is None:
            return list(hits)
        event_dates = self.store.event_dates({hit.source.article_id for hit in hits})
        fitting = [hit for hit in hits if article_fit(period, hit.source, event_dates.get(hit.source.article_id))]
        return fitting or list(hits)

    def in_order(self, hits: Sequence[SentenceHit], *, lead: Sequence[SentenceHit] = ()) -> list[SentenceHit]:
        """The sentences by the dates of what they tell of, what is undated last; of one date what leads first."""
        placed = [
            (day, hit not in lead, hit.source.published or date.max, hit.source.article_id, hit.span, hit)
            for hit, day in zip(hits, self._days_of(hits), strict=True)
        ]
        return [hit for *_, hit in sorted(placed, key=lambda place: place[:-1])]

    @staticmethod
    def _newest_first(hits: Sequence[SentenceHit]) -> list[SentenceHit]:
        """The sentences by when their articles came out, the newest first, what is undated last."""
        return sorted(
            hits,
            key=lambda hit: (-(hit.source.published or date.min).toordinal(), hit.source.article_id, hit.span),
        )

    def _days_of(self, hits: Sequence[SentenceHit]) -> list[date]:
        """When what each sentence tells of was, by its article, else by itself; of a month or year when it came out."""
        event_dates = self.store.event_dates({hit.source.article_id for hit in hits})
        undated = [hit for hit in hits if not (hit.source.published or event_dates.get(hit.source.article_id))]
        annotations = annotations_of({hit.source.article_id for hit in undated}, self.store)
        by_sentence = {id(hit): time.first for hit in undated if (time := own_time(hit, annotations))}
        days = []
        for hit in hits:
            source = hit.source
            when = when_of(ListedArticle(source, event_dates.get(source.article_id)))
            first, last, published = when.first or date.max, when.last or date.min, source.published or date.max
            days.append(by_sentence.get(id(hit), published if first <= published <= last else first))
        return days

    def _side_by_side(self, analyzed: AnalyzedQuestion) -> Steps:
        """Sentences on the first thing that is named, then on the next; none where no two are."""
        question = analyzed.question
        named = [name for name in self._names(question.text) if not is_date(name)]
        # "Cerbero and Bachata both had 19 arrests in Spain": what is in a country is compared, not that.
        named = [name for name in named if not places_in(name)] if len(named) > 2 else named
        compared = [(name, naming) for name in named if (naming := self._naming(name))][:SIDES]
        if len(compared) < 2:
            return Steps()
        hits = self._fitting(analyzed.period, self.retriever.find(question, limit=POOL))
        events = Events.around(question, hits, self.retriever, self.store)
        sides, openings, on_events = (list[list[SentenceHit]]() for _ in range(3))
        for name, this in compared:
            others = [naming for _, naming in compared if naming is not this]

            def that(text: str, others: Sequence[Naming] = others) -> bool:
                return any(naming(text) for naming in others)

            side = partial(self._of_topic, replace(question, text=name), question.text, only=this)
            near = side(unless=that, limit=OF_EACH) or side(limit=OF_EACH)  # what names both tells them apart least
            near = self._fitting(analyzed.period, near)
            # Further words only where they say nearly as much as the first; of an event how its reports begin.
            near = [hit for hit in near if hit.cosine >= near[0].cosine - NEAR]
            reports = articles_of(among(hits, reporting(events, EventReference(name))), self.store.article)
            begun = [hit for hit in self._openings(reports, analyzed.original.locale) if not that(hit.text)]
            sides.append(in_turn([near[:1], begun], most=MOST_STEPS // 2) if begun else near)
            whole = chain.from_iterable(islice(sentences_on_event(report), MOST_STEPS) for report in reports)
            on_events.append([hit for hit in whole if not that(hit.text)])
            openings.append(begun)
        if not all(sides) or len({hit.place for side in sides for hit in side}) < sum(map(len, sides)):
            return Steps()
        if len(compared) == 2 and all(on_events):
            # Of what is told of the event with less to tell the other's reports say the same kind of thing.
            more = int(len(on_events[0]) < len(on_events[1]))
            lead = next(iter(openings[more]), sides[more][0])
            sides[more] = self._alike(sides[1 - more], on_events[more], lead=lead)
        found = [hit.found for side in on_events for hit in side]
        return Steps([hit for side in sides for hit in side], found)

    def _alike(
        self, told: Sequence[SentenceHit], others: Sequence[SentenceHit], *, lead: SentenceHit
    ) -> list[SentenceHit]:
        """The `lead`, and for all but one sentence told that of the others most like it; no more than are told.

        Of these one with a correction only where all have one.
        """
        left = [hit for hit in others if not hit.source.correction] or others
        likeness = self.encoder.encode([hit.text for hit in told]) @ self.encoder.encode([hit.text for hit in left]).T
        chosen = [lead]
        for row in likeness[np.sort((-likeness.max(axis=1)).argsort()[: len(told) - 1])]:
            ranked = (left[number] for number in row.argsort()[::-1])
            chosen += islice((hit for hit in ranked if not any(same_words(hit.text, c.text) for c in chosen)), 1)
        return chosen

    def _differing(self, analyzed: AnalyzedQuestion) -> Steps:
        """What each side says of figures that sources give differently; else what is said of a number that is named."""
        question = analyzed.question
        matters, near = self._compared(analyzed)
        told, of_matters = dict[tuple[str, Span], SentenceHit](), list[list[Conflict]]()
        for reports in matters:
            hits = [replace(hit, likelihood=1.0) for report in reports for hit in opening_sentences(report)]
            told.update({hit.place: hit for hit in hits})
            found = conflicts_in(hits, (), self.store, most=len(hits))
            of_matters.append(as_asked(question.text, [c for c in found if is_among(near, c)] if near else found))
        sides = [list(map(sides_of, conflicts)) for conflicts in of_matters]
        conflicts, quoted = list(chain.from_iterable(sides)), quoted_sides(sides)
        steps = [told[place] for place in dict.fromkeys(chain.from_iterable(conflicts)) if place in quoted]
        if not steps:  # who says what of a number is told, where it is one thing in some and another in others
            numbers = numbers_named(question.text)
            with_number = [hit for hit in told.values() if not numbers.isdisjoint(map(middle, figures(hit.text)))]
            last = {hit.source.article_id: hit for hit in reversed(with_number)}
            steps = self.in_order(list(last.values())[:MOST_STEPS])
        unquoted = (place for place in chain.from_iterable(conflicts[:MOST_STEPS]) if place not in quoted)
        further = [told[place] for place in dict.fromkeys(unquoted)]
        compared = {hit.source.article_id for hit in (*steps, *further)}
        return Steps(steps, [hit.found for hit in told.values() if hit.source.article_id in compared], further)

    def _compared(self, analyzed: AnalyzedQuestion) -> tuple[Sequence[Sequence[Article]], Sequence[SentenceHit]]:
        """The reports on what is named, now or in the question before; else on each event of the fullest days.

        Of what is asked about without its name they are what is found, with the sentences that are surest of it.
        """
        question, reference = analyzed.question, analyzed.reference
        if analyzed.repeated and not analyzed.asked.topical:
            question = analyzed.repeated[-1]
            reference = EventReference(question.text)
        found = self._fitting(analyzed.period, self.retriever.find(question, limit=POOL))
        events = Events.around(question, found, self.retriever, self.store)
        if named := among(found, reporting(events, reference)):
            return [articles_of(named, self.store.article)], ()
        if analyzed.repeated or analyzed.asked.topical:
            reports = articles_of((hit.source.article_id for hit in found), self.store.article)
            return [reports], self._on_matter(question.text, found)
        listed = chain.from_iterable(most_reported(self._days(question)))
        reports = articles_of((one.source.article_id for one in islice(listed, TOPIC_POOL)), self.store.article)
        of_events = {id(event): event.articles for event in Events(reports).by_article.values()}
        return sorted(of_events.values(), key=len, reverse=True), ()

    def _on_matter(self, text: str, hits: Sequence[Hit], *, within: float = ON_TOPIC) -> list[SentenceHit]:
        """The sentences of passages that are nearly as surely of the matter of a text as the best, that first."""
        scores = self.topics.of(text, hits, self.store.sentence_vectors([hit.passage for hit in hits]))
        scored = [
            (float(score), SentenceHit(hit, hit.passage.sentences[number], 0.0))
            for hit, of_hit in zip(hits, scores, strict=True)
            for number, score in enumerate(of_hit)
            if not is_label(hit.passage, number)
        ]
        best = max((score for score, _ in scored), default=0.0)
        near = [(score, hit) for score, hit in scored if score >= best - within]
        return [hit for _, hit in sorted(near, key=lambda pair: -pair[0])]

    def _of_all(self, analyzed: AnalyzedQuestion) -> Steps:
        """How the reports of what was reported most begin: some of the main event, one for each other time."""
        period, locale = analyzed.period, analyzed.original.locale
        if asks_for_latest(period):
            came_out = [one.source for one in self.store.listed(Dates.of(analyzed.question)) if one.source.published]
            came_out.sort(key=lambda source: (source.published or date.min, source.article_id))
            newest = articles_of((source.article_id for source in came_out[-CONSIDERED:]), self.store.article)
            return Steps(self._newest_first(in_turn([map(opening_sentence, reversed(newest))], most=MOST_STEPS)))
        if bounds_events(period):
            return self._of_period(analyzed, period)
        days = self._days(analyzed.question)
        # Those without a date, too, where no time is asked about.
        listed = chain.from_iterable(days) if period else self.store.listed(Dates.of(analyzed.question))
        few = list(islice((article.source.article_id for article in listed), FEW + 1))
        if len(few) <= FEW and analyzed.asked.intent is Intent.OVERVIEW:
            return Steps(self._openings(articles_of(few, self.store.article), locale))
        fullest = max(days, key=len, default=[])
        main = self._main_event(fullest)
        told = self._openings(main, locale, most=OF_EACH)
        others = [day for day in days if not main or day is not fullest]
        times = most_reported(others, count=MOST_STEPS - len(told))[:CONSIDERED]
        groups = [sorted(day, key=lambda article: article.source.language != locale)[:OF_EACH] for day in times]
        openings = in_turn((map(self._opening, group) for group in groups), most=MOST_STEPS - len(told))
        fewer = self._fewer(main, openings, most=max(1, len(told) - 1))
        in_order = self.in_order([*told, *fewer], lead=told[:1])
        return Steps(in_order, [hit.found for article in main for hit in islice(opening_sentences(article), OF_EACH)])

    def _opening(self, listed: ListedArticle) -> SentenceHit | None:
        articles = articles_of([listed.source.article_id], self.store.article)
        return opening_sentence(articles[0]) if articles else None

    def _fewer(self, main: Sequence[Article], hits: Sequence[SentenceHit], *, most: int) -> list[SentenceHit]:
        """The sentences without those beyond `most` of any event that has fewer reports than the main one."""
        ids = {article.article_id for article in main}
        reports = articles_of((hit.source.article_id for hit in hits), self.store.article)
        events = Events([*main, *(article for article in reports if article.article_id not in ids)]).by_article
        told: Counter[Event] = Counter()
        fewer = []
        for hit in hits:
            reported = events.get(hit.source.article_id)
            if reported:
                told[reported.event] += 1
            if not reported or told[reported.event] <= most or len(reported.articles) >= len(main):
                fewer.append(hit)
        return fewer

    def _days(self, question: Question) -> list[list[ListedArticle]]:
        """The articles of each time, of those that it is held to, by the order of their publication."""
        placed = [(when_of(one), one) for one in self.store.listed(Dates.of(question))]
        dated = [(when.first, article) for when, article in placed if when.first]
        # What happened when is surer of an article whose file names it than by the day of its publication.
        named = [(day, article) for day, article in dated if article.event_date]
        chosen = named if len({day for day, _ in named}) > 1 and 2 * len(named) >= len(dated) else dated
        chosen.sort(key=lambda pair: (pair[0], pair[1].source.published or date.max, pair[1].source.article_id))
        days = [[article for _, article in day] for _, day in groupby(chosen, key=lambda pair: pair[0])]
        undated = [[article] for when, article in placed if not when.first]
        # Where most have no date, those that have one don't stand for all.
        return [*days, *undated] if len(undated) > len(dated) and not question.period else days

    def _of_period(self, analyzed: AnalyzedQuestion, period: Timeframe) -> Steps:
        """What happened in a time: how its reports begin, each event and day first, and what others date in it."""
        passages, topical = self.retriever.find(analyzed.question, limit=TOPIC_POOL), analyzed.asked.topical
        near = self._on_matter(topic_of(analyzed.question.text), passages, within=IN_PERIOD if topical else math.inf)
        found = dict.fromkeys(hit.source.article_id for hit in near)
        listed = [one for one in self.store.listed(Dates.of(analyzed.question)) if may_tell_of(period, one)]
        if topical:
            listed = [one for one in listed if one.source.article_id in found]
        by_day = sorted(listed, key=lambda one: when_of(one).first or date.max)
        days = [list(day) for _, day in groupby(by_day, key=lambda one: when_of(one).first)]
        ids = [one.source.article_id for day in most_reported(days) for one in day][: OF_EACH * CONSIDERED]
        reports = articles_of((*ids, *found), self.store.article)
        annotations = annotations_of((report.article_id for report in reports), self.store)
        begun = [hit for report in reports if (hit := first_of_time(period, report, annotations))]
        times = dict(zip((hit.place for hit in begun), map(of_day, self._days_told(begun, annotations)), strict=True))
        told = most_reported(self._of_each_day([hit for hit in begun if bounds(period, times[hit.place])], times))
        leading = [self._leading(hits, analyzed.original.locale) for hits in told[:MOST_STEPS]]
        times |= {lead.place: times[hits[0].place] for lead, hits in zip(leading, told, strict=False)}
        dated = [
            (time, hit)
            for hit in near
            if (time := own_time(hit, annotations)) and says_alone(hit) and tells_of(period, hit, annotations)
        ]
        # A report of March that begins with a draft of 24 February is told by what it dates in March.
        own = {hit.source.article_id: (time, hit) for time, hit in reversed(dated)}
        for number, lead in enumerate(leading):
            if not tells_of(period, lead, annotations) and lead.source.article_id in own:
                time, leading[number] = own[lead.source.article_id]
                times[leading[number].place] = time
        several = articles_of((hit.source.article_id for hits in told if hits[1:] for hit in hits), self.store.article)
        outvoted = self._outvoted([hit for report in several for hit in islice(opening_sentences(report), OF_EACH)])
        more = in_turn([leading[:1], self._more_of_main(told, outvoted)], most=OF_A_DAY)[1:]
        first = in_turn([[*leading[: MOST_STEPS - len(more)], *more]], most=MOST_STEPS)
        others = far_apart(of_other_times(dated, [times[hit.place] for hit in first]), MOST_STEPS - len(first))
        times |= {hit.place: time for time, hit in others}
        further = [hit for hit in in_turn(told, most=MOST_STEPS) if hit.text not in outvoted]
        for hits in told if len(told) <= FEW else ():
            for report in articles_of([hits[0].source.article_id], self.store.article):
                more = [hit for hit in islice(opening_sentences(report), OF_A_DAY) if says_alone(hit)]
                further += [hit for hit in more if tells_of(period, hit, annotations)]
                times |= {hit.place: times.get(hit.place, times[hits[0].place]) for hit in more}
        steps = in_turn([[*first, *(hit for _, hit in others), *further]], most=MOST_STEPS)
        on_event = {hit.source.article_id: number for number, hits in enumerate(told) for hit in hits}
        steps.sort(key=lambda hit: (times[hit.place].first, on_event.get(hit.source.article_id, len(told))))
        return Steps(steps, [hit.found for hits in told for hit in hits])

    def _more_of_main(self, told: Sequence[Sequence[SentenceHit]], outvoted: Set[str]) -> list[SentenceHit]:
        """Of how the reports begin on the event that most are on, where many are, what most of them say."""
        begun = [hit for hit in (told[0] if told else ()) if not (hit.source.correction or hit.text in outvoted)]
        if len(begun) < OF_EACH:
            return []
        vectors = self.encoder.encode([hit.text for hit in begun])
        shared = (vectors @ vectors.T).mean(axis=1)
        return [begun[place] for place in (-shared).argsort()[:OF_EACH]]

    def _of_each_day(
        self, begun: Iterable[SentenceHit], times: Mapping[tuple[str, Span], Period]
    ) -> list[list[SentenceHit]]:
        """How reports begin, those on one event of one day together, in order."""
        begun = list(begun)
        reports = articles_of((hit.source.article_id for hit in begun), self.store.article)
        events = Events(reports).by_article
        groups = dict[tuple[date, Event], list[SentenceHit]]()
        for hit in begun:
            if reported := events.get(hit.source.article_id):  # else it was taken out in between
                groups.setdefault((times[hit.place].first, reported.event), []).append(hit)
        return [groups[group] for group in sorted(groups, key=lambda group: group[0])]

    def _days_told(self, begun: Sequence[SentenceHit], annotations: Mapping[str, Annotations]) -> list[date]:
        """When what reports begin with was: by a report's file, else the last day that it names, else when it came out.

        "The bridge, which had closed on 3 April, reopened on Wednesday" tells of Wednesday.
        """
        event_dates = self.store.event_dates({hit.source.article_id for hit in begun})
        days = []
        for hit, day in zip(begun, self._days_of(begun), strict=True):
            named = [time.first for time in times_named(hit, annotations) if time.precision is Precision.DAY]
            named = [time for time in named if time <= (hit.source.published or time)]
            days.append(day if event_dates.get(hit.source.article_id) else max(named, default=day))
        return days

    def _main_event(self, day: Sequence[ListedArticle]) -> list[Article]:
        """The reports of the event that most of a day's articles are about; none where few are about one."""
        reports = articles_of((listed.source.article_id for listed in day[:CONSIDERED]), self.store.article)
        events = Events(reports).by_article.values()
        largest = max((event.articles for event in events), key=len, default=())
        return list(largest) if len(largest) >= OF_EACH else []


def _is_headline(text: str) -> bool:
    """Whether most words have a capital, which then tells nothing."""
    return 2 * sum(match[0][0].isupper() for match in word_matches(text)) > len(words(text))


def _is_of(name: str, text: str) -> bool:
    """Whether a name stands behind "on", "about" or "of"."""
    return (
        re.search(rf"\b(?:on|about|of|sobre|del?)\s(?:\w+\s){{0,2}}{re.escape(name)}", text, re.IGNORECASE) is not None
    )


def asks_for_latest(period: Timeframe | None) -> bool:
    return period is not None and period.about is About.LATEST


def names_in(question: str, *, is_name: Naming = lambda _: False) -> list[str]:
    """The names of a question, by their capitals; the word that it begins with is none unless known as one."""
    first = next(word_matches(question), None)
    start = first.end() if first and not is_name(first[0]) else 0
    parts = [part for match in NAME.finditer(question, start) for part in match[0].split(" y ")]
    return [name for name in parts if any(fold(word) not in STOP_WORDS for word in words(name))]


def one_by_one(question: str) -> list[str]:
    """A question for each of the names that it has in a row: "What are Eurojust, Europol and INHOPE?"; none else."""
    names = names_in(question)
    row = re.search(r"(?:,|,? (?:and|or|y|e|o)) ".join(map(re.escape, names)), question)
    if row is None or len(names) < 2:
        return []
    return [f"{question[: row.start()]}{name}{question[row.end() :]}" for name in names]


def place_of(party: Party) -> tuple[str, Span]:
    """The article and the sentence in which a source says something."""
    return party.source.article_id, Span(party.quote.start, party.quote.end)


def sides_of(conflict: Conflict) -> list[tuple[str, Span]]:
    """Where each thing that is said of a figure is said first; "up to 130" says nothing else than "130"."""
    first: dict[tuple[object, ...], tuple[str, Span]] = {}
    for party in conflict.parties:
        first.setdefault((party.value, HELD.get(party.kind or "", party.kind)), place_of(party))
    return list(first.values())


def quoted_sides(matters: Iterable[Iterable[Sequence[tuple[str, Span]]]]) -> set[tuple[str, Span]]:
    """The sides of the conflicts of each matter that are quoted: the first of each, then further ones, whole ones."""
    quoted = set[tuple[str, Span]]()
    for sides in filter(None, chain.from_iterable(zip_longest(*matters))):
        if len(quoted.union(sides)) <= MOST_STEPS:
            quoted.update(sides)
        elif not quoted:
            quoted.update(sides[:MOST_STEPS])
    return quoted


def is_among(near: Sequence[SentenceHit], conflict: Conflict) -> bool:
    """Whether a conflict is of what some sentences are on: one is a side of it, and two sides are of their reports."""
    places, reports = {hit.place for hit in near}, {hit.source.article_id for hit in near}
    of_reports = [party for party in conflict.parties if party.source.article_id in reports]
    return len(of_reports) > 1 and any(place_of(party) in places for party in of_reports)


def reporting(events: Events, reference: EventReference) -> list[str]:
    """The ids of the articles on the event that is named."""
    return [article_id for article_id, event in events.by_article.items() if reference.names_event(event)]


def among(hits: Iterable[Hit], article_ids: Iterable[str]) -> list[str]:
    """The ids of those articles that hits are of."""
    there = {hit.source.article_id for hit in hits}
    return [article_id for article_id in article_ids if article_id in there]


def z_scores(values: Vectors) -> Vectors:
    """Values with mean 0 and deviation 1, so that two kinds of nearness can be weighed against each other."""
    scores: Vectors = (values - values.mean()) / (values.std() or 1.0)
    return scores
