"""How probable it is that a sentence answers, and which become the answer: a few, none saying the same twice.

The weights were fitted on sources that neither training nor the demo archive has; docs/evaluation/reader.md has the
curve, and says what was chosen in sight of what.
"""

import math
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from qa.answering.events import LEAST_FIGURE
from qa.answering.quoting import Annotated, glosses_within
from qa.answering.reported_figures import middle, same_kind
from qa.dates.finding import in_speech
from qa.models.annotations import OF_PERSONS, Figure, FigureKind
from qa.models.archive import Passage, Span
from qa.models.replies import SURE, Citation, SentenceHit, Statement
from qa.text.entities import NAME, places_in
from qa.text.figures import figures, form, is_common, kin, kind_words
from qa.text.sentences import LONGEST
from qa.text.terms import STOP_WORDS, alike, fold, stems, words

LIMIT = 60.0  # log odds beyond which a probability is 0 or 1 all the same


@dataclass(frozen=True, slots=True)
class Confidence:
    """The weights of the logistic curve; none of what they weigh changes when an article is added."""

    margin: float  # of the reader's margin over no answer
    sentence: float  # of the cosine of question and sentence
    bias: float
    beside: float = 0.0  # of the reader's margin where the likely sentences were read beside one another, over `level`
    level: float = 0.0

    def of(self, hit: SentenceHit) -> float:
        """The probability, 0 to 1, that a sentence answers the question that it was read for."""
        logit = self.margin * hit.margin + self.sentence * hit.cosine + self.bias
        if hit.beside is not None:
            logit += self.beside * (hit.beside - self.level)
        return 1 / (1 + math.exp(-max(-LIMIT, min(LIMIT, logit))))

    def candidates(self, hits: Iterable[SentenceHit]) -> list[SentenceHit]:
        """The sentences as candidates, the likeliest answer first."""
        return by_likelihood(replace(hit, likelihood=self.of(hit)) for hit in hits)


PACKAGED = Confidence(margin=0.26, sentence=9.2, bias=-6.5, beside=0.2, level=-4.0)
"""For the packaged encoder and reader, the same for all languages. Fitted on six sets that nothing was trained on, each
left out in turn; then `beside` was moved from .15, and the bias from -6.3, in sight of the demo archive's known
questions: docs/evaluation/reader.md has the areas under the curve."""
ANY_ENCODER = Confidence(margin=0.3, sentence=0.0, bias=-0.1)
"""For other encoders, whose cosines are of other scales, and other readers."""

ANSWERS = 0.3
"""Probability from which a question is answered: docs/evaluation/reader.md has what is refused then, and rightly."""
FURTHER = 0.2  # probability from which a further sentence stands beside the first
NEARLY_AS_LIKELY = 3.0
"""How far below the likeliest one's the logarithm of the odds of a further sentence may lie: over five unseen archives
12% fewer are quoted than with three tenths of its likelihood, and none less that answers."""
EXACT = 4.0
"""Lead of a span from which its words stand by themselves as the answer: of 241 sentences that surely answer questions
on news its words were right in 75% above it, in 56% below."""
COMES_CLOSE = 0.05  # probability from which a sentence is shown beside a refusal, for readers to judge
MAY_ANSWER = 0.1  # probability from which a reader is told that what is shown beside a refusal may answer
NEAREST = 3  # articles that are named beside a refusal
MOST = 4
"""Statements in an answer. On xquad the right sentence is among the first four in 96%, among the first two in 91%."""
NEARLY = 0.7
"""Share of the greatest likelihood from which a sentence may stand first where all members of a set are asked for."""
SAME_WORDS = 0.75  # sentences that share so many of their words (Jaccard, over stems) come from the same copy
OTHER_THING = 5.0
"""What the logarithm of a sentence's odds loses whose figure counts another thing than is asked for, or what there is
in another country: no less than what one of another time loses."""
ELSEWHERE = 2.0
"""What it loses whose passage names territories, but none of those in the question: of sentences that answer one with a
territory in it 5% of 102 are so, of others 16%."""
OF_ONE_PLACE = 2.0
"""What it gains where it breaks down by places what is counted, the one asked about among them: of "Sweden (8)" the
reader is seldom sure, and it goes before the sum of all."""

