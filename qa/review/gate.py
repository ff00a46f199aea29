"""The quality gate: how questions whose answers are known are answered, held against floors."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from qa.errors import InputError, NotFound
from qa.loaders.json_lines import json_lines, utf8_text
from qa.models.journal import Judgement, Rejected, Review, State
from qa.models.replies import Answer, Citation, Composer, Intent, Question, Refusal, Reply, Statement, quotes_of
from qa.review.decisions import Look
from qa.store.journal.opening import Journal
from qa.text.figures import figures
from qa.text.terms import content_words

# Every measure is a share, 0 to 1. Of these less is better, of the others more.
LOWER_IS_BETTER = frozenset({"wrong_answers", "wrong_refusals", "gap_answered", "gap_refused"})
GAP = "gap"  # the group of the measures that compare languages
# How far apart the shares of right answers in two languages may be: readers of both are to be served alike.
GAP_TARGET = 0.05
SCALE = 10_000  # floors have four decimals, rounded so that what was measured passes

_EXPECTED = (
    'an object such as {"id": "1", "question": "When?", "answerable": true, "set": "dev", "answers": '
    '[{"article_id": "a", "sentence": "On Monday."}]} was expected; '
    "an answerable question has answers, another has none"
)


def _flat(text: str) -> str:
    return " ".join(text.split())


class Expected(BaseModel, frozen=True, coerce_numbers_to_str=True):
    """A sentence of an article that answers."""

    article_id: str
    sentence: Annotated[str, AfterValidator(_flat)]

    def is_quoted_by(self, quote: Citation) -> bool:
        """Whether a quote of its article contains the sentence, or lies within it."""
        if quote.source.article_id != self.article_id or not (text := _flat(quote.text)):
            return False
        return self.sentence in text or text in self.sentence


class Known(BaseModel, frozen=True, coerce_numbers_to_str=True):
    """A question with the sentences that answer it, none where it can't be answered: a line of a file of such."""

    id: str = Field(min_length=1)
    lang: str = ""  # may be unstated, and empty
    question: str = Field(min_length=1)
    answerable: bool
    answers: tuple[Expected, ...] = ()
    set: str = Field(min_length=1)  # "dev" where the answering was tuned on it, "held" where it was kept for judging

    @model_validator(mode="after")
    def _answered_or_not(self) -> Self:
        if self.answerable != bool(self.answers):
            raise ValueError
        return self

    @property
    def language(self) -> str:
        """As stated, else by its opening mark: "es" or "en"."""
        return self.lang or ("es" if "¿" in self.question else "en")


def read_known(path: Path) -> list[Known]:
    """The known questions of a JSON Lines file. Raises InputError."""
    text = utf8_text(path, advice=" Name a folder that holds articles and questions.jsonl.")
    known = list(json_lines(Known, text, str(path), _EXPECTED))
    if not known:
        raise InputError(f"{path} holds no question; {_EXPECTED}.")
    counts = Counter(question.id for question in known)
    if repeated := sorted(name for name, count in counts.items() if count > 1):
        raise InputError(f"{path}: ids have to differ, found more than once: {', '.join(repeated)}.")
    return known


def missing_sentences(known: Sequence[Known], bodies: dict[str, str]) -> list[str]:
    """What no reply could get right: expected sentences that their article doesn't hold."""
    flat = {article_id: _flat(body) for article_id, body in bodies.items()}
    return [
        f"{question.id}: no such sentence in {expected.article_id}: {expected.sentence[:60]}…"
        for question in known
        for expected in question.answers
        if expected.sentence not in flat.get(expected.article_id, "")
    ]


