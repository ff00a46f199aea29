"""What the reader is trained on: questions with the texts that they are on, out of files of the project and of others.

A row is a dict: `question`; `context`, the text; `answers`, each with `text` and `start` in it, none where it has none;
`heading`, what stands before the text where it is read; `also`, other texts that answer it; `outdated`, what held
before, oldest first, each a text, the words and their start in it; `crossed`, where it is known to be in another
language than the text.
"""

import collections
import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache, reduce
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

from qa.models.archive import Source as ArticleSource
from qa.text.language import language_of

Row = dict[str, Any]

SENTENCE_END = re.compile(r"(?<=[.!?»”\"])\s+(?=[A-ZÁÉÍÓÚÑÜ¿¡\"'“«(\d\[])")
NAME = re.compile(r"(?<=[a-záéíóúñü,] )[A-ZÁÉÍÓÚÑÜ][\w'-]+(?: [A-ZÁÉÍÓÚÑÜ][\w'-]+)*|\b\d[\d.,]*\b")

MANIFEST: list[Row] = json.loads(Path(__file__).with_name("manifest.json").read_text(encoding="utf-8"))
"""The files, with where they are from; of those with `questions` so many are asked, of those with `claims` pairs. The
others are what the packaged weights learned from once."""

NEWS_QUESTIONS = Path(__file__).with_name("news_questions.tsv")
NEWS_INVENTED = NEWS_QUESTIONS.with_name("news_invented.jsonl")
DOSSIERS = NEWS_QUESTIONS.with_name("news_dossiers.jsonl")
ASIDES = NEWS_QUESTIONS.with_name("asides.tsv")
SPOKEN_QUESTIONS = NEWS_QUESTIONS.with_name("spoken_questions.jsonl")
SPANISH_QUESTIONS = NEWS_QUESTIONS.with_name("spanish_questions.tsv")
DEVELOPING = NEWS_QUESTIONS.with_name("developing.jsonl")


FOLLOWING = 0.1  # share of the questions that come behind another, as follow-ups are read
ASIDE = 0.25  # share of the questions that come with something around them that says nothing of the subject
CARELESS = 0.1  # share of the questions that are written as people type them: no capitals, no question mark
SEVERAL = 2  # other reports that answer, from which a question asks for all


@dataclass(frozen=True, slots=True)
class Window:
    """One line of training: `start` and `end` are characters of `text` in which the answer stands; -1 for none.

    Its `twin` is a window with the same question or the same text that doesn't answer.
    """

    source: str
    kind: str
    question: str
    heading: str
    text: str
    start: int = -1
    end: int = -1
    twin: "Window | None" = None


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


def as_typed(question: str, rng: random.Random) -> tuple[str, tuple[int, int]]:
    """A question as people type it, some with an aside, some without capitals; and where in that it stands."""
    language, start, typed = language_of(question, otherwise=""), 0, question
    if language and rng.random() < ASIDE:
        before, aside = rng.choice(asides_of(ASIDES)[language])
        start = len(aside) + 1 if before else 0
        typed = f"{aside} {question}" if before else f"{question} {aside}"
    end = start + len(question)
    if rng.random() < CARELESS:
        left = len(typed) - len(typed.lstrip("¿? "))
        typed = typed.lower().strip("¿? ")
        start, end = max(0, start - left), min(len(typed), end - left)
    return typed, (start, end)


@cache
def asides_of(path: Path) -> dict[str, list[tuple[bool, str]]]:
    """What people put around a question, by language, and whether before it: lines of language, place, words."""
    asides: dict[str, list[tuple[bool, str]]] = collections.defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        language, place, words = line.split("\t")
        asides[language].append((place == "before", words))
    return asides


@cache
def dossier_sentences() -> dict[str, list[str]]:
    """The sentences of the reports in the dossiers, by language."""
    sentences: dict[str, list[str]] = collections.defaultdict(list)
    for report in map(json.loads, DOSSIERS.read_text(encoding="utf-8").splitlines()):
        text = report["text"]
        sentences[report["lang"]] += [text[start:end].strip() for start, end in sentence_bounds(text)]
    return sentences


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


