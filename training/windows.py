"""Training windows of the reader: a question, a few neighbouring sentences, and the answer's span in them or none.

A window that answers comes with others that look as if they did. Kinds: `answer`; `look` (people wrote a question that
the text does not answer); `gone` (the answer's sentence is cut away); `near` (another paragraph of the article); `hard`
(the lexically nearest other paragraph); `swapped` (a name or number of the question is another's); `sentence` (one that
holds the answer somewhere, span unknown).
"""

import collections
import gzip
import json
import math
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import reduce
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from qa.models.archive import Source as ArticleSource

Row = dict[str, Any]

SENTENCE_END = re.compile(r"(?<=[.!?»”\"])\s+(?=[A-ZÁÉÍÓÚÑÜ¿¡\"'“«(\d\[])")
NAME = re.compile(r"(?<=[a-záéíóúñü,] )[A-ZÁÉÍÓÚÑÜ][\w'-]+(?: [A-ZÁÉÍÓÚÑÜ][\w'-]+)*|\b\d[\d.,]*\b")
CAUSE = re.compile(
    r"\b(?:why|what (?:caused|led to|prompted|made|triggered|explains|was the (?:reason|cause|motive))|how come"
    r"|por qué|a qué se debe|qué (?:causó|provocó|motivó|llevó)|cuál (?:fue|es|era) (?:la causa|el motivo|la razón))\b"
)
CAUSES = 3  # how often a question for a cause is asked: one in thirty does, and readers of news ask one in five
COMMON_SHARE = 0.2  # a word in more paragraphs than this finds nothing
LONGEST_ANSWER = 160  # characters
LONGEST_WINDOW = 950  # characters, about 240 tokens
LONGEST_HEADING = 120
LENGTHS = (1, 2, 2, 3, 3, 3, 4, 5)  # sentences of a window: what is read when asked is two or three around a hit
ALIKE = 0.7  # share of the windows without an answer that lie where most of the question's rare words are
FOLLOWING = 0.1  # share of the questions that come behind another on the same text, as follow-ups are read
CARELESS = 0.1  # share of the questions that are written as people type them: no capitals, no question mark


@dataclass(frozen=True, slots=True)
class Source:
    """How often each row of a file is used, and how many misleading windows come with an answer, both on average."""

    name: str
    share: float
    misleading: float


MANIFEST: list[Row] = json.loads(Path(__file__).with_name("manifest.json").read_text(encoding="utf-8"))
"""The files, with where they are from; those that windows are made of have a `share`, pairs of people's `claims`."""

*SOURCES, SENTENCE_PAIRS = (Source(e["name"], e["share"], e["misleading"]) for e in MANIFEST if "share" in e)
NEWS_QUESTIONS = Path(__file__).with_name("news_questions.tsv")
NEWS_INVENTED = NEWS_QUESTIONS.with_name("news_invented.jsonl")
DOSSIERS = NEWS_QUESTIONS.with_name("news_dossiers.jsonl")
SPANISH_QUESTIONS = NEWS_QUESTIONS.with_name("spanish_questions.tsv")
NEWS = Source("news_questions", 3.0, 0.8)
LEARNED = (DOSSIER, SPANISH) = Source("news_dossiers", 1.0, 0.5), Source("spanish_questions", 1.0, 0.9)
"""Sources that a reader which goes on learns anew; of the others it keeps to what it made of them."""


@dataclass(frozen=True, slots=True)
class Window:
    """One line of training: `start` and `end` are characters of `text`; -1 for no answer, -2 for somewhere in it.

    `parallel` is the same question in the language of the text, where it is known and the question is in another.
    """

    source: str
    kind: str
    question: str
    heading: str
    text: str
    start: int
    end: int
    parallel: str = ""


def normalized(text: str) -> str:
    """The words of a text in lower case, a space between each."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a paragraph starts and ends."""
    cuts = [0, *(match.end() for match in SENTENCE_END.finditer(text)), len(text)]
    return [(a, b) for a, b in pairwise(cuts) if text[a:b].strip()]


def joined(earlier: str, question: str) -> str:
    """A question behind the one asked before, as both are read."""
    return f"{earlier}{'' if earlier[-1] in '.?!…' else '.'} {question}"


