"""Retrieves passages for a question, reads their sentences, and holds these against its time."""

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, islice, takewhile

from qa.answering.analysis import AnalyzedQuestion, asks_the_same, topical_words
from qa.answering.cases import persons_in
from qa.answering.corrected import Said, not_taken_back
from qa.answering.events import EventReference, Events, Reported, kind_of, kinds_asked, meant, without_exclusion
from qa.answering.quoting import annotations_of
from qa.answering.selecting import (
    ANSWERS,
    FURTHER,
    NEARLY,
    PACKAGED,
    Confidence,
    Rejected,
    by_likelihood,
    confirming,
    counting,
    located,
    not_rejected,
    shifted,
)
from qa.answering.steps import MOST_STEPS, Steps, asks_for_latest, in_order, own_time
from qa.answering.subjects import Naming, names_in, one_by_one
from qa.answering.wide import WideRetrieval
from qa.models.annotations import About, Timeframe
from qa.models.archive import Span
from qa.models.replies import (
    FACT,
    SURE,
    TOLD_IN_STEPS,
    Asked,
    Event,
    Hit,
    Inference,
    Intent,
    Limit,
    Question,
    SentenceHit,
)
from qa.protocols import DocumentStore, Retriever
from qa.retrieval.ranking import POOL, SEARCHED
from qa.retrieval.timeline import article_fit, dates_fit, moment_of, recency
from qa.text.entities import NAME, event_names, fold_text, is_date, places_in
from qa.text.figures import form, kind_words
from qa.text.glossary import with_other_names
from qa.text.language import language_asked
from qa.text.terms import asks_yes_or_no, fold, words
from qa.text.timeframes import names_a_subject, time_phrases, topic_of

RankSentences = Callable[..., list[SentenceHit]]
"""Ranks the sentences of passages for a question, more of them `for_all` members of a set."""
RerankSentences = Callable[[Question, Sequence[SentenceHit]], list[SentenceHit]]
MarginOf = Callable[[Sequence[float]], float]  # makes one margin of those for several questions

COMPARED = 24  # passages whose articles' figures are compared with the answer's: found already, nothing is encoded
RERANKED = 4  # likeliest sentences that are read once more, beside one another: nine in ten right ones are among them
UNNAMED = 0.9
"""Probability from which a sentence that doesn't name who is asked for answers "Who is …?" all the same, by an office.
Of sentences that are likeliest to answer 81% are right from here on, 73% from SURE on."""
OF_WHAT_IS_NAMED = (Intent.COMPARISON, Intent.DISAGREEMENT)
"""What is told in steps though the question perhaps wants a fact that nothing answers: nothing that is only near."""
_BEING = frozenset({"is", "was", "are", "were", "es", "era", "fue", "son"})
_ARTICLES = frozenset({"the", "a", "an", "el", "la", "los", "las", "un", "una"})
"""With forms of being, what may stand between a name and who that is."""
_TELL = re.compile(r"\W*\w+(?:\s\w+)?\s(?:about|of|de|sobre)\s")
_REST = re.compile(r"[:;.?!]\s\S|,?\s(?:and|y)\s[a-záéíóúñ]")
"""What stands before the name of whom a profile is wanted where nothing is asked: "Tell me about"; and behind the name
where more is asked than who it is."""
_OWNS, _OWNED, OWNER_WITHIN = re.compile(r"(?:['’]s|s['’])\W?$"), re.compile(r"\b(?:de|del|of)\s$", re.IGNORECASE), 4
"""What stands behind and before the name of whose something is, and words that stand before it where a sentence begins
with that: "el anterior abogado de"."""
OF_A_TIME = Asked(Intent.CHRONOLOGY, topical=False)  # what "what happened in 2006?" wants, however it is put
ONE_OF_ALL = 1.0
"""What the logarithm of a sentence's odds gains where all members of a set are asked for, of which it may tell one: of
40 such questions on invented archives 39 are answered instead of 33, of the reports that do .59 told instead of .40."""
MOST_SUBJECTS, OF_SUBJECT = 6, 2  # subjects that are told in one answer, and sentences on each
DEFINING = 3  # of what orders a profile: it is of the subject itself, nearly the likeliest, and says what that is
SEVERAL = 3  # events from which a list of them is told
MOST_EVENTS = 12  # events of which a list of all tells
OF_EVENTS = (Intent.LIST, Intent.CHRONOLOGY, Intent.OVERVIEW)  # what tells of each event where all of a kind are wanted
NAMES_IT = 1.0  # what it gains there for the event's name: it is surely of that
SAME_ARTICLE = 1.0
"""What the logarithm of a sentence's odds gains for being of the article that answers the question before: of 150
follow-ups in invented archives 95 are answered rightly first instead of 92."""
UNFIT = 2.0
"""What the logarithm of a sentence's odds loses where nothing of it fits the period. Of 752 unseen questions, a sixth
of which names a time, 87 were refused wrongly with 5, 80 with 2, 75 with none, and always 224 of 320 rightly; with 1 or
none a question on one of several like cases begins with another."""
UNFIT_BEFORE = 3.5  # the same where the period is that of the question before: what fits none may be asked by itself
UNDATED_FIT, UNKNOWN = 0.4, 0.8
"""Fit of an article that has no date, in an archive whose articles have: in the demo archive "in 2012" was answered by
undated reports with .8; and where none has one: on xquad .5 wrongly refused 8 questions of 94, .8 refuses 5."""
NEWEST = 2.0
"""By how much the odds of the newest and the oldest article found are moved apart, where the newest is asked for: with
.5 a ruling of 2014 still stood behind an older text in the same words."""
OTHER_DATE = 0.5  # share of the fit that stays of a sentence that names another time: .2 and .8 came out the same


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences found for a question, likeliest answer first, and the passages of their articles and of others."""

    analyzed: AnalyzedQuestion
    candidates: tuple[SentenceHit, ...] = ()
    hits: tuple[Hit, ...] = ()
    events: Events = field(default_factory=Events)  # those that the sentences were found among
    timeless: float = 0.0  # the best likelihood without regard to time
    told: tuple[SentenceHit, ...] = ()  # the sentences of an answer that is told in steps, in order
    limits: tuple[Limit, ...] = ()  # what of the question's words kept others out
    near: tuple[Hit, ...] = ()  # what a language model may read, the best first
    differing: tuple[SentenceHit, ...] = ()  # what isn't told of, but compared with what is

    @property
    def sure(self) -> SentenceHit | None:
        """The likeliest answer, where it surely is one."""
        return self.candidates[0] if self.candidates and self.candidates[0].likelihood >= SURE else None

    @property
    def is_on_events(self) -> bool:
        """Whether what is told is the archive's whole matter or an event, as far as the question says: no body."""
        question, reference = self.analyzed.question, self.analyzed.reference
        named = reference.given or any(map(reference.names_event, self.events.by_article.values()))
        return named or not (self.analyzed.asked.topical and names_in(question.text))

    @property
    def answers(self) -> bool:
        return bool(self.candidates and self.candidates[0].likelihood >= ANSWERS)