OF_NUMBER = 1.5
"""What it gains for a number of a yes-or-no question: "Were 500 people held?" isn't answered by what has no 500."""

FEW_SPOKEN = 2  # sentences before and behind one that are quoted with it where they are of one quotation

NOT_SURE = math.nextafter(SURE, 0.0)
Rejected = frozenset[tuple[str, str]]  # what the staff do not want quoted: ids of articles, each with words of its own

_LEANS_ON_PREVIOUS = re.compile(
    r"^[\"“'‘«]?(?:He|She|It|They|This(?!\s(?:week|weekend|month|year|morning|afternoon|evening)\b)"
    r"|These|That|Those|His|Her|Its|Their|Both|Such|The (?:former|latter|same|two|move"
    r"|decision|report)|Él|Ella|Ellos|Ellas|Esto|Est[ae](?!\s(?:semana|mes|año|mañana|tarde|noche)\b)|Estos|Estas|Ambos|Ambas|Su|Sus)\b"
)
_OF_COUNTRIES = frozenset({"EU", "EZ", "UN"})  # what is in another country may be in these, too
_ALIKE = (frozenset({"people", "arrest", "officer"}), frozenset({"home", "search"}))
"""Things counted that may be the same ones: nineteen arrests are nineteen people, eighty searches eighty homes."""


def by_likelihood(candidates: Iterable[SentenceHit]) -> list[SentenceHit]:
    """The likeliest answer first; of two as likely what was read as the better one beside the other."""

    def key(item: SentenceHit) -> tuple[float, float, str, Span]:
        beside = math.inf if item.beside is None else item.beside  # what wasn't compared wasn't found worse
        return -item.likelihood, -beside, item.source.article_id, item.span

    return sorted(candidates, key=key)


def shifted(item: SentenceHit, logit: float) -> SentenceHit:
    """The candidate with the logarithm of its odds moved."""
    if not 0 < item.likelihood < 1:
        return item
    return replace(item, likelihood=1 / (1 + math.exp(-math.log(item.likelihood / (1 - item.likelihood)) - logit)))


def located(question: str, candidates: Sequence[SentenceHit]) -> list[SentenceHit]:
    """The candidates, those less likely whose passages name other territories than the question, none that it names."""
    asked = {code for _, code in places_in(question)}

    def elsewhere(item: SentenceHit) -> bool:
        named = {code for _, code in places_in(f"{item.source.title}. {item.passage.text}")}
        return bool(named) and not named & (asked | _OF_COUNTRIES) and not _is_place(item)

    if not asked or asked & _OF_COUNTRIES:
        return list(candidates)
    return by_likelihood(shifted(item, -ELSEWHERE) if elsewhere(item) else item for item in candidates)


def _is_place(item: SentenceHit) -> bool:
    """Whether the marked words are places alone, as where other ones than that of the question are asked for."""
    marked = item.passage.slice(item.answer) if item.answer else ""
    rest = marked
    for span, _ in reversed(places_in(marked)):
        rest = rest[: span.start] + rest[span.end :]
    return rest != marked and STOP_WORDS.issuperset(map(fold, words(rest)))


def counting(question: str, candidates: Sequence[SentenceHit], *, on_event: bool = True) -> list[SentenceHit]:
    """What "how many …?" asks for, its mark on the figure of the place named; last what counts other things.

    So are those of whom something else is said: nobody died for being arrested. Where it is not known to be
    `on_event`, a figure of that place may be of any other.
    """
    # Of a question with the one before in front of it the last asks.
    *_, match = (None, *form("asked_count").finditer(question))
    if match is None:
        return list(candidates)
    asked, places = _thing_asked(match["thing"], question), {code for _, code in places_in(question)}
    became = {word.kind for word in kind_words(question)} & OF_PERSONS
    counted = [_placed(places, item) if len(places) == 1 else item for item in candidates]
    counted = [
        shifted(item, -OTHER_THING)
        if _counts_other(asked, item) or _became_other(became, item) or _counts_elsewhere(places, item)
        else item
        for item in counted
    ]
    if on_event:
        parts = [_is_breakdown(places, item) and _among(asked, set(map(kin, words(item.text)))) for item in counted]
        counted = [_likelier(item) if part else item for item, part in zip(counted, parts, strict=True)]
    return by_likelihood(counted)


