"""What is asked, found and answered; frozen values that flow one way, from question to reply."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Self

from qa.dates.periods import DateMention
from qa.models.annotations import Stage, Timeframe
from qa.models.archive import Coverage, Passage, Source, Span
from qa.models.support import Stopped, Support, Translation, Usage

LONGEST_DIRECT = 12  # words of a line that answers by itself; what takes more is read in its sentence
SURE = 0.6
"""Likelihood from which a quoted sentence is taken for an answer: of 301 sentences above it 81% were right, below it
38%."""
CLEAR = 2.5
"""Log odds of the first sentence, less half those of the likeliest one with other words, from which it stands without
"possibly". Of 988 first sentences on sources that nothing was trained on 87% of 401 were right above it, 40% below it;
with 1.25 76% of 645 above."""
UNSEEN = 0.2  # the likelihood that a sentence with other words has at most where none is shown


class Inference(StrEnum):
    """What is read into a question and may be left out: how it is rewritten, its time, the event or outlet it means."""

    REWRITING = "rewriting"  # by the questions before it, and by spelling
    PERIOD = "period"
    EVENT = "event"
    OUTLET = "outlet"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. Dates bound the publication date, both inclusive; None is open."""

    text: str
    published_from: date | None = None
    published_until: date | None = None
    outlet: str = ""  # a part of the name of an outlet; empty, any will do
    language: str = ""  # a tag such as es; empty, any will do
    period: Timeframe | None = None  # what its words say about time, once they were read
    locale: str = "en"  # the language that the reply's own words are to be in
    without: tuple[Inference, ...] = ()

    @property
    def unlimited(self) -> Self:
        """The same question, of whatever date, outlet and language."""
        return replace(self, published_from=None, published_until=None, outlet="", language="")

    def leaving_out(self, inference: Inference) -> Self:
        """The same question, this left out of how it is read, too."""
        return replace(self, without=tuple(dict.fromkeys((*self.without, inference))))


@dataclass(frozen=True, slots=True)
class Limit:
    """What an answer was held to because the question says so; `words` name the event or what tells it from others."""

    inference: Inference
    words: str = ""


class Intent(StrEnum):
    """What a question wants: one thing, or more than a sentence tells; or nothing of the archive."""

    FACT = "fact"
    OVERVIEW = "overview"  # the whole of a matter
    CHRONOLOGY = "chronology"  # what happened, in order
    PROFILE = "profile"  # what there is on a person, body, operation or place
    LIST = "list"  # all members of a set
    COMPARISON = "comparison"  # two things side by side
    DISAGREEMENT = "disagreement"  # what sources say differently
    SMALL_TALK = "small talk"
    SERVICE = "service"  # something about this service


class Outcome(StrEnum):
    """What is asked about the end of a case."""

    VERDICT = "verdict"  # nothing but a verdict, or that there is none, answers it
    PROCEDURE = "procedure"  # it asks about a court's doings, which other words may answer too


class Leaning(StrEnum):
    """Whether a question can be understood without the one asked before it."""

    ALONE = "alone"
    LEANS = "leans"
    MAY_LEAN = "may lean"
    REMARK = "remark"  # thanks or a greeting, about nothing


TOLD_IN_STEPS = (Intent.OVERVIEW, Intent.CHRONOLOGY, Intent.COMPARISON, Intent.DISAGREEMENT, Intent.PROFILE)
"""What no single sentence answers."""
REMARKING = (Intent.SMALL_TALK, Intent.SERVICE)
"""What wants nothing of the archive's articles."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a question was taken; one that is not `topical` means the whole archive, or what was spoken of before.

    One that is not `likely` wants a fact, if a sentence answers it.
    """

    intent: Intent = Intent.FACT
    topical: bool = True
    certain: bool = True
    likely: bool = True