@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceRetrieval:
    """The second step: passages by the retriever, their sentences by the reader."""

    retriever: Retriever
    rank: RankSentences
    store: DocumentStore
    wide: WideRetrieval | None = None
    confidence: Confidence = PACKAGED
    rerank: RerankSentences | None = None
    for_writing: bool = False  # a language model is to read more on what is told in steps than what is quoted

    def retrieve(self, analyzed: AnalyzedQuestion) -> Evidence:
        """Nothing for a question that is decided on."""
        if analyzed.decided:
            return Evidence(analyzed)
        if asks_for_a_time_alone(analyzed.question):
            analyzed = replace(analyzed, asked=OF_A_TIME)
        elif self.wide and self.wide.names_matter(analyzed):
            analyzed = replace(analyzed, asked=replace(analyzed.asked, topical=True))
        wanted = analyzed.asked
        in_steps = wanted.intent in TOLD_IN_STEPS
        if self.wide and wanted.intent in OF_EVENTS and (of_each := self._of_each_event(analyzed, self.wide)):
            return of_each
        if self.wide and analyzed.outlet and wanted.intent is Intent.OVERVIEW and not wanted.likely:
            return self._of_outlet(analyzed, self.wide)
        # Where sources give different figures, that is told, whatever one sentence seems to say of it.
        differs = wanted.intent is Intent.DISAGREEMENT and bool(kind_words(analyzed.question.text))
        read = None if wanted.likely else self._read(replace(analyzed, asked=FACT))
        if read and in_steps and read.answers and not differs:
            return read
        if not self.wide or not in_steps:
            found = read or self._read(analyzed)
            # "The case began in March" doesn't say when the operation was that is asked for, however sure it seems.
            sure = found.sure and (event_names(found.sure.text) or not brings_only_event(found.analyzed))
            return found if not self.wide or sure else self._on_named(found, self.wide) or found
        on_event = self.wide.on_event(analyzed)
        if on_event.sentences:
            return self._in_steps(analyzed, self.wide, on_event) or read or self._read(analyzed)
        if read and wanted.intent not in OF_WHAT_IS_NAMED:
            return read
        if wanted.intent is Intent.PROFILE:
            return self._of_several(analyzed, self.wide) or self._profile(analyzed, self.wide)
        # "Tell me more" is about the question before, and no sentence answers that.
        nothing_else = bool(analyzed.repeated) and wanted.intent is Intent.OVERVIEW and not wanted.topical
        if not (read or wanted.certain or nothing_else or differs):
            read = self._read(analyzed)
        if read and read.sure and not differs:
            return replace(read, analyzed=replace(analyzed, asked=FACT))
        steps = self.wide.steps(analyzed)
        return self._in_steps(analyzed, self.wide, steps) or read or self._read(analyzed)

    def _on_named(self, found: Evidence, wide: WideRetrieval) -> Evidence | None:
        """What there is on the two events that a question names, or on one: "When was Operation Gull?"."""
        if side_by_side := self._of_two_events(found, wide):
            return side_by_side
        if not brings_only_event(found.analyzed):
            return None
        profile = replace(found.analyzed, asked=Asked(Intent.PROFILE))
        return self._in_steps(profile, wide, wide.on_event(profile))

    def _of_two_events(self, found: Evidence, wide: WideRetrieval) -> Evidence | None:
        """Two events side by side that a question names, where a sentence only may tell what it wants of them."""
        analyzed, named = found.analyzed, set(found.events.named_by(found.analyzed.reference))
        events = {event.event for article_id, event in found.events.by_article.items() if article_id in named}
        if analyzed.repeated or analyzed.outcome or not found.answers or len(events) < 2:
            return None
        analyzed = replace(analyzed, asked=replace(analyzed.asked, intent=Intent.COMPARISON))
        return self._in_steps(analyzed, wide, wide.steps(analyzed))

    def _of_each_event(self, analyzed: AnalyzedQuestion, wide: WideRetrieval) -> Evidence | None:
        """What answers best on each event, where all that are called by a kind are asked for; None where few answer."""
        question, reference, asked = analyzed.question, analyzed.reference, kinds_asked(analyzed.question.text)
        hits = self.retriever.find(question, limit=POOL)
        of_events = (name for hit in hits for name in event_names(f"{hit.source.title}. {hit.passage.text}"))
        counts = form("asked_count").match(question.text.lstrip("¿¡ "))  # is told by case already
        named = any(kind_of(name.text, name.key) & asked for name in of_events)
        if analyzed.repeated or analyzed.outcome or counts or not named:
            return None
        events = Events.around(question, hits, self.retriever, self.store)
        if events.named_by(reference):
            return None
        period, passages = analyzed.period, dict[Event, dict[str, Hit]]()
        for item in (SentenceHit(hit, span, 0.0) for hit in hits for span in hit.passage.sentences):
            reported = events.of(item)
            if reported and reported.kind & asked and of_time(reported, period) and not reference.excludes(reported):
                passages.setdefault(reported.event, {})[item.passage.passage_id] = item.found
        # "Which operations did the Guardia Civil lead?": what is named beside them stands in the reports of each.
        names = (name for name in names_in(question.text) if not (is_date(name) or places_in(name)))
        beside = {fold_text(name) for name in names}
        found = {event: list(of.values()) for event, of in passages.items() if beside <= named_in(of.values(), beside)}
        if analyzed.asked.intent is not Intent.LIST:
            return self._of_events_in_steps(found, events, analyzed, wide)
        each = [self._on_one(event, of, events, analyzed) for event, of in islice(found.items(), MOST_EVENTS)]
        # "Which operations took place in Sweden?" asks for some, which few sentences on each answer by themselves.
        of_all = sum(likelihood >= FURTHER for _, likelihood in each) > len(each) / 2
        told = in_order([item for item, _ in each if item and item.likelihood >= FURTHER], self.store)
        return self._in_steps(analyzed, wide, Steps(told)) if of_all and len(told) >= SEVERAL else None

    def _of_events_in_steps(
        self, found: Mapping[Event, Sequence[Hit]], events: Events, analyzed: AnalyzedQuestion, wide: WideRetrieval
    ) -> Evidence | None:
        """How the reports of each event begin, of one that others recall what answers best; None of a few events."""
        told = list[SentenceHit]()
        for event, hits in sorted(found.items(), key=lambda one: -len(one[1]))[:MOST_STEPS]:
            own = [hit for hit in hits if (of := events.by_article.get(hit.source.article_id)) and of.event == event]
            told += filter(None, [wide.opening(own) or self._on_one(event, hits, events, analyzed)[0]])
        steps = Steps(in_order(told, self.store), list(chain.from_iterable(found.values())))
        return self._in_steps(analyzed, wide, steps) if len(told) >= SEVERAL else None

    def _on_one(
        self, event: Event, passages: Sequence[Hit], events: Events, analyzed: AnalyzedQuestion
    ) -> tuple[SentenceHit | None, float]:
        """What tells a question best of one event, and how likely a sentence on it answers the question by itself.

        Rather told is a sentence with its name, and without a correction.
        """
        question = analyzed.question
        when = moment_of(event.date) if event.date else None
        annotations = annotations_of({hit.source.article_id for hit in passages}, self.store)

        def read(text: str) -> list[SentenceHit]:
            ranked = self.rank(replace(question, text=text), passages)
            found = counting(question.text, located(question.text, self.confidence.candidates(ranked)))
            found = not_rejected(timed(found, analyzed.period, self.store), analyzed.rejected)
            return [item for item in found if (of := events.of(item)) and of.event == event]

        def is_of_it(item: SentenceHit) -> bool:
            # A report may recall the figures of another event: "twenty were arrested yesterday", the day before.
            time = own_time(item, annotations)
            return time is None or when is None or when.meets(time.first, time.last)

        by_itself, found = read(question.text), list(filter(is_of_it, read(f"{question.text} {event.name}")))
        sound = [item for item in found if not item.source.correction] or found
        named = [shifted(item, NAMES_IT) if event_names(item.text) else item for item in sound]
        return next(iter(by_likelihood(named)), None), by_itself[0].likelihood if by_itself else 0.0

    def _of_outlet(self, analyzed: AnalyzedQuestion, wide: WideRetrieval) -> Evidence:
        """What answers in one outlet's reports, else what these tell of the matter, if they tell of it at all."""
        read = self._read(replace(analyzed, asked=FACT))
        if read.sure and read.sure.likelihood >= UNNAMED:
            return read
        overview = replace(analyzed, asked=Asked(Intent.OVERVIEW))
        on_event = wide.on_event(overview)
        return self._in_steps(overview, wide, on_event if on_event.sentences else wide.steps(overview)) or read

    def _in_steps(self, analyzed: AnalyzedQuestion, wide: WideRetrieval, steps: Steps) -> Evidence | None:
        """The sentences that tell a matter in steps; None where there are none."""
        told = _told(steps.sentences, analyzed.rejected)
        if not told:
            return None
        hits = (*(hit.found for hit in steps.sentences), *steps.reports)
        events = Events.among(hits, self.store)
        if analyzed.asked.intent is Intent.OVERVIEW and not asks_for_latest(analyzed.period):
            told = tuple(item for item, _ in events.grouped(told))
        limits = self._limits(analyzed)
        near = tuple(wide.passages(analyzed)) if self.for_writing else ()
        differing = _told(steps.differing, analyzed.rejected)
        return Evidence(analyzed, hits=hits, events=events, told=told, limits=limits, near=near, differing=differing)

    def _profile(self, analyzed: AnalyzedQuestion, wide: WideRetrieval, *, by_date: bool = True) -> Evidence:
        """What there is on one subject; what else is wanted to know of it says nothing of who it is."""
        text = asking_who(analyzed.question.text)
        who = replace(analyzed, alone=text, question=replace(analyzed.question, text=text))
        read = self._read(analyzed if analyzed.repeated else who)
        return self._of_subject(replace(read, analyzed=analyzed), wide, by_date=by_date)

    def _of_subject(self, evidence: Evidence, wide: WideRetrieval, *, by_date: bool) -> Evidence:
        """What names the subject alone: first what is likeliest to answer, or nearest to the question; then by date.

        Where that isn't wanted `by_date` the next likeliest stands behind the likeliest.
        """
        sure, analyzed = evidence.sure, evidence.analyzed
        known, is_person = wide.subjects.naming(analyzed.question.text), bool(names_in(analyzed.question.text))
        names_subject = known or (lambda _: False)
        if sure and not names_subject(sure.text):
            # What doesn't name it answers beside the question; where it surely answers no profile was asked for.
            if sure.likelihood >= UNNAMED:
                return replace(evidence, analyzed=replace(analyzed, asked=FACT))
            sure = None
        told = _told(wide.on_subject(analyzed.question, known), analyzed.rejected) if known else ()
        candidates = {item.place: item for item in evidence.candidates}

        def says_of_subject(item: SentenceHit) -> bool:
            # "The ombudsman, Ana Rey, asks the minister" doesn't say who a minister is that is asked for by name.
            marked = item.passage.slice(item.answer) if item.answer else ""
            others = is_person and persons_in(marked) and not names_subject(marked)
            return not others and _says_of_it(item, names_subject, by_name=is_person)

        # "Who is Rey's lawyer?" is answered by what names her as whose lawyer that is.
        owned = _names_owner_alone(analyzed.question.text, names_subject, most_before=len(analyzed.question.text))

        def likely(item: SentenceHit) -> float:
            read = candidates.get(item.place)
            return read.likelihood if read and read.likelihood >= FURTHER and says_of_subject(read) else 0.0

        likeliest = max(map(likely, told), default=0.0)

        def answering(item: SentenceHit) -> tuple[bool, bool, bool, bool, float, float, float]:
            read = candidates.get(item.place)
            begun = item.text.split()[:4]
            # "Europol is …", not "Mr Sax's lawyer".
            itself = owned or not _names_owner_alone(item.text, names_subject)
            begins = itself and names_subject(" ".join(begun[:2]))
            defines = begins and not _BEING.isdisjoint(begun)
            nearly = likely(item) >= NEARLY * likeliest > 0.0
            return itself, nearly, defines, begins, likely(item), read.likelihood if read else 0.0, item.cosine

        best = max(told, key=answering, default=None)
        if sure and not says_of_subject(sure):
            sure = None if best else replace(sure, answer=None)
        if sure and best and all(answering(best)[:DEFINING]):
            sure = None
        if sure and sure.answer:
            read_of_it = [
                (item, read) for item in told if (read := candidates.get(item.place)) and says_of_subject(read)
            ]
            sure = _nearest_alike(sure, read_of_it)
        first = sure or best
        if first is None:  # what names another is near at most
            near_most = math.nextafter(ANSWERS, 0.0)
            nearest = tuple(replace(item, likelihood=min(item.likelihood, near_most)) for item in evidence.candidates)
            return replace(evidence, candidates=nearest)
        behind = told if by_date else sorted(told, key=answering, reverse=True)
        ordered = (first, *(item for item in behind if item.text != first.text))
        near = tuple(wide.passages(analyzed)) if self.for_writing else ()
        return replace(evidence, candidates=(), told=ordered, limits=self._limits(analyzed), near=near)

    def _of_several(self, analyzed: AnalyzedQuestion, wide: WideRetrieval) -> Evidence | None:
        """What says best who each of several subjects is, in the order named; None where one is.

        A sentence on several of them stands before all that are on one.
        """
        alone = one_by_one(analyzed.question.text)[:MOST_SUBJECTS]
        asked = [replace(analyzed, question=replace(analyzed.question, text=text), alone=text) for text in alone]
        found = [self._profile(of_one, wide, by_date=False).told for of_one in asked]
        namings = [wide.subjects.naming(of_one.question.text) or (lambda _: False) for of_one in asked]

        def on(item: SentenceHit) -> list[int]:
            return [number for number, names_subject in enumerate(namings) if names_subject(item.text)]

        likely = {item.place for of_one in found for item in of_one[:OF_SUBJECT]}
        shared = {item.place: item for of_one in found for item in of_one if len(on(item)) > 1}
        told, counts = dict[tuple[str, Span], SentenceHit](), Counter[int]()
        for place, item in sorted(shared.items(), key=lambda one: -len(on(one[1]))):
            of = on(item)
            # What is on each of them stands first though others say more of one; each is told of by itself, too.
            if (place in likely or len(of) == len(found)) and all(counts[number] < OF_SUBJECT - 1 for number in of):
                told[place] = item
                counts.update(of)
        for number, of_one in enumerate(found):
            further = [item for item in of_one if item.place not in told]
            told |= {item.place: item for item in further[: OF_SUBJECT - counts[number]]}
        return self._in_steps(analyzed, wide, Steps(list(told.values()))) if told else None

    def _limits(self, analyzed: AnalyzedQuestion) -> tuple[Limit, ...]:
        """The period, if the archive has dates where it is one of publication; and the outlet."""
        period = analyzed.period
        at_large = (
            analyzed.asked.topical or not analyzed.repeated
        )  # else the matter spoken of before is, whenever it was
        applied = at_large and period and (period.about is About.EVENTS or self.store.coverage().first)
        of_outlet = (Limit(Inference.OUTLET, analyzed.outlet),) if analyzed.outlet else ()
        return ((Limit(Inference.PERIOD),) if applied else ()) + of_outlet

    def _read(self, analyzed: AnalyzedQuestion) -> Evidence:
        """What is read for a question; where nothing answers, for it with the names of bodies in other words, too."""
        evidence = self._read_once(analyzed)
        text, alone = map(with_other_names, (analyzed.question.text, analyzed.alone))
        if evidence.answers or text == analyzed.question.text or Inference.REWRITING in analyzed.original.without:
            return evidence
        other = self._read_once(replace(analyzed, alone=alone, question=replace(analyzed.question, text=text)))
        return other if other.answers else evidence

    def _read_once(self, analyzed: AnalyzedQuestion) -> Evidence:
        asked_of, (hits, events) = analyzed, self._around(analyzed.question, analyzed.reference)
        analyzed = _of_last_event(analyzed, events)
        question, reference = analyzed.question, analyzed.reference
        if analyzed is not asked_of:
            hits, events = self._around(question, reference)
        if any(event and reference.excludes(event) for event in map(events.of_passage, hits)):
            # The name of what is left out would lead to it; that of a person is left to the reader.
            question = replace(question, text=without_exclusion(question.text))
            hits, events = self._around(question, reference)
        for_all = analyzed.asked.intent is Intent.LIST
        near = hits if reference.given else hits[:SEARCHED]
        rank = partial(self.rank, for_all=True) if for_all else self.rank
        on_event, words = meant(near, events.of_passage, reference)
        margin_of = min if analyzed.leaning else mean_and_least
        # With another in front of it a question is read by itself, too: else the other would be answered again. What
        # only leans on that ("And for Spain?", "Where?") says nothing by itself.
        asked = [question, replace(question, text=analyzed.last)] if analyzed.says_what else [question]
        for_each = partial(rank, asked=[each.text for each in asked], margin_of=margin_of)
        ranked = (for_each if analyzed.repeated else rank)(question, on_event)
        candidates = self.confidence.candidates(ranked)
        # With a question in front both are read already, and not once more without their words of time.
        candidates = candidates if analyzed.repeated else self._with_topical(candidates, rank, question, on_event)
        candidates = not_rejected(candidates, analyzed.rejected)
        candidates = not_taken_back(candidates, _said)
        candidates = self._where_it_was(candidates, analyzed.repeated[-1]) if analyzed.repeated else candidates
        candidates = self._reranked(candidates, asked, margin_of)
        placed = analyzed.of_one_place if analyzed.repeated else question.text
        known = not reference.names or any(map(reference.names_event, events.by_article.values()))
        read = counting(placed, located(placed, candidates), on_event=known)
        if asks_yes_or_no(asked[-1].text):
            read = confirming(asked[-1].text, read)
        if analyzed.asked.intent is Intent.LIST:
            read = [shifted(candidate, ONE_OF_ALL) for candidate in read]
        timeless = max((candidate.likelihood for candidate in read), default=0.0)
        is_before = bool(analyzed.repeated) and not time_phrases(analyzed.last)
        unfit = UNFIT_BEFORE if is_before else UNFIT
        in_order = tuple(timed(read, analyzed.period, self.store, unfit=unfit))
        limits = self._limits(analyzed) + ((Limit(Inference.EVENT, ", ".join(words)),) if words else ())
        compared = tuple(hits[:COMPARED])
        return Evidence(analyzed, in_order, compared, events, timeless, limits=limits, near=tuple(on_event))

    def _where_it_was(self, candidates: list[SentenceHit], before: Question) -> list[SentenceHit]:
        """The candidates, those likelier that are of the article that answers the question before."""
        answers = self.confidence.candidates(self.rank(before, self.retriever.find(before, limit=POOL)))
        first = next(iter(answers), None)
        if first is None or first.likelihood < ANSWERS:
            return candidates
        there = first.source.article_id
        return by_likelihood(shifted(c, SAME_ARTICLE) if c.source.article_id == there else c for c in candidates)

    def _with_topical(
        self, candidates: list[SentenceHit], rank: RankSentences, question: Question, hits: Sequence[Hit]
    ) -> list[SentenceHit]:
        """The candidates, those of the stretch of time asked about as likely as they answer without the words of it."""
        # "Yesterday" in a report of 24 December doesn't read like "in December 2006"; that they meet is told by dates.
        topic, period = topic_of(question.text), question.period
        closed = period and period.about is About.EVENTS and period.first and period.last
        if not closed or topic == question.text:
            return candidates
        of_time = [hit for hit, fits in zip(hits, in_time(hits, period, self.store), strict=True) if fits]
        topical = self.confidence.candidates(rank(replace(question, text=topic), of_time))
        likeliest: dict[tuple[str, Span], SentenceHit] = {}
        for item in by_likelihood([*candidates, *topical]):
            likeliest.setdefault(item.place, item)
        return [*likeliest.values()]

    def _reranked(
        self, candidates: Sequence[SentenceHit], asked: Sequence[Question], margin_of: MarginOf
    ) -> list[SentenceHit]:
        """The candidates, the likeliest of them read once more, beside one another, for each question that is asked."""
        likeliest, rest = candidates[:RERANKED], candidates[RERANKED:]
        if not self.rerank or not self.confidence.beside or len(likeliest) < 2:
            return list(candidates)
        readings = zip(*(self.rerank(question, likeliest) for question in asked), strict=True)
        first, *others = self.confidence.candidates(_read_beside(hits, margin_of) for hits in readings)
        before = {item.place: item.likelihood for item in likeliest}
        # What is less likely than the first loses nothing by the comparison: several sentences can answer.
        bounded = (
            replace(item, likelihood=min(first.likelihood, max(item.likelihood, before[item.place]))) for item in others
        )
        # What wasn't compared stays behind what is likeliest of those that were.
        most = math.nextafter(first.likelihood, 0.0)
        beyond = (replace(item, likelihood=min(most, item.likelihood)) for item in rest)
        return by_likelihood([first, *bounded, *beyond])

    def _around(self, question: Question, reference: EventReference) -> tuple[list[Hit], Events]:
        hits = self.retriever.find(question, limit=POOL)
        near = hits if reference.given else hits[:SEARCHED]
        return hits, Events.around(question, near, self.retriever, self.store)