class Paragraphs:
    """All paragraphs of one source, searchable by words."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(dict.fromkeys(texts))
        self.position = {text: index for index, text in enumerate(self.texts)}
        self._postings: dict[str, list[int]] = collections.defaultdict(list)
        for index, text in enumerate(self.texts):
            for word in set(normalized(text).split()):
                self._postings[word].append(index)

    def nearest(self, question: str) -> list[int]:
        """The paragraphs that share most of the question's rare words."""
        scores: collections.Counter[int] = collections.Counter()
        for word, weight in self.rare_words(question).items():
            scores.update(dict.fromkeys(self._postings[word], weight))
        return [index for index, _ in scores.most_common(6)]

    def rare_words(self, question: str) -> dict[str, int]:
        """The question's words that few paragraphs have, and what each counts."""
        postings = {word: len(self._postings.get(word, ())) for word in set(normalized(question).split())}
        return {
            word: int(1000 * math.log(len(self.texts) / count))
            for word, count in postings.items()
            if 0 < count < COMMON_SHARE * len(self.texts) + 5
        }


class WindowMaker:
    """Cuts windows out of the rows of one source."""

    def __init__(self, source: Source, rows: Sequence[Row], rng: random.Random) -> None:
        self._source, self._rows, self._rng = source, rows, rng
        self._paragraphs = Paragraphs([row["context"] for row in rows])
        questions = [row["question"] for row in rows]
        self._names = [name for question in questions for name in NAME.findall(question)]
        self._asked: dict[str, list[str]] = collections.defaultdict(list)
        for row in rows:
            self._asked[row["context"]].append(row["question"])

    def windows(self) -> Iterator[Window]:
        """Every window of the source, in the order of its rows."""
        for row in self._rows:
            causes = CAUSES if CAUSE.search(row["question"].lower()) else 1
            for _ in range(self._drawn(causes * self._source.share)):
                for window in self._of_row(row):
                    yield self._following(self._as_typed(window, row), row)

    def _as_typed(self, window: Window, row: Row) -> Window:
        """In the language in which it was asked, and in some cases as people type."""
        if parallel := row.get("parallel"):
            window = replace(window, question=row["question"], parallel=parallel)
        if self._rng.random() < CARELESS:
            window = replace(window, question=window.question.lower().strip("¿? "))
        return window

    def _following(self, window: Window, row: Row) -> Window:
        """In some cases with another question on the same text in front, whose answer is none of this one."""
        before = self._rng.choice(self._asked[row["context"]])
        if before == row["question"] or self._rng.random() >= FOLLOWING:
            return window
        return replace(window, question=joined(before, window.question), parallel="")

    def _of_row(self, row: Row) -> Iterator[Window]:
        question = row.get("parallel", row["question"])  # the words of the text's language find where it looks answered
        if not row["answers"]:
            yield from self._cut("look", question, row["context"], None, heading=row.get("heading", ""))
            return
        text, start = collections.Counter((a["text"], a["start"]) for a in row["answers"]).most_common(1)[0][0]
        if len(text) <= LONGEST_ANSWER:
            span, heading = (start, start + len(text)), row.get("heading", "")
            yield from self._cut("answer", question, row["context"], span, heading=heading)
            for _ in range(self._drawn(self._source.misleading)):
                yield from self._misleading(question, row, text, start)

    def _drawn(self, mean: float) -> int:
        """How many: the mean's whole part, and one more as often as the rest of it says."""
        whole, rest = divmod(mean, 1)
        return int(whole) + (self._rng.random() < rest)

    def _misleading(self, question: str, row: Row, answer: str, start: int) -> Iterator[Window]:
        context: str = row["context"]
        kind = self._rng.choice(("gone", "gone", "near", "hard", "hard", "swapped", "swapped"))
        paragraphs, position, wanted = self._paragraphs, self._paragraphs.position[context], normalized(answer)
        if kind == "gone":
            rest = "".join(context[a:b] for a, b in sentence_bounds(context) if not a <= start < b)
            if rest and wanted not in normalized(rest):
                yield from self._cut("gone", question, rest, None)
                return
            kind = "hard"
        # A name can't be exchanged in one language alone.
        if kind == "swapped" and "parallel" not in row and (other := self._swapped(question, context)):
            yield from self._cut("swapped", other, context, (start, start + len(answer)), answers=False)
            return
        if kind != "hard":
            kind = "near"
            indices = [position - 1, position + 1, position + 2]
        else:
            indices = [index for index in paragraphs.nearest(question) if index != position][:4]
        texts = [paragraphs.texts[index] for index in indices if 0 <= index < len(paragraphs.texts)]
        texts = [text for text in texts if wanted not in normalized(text) and text not in row.get("also", ())]
        if texts:
            yield from self._cut(kind, question, self._rng.choice(texts), None)

    def _swapped(self, question: str, context: str) -> str | None:
        """The question with one of its names or numbers exchanged for one of another question."""
        names = [match for match in NAME.finditer(question) if match[0] in context]
        if not names or len(self._names) < 50:
            return None
        match = self._rng.choice(names)
        for name in self._rng.choices(self._names, k=20):
            alike = name[0].isdigit() == match[0][0].isdigit()
            if alike and name not in context and name not in question:
                return f"{question[: match.start()]}{name}{question[match.end() :]}"
        return None

    def _cut(
        self, kind: str, question: str, context: str, span: tuple[int, int] | None, *,
        answers: bool = True, heading: str = "",
    ) -> Iterator[Window]:  # fmt: skip
        bounds, length = sentence_bounds(context), self._rng.choice(LENGTHS)
        if span is None:
            first = self._start_without_answer(question, context, bounds, length)
        else:
            gold = next((i for i, (a, b) in enumerate(bounds) if a <= span[0] < b), None)
            if gold is None:
                return
            first = max(0, gold - self._rng.randrange(length))
        start, end = bounds[first][0], bounds[min(len(bounds), first + length) - 1][1]
        end = max(end, span[1]) if span else end
        if end - start > LONGEST_WINDOW:
            return
        if not heading and first > 0 and self._rng.random() < 0.35:
            heading = context[slice(*bounds[0])].strip()[:LONGEST_HEADING] + "\n"
        first, last = (at - start for at in span) if span and answers else (-1, -1)
        yield Window(self._source.name, kind, question, heading, context[start:end], first, last)

    def _start_without_answer(self, question: str, context: str, bounds: Sequence[tuple[int, int]], length: int) -> int:
        """Where a window begins that looks as if it answered: around the sentence that retrieval would choose."""
        last = max(0, len(bounds) - length)
        if self._rng.random() >= ALIKE:
            return self._rng.randint(0, last)
        weights = self._paragraphs.rare_words(question)
        scores = [sum(weights.get(word, 0) for word in set(normalized(context[a:b]).split())) for a, b in bounds]
        alike = scores.index(max(scores)) if any(scores) else self._rng.randrange(len(bounds))
        return max(0, min(last, alike - self._rng.randrange(length)))


