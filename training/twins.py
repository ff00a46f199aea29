"""Archives to learn from: the reader twins, a window that answers and one that only looks so; the encoder questions.

Twins are found as the program finds them, in archives of some reports each, and cut as it reads them: a sentence with
its neighbours, or the nearest sentences of several reports side by side. Kinds: `answer`; `gone` (the sentence that
answers was taken away); `near` (another sentence near the question); `look` (the text does not answer, as people say);
`swapped` (a name or number of the question is another's).
"""

import random
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain, compress
from multiprocessing import get_context
from typing import TypeVar

import numpy as np
import torch
from rich.progress import track

from qa.archive.parts import encoder_of
from qa.models.archive import Span
from qa.protocols import Encoder, Vectors
from qa.protocols import Window as Text
from qa.retrieval.ranking import OVERLAP, beside_one_another
from qa.settings import PACKAGED, Settings
from qa.text.terms import content_words, stem, stems
from training.windows import FOLLOWING, NAME, Row, Window, as_typed, joined, normalized, sentence_bounds

T = TypeVar("T")

REPORTS = 150  # that are searched together
PASSAGE = 6  # sentences that are encoded together
NEAREST = 10  # sentences of which those that are read together are drawn, the nearest likelier
COUNTS = (2, 3, 4, 4, 4)  # sentences read side by side
LENGTHS = (1, 2, 2, 3, 3, 3, 4, 5)  # sentences of a window of neighbours
BESIDE = 0.42  # share of the twins that are read side by side
AMONG_OUTDATED = 0.6  # share of the twins that are read beside what held before, where something did
LACKING = 0.2  # share of those from which what holds now is missing
HELD_BEFORE = (1, 1, 2, 3)  # sentences of it
ASKED_OTHERWISE = 0.2  # share of the twins that share the text, not the question, where there is such a question
LONGEST_ANSWER = 160  # characters
MOST_ANSWERING = 3  # sentences that an answer lies in, fewer than that
LONGEST_WINDOW = 950  # characters, about 240 tokens
MOST_READ = 12_000  # characters of a text: what is longer is left out
FEWEST_NAMES = 50  # of all questions on an archive, so that one that fits is among them


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report of that number."""

    report: int
    span: Span
    text: str


def searched_together(rows: Sequence[Row]) -> Iterator[dict[str, list[Row]]]:
    """The texts with the rows on each, so many at a time as one archive has."""
    asked: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if len(row["context"]) < MOST_READ:
            asked[row["context"]].append(row)
    texts = list(asked)
    for start in range(0, len(texts), REPORTS):
        yield {text: asked[text] for text in texts[start : start + REPORTS]}


def twins(asked: dict[str, list[Row]], encoder: Encoder, rng: random.Random, *, source: str) -> list[Window]:
    """A window for each row that the archive of these texts allows, with its twin where it answers."""
    archive = ReportArchive(asked, encoder, rng, source=source)
    windows = (archive.window(row) for rows in asked.values() for row in rows)
    return [window for window in windows if window]


def twins_of_archives(archives: Sequence[tuple[str, dict[str, list[Row]]]], *, seed: int) -> Iterator[Window]:
    """The twins of each archive, with its source's name."""
    yield from made_of_archives(archives, partial(_twins_alone, seed=seed), what="Making windows")


def _twins_alone(source: str, asked: dict[str, list[Row]], number: int, *, seed: int) -> list[Window]:
    return twins(asked, process_encoder(), random.Random(seed + number), source=source)


def made_of_archives(
    archives: Sequence[tuple[str, dict[str, list[Row]]]],
    make: Callable[[str, dict[str, list[Row]], int], list[T]],
    *,
    what: str,
) -> Iterator[T]:
    """What is made of each archive, of its source's name and its number; a process a core makes it."""
    # Of one thread each: questions are encoded one at a time, for which more threads gain nothing.
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)) as pool:
        made = pool.map(make, *zip(*archives, strict=True), range(len(archives)))
        yield from chain.from_iterable(track(made, what, total=len(archives)))


@cache
def process_encoder() -> Encoder:
    """The packaged encoder, one a process."""
    return encoder_of(Settings(encoder=PACKAGED))