def corpus_digest(files: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of the files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.name):
        content = path.read_bytes()
        digest.update(f"{path.name}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def read_rejected(path: Path) -> list[Rejected]:
    """The cases of a JSON Lines file, none where there is no file. Raises InputError."""
    text = utf8_text(path, advice=" Export it anew with `qa journal rejected`.") if path.exists() else ""
    example = '{"question": "When?", "article_id": "a", "start": 0, "end": 10, "sentence": "On Monday."}'
    return list(json_lines(Rejected, text, str(path), f"an object such as {example} was expected"))


def relapses(cases: Iterable[Rejected], ask: Callable[[Question], Reply], bodies: Mapping[str, str]) -> Iterator[str]:
    """What is quoted again in answer to its question although the staff rejected it, in words; `bodies` are by id."""
    for case in dict.fromkeys(cases):
        if not case.sentence or case.sentence not in bodies.get(case.article_id, ""):
            continue
        reply = ask(Question(case.question))
        rejected = Expected(article_id=case.article_id, sentence=case.sentence)
        if isinstance(reply, Answer) and any(map(rejected.is_quoted_by, quotes_of(reply))):
            words = f"{case.article_id}: {case.sentence}"
            yield f"“{case.question}” is answered again with what the staff rejected: {words}"


def judged_questions(journal: Journal, article: Look) -> Iterator[Known]:
    """Questions with the sentences that the staff found to answer them; none, where they approved that nothing does."""
    judged = journal.reviews.judged
    named: dict[int, tuple[Review, list[str]]] = {}  # by the number of the review, with the ids of its answers
    standing = [review.standing for review in journal.reviews.decided() if review.standing]
    for answer_id in dict.fromkeys([*standing, *journal.reviews.judged_answers()]):
        try:
            review = journal.reviews.of_answer(answer_id)
        except NotFound:  # its time is over
            continue
        if review.state is not State.WITHHELD and not review.changed:
            named.setdefault(review.number, (review, []))[1].append(answer_id)
    for number, (review, answer_ids) in sorted(named.items()):
        replies = {record.answer_id: record.reply for record in journal.records.of(answer_ids) if record.reply}
        expected = dict.fromkeys(
            sentence
            for answer_id, reply in replies.items()
            for sentence in _supported(reply, judged(answer_id), article, upheld=answer_id == review.standing)
        )
        refused = review.state is State.APPROVED and isinstance(replies.get(review.standing or ""), Refusal)
        for reply in replies.values() if expected or refused else ():
            question = reply.question
            # Asked without what a known question doesn't say.
            if question == Question(question.text, period=question.period, locale=question.locale):
                text, answers = reply.understood_as or question.text, tuple(expected)
                about = {"id": f"staff-{number}", "lang": question.locale, "set": "held"}
                yield Known(question=text, answerable=bool(answers), answers=answers, **about)
                break


def _supported(reply: Reply, judged: Mapping[int, Judgement], article: Look, *, upheld: bool) -> Iterator[Expected]:
    """The quotes, if they still stand, of statements that were judged supported or are what an upheld answer says."""
    statements = reply.statements if isinstance(reply, Answer) else ()
    answering = _answering(reply) if isinstance(reply, Answer) and upheld else frozenset()
    for number, statement in enumerate(statements):
        unjudged = Judgement.SUPPORTED if number in answering else None
        for quote in statement.quotes if judged.get(number, unjudged) is Judgement.SUPPORTED else ():
            expected = Expected(article_id=quote.source.article_id, sentence=quote.text)
            try:
                body = article(expected.article_id).body
            except NotFound:
                continue
            if expected.sentence in _flat(body):
                yield expected


def _answering(answer: Answer) -> frozenset[int]:
    """The statements that answer: all of them, or of quotes for a fact the first, and those that say the same of it."""
    first, quoted = answer.statements[0], answer.composed_by is Composer.QUOTES and not answer.cases
    if answer.intent is not Intent.FACT or not quoted:
        return frozenset(range(len(answer.statements)))
    alike = (at for at, item in enumerate(answer.statements) if item.event == first.event and _says_it(item, first))
    return frozenset((0, *alike))


def _says_it(statement: Statement, first: Statement) -> bool:
    """Whether the words that it marks are those of the first, or more of them, or give the same number."""
    marked = (statement.quotes[0].answer, first.quotes[0].answer)
    said, saying = (set(content_words(words)) for words in marked)
    number, giving = ({(figure.low, figure.high) for figure in figures(words)} for words in marked)
    same_words = said <= saying or saying <= said
    return all(marked) and (same_words or (bool(number) and number == giving))


@dataclass(frozen=True, slots=True)
class QuestionOutcome:
    """What came back for one question; nothing where it was refused."""

    known: Known
    right: tuple[bool, ...] = ()  # of each statement, whether it quotes an expected sentence
    verbatim: tuple[bool, ...] = ()  # of each quote, whether it stands in its article where it says
    quotes: tuple[str, ...] = ()  # those in words


@dataclass(frozen=True, slots=True)
class Share:
    """`part` out of `whole`; the share of nothing is None."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


Measured = Mapping[str, Mapping[str, Share]]  # by group of questions and by measure


def ask_all(
    known: Sequence[Known], ask: Callable[[Question], Reply], body: Callable[[str], str]
) -> list[QuestionOutcome]:
    """Every question asked once, in order; `body` is that of the article of an id, as readers see it."""
    outcomes = []
    for item in known:
        reply = ask(Question(item.question))
        statements, quotes = (reply.statements, reply.citations) if isinstance(reply, Answer) else ((), ())
        right = (
            any(expected.is_quoted_by(quote) for quote in statement.quotes for expected in item.answers)
            for statement in statements
        )
        cut = ((quote.text, body(quote.source.article_id)[quote.start : quote.end]) for quote in quotes)
        verbatim = (bool(text) and text == words for text, words in cut)
        texts = (f"{quote.source.article_id}: {quote.text}" for quote in quotes)
        outcomes.append(QuestionOutcome(item, tuple(right), tuple(verbatim), tuple(texts)))
    return outcomes


def measures(outcomes: Sequence[QuestionOutcome]) -> dict[str, Share]:
    """The measures over these outcomes."""

    def share(items: Sequence[bool]) -> Share:
        return Share(sum(items), len(items))

    answerable = [item for item in outcomes if item.known.answerable]
    return {
        # A statement quotes an expected sentence; the first one does.
        "answered_right": share([any(item.right) for item in answerable]),
        "first_right": share([item.right[:1] == (True,) for item in answerable]),
        "refused_right": share([not item.right for item in outcomes if not item.known.answerable]),
        # Answered without any right statement, of all questions.
        "wrong_answers": share([bool(item.right) and not any(item.right) for item in outcomes]),
        "wrong_refusals": share([not item.right for item in answerable]),
        # Quotes that stand in their article, character by character, where they say.
        "verbatim": share([verbatim for item in outcomes for verbatim in item.verbatim]),
    }


def by_group(outcomes: Sequence[QuestionOutcome]) -> dict[str, dict[str, Share]]:
    """The measures over all questions, over each set, and over each language they are in; how far those differ."""

    def grouped(key: Callable[[QuestionOutcome], str]) -> dict[str, dict[str, Share]]:
        return {name: measures([*items]) for name, items in groupby(sorted(outcomes, key=key), key)}

    by_language = grouped(lambda item: item.known.language)
    gap = {}  # of rightly answered or refused questions; where as many are asked in two languages, the same ones are
    for name, measure in (("gap_answered", "answered_right"), ("gap_refused", "refused_right")):
        shares = [language[measure] for language in by_language.values()]
        if len(shares) == 2 and shares[0].whole == shares[1].whole:
            gap[name] = Share(abs(shares[0].part - shares[1].part), shares[0].whole)
    groups = {"all": measures(outcomes)} | grouped(lambda item: item.known.set) | by_language
    return groups | ({GAP: gap} if len(gap) == 2 else {})


class Floors(BaseModel, frozen=True):
    """Floors by group of questions and measure."""

    corpus_digest: str
    floors: Mapping[str, Mapping[str, float]]
    history: tuple[Mapping[str, object], ...] = ()  # each time that some were lowered


def read_floors(path: Path) -> Floors | None:
    """The floors of a file, None where there is none. Raises InputError."""
    if not path.exists():
        return None
    try:
        return Floors.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        unreadable = f"{path} holds no floors that can be read: {error}. Restore it from version control."
        raise InputError(unreadable) from error


def _shortfalls(floors: Floors, measured: Measured) -> dict[tuple[str, str], tuple[float, float | None]]:
    """The floor of each group and measure that is worse, and what was measured; None where nothing was left to."""
    worse = {}
    for group, values in floors.floors.items():
        for name, floor in values.items():
            share = measured.get(group, {}).get(name)
            value = share.value if share else None
            sign = -1 if name in LOWER_IS_BETTER else 1
            if value is None or sign * _rounded(name, value) < sign * floor:
                worse[group, name] = (floor, value)
    return worse


def _in_words(worse: Mapping[tuple[str, str], tuple[float, float | None]]) -> list[str]:
    return [
        f"{group}: {name} is {'nothing to measure' if value is None else f'{value:.4f}'}, "
        f"its {'ceiling' if name in LOWER_IS_BETTER else 'floor'} {floor:.4f}"
        for (group, name), (floor, value) in worse.items()
    ]


def pin(before: Floors | None, measured: Measured, *, digest: str, reason: str | None, today: date) -> Floors:
    """Floors at what was measured, but for those of the gap. Raises InputError where one is lowered without reason."""
    pinned: dict[str, Mapping[str, float]] = {
        group: {name: _rounded(name, share.value) for name, share in shares.items() if share.value is not None}
        for group, shares in measured.items()
        if group != GAP
    }
    before = before or Floors(corpus_digest=digest, floors={})
    pinned |= {group: floors for group, floors in before.floors.items() if group == GAP}
    lowered = {place: values for place, values in _shortfalls(before, measured).items() if place[0] != GAP}
    if not lowered:
        return Floors(corpus_digest=digest, floors=pinned, history=before.history)
    if not (reason and reason.strip()):
        raise InputError(
            f"This would lower {len(lowered)} floors: {'; '.join(_in_words(lowered))}. "
            'Mend it, or say why: qa gate --pin --lower "REASON".'
        )
    changes = {f"{group}.{name}": values for (group, name), values in lowered.items()}
    entry = {"date": today.isoformat(), "reason": reason, "lowered": changes, "corpus_digest": digest}
    return Floors(corpus_digest=digest, floors=pinned, history=(*before.history, entry))


def _rounded(name: str, value: float) -> float:
    scaled = round(value * SCALE, 6)
    return (math.ceil(scaled) if name in LOWER_IS_BETTER else math.floor(scaled)) / SCALE


def judge(measured: Measured, floors: Floors | None, *, digest: str) -> list[str]:
    """What is wrong with what was measured; the gate is open where nothing is."""
    if floors is None:
        return ["No floors are pinned. Run `qa gate --pin` and say so in the changelog."]
    changed = (
        "The articles or the questions are not those the floors were measured on: run `qa gate --pin` and say why in "
        "the changelog."
    )
    failures = [] if floors.corpus_digest == digest else [changed]
    return [*failures, *_in_words(_shortfalls(floors, measured))]


def table(measured: Measured, floors: Floors | None) -> str:
    """Measures by group, each as its share, its count and its floor or ceiling."""
    lines = [f"{'':6}{'measure':16}{'share':>8}{'count':>11}  {'floor':>8}"]
    for group, shares in measured.items():
        for name, share in shares.items():
            value = "–" if share.value is None else f"{share.value:.3f}"
            pinned = floors.floors.get(group, {}).get(name) if floors else None
            floor = "none" if pinned is None else f"{'≤' if name in LOWER_IS_BETTER else '≥'} {pinned:.3f}"
            lines.append(f"{group:6}{name:16}{value:>8}{f'{share.part}/{share.whole}':>11}  {floor:>8}")
    apart = measured[GAP]["gap_answered"].value if GAP in measured else None
    if apart is not None:
        met = "within" if apart <= GAP_TARGET else "not yet within"
        aim = f"{apart:.3f} apart, {met} the {GAP_TARGET:.2f} that is aimed at."
        lines.append(f"Right answers to the same questions in both languages are {aim}")
    return "\n".join(lines)


def misses(outcomes: Sequence[QuestionOutcome]) -> Iterator[str]:
    """The questions that went wrong, each with what was shown instead."""
    for result in outcomes:
        known, fault = result.known, ""
        if not all(result.verbatim):
            fault = "a quote is not verbatim"
        elif known.answerable and not result.right:
            fault = "wrongly refused"
        elif result.right and not any(result.right):
            fault = "answered from no right sentence" if known.answerable else "answered what is not there"
        elif result.right and not result.right[0]:
            fault = "right, but not first"
        if fault:
            yield "\n    ".join([f"{known.id} ({known.set}) {fault}: {known.question}", *result.quotes])
