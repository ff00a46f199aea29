"""Trains the encoder's side of questions: nearer to sentences that answer than to all others of their archive.

The sentences' vectors rest; they lie in a file for each archive.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import AutoModel

from qa.encoding.e5 import packaged_languages
from qa.encoding.intents import PREFIX
from training.train import LONGEST_INPUT, Trainer
from training.twins import ReportArchive, made_of_archives, process_encoder
from training.windows import Row

TEMPERATURE = 0.02  # of cosines: those of an archive lie within few hundredths of one another
NO_ANSWER = 0.7  # cosine of what stands for "nothing answers"; learned ones came to .5 and .7
REFUSING = 0.3  # weight of telling what answers from that, beside telling it from other sentences
OFTEN = 3  # times that the questions that were written for this are read while the others are once


@dataclass(frozen=True, slots=True)
class Query:
    """One line of training: a question, its archive's vectors, the numbers of sentences that answer, of those that may.

    None answers where there are none.
    """

    source: str
    kind: str
    question: str
    vectors: str
    answering: tuple[int, ...]
    perhaps: tuple[int, ...]
    heading: str = ""
    text: str = ""


def queries_of_archives(
    archives: Sequence[tuple[str, dict[str, list[Row]]]], folder: Path, *, seed: int
) -> Iterator[Query]:
    """The questions on each archive, with its source's name; the files of vectors are put into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    yield from made_of_archives(archives, partial(_queries_alone, folder=folder, seed=seed), what="Encoding archives")


def _queries_alone(source: str, asked: dict[str, list[Row]], number: int, *, folder: Path, seed: int) -> list[Query]:
    archive = ReportArchive(asked, process_encoder(), random.Random(seed + number), source=source)
    path = folder.resolve() / f"{number:04d}.npy"
    np.save(path, archive.vectors.astype(np.float16))
    found = (archive.query(row) for rows in asked.values() for row in rows)
    return [
        Query(source, "answer" if answering else "none", question, str(path), tuple(answering), tuple(perhaps))
        for question, answering, perhaps in filter(None, found)
    ]


class QueryTrainer(Trainer):
    """What makes the vectors of questions, in training, on all sentences of each one's archive at once."""

    architecture = AutoModel
    labels = ()
    batch = 48
    resting = 4
    rate = 8e-5
    share_before = 0.0

    def loss(self, rows: Sequence[Row]) -> Tensor:
        """How unlikely what answers is among all sentences of its archive, and against that nothing does."""
        encoded = self.tokenizer(
            [PREFIX + row["question"] for row in rows],
            truncation=True,
            max_length=LONGEST_INPUT,
            padding=True,
            pad_to_multiple_of=8,
            return_token_type_ids=False,
            return_tensors="pt",
        )
        present = encoded["attention_mask"][..., None]
        vectors = (self.output(encoded).last_hidden_state.float() * present).sum(1) / present.sum(1)
        languages = torch.from_numpy(packaged_languages())
        asked = nn.functional.normalize(vectors - (vectors @ languages.T) @ languages, dim=-1)
        return torch.stack([self._unlikely(*pair) for pair in zip(rows, asked, strict=True)]).mean()

    def _unlikely(self, row: Row, asked: Tensor) -> Tensor:
        scores = _vectors_of(row["vectors"]).float() @ asked / TEMPERATURE
        scores = scores.index_fill(0, torch.tensor(row["perhaps"], dtype=torch.long), -1 / TEMPERATURE)
        none, every = torch.tensor(NO_ANSWER / TEMPERATURE), scores.logsumexp(0)
        if not row["answering"]:
            return REFUSING * (torch.logaddexp(every, none) - none)
        right = scores[torch.tensor(row["answering"])].logsumexp(0)
        return every - right + REFUSING * (torch.logaddexp(every, none) - right)


@cache
def _vectors_of(path: str) -> Tensor:
    return torch.from_numpy(np.load(path))