def _thing_asked(word: str, question: str) -> str:
    """What "how many" stands before, as `kin` names it, where that is known; people in "how many were arrested"."""
    if is_common(word):
        return kin(word)
    of_persons = any(kind.kind in OF_PERSONS for kind in kind_words(question))
    return "people" if of_persons and fold(word) in STOP_WORDS else ""


def confirming(question: str, candidates: Sequence[SentenceHit]) -> list[SentenceHit]:
    """The candidates, those likelier that have a number which a question wants confirmed, of its thing and kind."""
    asked = [figure for figure in figures(question) if (middle(figure) or 0) >= LEAST_FIGURE]
    kinds = {word.kind for word in kind_words(question)}

    def has_it(item: SentenceHit) -> bool:
        told, of_kind = figures(item.text), {word.kind for word in kind_words(item.text)}
        things = [(set(filter(is_common, one.counted[:2])), set(filter(is_common, other.counted[:2])))
                  for one in asked for other in told if middle(one) == middle(other)]  # fmt: skip
        same_thing = any(not one or not other or any(_among(thing, other) for thing in one) for one, other in things)
        return same_thing and (not kinds or bool(kinds & of_kind))

    having = [item.likelihood < SURE and has_it(item) for item in candidates]
    return by_likelihood(
        _likelier(item, OF_NUMBER) if has else item for item, has in zip(candidates, having, strict=True)
    )


def _likelier(item: SentenceHit, by: float = OF_ONE_PLACE) -> SentenceHit:
    """The candidate made likelier; sure only if it was: it may count other things that were done to them."""
    likelier = shifted(item, by)
    return likelier if item.likelihood >= SURE else replace(item, likelihood=min(likelier.likelihood, NOT_SURE))


def _answering(item: SentenceHit) -> tuple[list[Figure], list[Figure]]:
    """The figures of its sentence that its mark covers, and the others."""
    if item.answer is None:
        return [], []
    marked, found = item.answer.shifted(-item.span.start), figures(item.text)
    covered = [figure for figure in found if figure.span.overlaps(marked)]
    return covered, [figure for figure in found if figure not in covered]


def _counts_other(asked: str, item: SentenceHit) -> bool:
    found = figures(item.text)

    def things(figure: Figure) -> set[str]:
        before = next((f for f in reversed(found) if f.span.end <= figure.span.start), None)
        is_part = before and form("of_which").search(item.text[: figure.span.start])  # "500 searches, of which 24 …"
        return set(filter(is_common, (before if before and is_part else figure).counted[:2]))

    counted = [things(figure) for figure in _answering(item)[0]]
    # "Three days, with eighty judges": what a figure counts that isn't known may be what is asked for.
    known = bool(asked and counted) and all(counted)
    return known and not _among(asked, set[str]().union(*counted))


def _became_other(became: Set[FigureKind], item: SentenceHit) -> bool:
    """Whether its sentence says what became of people, but nothing of what is asked to have become of them."""
    told = {word.kind for word in kind_words(item.text)} & OF_PERSONS
    return bool(became and told) and not any(same_kind(kind, asked) for kind in told for asked in became)


def _among(asked: str, things: Set[str]) -> bool:
    return asked in things or any(asked in alike and things & alike for alike in _ALIKE)