def _said(item: SentenceHit) -> Said:
    return Said(item.source, item.text, item.passage.slice(item.answer) if item.answer else item.text)


def _of_last_event(analyzed: AnalyzedQuestion, events: Events) -> AnalyzedQuestion:
    """The question held to the event that its last words name, where those before name another: "What about Koala?"."""
    last = analyzed.last_reference
    named = [event for event in events.by_article.values() if analyzed.reference.names_event(event)]
    of_last = [event for event in named if last.names_event(event)]
    if not analyzed.repeated or not asks_the_same(analyzed.last) or len(of_last) in (0, len(named)):
        return analyzed
    # The time of the one before was that of its own event.
    period = analyzed.period if time_phrases(analyzed.last) else None
    return replace(analyzed, reference=last, question=replace(analyzed.question, period=period))


def mean_and_least(margins: Sequence[float]) -> float:
    """One margin of those of a question with another in front of it and by itself: half their mean, half the lower one.

    With a quarter of the lower one as many follow-ups are answered rightly, and fewer refused that have no answer.
    """
    return (statistics.fmean(margins) + min(margins)) / 2


def _read_beside(hits: Sequence[SentenceHit], margin_of: MarginOf) -> SentenceHit:
    """A sentence that was read beside others for several questions, with one margin of all."""
    margins = [hit.beside for hit in hits if hit.beside is not None]
    return replace(hits[0], beside=margin_of(margins) if margins else None)


