"""The questions whose answers are known, and the digest of what they are asked of."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.errors import InputError, NotFound
from qa.models.archive import Article
from qa.models.journal import Judgement, Rejected, Review, State
from qa.models.replies import Answer, Citation, Question, Refusal, Reply, quotes_of
from qa.store.journal.opening import Journal

_EXPECTED = (
    'an object such as {"id": "1", "question": "When?", "answerable": true, "set": "dev", "answers": '
    '[{"article_id": "a", "sentence": "On Monday."}]} was expected'
)


@dataclass(frozen=True, slots=True)
class Expected:
    """A sentence of an article that answers."""

    article_id: str
    sentence: str

    def is_quoted_by(self, quote: Citation) -> bool:
        """Whether a quote of its article contains the sentence, or lies within it."""
        if quote.source.article_id != self.article_id or not (text := _flat(quote.text)):
            return False
        return self.sentence in text or text in self.sentence


@dataclass(frozen=True, slots=True)
class Known:
    """A question with the sentences that answer it; none where it can't be answered. `lang` may be unstated, and empty.

    `set` is "dev" where the answering was tuned on it, "held" where it was kept for judging.
    """

    id: str
    question: str
    answers: tuple[Expected, ...]
    set: str
    lang: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.answers)

    @property
    def language(self) -> str:
        """As stated, else by its opening mark: "es" or "en"."""
        return self.lang or ("es" if "¿" in self.question else "en")


def read_known(path: Path) -> list[Known]:
    """The known questions of a JSON Lines file. Raises InputError."""
    lines = _lines(path, "Name a folder that holds articles and questions.jsonl.")
    known = [_known(line, place) for line, place in lines]
    if not known:
        raise InputError(f"{path} holds no question; {_EXPECTED}.")
    counts = Counter(question.id for question in known)
    if repeated := sorted(name for name, count in counts.items() if count > 1):
        raise InputError(f"{path}: ids have to differ, found more than once: {', '.join(repeated)}.")
    return known


def _lines(path: Path, hint: str) -> Iterator[tuple[str, str]]:
    """The lines of a file that aren't blank, each with its place; `hint` says what to do where it can't be read."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} can't be read: {error}. {hint}") from None
    return ((line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line.strip())


def _known(line: str, place: str) -> Known:
    try:
        record = json.loads(line)
        answers = tuple(
            Expected(str(answer["article_id"]), _flat(str(answer["sentence"]))) for answer in record.get("answers", ())
        )
        if bool(record["answerable"]) != bool(answers):
            raise InputError(f"{place}: an answerable question has answers, another has none; found otherwise.")
        id, question, name, lang = (str(record.get(key, "")) for key in ("id", "question", "set", "lang"))
        if not (id and question and name):
            raise KeyError
        return Known(id, question, answers, name, lang)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{place}: {_EXPECTED}; found {line[:80]!r}.") from error


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
    cases: list[Rejected] = []
    for line, place in _lines(path, "Export it anew with `qa journal rejected`.") if path.exists() else ():
        try:
            cases.append(TypeAdapter(Rejected).validate_json(line))
        except ValidationError as error:
            expected = '{"question": "When?", "article_id": "a", "start": 0, "end": 10, "sentence": "On Monday."}'
            raise InputError(f"{place}: an object such as {expected} was expected; found {line[:80]!r}.") from error
    return cases


def held(cases: Iterable[Rejected], body: Callable[[str], str | None]) -> list[Rejected]:
    """The cases, each once, whose sentence stands in an article that is held; `body` is None where it isn't."""
    return [case for case in dict.fromkeys(cases) if case.sentence and case.sentence in (body(case.article_id) or "")]


def relapses(cases: Iterable[Rejected], ask: Callable[[Question], Reply]) -> Iterator[str]:
    """What is quoted again in answer to its question although the staff rejected it, in words."""
    for case in cases:
        reply, rejected = ask(Question(case.question)), Expected(case.article_id, _flat(case.sentence))
        if isinstance(reply, Answer) and any(map(rejected.is_quoted_by, quotes_of(reply))):
            words = f"{case.article_id}: {case.sentence}"
            yield f"“{case.question}” is answered again with what the staff rejected: {words}"


def judged_questions(journal: Journal, article: Callable[[str], Article]) -> Iterator[Known]:
    """Questions with the sentences that the staff found to answer them; none, where they approved that nothing does.

    Left out is what was withheld, rests on what changed since, or was asked within dates, an outlet or a language, and
    each sentence that stands in no article as readers see it.
    """
    reviews = dict[int, Review]()
    answers = defaultdict[int, list[str]](list)
    standing = [review.standing for review in journal.reviews.decided() if review.standing]
    for answer_id in dict.fromkeys([*standing, *journal.reviews.judged_answers()]):
        try:
            review = journal.reviews.of_answer(answer_id)
        except NotFound:  # its time is over
            continue
        if review.state is not State.WITHHELD and not review.changed:
            reviews[review.number] = review
            answers[review.number].append(answer_id)
    for number, review in sorted(reviews.items()):
        replies = {record.answer_id: record.reply for record in journal.records.of(answers[number]) if record.reply}
        expected = dict.fromkeys(
            sentence
            for answer_id, reply in replies.items()
            if isinstance(reply, Answer)
            for sentence in _supported(reply, journal, answer_id, upheld=answer_id == review.standing)
            if _stands(sentence, article)
        )
        refused = review.state is State.APPROVED and isinstance(replies.get(review.standing or ""), Refusal)
        for reply in replies.values() if expected or refused else ():
            question = reply.question
            # Asked without what a known question doesn't say.
            if question == Question(question.text, period=question.period, locale=question.locale):
                text = reply.understood_as or question.text
                yield Known(f"staff-{review.number}", text, tuple(expected), "held", question.locale)
                break


def _supported(reply: Answer, journal: Journal, answer_id: str, *, upheld: bool) -> Iterator[Expected]:
    """The quotes of the statements that were judged to be supported, or that went with an answer which is upheld."""
    judged = {verdict.statement: verdict.judgement for verdict in journal.reviews.judged(answer_id)}
    unjudged = Judgement.SUPPORTED if upheld else None
    for number, statement in enumerate(reply.statements):
        if judged.get(number, unjudged) is Judgement.SUPPORTED:
            yield from (Expected(quote.source.article_id, _flat(quote.text)) for quote in statement.quotes)


def _stands(expected: Expected, article: Callable[[str], Article]) -> bool:
    try:
        return expected.sentence in _flat(article(expected.article_id).body)
    except NotFound:
        return False


def known_json(known: Known) -> dict[str, object]:
    """A question as a line of the file that `read_known` reads."""
    values = {"id": known.id, "lang": known.language, "question": known.question, "answerable": known.answerable}
    return values | {"answers": [asdict(expected) for expected in known.answers], "set": known.set}


def _flat(text: str) -> str:
    """Text on one line."""
    return " ".join(text.split())