def _counts_elsewhere(places: Set[str], item: SentenceHit) -> bool:
    """Whether its mark is on figures of all countries, or of others, no `places` named there or in its headline."""
    if places and not places & _OF_COUNTRIES and form("said_worldwide").search(item.text):
        marked, there = _answering(item)[0], [span for span, code in places_in(item.text) if code in places]
        # "500 people were detained worldwide, and there are links with Chile"
        told_of = [not form("new_verb").search(item.text, f.span.end, span.start) for f in marked for span in there]
        if marked and not any(told_of):
            return True
    named = {code for _, code in places_in(f"{item.source.title}. {item.text}")}
    if not places or places & (named | _OF_COUNTRIES):
        return False
    # A place may be that of who says so: "France's interior ministry said".
    of_figures = {
        code
        for span, code in places_in(item.text)
        if (form("placed").search(item.text[: span.start].lower()) or form("listed").match(item.text, span.end))
        and not item.text.startswith(("'s", "’s"), span.end)
    }
    counted = [of_figures.intersection(figure.places) for figure in _answering(item)[0]]
    return bool(counted) and all(counted)


def _is_breakdown(places: Set[str], item: SentenceHit) -> bool:
    """Whether its sentence has a figure for the one place that is asked about, and for others."""
    counted = {figure.places for figure in figures(item.text) if len(figure.places) == 1}
    return len(places) == 1 and len(counted) > 1 and any(places == set(figure.places) for figure in figures(item.text))


def _placed(places: Set[str], item: SentenceHit) -> SentenceHit:
    """In "France (21), Spain (11)" that of the country that is asked about, where another's, or a name, is marked."""
    covered, others = _answering(item)
    counted = {figure.counted[:1] for figure in covered or others}
    parts = [figure for figure in others if form("of_which").search(item.text[: figure.span.start])]
    of_place = [
        figure
        for figure in covered + others
        if places == set(figure.places) and (figure in parts or figure.counted[:1] in counted)
    ]
    is_part = all(figure in parts for figure in of_place)  # "500 searches, of which 24 were in Spain"
    elsewhere = all((figure.places or is_part) and not places & set(figure.places) for figure in covered)
    # The reader chose among all figures; among those of the place there is no other.
    if len(of_place) == 1 and of_place == covered:
        return replace(item, lead=max(item.lead, EXACT))
    if len(of_place) != 1 or not (elsewhere and (covered or _is_breakdown(places, item))):
        return item
    return replace(item, answer=of_place[0].span.shifted(item.span.start), lead=EXACT)


def select(evidence: Sequence[SentenceHit], *, most: int = MOST, of_each: int = MOST) -> list[SentenceHit]:
    """The best of the evidence, if it answers, then others nearly as likely: `most`, so many `of_each` article."""
    chosen: list[SentenceHit] = []
    likeliest = max(evidence, key=lambda item: item.likelihood, default=None)  # the fullest may stand before it
    for item in evidence:
        least = max(FURTHER, shifted(likeliest, -NEARLY_AS_LIKELY).likelihood) if likeliest and chosen else ANSWERS
        if len(chosen) == most or item.likelihood < least:
            break
        of_article = [earlier for earlier in chosen if earlier.source.article_id == item.source.article_id]
        if len(of_article) < of_each and not any(_says_the_same(item, earlier, chosen) for earlier in chosen):
            chosen.append(item)
    # A sentence that leans on another right behind it.
    ordered = list(chosen)
    for item in chosen:
        before = next((earlier for earlier in chosen if _is_before(earlier, item)), None)
        if before and leans(item.text):
            ordered.remove(item)
            ordered.insert(ordered.index(before) + 1, item)
    return ordered


def fullest_first(candidates: Sequence[SentenceHit]) -> list[SentenceHit]:
    """The candidates, before all others of those nearly as likely as the first the one whose marked words name most."""
    if not candidates or candidates[0].likelihood < ANSWERS:
        return list(candidates)
    first = candidates[0]
    least = max(ANSWERS, NEARLY * first.likelihood, shifted(first, -NEARLY_AS_LIKELY).likelihood)
    likely = [item for item in candidates if item.likelihood >= least]
    fullest = max(likely, key=lambda item: len(NAME.findall(item.passage.slice(item.answer))) if item.answer else 0)
    return [fullest, *(item for item in candidates if item is not fullest)]