def _says_of_it(item: SentenceHit, names_subject: Naming, *, by_name: bool) -> bool:
    """Whether the marked words say who the subject is: around or right beside its name, or where "X, …, is" begins."""
    if item.answer is None:
        return True
    marked = item.answer.shifted(-item.span.start)
    names = (name for name in NAME.finditer(item.text) if name.start() <= marked.start and marked.end < name.end())
    if any(names_subject(item.text[marked.end : name.end()]) for name in names):  # "Alfredo Pérez" before Rubalcaba
        return False
    before, behind = item.text[: marked.start].split(), item.text[marked.end :].lstrip(" ,(–—").split()
    linking = list[str]()
    while before and before[-1].lower() in _BEING | _ARTICLES:
        linking.append(before.pop().lower())
    is_told = not _BEING.isdisjoint(linking) and names_subject(" ".join(before[:3]))
    # "The president, Michael Kennedy", not "the president said Kennedy"; nor "Kennedy's aide".
    name_behind = " ".join(takewhile(lambda word: word[:1].isupper(), behind))
    said = item.text[marked.start : marked.end]
    # "Ana Rey, Luis Gil and Tom Roe": the next of those listed says nothing of the one before.
    listed = (
        by_name and len(said.split()) > 1 and all(word[0].isupper() or word in ("and", "y") for word in said.split())
    )
    name_before = "" if listed or not before or before[-1].rstrip(",").endswith(("'s", "’s")) else before[-1]
    return is_told or any(map(names_subject, (said, name_behind, name_before)))


