"""`python -m training reader|query|support|questions|asides|outlets`: makes a packaged model, from data to its file.

Reader, query encoder and support model need the files of manifest.json, gzipped JSON lines; none of these is part of
the project.
"""

import argparse
import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from qa.encoding.e5 import packaged_encoder
from qa.encoding.intents import QuestionClassifier
from qa.encoding.query import QueryEncoder
from qa.encoding.reader import SpanReader, SupportClassifier, TrainedModel
from qa.settings import Settings
from training.claims import Claim, all_claims, of_extracts
from training.put_in import of_names
from training.query import OFTEN, Query, QueryTrainer, queries_of_archives
from training.questions import QuestionTrainer, question_rows, with_heads
from training.train import LONGEST_TEXT, ReaderTrainer, SupportTrainer, Trainer, export, train
from training.twins import searched_together, twins_of_archives
from training.windows import (
    MANIFEST,
    Row,
    Window,
    developing_rows,
    dossier_rows,
    invented_rows,
    news_rows,
    rows_of,
    spanish_rows,
    spoken_rows,
    write_rows,
)

SEED = 11
SPANISH_ASKED = 9_000  # of the questions in Spanish on paragraphs in English
WRITTEN = ("news", "dossiers", "spoken", "developing")  # sources of questions that were written for this
TOGETHER = 5  # dossiers that are searched together, of one half of them


def check_data(folder: Path) -> None:
    """Raises SystemExit, naming every file that is missing or is not the one that the manifest describes."""
    wrong = []
    for entry in MANIFEST:
        if not (entry.get("questions") or entry.get("claims")):
            continue
        path = folder / f"{entry['name']}.jsonl.gz"
        if not path.is_file():
            wrong.append(f"{path} is missing ({entry['origin']}, {entry['licence']})")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            wrong.append(f"{path} is not the file of the manifest: SHA-256 {entry['sha256']} was expected")
    if wrong:
        raise SystemExit("The training data can't be used:\n" + "\n".join(wrong))


def reader_rows(folder: Path, _: Path) -> list[Window]:
    """Twins of all questions on news and dossiers, and of some on other texts, shuffled."""
    rng = random.Random(SEED)
    windows = list(twins_of_archives(report_archives(folder, rng), seed=SEED))
    windows = [window for window in windows if len(window.text) <= LONGEST_TEXT]
    rng.shuffle(windows)
    return windows


def query_rows(folder: Path, out: Path) -> list[Query]:
    """The same questions with the sentences of their archives, those on news and dossiers oftener, shuffled."""
    rng = random.Random(SEED)
    queries = list(queries_of_archives(report_archives(folder, rng), out / "vectors", seed=SEED))
    queries = [query for query in queries for _ in range(OFTEN if query.source in WRITTEN else 1)]
    rng.shuffle(queries)
    return queries


def report_archives(folder: Path, rng: random.Random) -> list[tuple[str, dict[str, list[Row]]]]:
    """All questions on news and dossiers, and some on other texts, by the archives that they are searched in."""
    archives = [("news", [*news_rows(folder.parent), *invented_rows()])]
    archives += [("dossiers", rows) for rows in dossier_archives(dossier_rows())]
    archives += [("spoken", rows) for rows in spoken_rows()]
    archives += [("developing", rows) for rows in dossier_archives(developing_rows())]
    archives += [("spanish", some_of(spanish_rows(folder), SPANISH_ASKED, rng))]
    for entry in MANIFEST:
        if count := entry.get("questions"):
            archives.append((entry["name"], some_of(rows_of(folder, entry["name"]), count, rng)))
    return [(source, asked) for source, rows in archives for asked in searched_together(rows)]


def some_of(rows: Sequence[Row], count: int, rng: random.Random) -> list[Row]:
    """At least so many rows, if there are, with all others on their texts."""
    asked: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        asked[row["context"]].append(row)
    chosen: list[Row] = []
    for text in rng.sample(list(asked), len(asked)):
        if len(chosen) < count:
            chosen += asked[text]
    return chosen