def _is_before(first: SentenceHit, second: SentenceHit) -> bool:
    same_article = first.source.article_id == second.source.article_id
    return same_article and first.span == sentence_before(second.span, second.passage.sentences)


def _says_the_same(first: SentenceHit, second: SentenceHit, chosen: Sequence[SentenceHit]) -> bool:
    if first.source.article_id == second.source.article_id:
        return quoted_span(first, beside=chosen).overlaps(quoted_span(second, beside=chosen))
    return alike(stems(first.text), stems(second.text)) >= SAME_WORDS


def not_rejected(evidence: Iterable[SentenceHit], rejected: Rejected) -> list[SentenceHit]:
    """The evidence without the sentences that were rejected."""
    return [item for item in evidence if not is_rejected(item.source.article_id, item.text, rejected)]


def is_rejected(article_id: str, sentence: str, rejected: Rejected) -> bool:
    return any(article_id == name and sentence in words for name, words in rejected)


def quoted_span(item: SentenceHit, *, beside: Iterable[SentenceHit], rejected: Rejected = frozenset()) -> Span:
    """The sentence with what it can't be understood without, the one before it or the whole of what somebody says.

    Not with what is quoted `beside` it, or was rejected.
    """
    taken = [other.span for other in beside if other.place != item.place and other.passage.source == item.source]
    span = with_speech(item.passage, item.span)
    added = [place for place in item.passage.sentences if place.within(span) and place != item.span]
    unwanted = any(is_rejected(item.source.article_id, item.passage.slice(place), rejected) for place in added)
    if unwanted or any(map(span.overlaps, taken)):
        span = item.span
    before = sentence_before(span, item.passage.sentences) if leans(item.text) else None
    return Span(before.start, span.end) if before and not any(map(before.overlaps, taken)) else span


def with_speech(passage: Passage, span: Span) -> Span:
    """A sentence with those beside it in which the words that it quotes begin and end, if that is few words on."""
    spans = [Span(place.start - passage.start, place.end - passage.start) for place in passage.sentences]
    number, text = passage.sentences.index(span), passage.text
    first = last = number
    while in_speech(text, spans[first].start) and first > max(0, number - FEW_SPOKEN):
        first -= 1
    while in_speech(text, spans[last].end) and last < min(number + FEW_SPOKEN, len(spans) - 1):
        last += 1
    whole, spoken = (
        Span(passage.sentences[first].start, passage.sentences[last].end),
        text[spans[first].start : spans[last].end],
    )
    complete = not in_speech(text, spans[first].start) and not in_speech(text, spans[last].end)
    return whole if complete and "\n\n" not in spoken and len(spoken) <= LONGEST else span


def quoted(
    candidates: Sequence[SentenceHit], annotated: Annotated, rejected: Rejected = frozenset()
) -> tuple[Statement, ...]:
    """One statement for each sentence, with the one before it where it can't be understood alone; numbered from 1."""
    statements = []
    for number, item in enumerate(candidates, start=1):
        span = quoted_span(item, beside=candidates, rejected=rejected)
        text, glosses = item.passage.slice(span), glosses_within(annotated[item.source.article_id], span)
        citation = Citation(number, item.source, span.start, span.end, text, item.answer, glosses)
        statements.append(Statement(text, (citation,), likelihood=item.likelihood, exact=item.lead >= EXACT))
    return tuple(statements)


def sentence_before(span: Span, sentences: Iterable[Span]) -> Span | None:
    """The last of some sentences that ends before a stretch begins."""
    return max((sentence for sentence in sentences if sentence.end <= span.start), default=None)


def leans(sentence: str) -> bool:
    """Whether a sentence can't be understood without the one before it."""
    return bool(_LEANS_ON_PREVIOUS.match(sentence))


def nearest_sources(items: Iterable[SentenceHit]) -> list[SentenceHit]:
    """The first item of each of the first NEAREST articles."""
    seen: dict[str, SentenceHit] = {}
    for item in items:
        seen.setdefault(item.source.article_id, item)
    return list(seen.values())[:NEAREST]