def rows_of(folder: Path, name: str) -> list[Row]:
    """The rows of a gzipped file of JSON lines, none where it isn't there."""
    path = folder / f"{name}.jsonl.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def news_stories(collections_folder: Path) -> dict[str, Row]:
    """The stories of qamr/articles.jsonl and reuters/articles.jsonl.gz, as far as they are there, by their ids."""
    rows = rows_of(collections_folder / "reuters", "articles")
    plain = collections_folder / "qamr" / "articles.jsonl"
    if plain.exists():
        rows += map(json.loads, plain.read_text(encoding="utf-8").splitlines())
    return {story["id"]: story for story in rows}


def news_rows(collections_folder: Path) -> list[Row]:
    """The questions on news that were written for the project, with the stories that they are on.

    A line of news_questions.tsv: the story's id, the question's language, where its answer starts and ends in the story
    (-1: it has none), the question. The stories are other people's: qamr/articles.jsonl, reuters/articles.jsonl.gz.
    """
    stories = news_stories(collections_folder)
    rows = []
    for line in NEWS_QUESTIONS.read_text(encoding="utf-8").splitlines():
        story_id, _, start, end, question = line.split("\t")
        if story := stories.get(story_id):
            text = story["text"]
            answers = [{"text": text[int(start) : int(end)], "start": int(start)}] if int(start) >= 0 else []
            rows.append({"question": question, "context": text, "answers": answers, "heading": story_heading(story)})
    return rows


def invented_rows() -> list[Row]:
    """The questions on reports that were invented for it, half of them Spanish, which the file has with their texts."""
    rows = []
    for report in map(json.loads, NEWS_INVENTED.read_text(encoding="utf-8").splitlines()):
        for _, answer, question in report["questions"]:
            answers = [{"text": answer, "start": report["text"].index(answer)}] if answer != "-" else []
            heading = story_heading(report)
            rows.append({"question": question, "context": report["text"], "answers": answers, "heading": heading})
    return rows