class ReportArchive:
    """Some reports with the questions on them, their sentences and the sentences' vectors."""

    def __init__(self, asked: dict[str, list[Row]], encoder: Encoder, rng: random.Random, *, source: str) -> None:
        self._asked, self._encoder, self._rng, self._source = asked, encoder, rng, source
        self._numbers = {text: number for number, text in enumerate(asked)}
        self._texts, self._headings = list(asked), [rows[0].get("heading", "") for rows in asked.values()]
        self._names = [name for rows in asked.values() for row in rows for name in NAME.findall(row["question"])]
        self._sentences: list[Sentence] = []
        passages = [passage for text, number in self._numbers.items() for passage in self._passages(number, text)]
        self._vectors = np.concatenate([vectors.sentences for vectors in encoder.encode_passages(passages)])
        self._stems = [stems(sentence.text) for sentence in self._sentences]
        self._said = {sentence: normalized(sentence.text) for sentence in self._sentences}
        self._of_report: dict[int, list[Sentence]] = defaultdict(list)
        for sentence in self._sentences:
            self._of_report[sentence.report].append(sentence)

    def _passages(self, report: int, text: str) -> Iterator[Text]:
        """A report as it is encoded, some sentences at a time."""
        bounds = sentence_bounds(text)
        for part in (bounds[first : first + PASSAGE] for first in range(0, len(bounds), PASSAGE)):
            spans = [Span(start, start + len(text[start:end].rstrip())) for start, end in part]
            self._sentences += [Sentence(report, span, text[span.start : span.end]) for span in spans]
            shifted = tuple(span.shifted(-spans[0].start) for span in spans)
            yield Text(self._headings[report], text[spans[0].start : spans[-1].end], shifted)

    def window(self, row: Row) -> Window | None:
        """What answers a row's question and its twin, or what looks as if it did; None where nothing can be cut."""
        nearest, question = self._nearest(row["question"]), self._as_typed(row)
        if not row["answers"]:
            return self._unanswered(question, nearest, self._numbers[row["context"]])
        whole, wanted, gold, may_answer = self._answering(row)
        outdated = self._placed(row.get("outdated", ()))
        barred = {*gold, *filter(may_answer, self._sentences)}
        others = [sentence for sentence in nearest if sentence not in barred]
        if not others or not gold:
            return None
        if outdated and len(gold) == 1 and self._rng.random() < AMONG_OUTDATED:
            return self._newest(question, [*outdated, (gold[0], whole)], others)
        draw = self._rng.random()
        if draw < BESIDE and len(gold) == 1:
            true = self._beside(question, [gold[0], *self._drawn(others)[1:]], (gold[0], whole))
            return replace(true, twin=self._beside(question, self._drawn(others)))
        run = self._run(gold[0])
        answers = self._neighbours("answer", question, run, whole)
        if answers is None:
            return None
        twin = self._asked_otherwise(answers, row) if draw > 1 - ASKED_OTHERWISE else None
        return replace(answers, twin=twin or self._near(question, others, barred, wanted))

    def query(self, row: Row) -> tuple[str, list[int], list[int]] | None:
        """A row's question, the numbers of sentences that answer it, and of those that may; None where nobody knows."""
        question = self._as_typed(row)
        if not row["answers"]:
            return question, [], []
        *_, gold, may_answer = self._answering(row)
        numbered = [*enumerate(self._sentences)]
        answering = [number for number, sentence in numbered if sentence in gold]
        may = [sentence not in gold and may_answer(sentence) for _, sentence in numbered]
        perhaps = [number for number, _ in compress(numbered, may)]
        return (question, answering, perhaps) if gold else None

    @property
    def vectors(self) -> Vectors:
        """Those of all sentences, (sentences, dimension)."""
        return self._vectors

    def _answering(self, row: Row) -> tuple[Span, str, list[Sentence], Callable[[Sentence], bool]]:
        """Where a row's answer stands in its report, its words, the sentences that hold it, none if it is too long.

        And what tells whether another sentence may answer: one with the same words, one that is known to or to have
        done so before, or one of another report that answers.
        """
        words, at = row["answers"][0]["text"], row["answers"][0]["start"]
        report, also = self._numbers[row["context"]], {self._numbers.get(text) for text in row.get("also", ())}
        whole, wanted = Span(at, at + len(words)), normalized(words)
        gold = [sentence for sentence in self._of_report[report] if sentence.span.overlaps(whole)]
        known = {sentence for sentence, _ in self._placed([*row.get("answering", ()), *row.get("outdated", ())])}
        is_known = len(words) <= LONGEST_ANSWER and len(gold) < MOST_ANSWERING

        def may_answer(sentence: Sentence) -> bool:
            return wanted in self._said[sentence] or sentence in known or sentence.report in also

        return whole, wanted, gold if is_known else [], may_answer

    def _placed(self, places: Iterable[tuple[str, str, int]]) -> list[tuple[Sentence, Span]]:
        """The sentences that words stand in, each given with its report's text and where it begins there."""
        told = []
        for text, words, start in places:
            whole = Span(start, start + len(words))
            of_report = self._of_report[self._numbers[text]] if text in self._numbers else []
            told += [(s, whole) for s in of_report if s.span.start <= start and whole.end <= s.span.end]
        return told

    def _newest(self, question: str, told: Sequence[tuple[Sentence, Span]], others: Sequence[Sentence]) -> Window:
        """Of what was told, oldest first, the newest beside what held before; sometimes the newest isn't there."""
        *before, newest = told[:-1] if self._rng.random() < LACKING else told
        drawn = self._rng.sample(before, min(len(before), self._rng.choice(HELD_BEFORE)))
        beside = dict.fromkeys([newest[0], *(sentence for sentence, _ in drawn), *self._drawn(others)])
        answers = self._beside(question, [*beside][: self._rng.choice(COUNTS)], newest)
        return replace(answers, twin=self._beside(question, self._drawn(others)))

    def _as_typed(self, row: Row) -> str:
        """The question, sometimes behind another on the same text, sometimes as people type."""
        question: str = row["question"]
        other = self._rng.choice(self._asked[row["context"]])
        alone = "? " in question or "crossed" in row or other is row
        if self._rng.random() < FOLLOWING and not alone:
            question = joined(other["question"], question)
        return as_typed(question, self._rng)[0]

    def _nearest(self, question: str) -> list[Sentence]:
        terms = frozenset(stem(word) for word in content_words(question))
        scores = self._vectors @ self._encoder.encode_for_answer(question)
        if terms:
            scores = scores + OVERLAP * np.array([len(terms & present) / len(terms) for present in self._stems])
        return [self._sentences[number] for number in np.argsort(-scores)[:NEAREST]]

    def _drawn(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Some of them, the nearest likelier."""
        keys = [self._rng.random() * (1 + number / 3) for number in range(len(sentences))]
        drawn = sorted(range(len(sentences)), key=keys.__getitem__)[: self._rng.choice(COUNTS)]
        return [sentences[number] for number in drawn]

    def _unanswered(self, question: str, nearest: Sequence[Sentence], report: int) -> Window | None:
        """What looks as if it answered a question that nothing answers."""
        if self._rng.random() < 0.5:
            return replace(self._beside(question, self._drawn(nearest)), kind="look")
        of_report = [sentence for sentence in nearest if sentence.report == report] or nearest
        return self._neighbours("look", question, self._run(self._rng.choice(of_report[:3])))

    def _near(
        self, question: str, others: Sequence[Sentence], gold: Collection[Sentence], wanted: str
    ) -> Window | None:
        """A sentence near the question with its neighbours, as far as none of them answers."""
        sentence = others[min(len(others) - 1, int(self._rng.expovariate(0.7)))]
        window = self._neighbours("near", question, self._run(sentence, without=gold))
        return window if window and wanted not in normalized(window.text) else None

    def _asked_otherwise(self, answers: Window, row: Row) -> Window | None:
        """The same text with a question that it doesn't answer: another on it, or this one with another name."""
        unanswered = [other["question"] for other in self._asked[row["context"]] if not other["answers"]]
        if unanswered:
            return replace(answers, kind="look", question=self._rng.choice(unanswered), start=-1, end=-1)
        swapped = None if "crossed" in row else self._swapped(answers.question, row["context"])
        return replace(answers, kind="swapped", question=swapped, start=-1, end=-1) if swapped else None

    def _swapped(self, question: str, context: str) -> str | None:
        """The question with one of its names or numbers exchanged for one of another question."""
        last = question.rfind("? ") + 1  # what was asked before may keep its names
        names = [match for match in NAME.finditer(question, last) if match[0] in context]
        if not names or len(self._names) < FEWEST_NAMES:
            return None
        match = self._rng.choice(names)
        for name in self._rng.choices(self._names, k=20):
            alike = name[0].isdigit() == match[0][0].isdigit()
            if alike and name not in context and name not in question:
                return f"{question[: match.start()]}{name}{question[match.end() :]}"
        return None

    def _run(self, sentence: Sentence, *, without: Collection[Sentence] = ()) -> list[Sentence]:
        """A sentence with some neighbours; none `without` which it is to be, nor what lies beyond those."""
        every, length = self._of_report[sentence.report], self._rng.choice(LENGTHS)
        at = every.index(sentence)
        first = max(0, at - self._rng.randrange(length))
        last = min(len(every), first + length)
        barred = [number for number in range(first, last) if every[number] in without]
        first = max([first, *(number + 1 for number in barred if number < at)])
        return every[first : min([last, *(number for number in barred if number > at)])]

    def _neighbours(
        self, kind: str, question: str, run: Sequence[Sentence], answer: Span | None = None
    ) -> Window | None:
        """Neighbouring sentences of a report behind its heading; None where they are too long."""
        report, start = run[0].report, run[0].span.start
        end = max(run[-1].span.end, answer.end if answer else 0)
        if end - start > LONGEST_WINDOW:
            return None
        window = Window(self._source, kind, question, self._headings[report], self._texts[report][start:end])
        return replace(window, start=answer.start - start, end=answer.end - start) if answer else window

    def _beside(
        self, question: str, sentences: Sequence[Sentence], answer: tuple[Sentence, Span] | None = None
    ) -> Window:
        """Sentences of several reports side by side, each report's behind its heading."""
        # Where reports are kept in the order of their dates, their places are not to tell which is the newest.
        places = {report: self._rng.random() for report in dict.fromkeys(sentence.report for sentence in sentences)}
        order = sorted(sentences, key=lambda sentence: (places[sentence.report], sentence.span.start))
        headed = [(str(sentence.report), self._headings[sentence.report], sentence.text) for sentence in order]
        text = beside_one_another(headed)
        window = Window(self._source, "answer" if answer else "gone", question, text.heading, text.text)
        if not answer:
            return window
        gold, whole = answer
        start = text.sentences[order.index(gold)].start + whole.start - gold.span.start
        return replace(window, start=start, end=start + whole.end - whole.start)