def _names_owner_alone(text: str, names_subject: Naming, *, most_before: int = OWNER_WITHIN) -> bool:
    """Whether a sentence begins with what is somebody's, and names that one nowhere else: "Ana Rey's lawyer said"."""
    names = [name for name in NAME.finditer(text) if names_subject(name[0])]
    if not names or len(text[: names[0].start()].split()) > most_before:
        return False
    return all(
        _OWNS.search(text[name.start() : name.end() + 1]) or _OWNED.search(text[: name.start()]) for name in names
    )


def asking_who(question: str) -> str:
    """A question that is to tell of somebody, as one that asks who that is, without what else it asks."""
    name = next(iter(names_in(question)), None)
    if name is None:
        return question
    before, _, behind = question.partition(name)
    if _TELL.fullmatch(before) and " " in name:  # as names of people are
        return ("¿Quién es {}?" if language_asked(question) == "es" else "Who is {}?").format(name)
    return f"{before}{name}{'?' * ('?' in behind)}" if _REST.match(behind) else question


def _told(hits: Iterable[SentenceHit], rejected: Rejected) -> tuple[SentenceHit, ...]:
    """Sentences that are told for what they are of, not for how surely they answer."""
    return tuple(not_rejected((replace(hit, answer=None, likelihood=1.0) for hit in hits), rejected))