def dossier_rows() -> list[list[Row]]:
    """The questions on invented dossiers, each ten reports on one matter and matters like it, dossier by dossier.

    `also` are the texts of other reports that answer; a question that none answers stands with the likeliest. What was
    asked before a follow-up stands in front of it.
    """
    dossiers: dict[str, list[Row]] = collections.defaultdict(list)
    for report in map(json.loads, DOSSIERS.read_text(encoding="utf-8").splitlines()):
        dossiers[report["dossier"]].append(report)
    return [list(_rows_of_dossier(reports)) for reports in dossiers.values()]


def _rows_of_dossier(reports: Sequence[Row]) -> Iterator[Row]:
    texts = {report["id"]: report["text"] for report in reports}
    for report in reports:
        text, heading = report["text"], story_heading(report)
        for _, answer, question, also, *earlier in report["questions"]:
            answers = [{"text": answer, "start": text.index(answer)}] if answer != "-" else []
            question = reduce(joined, [*earlier, question])
            others = [texts[name] for name in also]
            yield {"question": question, "context": text, "answers": answers, "heading": heading, "also": others}


def spanish_rows(folder: Path) -> list[Row]:
    """Questions in Spanish on paragraphs in English, which are other people's, out of the files of the manifest.

    A line of spanish_questions.tsv: the file and the number of a row, where the answer starts and ends in its paragraph
    (-1: it has none), the question. Where both are empty it is that of the row, translated, which is then parallel.
    """
    known: dict[str, list[Row]] = {}
    rows = []
    for line in SPANISH_QUESTIONS.read_text(encoding="utf-8").splitlines():
        place, start, end, question = line.split("\t")
        name, number = place.rsplit(":", 1)
        if name not in known:
            known[name] = rows_of(folder, name)
        if not known[name]:
            continue
        row = known[name][int(number)]
        if not start:
            rows.append({**row, "question": question, "parallel": row["question"]})
            continue
        answers = [{"text": row["context"][int(start) : int(end)], "start": int(start)}] if int(start) >= 0 else []
        rows.append({"question": question, "context": row["context"], "answers": answers})
    return rows


def story_heading(story: Row) -> str:
    """Headline and date as a passage has them before its words."""
    day = date.fromisoformat(story["date"][:10]) if story["date"] else None
    source = ArticleSource(story["id"], story["title"], "", published=day)
    return source.heading if story["title"] else ""


def sentence_windows(rows: Sequence[Row], rng: random.Random) -> Iterator[Window]:
    """Pairs of question and sentence: the right ones, and as many wrong ones as the source says."""
    right = [row for row in rows if row["label"] == 1]
    wrong = rng.sample([row for row in rows if row["label"] == 0], int(len(right) * SENTENCE_PAIRS.misleading))
    for row in (*right, *wrong):
        place = -2 if row["label"] else -1
        if len(row["sentence"]) < LONGEST_WINDOW:
            yield Window(SENTENCE_PAIRS.name, "sentence", row["question"], "", row["sentence"], place, place)


def all_windows(folder: Path, seed: int) -> list[Window]:
    """Every source's windows, shuffled."""
    rng = random.Random(seed)
    windows: list[Window] = []
    for source in SOURCES:
        rows = rows_of(folder, source.name)
        if source.name == "squad_es_dev_v2_noxquad":  # what is answered there stands in v1
            rows = [row for row in rows if not row["answers"]]
        windows.extend(WindowMaker(source, rows, rng).windows())
    windows.extend(WindowMaker(NEWS, [*news_rows(folder.parent), *invented_rows()], rng).windows())
    windows.extend(WindowMaker(DOSSIER, list(chain.from_iterable(dossier_rows())), rng).windows())
    windows.extend(WindowMaker(SPANISH, spanish_rows(folder), rng).windows())
    windows.extend(sentence_windows(rows_of(folder, SENTENCE_PAIRS.name), rng))
    rng.shuffle(windows)
    return windows


def write_rows(rows: Sequence[Any], path: Path) -> None:
    """Windows or claims as JSON lines; prints how many of each source and kind there are."""
    path.write_text("".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} rows: {dict(sorted(collections.Counter((row.source, row.kind) for row in rows).items()))}")