def spoken_rows() -> list[list[Row]]:
    """The questions on the dossiers in few words or as people speak ("What did police find?"), dossier by dossier.

    Few words fit other dossiers, too: what answers is known within one alone.
    """
    reports = {report["id"]: report for report in map(json.loads, DOSSIERS.read_text(encoding="utf-8").splitlines())}
    dossiers: dict[str, list[Row]] = collections.defaultdict(list)
    for asked in map(json.loads, SPOKEN_QUESTIONS.read_text(encoding="utf-8").splitlines()):
        for name, words in asked["answers"] or [(asked["near"], None)]:
            text = reports[name]["text"]
            answers = [{"text": words, "start": text.index(words)}] if words else []
            others = [reports[other]["text"] for other, _ in asked["answers"] if other != name]
            row = {"question": asked["question"], "context": text, "answers": answers, "also": others}
            dossiers[reports[name]["dossier"]].append(row | {"heading": story_heading(reports[name])})
    return list(dossiers.values())


def developing_rows() -> list[list[Row]]:
    """The questions on invented matters that went on developing, archive by archive.

    A line of developing.jsonl has the reports of an archive and its questions, each with the sentences that answer and
    those that say what held before: the id of a report, the sentence, and the words in it.
    """
    archives = map(json.loads, DEVELOPING.read_text(encoding="utf-8").splitlines())
    return [list(_rows_of_matter(archive["reports"], archive["questions"])) for archive in archives]


def _rows_of_matter(reports: Sequence[Row], questions: Sequence[Row]) -> Iterator[Row]:
    texts = {report["id"]: report["text"] for report in reports}
    headings = {report["id"]: story_heading(report | {"date": report["published"]}) for report in reports}

    def placed(name: str, sentence: str, words: str) -> tuple[str, str, int]:
        return texts[name], words, texts[name].index(sentence) + sentence.index(words)

    answering = {name for asked in questions for name, *_ in asked["answers"]}
    silent = cycle([name for name in texts if name not in answering] or texts)  # so that these are searched, too
    for asked in questions:
        outdated = sorted(asked["outdated"], key=lambda told: [*texts].index(told[0]))
        row = {"question": asked["question"], "outdated": [placed(*told) for told in outdated]}
        for told in asked["answers"]:
            text, words, start = placed(*told)
            others = [texts[name] for name, *_ in asked["answers"] if name != told[0]]
            answers = [{"text": words, "start": start}]
            answering = [placed(*other) for other in asked["answers"] if other[0] == told[0]]
            of_report = {"context": text, "heading": headings[told[0]], "also": others, "answering": answering}
            yield row | of_report | {"answers": answers}
        if not asked["answers"]:
            name = next(silent)
            yield row | {"context": texts[name], "answers": [], "heading": headings[name]}


def dossier_questions() -> tuple[list[str], list[str]]:
    """The questions on dossiers, but for follow-ups: those that several reports answer, and those that one does.

    Nothing of those that two answer: of some both are wanted.
    """
    several, single = dict[str, None](), dict[str, None]()
    for report in map(json.loads, DOSSIERS.read_text(encoding="utf-8").splitlines()):
        for _, answer, question, also, *earlier in report["questions"]:
            if not earlier and answer != "-" and (not also or len(also) >= SEVERAL):
                (several if also else single)[question] = None
    return list(several), [question for question in single if question not in several]


def spanish_rows(folder: Path) -> list[Row]:
    """Questions in Spanish on paragraphs in English, which are other people's, out of the files of the manifest.

    A line of spanish_questions.tsv: the file and the number of a row, where the answer starts and ends in its paragraph
    (-1: it has none), the question. Where both are empty it is that of the row, translated.
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
        row = known[name][int(number)] | {"question": question, "crossed": True}
        if start:
            answer = row["context"][int(start) : int(end)]
            row["answers"] = [{"text": answer, "start": int(start)}] if int(start) >= 0 else []
        rows.append(row)
    return rows


def story_heading(story: Row) -> str:
    """Headline and date as a passage has them before its words."""
    day = date.fromisoformat(story["date"][:10]) if story["date"] else None
    source = ArticleSource(story["id"], story["title"], "", published=day)
    return source.heading if story["title"] else ""


def write_rows(rows: Sequence[Any], path: Path) -> None:
    """Windows or claims as JSON lines; prints how many of each source and kind there are."""
    path.write_text("".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} rows: {dict(sorted(collections.Counter((row.source, row.kind) for row in rows).items()))}")