def timed(
    evidence: Sequence[SentenceHit], period: Timeframe | None, store: DocumentStore, *, unfit: float = UNFIT
) -> list[SentenceHit]:
    """The evidence with its likelihood held against the period of the question, strongest first."""
    if period is None or period.about is About.PUBLISHED:
        return list(evidence)
    if period.about is About.LATEST:
        newness = recency(item.source for item in evidence)
        moves = [NEWEST * (newness[item.source.published] - 0.5) for item in evidence]
    else:
        moves = [unfit * (fit - 1) for fit in _fits(evidence, period, store)]
    return by_likelihood(shifted(item, by) for item, by in zip(evidence, moves, strict=True))


def _fits(evidence: Sequence[SentenceHit], period: Timeframe, store: DocumentStore) -> Iterator[float]:
    """How well each sentence fits the period, 0 to 1, by its own dates, its article's, then those around it."""
    articles = dict.fromkeys(item.source.article_id for item in evidence)
    unknown = UNKNOWN if store.coverage().first is None else UNDATED_FIT
    events, annotated = store.event_dates(articles), annotations_of(articles, store)
    for item in evidence:
        dates, passage = annotated[item.source.article_id].dates, item.passage
        of_article = article_fit(period, item.source, events.get(item.source.article_id))
        of_sentence = dates_fit(period, dates, within=item.span)
        around = dates_fit(period, dates, within=passage.span) or 0.0
        if of_sentence:
            yield max(of_sentence, of_article or 0.0)
            continue
        fit = max(unknown, around) if of_article is None else max(of_article, around / 2)
        # Of a sentence that the reader finds to say when, another time is what is asked for.
        answers_when = item.answer is not None and is_date(passage.slice(item.answer))
        yield fit * OTHER_DATE if of_sentence is not None and not answers_when else fit