FACT = Asked()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. Scores compare only inside one list, best first; `cosine` is None where it was not found so."""

    passage: Passage
    score: float
    cosine: float | None = None

    @property
    def source(self) -> Source:
        return self.passage.source


@dataclass(frozen=True, slots=True)
class SentenceHit:
    """A sentence of a passage that was found, as the reader reads it.

    `margin` is the logarithm of the odds that it answers rather than nothing near it does, comparable across questions.
    """

    found: Hit
    span: Span
    margin: float
    cosine: float = 0.0  # that of its vector with the question's
    answer: Span | None = None  # the stretch of the body that would answer, inside `span`
    lead: float = math.inf  # the logarithm of its odds against other words of the sentence
    beside: float | None = None  # the margin as it was read beside the other likely ones, None where it was not
    likelihood: float = 0.0  # the calibrated probability that it answers, once it was weighed

    @property
    def place(self) -> tuple[str, Span]:
        """The id of its article, and where in the body it stands."""
        return self.source.article_id, self.span

    @property
    def passage(self) -> Passage:
        return self.found.passage

    @property
    def source(self) -> Source:
        return self.passage.source

    @property
    def text(self) -> str:
        return self.passage.slice(self.span)


@dataclass(frozen=True, slots=True)
class Citation:
    """Verbatim words of an article: `article.body[start:end] == text`."""

    number: int  # the printed `[n]`, from 1, without gaps
    source: Source
    start: int
    end: int
    text: str
    marked: Span | None = None  # the stretch of the body that answers
    glosses: tuple[DateMention, ...] = ()  # the relative and the impossible dates inside, in order

    @property
    def is_headline(self) -> bool:
        return self.text == self.source.title

    def overlaps(self, other: Self) -> bool:
        same_article = self.source.article_id == other.source.article_id
        return same_article and self.start < other.end and other.start < self.end

    def shares_mark(self, other: Self) -> bool:
        """Whether the words that it marks hold those that another quote marks, or lie in them."""
        same_article = self.source.article_id == other.source.article_id
        return bool(same_article and self.marked and other.marked and self.marked.overlaps(other.marked))

    @property
    def answer(self) -> str:
        """The words that answer; empty where none are marked."""
        return self.text[self.marked.start - self.start : self.marked.end - self.start] if self.marked else ""


@dataclass(frozen=True, slots=True)
class Event:
    """What an article reports on: `name` is its own, else the first report's headline; `date` is as in TIMEX3."""

    name: str
    date: str | None = None
    by_headline: bool = False


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """How far a case has got by the last that the archive reports of it, in the words of `quote`."""

    event: Event
    stage: Stage
    quote: Citation
    as_of: str | None = None
    verdict_held: bool = False  # the archive holds a verdict of it, whatever came after
    beside: tuple[Stage, ...] = ()  # other outcomes that the same report tells of that day: some were acquitted


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the quotes it rests on, at least one; `event` is what it tells of, where known."""

    text: str
    quotes: tuple[Citation, ...]
    event: Event | None = None
    support: Support | None = None  # what the check found of a sentence that was written
    likelihood: float | None = None  # the calibrated probability that it answers, where code chose it or doubts it
    exact: bool = True  # not so: other words of the quote than those marked may be what answers

    @property
    def sure(self) -> bool:
        return self.likelihood is None or self.likelihood >= SURE

    @property
    def verbatim(self) -> bool:
        """Whether the statement is its first quote, word for word."""
        return self.text == self.quotes[0].text

    @property
    def direct_words(self) -> str:
        """The words of its first quote that answer by themselves; empty where they are too many, or may be others."""
        words = self.quotes[0].answer
        return words if self.exact and len(words.split()) <= LONGEST_DIRECT else ""


@dataclass(frozen=True, slots=True)
class Direct:
    """The stretch of the first quote that answers by itself; `others` counts further sources that say the same.

    A list has the words of several quotes, its `members`, none of which has all. What isn't `sure` may not answer; it
    is the whole sentence where no words of it are marked.
    """

    text: str
    quote: Citation
    sure: bool = True
    others: int = 0
    members: tuple[str, ...] = ()

    @classmethod
    def of(cls, first: Statement, further: Sequence[Statement]) -> Self | None:
        """The line of a statement; the whole of it where it only may answer, None where it does but no words of it."""
        quote, words, sure = first.quotes[0], first.direct_words, _clear(first, further)
        if sure and not words:
            return None
        quotes = [statement.quotes[0] for statement in further if statement.event == first.event]
        same = {other.source.outlet for other in quotes if words and other.answer.casefold() == words.casefold()}
        return cls(words or first.text, quote, sure, len(same - {quote.source.outlet}))

    @classmethod
    def of_all(cls, statements: Sequence[Statement]) -> Self | None:
        """The members of a list, each in the words of its own quote; None where there is only one.

        Nor where no words of the first stand by themselves: a line of the others would leave out what names most.
        """
        members: dict[str, Statement] = {}
        for item in statements:
            if item.sure and item.direct_words:
                members.setdefault(item.direct_words.casefold(), item)
        if len(members) < 2 or not statements[0].direct_words:
            return None
        first, words = next(iter(members.values())), tuple(item.direct_words for item in members.values())
        sure = all(_clear(item, ()) for item in members.values())
        return cls("; ".join(words), first.quotes[0], sure, members=words)


def _clear(first: Statement, further: Sequence[Statement]) -> bool:
    """Whether a statement answers so much likelier than any further one with other words that its own may stand."""
    if first.likelihood is None:
        return True
    words, *said = (set(statement.quotes[0].answer.casefold().split()) for statement in (first, *further))
    # "19 people" says the same as "19"; beside a sentence without marked words none is known to say something else.
    differing = (item for item, other in zip(further, said, strict=True) if not (words <= other or other <= words))
    others = (item.likelihood or UNSEEN for item in differing)
    inside = (min(max(odds, 0.001), 0.999) for odds in (first.likelihood, max(others, default=UNSEEN)))
    best, other = (math.log(odds / (1 - odds)) for odds in inside)
    return best - other / 2 >= CLEAR


class Composer(StrEnum):
    """Who put an answer together: code, out of quotes alone; a language model, each sentence checked; or the staff."""

    QUOTES = "quotes"
    MODEL = "model"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Party:
    """One row of a conflict: what a source says, in the sentence `quote` with the words that differ marked."""

    value: float | str  # the number, the bound where only one is given, or words
    said: str  # how it is shown: "about 500"
    approximate: bool
    kind: str | None
    speaker: str | None  # None for the source itself
    quote: Citation
    copies: tuple[Source, ...] = ()  # they say the same but are no further witness: wire copies, reprints

    @property
    def source(self) -> Source:
        return self.quote.source


@dataclass(frozen=True, slots=True)
class Conflict:
    """What sources say differently of a thing: at least two parties, in order of publication, undated last."""

    about: str
    scope: str | None  # codes of ISO 3166 with commas between, "worldwide", or None where nothing says
    parties: tuple[Party, ...]

    @property
    def differs(self) -> bool:
        return len({(party.said, party.kind) for party in self.parties}) > 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """That independent sources, at least two, say the same; copies of one another count as one."""

    about: str
    said: str
    independent: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class WritingProgress:
    """How far a language model has got with an answer that takes several texts, and how much it may use in all."""

    texts: int
    most_texts: int
    seconds: float
    most_seconds: float
    most_tokens: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that rests on verbatim quotes: at least one statement."""

    question: Question
    statements: tuple[Statement, ...]
    understood_as: str | None = None
    notices: tuple[str, ...] = ()  # sentences to the reader about the answer
    conflicts: tuple[Conflict, ...] = ()
    agreement: Agreement | None = None
    cases: tuple[CaseStatus, ...] = ()  # those whose outcome was asked for, the likeliest meant first
    composed_by: Composer = Composer.QUOTES
    fallback: str | None = None  # why quotes stand where a language model was to write
    unfinished: bool = False  # the rest of it follows
    checked_on: date | None = None  # the day on which the staff approved it or wrote it
    translations: tuple[Translation, ...] = ()  # shown and never kept
    translating: bool = False  # they follow
    intent: Intent = Intent.FACT
    closed: bool = False  # it was asked for yes or no: no words of a sentence are that, nor is "possibly"
    limits: tuple[Limit, ...] = ()  # what was read into the question and kept other sentences out, or behind
    stopped: tuple[Stopped, ...] = ()  # for the staff, never for readers, like `usage`
    progress: WritingProgress | None = None
    usage: Usage | None = field(default=None, compare=False)

    @property
    def direct(self) -> Direct | None:
        """The line that answers; None where whole sentences surely do, or the staff put the answer together."""
        first = self.statements[0] if self.statements else None
        if self.composed_by is Composer.STAFF or self.checked_on or self.cases or not first:
            return None
        if self.composed_by is Composer.MODEL:  # what was written of what only may answer only may, too
            return None if _clear(first, self.statements[1:]) else Direct(first.text, first.quotes[0], sure=False)
        if not first.verbatim:
            return None
        if self.intent is Intent.LIST:
            return Direct.of_all(self.statements) or Direct.of(first, ())
        line = Direct.of(first, self.statements[1:]) if self.intent in (Intent.FACT, Intent.PROFILE) else None
        # Where it is known who agrees independently, no copy counts, and other words for the same figure do.
        return replace(line, others=self.agreement.independent - 1) if line and line.sure and self.agreement else line

    @property
    def clear(self) -> bool:
        """Whether it stands without "possibly": its line, or where it has none its first sentence."""
        if direct := self.direct:
            return direct.sure
        return bool(self.checked_on) or _clear(self.statements[0], self.statements[1:])

    @property
    def disputed(self) -> Conflict | None:
        """The conflict on just what its first statement answers; None where sources agree on that."""
        first = self.statements[0].quotes[0]
        about = (c for c in self.conflicts if any(first.shares_mark(party.quote) for party in c.parties))
        return next(about, None)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation once, in the order printed; several statements may rest on one."""
        return tuple(dict.fromkeys(quote for statement in self.statements for quote in statement.quotes))

    @property
    def parties(self) -> tuple[Party, ...]:
        """All rows of all conflicts; their quotes are numbered on from the statements'."""
        return tuple(party for conflict in self.conflicts for party in conflict.parties)

    @property
    def as_of(self) -> date | None:
        """The newest date it rests on."""
        return max((q.source.published for q in self.citations if q.source.published), default=None)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reply where the archive does not hold the answer, with fields as those of an answer; no error."""

    question: Question
    reason: str
    nearest: tuple[Source, ...]
    coverage: Coverage
    understood_as: str | None = None
    closest: tuple[Citation, ...] = ()  # sentences that come close without being sure enough to be called an answer
    notices: tuple[str, ...] = ()
    cases: tuple[CaseStatus, ...] = ()
    checked_on: date | None = None
    limits: tuple[Limit, ...] = ()
    intent: Intent = Intent.FACT
    stopped: tuple[Stopped, ...] = ()
    usage: Usage | None = field(default=None, compare=False)

    @property
    def citations(self) -> tuple[Citation, ...]:
        return ()


Reply = Answer | Refusal


def quotes_of(reply: Reply) -> Iterator[Citation]:
    """Every quote that a reply shows, those of its tables and of what comes near included."""
    if isinstance(reply, Answer):
        yield from reply.citations
        yield from (party.quote for party in reply.parties)
    else:
        yield from reply.closest
    yield from (case.quote for case in reply.cases)


def sources_of(reply: Reply) -> tuple[Source, ...]:
    """Every source that a reply names, each once: those quoted first."""
    named = [quote.source for quote in quotes_of(reply)]
    if isinstance(reply, Answer):
        named += [source for party in reply.parties for source in party.copies]
        named += reply.agreement.sources if reply.agreement else ()
    else:
        named += reply.nearest
    by_id: dict[str, Source] = {}
    for source in named:
        by_id.setdefault(source.article_id, source)
    return tuple(by_id.values())
