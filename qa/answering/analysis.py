"""A question before anything is looked up: as it stands alone, its period, and what is decided about it already."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from qa.answering.events import EventReference, without_event
from qa.answering.policy import REMARKS, WITHHELD, Policy
from qa.answering.selecting import Rejected
from qa.errors import QuestionError
from qa.i18n.forms import Message
from qa.i18n.locale import N_
from qa.models.annotations import Timeframe
from qa.models.archive import Coverage, Span
from qa.models.replies import (
    FACT,
    TOLD_IN_STEPS,
    Asked,
    Inference,
    Intent,
    Leaning,
    Outcome,
    Question,
    Refusal,
    Reply,
)
from qa.protocols import Overrides
from qa.retrieval.outlets import NO_OUTLET, NamedOutlet
from qa.retrieval.spelling import punctuated
from qa.retrieval.timeline import held_to
from qa.text.cleaning import clean_line
from qa.text.entities import NAME, event_names, is_date, places_in
from qa.text.language import language_of
from qa.text.terms import STOP_WORDS, fold, word_matches, words
from qa.text.timeframes import time_phrases, timeframe_of, without_phrases

QueryRewriter = Callable[[str, Sequence[str]], str]
"""Takes a question and those before it, oldest first; gives the question as it can be asked without them."""

LONGEST_QUESTION = 1_000  # characters of a question; four times the longest that readers were seen to ask
LOOKED_BACK = 8  # questions before this one that are read: what was asked earlier than that is seldom meant
SHORT = 3  # words up to which what leans on a question may ask the same of something else, however it begins
OF_OUTLETS = (Intent.LIST, Intent.CHRONOLOGY, Intent.COMPARISON)
"""What is told of one outlet's reports as of all; whether more than a fact is wanted of them is else read apart."""
OPENERS = frozenset(
    words(
        "and but or so what how about in for from here there the other one y e pero o en de que hay tal aqui alli ahi"
        " el la los las otro otra"
    )
)
"""Words beside a name with which a question brings nothing but that."""
LIGHT = STOP_WORDS | frozenset(
    words(
        "happen happened take took taken place people person thing case according concerning called name during since"
        " until within something persona personas paso ocurrio tuvo lugar caso segun durante desde hasta"
    )
)
"""Words by which a question is put, that bring nothing into it."""
_SAME_OF = re.compile(r"\W*(?:and|or|but|y|e|o|pero|(?:what|how) about|qu[eé] (?:hay de|tal))\b", re.IGNORECASE)
_ASKS_OTHER = re.compile(
    r"\W*(?:(?:and|but|y|pero)\W+)?(?:how (?:many|much|long|old|far)|what|when|where|who|which"
    r"|cu[aá](?:nt[oa]s?|ndo|l(?:es)?)|d[oó]nde|qui[eé](?:n|nes)|qu[eé])\b(?! (?:about|hay|tal))",
    re.IGNORECASE,
)
"""How what leans on a question begins that may ask the same of something else, and that asks something else."""
_PREPOSITION = re.compile(
    r"\b(?:in|at|from|of|on|near|by|with|against|for|to|en|del?|desde|por|con|contra|para|al?)\s+\Z", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['’]s?\Z")
_ARTICLE = re.compile(r"(?:\b(?:the|el|la|los|las)\s+)?$", re.IGNORECASE)


def usable(question: Question) -> Question:
    """The question in one clean line, without what prints nothing. Raises QuestionError, which says what to do."""
    text = clean_line(question.text)
    if not text:
        raise QuestionError(Message("The question is empty. Write what you want to know, such as “When did it begin?”"))
    if len(text) > LONGEST_QUESTION:
        too_long = N_("The question is {number} characters long. Shorten it to {most} or fewer.")
        raise QuestionError(Message(too_long, number=len(text), most=LONGEST_QUESTION))
    if not any(map(str.isalnum, text)):
        raise QuestionError(Message("The question has no words in it. Write it in words, in English or Spanish."))
    return in_order(replace(question, text=text))


def in_order(question: Question) -> Question:
    """The question as it is. Raises QuestionError where its dates exclude each other."""
    first, last = question.published_from, question.published_until
    if first and last and first > last:
        swapped = N_("The dates are the wrong way round: {first} is after {last}. Swap them.")
        raise QuestionError(Message(swapped, first=first, last=last), box="from")
    return question


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """A question and those before it, oldest first; `leaning` on them, though nothing in its words shows that.

    Then it is on the last of them, or `of_event` on the event that one before that names, too.
    """

    question: Question
    history: tuple[str, ...] = ()
    leaning: bool = False
    of_event: bool = False


@dataclass(frozen=True, slots=True)
class QueryRewriting:
    """Makes questions stand alone, by the words of those before; `leaning` tells which of them need it.

    With a language model the model rewrites them instead: qa/generation/rewriting.py.
    """

    leaning: Callable[[str], Leaning]
    event_called: Callable[[str], str | None] = lambda name: None  # the whole name of an event by what it is called

    def rewrite(self, question: str, history: Sequence[str]) -> str:
        """The question joined with the one before, as it stood alone, where it leans on that; else unchanged."""
        return self._joined(self._asked_last(history), question) if self.leans(question) else question

    def after_the_last(self, question: str, history: Sequence[str], *, of_event: bool = False) -> str:
        """The same for a question that doesn't show whether it leans on the one before, or on the event before that."""
        last = self._asked_last(history)
        before = _of_event(last, [" ".join(earlier.split()) for earlier in history]) if of_event else last
        return _in_front(before, question)

    def repeated(self, rewritten: str, history: Sequence[str]) -> list[str]:
        """The questions before, as they stood alone, that a rewritten one asks again in front of its own words."""
        plain = [" ".join(earlier.split()) for earlier in history[-LOOKED_BACK:]]
        alone = [self.rewrite(earlier, plain[:at]) for at, earlier in enumerate(plain)]
        behind = [_of_event(earlier, plain[:at]) for at, earlier in enumerate(alone)]
        asked = dict.fromkeys([*alone, *behind])
        repeated = (earlier for earlier in asked if earlier and rewritten != earlier and rewritten.startswith(earlier))
        return sorted(repeated, key=len)

    def leans(self, question: str) -> bool:
        """True for a question that is, or may be, about the one before."""
        return self.leaning(question) in (Leaning.LEANS, Leaning.MAY_LEAN)

    def _asked_last(self, history: Sequence[str]) -> str:
        """The last question before that is about something, as it stood alone; empty where there is none."""
        before = ""
        for earlier in history[-LOOKED_BACK:]:
            plain = " ".join(earlier.split()) if len(earlier) <= LONGEST_QUESTION else ""
            if not words(plain) or (before and self.leaning(plain) is Leaning.REMARK):
                continue
            if not self.leans(plain):
                before = plain
            elif topical_words(plain):  # "Why?" brings none: the next question is about what the one before it was
                before = self._joined(before, plain)
        return before

    def _joined(self, before: str, question: str) -> str:
        """With the one before in front; where it brings no more than a name, that goes in the place of the other's."""
        if brings_only_names(question) and not (before.isupper() or question.isupper()):
            ways = (_with_territory(before, question), self._with_event(before, question), _with_name(before, question))
            swapped = next(filter(None, ways), None)
            if swapped and len(swapped) <= LONGEST_QUESTION:
                return swapped
        return _in_front(before, question)

    def _with_event(self, before: str, question: str) -> str | None:
        """The question before with another event in the place of its one, by what that is called: "and Bachata?"."""
        old, new = event_names(before), _names(question)
        if len(old) != 1 or len(new) != 1 or event_names(question) or _territories(question):
            return None
        name = self.event_called(question[new[0].start : new[0].end])
        return _with_name(before, f"and {name}") if name else None


def brings_only_names(question: str) -> bool:
    """Whether it says nothing but of what or where: "and in France?", "And in Operation Heron?"."""
    rest, spans = "", sorted([*_territories(question), *_names(question)])
    for start, end in zip([0, *(span.end for span in spans)], [*(span.start for span in spans), None], strict=True):
        rest += f" {question[start:end]}"
    return bool(spans) and OPENERS.issuperset(map(fold, words(rest)))


def _with_territory(before: str, question: str) -> str | None:
    new, old = _territories(question), _territories(before)
    return _replaced(before, old[0], question, new[0]) if len(new) == len(old) == 1 else None


def _with_name(before: str, question: str) -> str | None:
    """The question before with the other name in the place of the one that plays its part; None unless one does."""
    new, old = _names(question), _names(before)
    if len(new) != 1 or _territories(question):
        return None
    if event_names(question):
        events = [name.span for name in event_names(before)]
        alike = [span for span in old if any(map(span.overlaps, events))]
    elif len(old) == 1:  # what is named behind "in" is no subject, nor the other way round
        alike = [span for span in old if bool(_preposition(before, span)) == bool(_preposition(question, new[0]))]
    else:  # nor what is named behind "to" a place
        preposition = _preposition(question, new[0])
        alike = [span for span in old if preposition and _preposition(before, span) == preposition]
    if len(alike) != 1 or _POSSESSIVE.search(before, 0, alike[0].end):
        return None
    return _replaced(before, alike[0], question, new[0])


def _preposition(text: str, span: Span) -> str:
    match = _PREPOSITION.search(text, 0, span.start)
    return match[0].strip().lower() if match else ""


def _replaced(before: str, old: Span, question: str, new: Span) -> str:
    return before[: old.start] + question[new.start : new.end] + before[old.end :]


def _territories(text: str) -> list[Span]:
    """Where a text names territories, each with its article."""
    return [_with_article(text, span) for span, _ in places_in(text)]


def _names(text: str) -> list[Span]:
    """Where it names something else, with its article and its kind ("the Heron case"); no name begins a question."""
    spans = [name.span for name in event_names(text)]
    known = [*spans, *(span for span, _ in places_in(text))]
    first = next(word_matches(text), None)
    for match in NAME.finditer(text, first.end() if first else 0):
        span = Span(*match.span())
        if not any(map(span.overlaps, known)) and not is_date(match[0]) and fold(match[0]) not in STOP_WORDS:
            spans.append(span)
    return [_with_article(text, span) for span in spans]


def _with_article(text: str, span: Span) -> Span:
    return Span(len(_ARTICLE.sub("", text[: span.start], count=1)), span.end)


def _of_event(question: str, history: Sequence[str]) -> str:
    """A question behind the last before it that names an event, where it names none itself."""
    if event_names(question):
        return question
    named = next((earlier for earlier in reversed(history[-LOOKED_BACK:]) if event_names(earlier)), "")
    return _in_front(named, question)


def _in_front(before: str, question: str) -> str:
    stop = "" if before.endswith((".", "?", "!", "…")) else "."
    joined = f"{before}{stop} {question.strip()}"
    return joined if before and len(joined) <= LONGEST_QUESTION else question


def asks_the_same(question: str) -> bool:
    """Whether what leans on a question may ask the same of something else: "And in Azahar?", "The councillor?"."""
    short = len(words(question)) <= SHORT
    return bool(short or _SAME_OF.match(question)) and not _ASKS_OTHER.match(question)


def words_that_ask(before: Sequence[str], rewritten: str) -> str:
    """The words that say what a question wants: of "And in Azahar?" those of the one before it, all in full."""
    last = rewritten.removeprefix(before[-1]).lstrip(". ") if before else rewritten
    return words_that_ask(before[:-1], before[-1]) if before and brings_only_names(last) else last


def _of_outlet(wanted: Asked, outlet: NamedOutlet) -> Asked:
    """What a question wants of an outlet's reports: all that they tell, or, where unsure, what they tell of it."""
    asks_all = outlet.asked is not None and not outlet.asked.topical
    unsure = (wanted.intent is Intent.FACT or not wanted.certain) and wanted.intent not in OF_OUTLETS
    return outlet.asked if outlet.asked and (asks_all or unsure) else wanted


def _taken(asked: Asked, outcome: Outcome | None, wish: str, *, leaning: bool) -> Asked:
    """How a question is taken where it leans on others, names something, or asks how a case ended, too."""
    of_news = asked.intent is Intent.SERVICE and (event_names(wish) or places_in(wish))
    if of_news or (leaning and asked.intent in REMARKS):
        return FACT  # it asks for something that the archive may hold: "Koala: ¿detenidos en Islandia?"
    in_steps = asked.certain and outcome is Outcome.PROCEDURE  # "timeline of …, up to the last court news"
    if outcome and asked.intent is Intent.CHRONOLOGY and asked.topical and not in_steps:
        return FACT  # "what happened in the end to …": how far it has got is told, not every step
    return asked


def _in_other_words(text: str, original: str) -> str | None:
    """The text, if it is another one for a reader, too: not by a name's capital or the marks of a question alone."""
    return text if text.casefold() not in (original.casefold(), punctuated(original).casefold()) else None


def topical_words(text: str) -> list[str]:
    return [word for word in map(fold, words(text)) if word not in LIGHT]


@dataclass(frozen=True, slots=True)
class AnalyzedQuestion:
    """What is looked for: the question as asked, as it stands alone with its period, and the event that it means."""

    original: Question
    alone: str  # as it stands alone, in its own words
    question: Question
    reference: EventReference
    outcome: Outcome | None  # what it wants to know of a case's end
    repeated: tuple[Question, ...]  # the questions before that it asks again
    decided: Reply | None  # what policy or staff say to it, so that it is not even looked up
    asked: Asked  # what it wants
    last: str  # its own words without those of the questions before
    leaning: bool
    rejected: Rejected  # what the staff don't want quoted for it
    more: bool  # it wants more of what the one before was told of
    joined_unsurely: bool  # it perhaps has nothing to do with the questions before
    event_before: bool = False  # one was named before it and those that it asks again, and these name no other subject

    @property
    def understood_as(self) -> str | None:
        return _in_other_words(self.alone, self.original.text)

    @property
    def outlet(self) -> str:
        """The one whose reports its words want, to which it is held; empty where they name none."""
        return self.question.outlet if not self.original.outlet else ""

    @property
    def may_lean(self) -> bool:
        """Whether it may be about more of what was asked before than its words show; not for how a case ended."""
        alone = Inference.REWRITING in self.original.without or self.asked.intent in REMARKS
        return not (alone or (self.repeated and not self.event_before) or self.decided or self.outcome)

    @property
    def may_stand_alone(self) -> bool:
        """Whether it perhaps has nothing to do with what was asked before, though it was read behind that."""
        # What names no topic ("what else?") is about what was asked before.
        names_topic = self.asked.topical and topical_words(self.last) and not self.outcome
        return self.joined_unsurely and bool(names_topic) and not self.decided

    @property
    def says_what(self) -> bool:
        """Whether, behind questions that it asks again, it says itself what it wants: not "And for Spain in 2010?"."""
        times = time_phrases(self.last)
        of_time = {fold(word) for span in times for word in words(self.last[span.start : span.end])}
        timeless = without_phrases(self.last, times)
        only_leans = of_time.issuperset(topical_words(self.last)) or brings_only_names(timeless)
        return bool(self.repeated) and not only_leans

    @property
    def of_one_place(self) -> str:
        """The question; of two that are joined and name a place each, the first with that of the last in it."""
        swapped = _with_territory(self.repeated[-1].text, self.last) if self.repeated else None
        return swapped or self.question.text

    @property
    def last_reference(self) -> EventReference:
        """The event that its own words mean, behind questions that may name another: "And Azahar?"."""
        return EventReference(self.last, by_time_alone=Inference.EVENT in self.original.without)

    @property
    def period(self) -> Timeframe | None:
        return self.question.period


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionAnalysis:
    """The first step: rewrites a question that leans on those before it, reads its time, asks policy and staff."""

    coverage: Callable[[], Coverage]
    policy: Policy
    rewriting: QueryRewriting
    rewrite_by_model: QueryRewriter | None = None
    correct: Callable[[str], str] = str
    correct_words: Callable[[str], str] = str  # the same, but for names
    overrides: Overrides | None = None
    classify: Callable[[str], Asked] = lambda question: FACT
    outcome: Callable[[str], Outcome | None] = lambda question: None
    asked: Callable[[str], str] = str  # the question without what is said beside it
    names_alone: Callable[[str], bool] = lambda text: False  # of the archive: no thanks, however short
    outlet: Callable[[str, str], NamedOutlet] = lambda *texts: NO_OUTLET  # whose reports it, or it joined, wants
    today: Callable[[], date] = date.today

    def analyze(self, turn: ConversationTurn) -> AnalyzedQuestion:
        """Raises QuestionError, StoreError."""
        original = usable(turn.question)
        original = replace(original, locale=language_of(original.text, otherwise="") or original.locale)
        without, read, history = original.without, original.text, list[str]()
        if Inference.REWRITING not in without:
            read, *history = self._spelled(list(map(self.asked, [read, *turn.history[-LOOKED_BACK:]])))
        spelled = _left_of(read, without)
        rewrite = self.rewrite_by_model or self.rewriting.rewrite
        rewrite = partial(self.rewriting.after_the_last, of_event=turn.of_event) if turn.leaning else rewrite
        text = _left_of(rewrite(spelled, history), without)
        # What was asked before had a time of its own.
        again = tuple(replace(original, text=earlier) for earlier in self.rewriting.repeated(text, history))
        # What a name was put into, or a model joined, is a whole question; what only leans is asked in its own words.
        wish = words_that_ask([earlier.text for earlier in again], text) if again and text != spelled else text
        outcome = self.outcome(wish) or self._outcome_before(again, spelled)
        outlet = self._outlet_in(original, spelled, text, outcome)
        read_as, last = (outlet.held(replace(original, text=words)) for words in (text, spelled))
        # A follow-up's own time goes before that of the question in front of it.
        period = timeframe_of(last.text, today=self.today()) or timeframe_of(read_as.text, today=self.today())
        period = None if Inference.PERIOD in without else period
        original = replace(original, period=period)
        alone = replace(original, text=text)
        reference = EventReference(read_as.text, by_time_alone=Inference.EVENT in without)
        wanted = Asked(Intent.PROFILE) if not again and self.names_alone(wish) else self.classify(wish)
        asked = _taken(_of_outlet(wanted, outlet), outcome, wish, leaning=text != spelled)
        # A decision counts in the archive's spelling and in the reader's own.
        decided_on = (alone, original) if text == read != original.text else (alone,)
        # What a territory was put into is one question; what a model joined is known by its text alone.
        joined = bool(again) or (text != spelled and self.rewrite_by_model is not None)
        joined_unsurely = joined and self.rewriting.leaning(spelled) is Leaning.MAY_LEAN
        by_itself = (original, replace(original, text=read)) if joined_unsurely else ()
        unread = (rewrite(read, history), self.asked(original.text)) if without else ()
        uncut = [replace(original, text=text, without=()) for text in dict.fromkeys(unread)]
        ruled_on = (*decided_on, *again, *uncut, *by_itself)
        remark = REMARKS[asked.intent] if asked.intent is Intent.SMALL_TALK else ""
        reason = next(filter(None, map(self.policy.reason, (text, read, original.text))), "") or remark
        said = Refusal(original, reason, (), self.coverage(), intent=asked.intent) if reason else None
        decided = said or self._settled(decided_on, ruled_on)
        if decided:
            decided = replace(decided, question=original, understood_as=_in_other_words(text, original.text))
        ruled_out = map(self.overrides.rejected, ruled_on) if self.overrides and not decided else ()
        rejected: Rejected = frozenset().union(*ruled_out)
        more = bool(again) and not asked.topical and self.classify(again[-1].text).intent in TOLD_IN_STEPS
        return AnalyzedQuestion(
            original=original,
            alone=text,
            question=held_to(read_as, period, self.coverage),
            reference=reference,
            outcome=outcome,
            repeated=tuple(map(outlet.held, again)),
            decided=decided,
            asked=asked,
            last=last.text,
            leaning=turn.leaning,
            rejected=rejected,
            more=more,
            joined_unsurely=joined_unsurely,
            event_before=not _names(text) and any(map(event_names, history[-LOOKED_BACK:])),
        )

    def _outlet_in(self, original: Question, spelled: str, text: str, outcome: Outcome | None) -> NamedOutlet:
        """The outlet whose reports are wanted, but of how a case ended: that is told of all reports."""
        if original.outlet or Inference.OUTLET in original.without or self.names_alone(spelled):
            return NO_OUTLET
        outlet = self.outlet(spelled, text)
        return NamedOutlet(words=outlet.words) if outcome else outlet

    def _spelled(self, questions: Sequence[str]) -> list[str]:
        """Questions in the archive's spelling; no name is read as another where the first asks who was found guilty."""
        asks_outcome = self.outcome(self.correct(questions[0]))
        return list(map(punctuated, map(self.correct_words if asks_outcome else self.correct, questions)))

    def _outcome_before(self, again: Sequence[Question], last: str) -> Outcome | None:
        """What the question before wants to know of a case's end, where what leans on it may ask the same."""
        for at in range(len(again) - 1, -1, -1):
            if not asks_the_same(last):
                return None
            if outcome := self.outcome(again[at].text):
                return outcome
            last = again[at].text[len(again[at - 1].text) :] if at else ""
        return None

    def _settled(self, decided_on: Sequence[Question], ruled_on: Sequence[Question]) -> Reply | None:
        """What the staff decided; what they withhold of a question that this one asks again is withheld of it, too."""
        if not self.overrides:
            return None
        for question in ruled_on:
            reply = self.overrides.settled(question)
            withheld = isinstance(reply, Refusal) and reply.reason == WITHHELD
            if reply and (question in decided_on or withheld):
                return reply
        return None


def _left_of(text: str, without: Sequence[Inference]) -> str:
    """The question without its phrases of what the reader wants left out."""
    text = without_event(text) if Inference.EVENT in without else text
    if Inference.PERIOD not in without:
        return text
    text = without_phrases(text, time_phrases(text))
    before, mark, last = text.rpartition("? ")
    # Behind another question nothing is left of "And in 2005?".
    is_empty = before and all(fold(word) in STOP_WORDS for word in words(last))
    return f"{before}{mark}".strip() if is_empty else text