def in_time(items: Sequence[SentenceHit | Hit], period: Timeframe | None, store: DocumentStore) -> Iterator[bool]:
    """Of each sentence or passage whether its article is of the period."""
    events = store.event_dates({item.source.article_id for item in items}) if period else {}
    for item in items:
        yield period is None or bool(article_fit(period, item.source, events.get(item.source.article_id)))


def _nearest_alike(sure: SentenceHit, told: Iterable[tuple[SentenceHit, SentenceHit]]) -> SentenceHit:
    """Of what is said alike of a subject what is nearest to all that is asked; each as it was found, and as read."""
    who = fold_text(sure.passage.slice(sure.answer)) if sure.answer else ""
    alike = [
        replace(read, likelihood=sure.likelihood, cosine=item.cosine)
        for item, read in told
        if read.answer and fold_text(read.passage.slice(read.answer)) == who
    ]
    return max(alike, key=lambda item: item.cosine, default=sure)


def brings_only_event(analyzed: AnalyzedQuestion) -> bool:
    """True of "When was Operation Gull?": its reports seldom say in one sentence when or where it was and its name."""
    names = {fold(word) for name in event_names(analyzed.question.text) for word in words(name.text)}
    brings_more = set(topical_words(analyzed.question.text)) - names
    return bool(names) and not (brings_more or analyzed.repeated or analyzed.outcome)


def named_in(passages: Iterable[Hit], names: Iterable[str]) -> set[str]:
    """Those of some names, folded, that stand in passages."""
    text = " ".join(fold_text(hit.passage.text) for hit in passages)
    return {name for name in names if f" {name} " in f" {text} "}


def of_time(reported: Reported, period: Timeframe | None) -> bool:
    """Whether an event may be of a period: not where its reports say that it was at another time."""
    whens = reported.whens if period else ()
    return not whens or any(period is None or when.meets(period.first, period.last) for when in whens)


def asks_for_a_time_alone(question: Question) -> bool:
    """True of "what was known in May?": no sentence answers that, the timeline does."""
    period = question.period
    return period is not None and period.about is not About.LATEST and not names_a_subject(question.text)