def dossier_archives(dossiers: Sequence[list[Row]]) -> list[list[Row]]:
    """The first half of the dossiers some together, so that whole cases are alike, the others each by itself."""
    half = len(dossiers) // 2
    together = [dossiers[at : min(at + TOGETHER, half)] for at in range(0, half, TOGETHER)]
    return [*(list(chain.from_iterable(some)) for some in together), *dossiers[half:]]


def claim_rows(folder: Path, _: Path) -> list[Claim]:
    """Every source's claims, shuffled."""
    rng = random.Random(SEED)
    claims = [*of_extracts(folder.parent, rng), *of_names(folder.parent, rng), *all_claims(folder, SEED)]
    rng.shuffle(claims)
    return claims


class Recipe(NamedTuple):
    """How a packaged model is made."""

    rows: Callable[[Path, Path], Sequence[Any]]  # out of the data's folder; the other is for what belongs to them
    trainer: type[Trainer]
    packaged: type[TrainedModel]
    begun_with: type[TrainedModel] | None = None  # what training anew begins with, where not with the encoder
    needs_data: bool = True


RECIPES = {
    "reader": Recipe(reader_rows, ReaderTrainer, SpanReader),
    "query": Recipe(query_rows, QueryTrainer, QueryEncoder),
    "support": Recipe(claim_rows, SupportTrainer, SupportClassifier, begun_with=SpanReader),
    "questions": Recipe(
        lambda *_: question_rows(random.Random(SEED)), QuestionTrainer, QuestionClassifier, needs_data=False
    ),
}


def main() -> None:
    """Check the data, cut windows, train, export."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("model", choices=[*RECIPES, "asides", "outlets"], nargs="?", default="reader")
    parser.add_argument("--data", type=Path, help="folder with the files of manifest.json; questions need none")
    parser.add_argument("--out", type=Path, help="folder for windows and checkpoints (build/MODEL, build/MODEL-anew)")
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--any-data", action="store_true", help="take files that are not those of the manifest")
    parser.add_argument(
        "--anew", action="store_true", help="begin with the encoder (support: the reader), not with the packaged model"
    )
    arguments = parser.parse_args()
    if arguments.model not in RECIPES:  # a head upon the packaged model of questions, whenever that was trained
        weights = arguments.out or Path("build/questions.safetensors")
        weights.parent.mkdir(parents=True, exist_ok=True)
        digest = with_heads(weights, [arguments.model.removesuffix("s")])
        print(f"{weights}: SHA-256 {digest}, to be named beside QuestionClassifier in qa/encoding")
        return
    recipe = RECIPES[arguments.model]
    if recipe.needs_data and not arguments.data:
        parser.error(f"--data is missing: the folder with the data that the {arguments.model} learns from.")
    if recipe.needs_data and not arguments.any_data:
        check_data(arguments.data)
    folder: Path = arguments.out or Path("build") / f"{arguments.model}{'-anew' if arguments.anew else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    rows, checkpoint = folder / "rows.jsonl", folder / f"{arguments.model}.pt"
    if not rows.exists():
        write_rows(recipe.rows(arguments.data, folder), rows)
    before = None if arguments.anew else recipe.packaged.packaged()
    train(
        packaged_encoder(Settings().models),
        rows,
        checkpoint,
        trainer_type=recipe.trainer,
        hours=arguments.hours,
        resume=checkpoint if checkpoint.exists() else None,
        before=recipe.begun_with.packaged() if arguments.anew and recipe.begun_with else before,
    )
    weights = folder / f"{arguments.model}.safetensors"
    digest = export(checkpoint, weights, before=before, share=recipe.trainer.share_before)
    print(f"{weights}: SHA-256 {digest}, to be named beside {recipe.packaged.__name__} in qa/encoding")
    if recipe.packaged is QuestionClassifier:
        print("Then `python -m training asides` and `… outlets`: what tells those is fitted upon them.")


if __name__ == "__main__":
    main()
