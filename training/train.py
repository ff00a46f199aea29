"""Trains the reader on windows: the encoder's word vectors and lower layers rest, the weights kept are a running mean.

The model is a standard `transformers` question-answering model; position 0 stands for "no answer" (SQuAD 2 form).
"""

import hashlib
import json
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from transformers import AutoModelForQuestionAnswering, AutoModelForTokenClassification, AutoTokenizer

from training.claims import LABELS
from training.windows import Row

LONGEST_INPUT = 288  # tokens
LONGEST_TEXT = 1050  # characters
POOL = 12  # batches that are sorted by length together, so that little is padded
REPORT_EVERY = 1000  # windows
REFUSED = -1e4
LARGEST = 127  # of a weight in 8 bits
RATE = 2e-4
"""Learning rate, falling to nearly nothing in the end."""
RANKED = 0.5
"""Weight of which of two twins is the right one, beside what each is by itself."""


def batches(rows: list[Row], size: int, rng: random.Random) -> Iterator[list[Row]]:
    """Batches of like length, without end."""
    while True:
        rng.shuffle(rows)
        for start in range(0, len(rows), size * POOL):
            pool = sorted(
                rows[start : start + size * POOL],
                key=lambda row: len(row.get("question", row.get("claim", ""))) + len(row["heading"]) + len(row["text"]),
            )
            groups = [pool[i : i + size] for i in range(0, len(pool), size)]
            rng.shuffle(groups)
            yield from groups


def remaining(groups: Iterator[list[Row]], seen: int) -> Iterator[list[Row]]:
    """The batches after those of the rows seen already: a run that goes on doesn't begin with the same ones."""
    while seen > 0:
        seen -= len(next(groups))
    return groups


class Trainer(ABC):
    """A model in training: what rests, what learns, and the running mean of what was learned.

    It begins with the checkpoint `weights`, else with those of `before`, else with the encoder. Nothing is dropped out:
    what is read once or twice isn't learned by heart. Of twins it learns, too, which is the right one, whatever they
    share.
    """

    architecture: type[Any]
    labels: tuple[str, ...]
    batch: int  # rows that are learned from together
    resting = 4  # lower layers that do not learn
    rate = RATE
    share_before: float
    """Share of the weights that training went on from in what is kept: the mean was better than either."""

    def __init__(
        self,
        base: Path,
        *,
        resting: int,
        rate: float,
        weights: Path | None = None,
        before: Mapping[str, Tensor] | None = None,
    ) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        # The packaged encoder's folder is in float16, too coarse to learn in. Attention without dropout is computed by
        # a faster kernel: a fifth of the time for each window.
        self.model = self.architecture.from_pretrained(
            base,
            dtype=torch.float32,
            attention_probs_dropout_prob=0.0,
            hidden_dropout_prob=0.0,
            classifier_dropout=0.0,
            num_labels=len(self.labels),
        )
        encoder = self.model.base_model
        encoder.pooler = None  # of a model without a head, which nothing learns
        self._resting = [encoder.embeddings, *encoder.encoder.layer[:resting]]
        for part in self._resting:
            part.requires_grad_(False)
        self.seen = 0
        if before:
            self.model.load_state_dict(before, strict=False)
        if weights:
            checkpoint = torch.load(weights, weights_only=True)
            self.seen = checkpoint["seen"]
            self.model.load_state_dict({k: v.float() for k, v in checkpoint["state"].items()}, strict=False)
        self._learning = {name: weight for name, weight in self.model.named_parameters() if weight.requires_grad}
        self._mean = {name: weight.detach().clone() for name, weight in self._learning.items()}
        matrices = [weight for weight in self._learning.values() if weight.dim() > 1]
        vectors = [weight for weight in self._learning.values() if weight.dim() <= 1]
        self._optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}],
            lr=rate, betas=(0.9, 0.98), eps=1e-6, fused=True,
        )  # fmt: skip
        self._rate, self._steps = rate, 0
        self._rng = random.Random(0)
        # 1.5 times the windows a second where the processor computes in it, a quarter where it doesn't.
        self._bfloat16 = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
        self.model.train()
        for part in self._resting:
            part.eval()

    @abstractmethod
    def loss(self, rows: Sequence[Row]) -> Tensor:
        """What is to be made small for a batch."""

    def tokenized(self, firsts: Sequence[str], rows: Sequence[Row]) -> tuple[Any, Tensor, Tensor]:
        """What the model takes; of each token its offsets, and if it is of the first text (0) or the second (1)."""
        encoded: Any = self.tokenizer(
            list(firsts),
            [row["heading"] + row["text"] for row in rows],
            truncation="only_second",
            max_length=LONGEST_INPUT,
            padding=True,
            pad_to_multiple_of=8,
            return_offsets_mapping=True,
            return_token_type_ids=False,
            return_tensors="pt",
        )
        parts = [[-1 if part is None else part for part in encoded.sequence_ids(index)] for index in range(len(rows))]
        return encoded, encoded.pop("offset_mapping"), torch.tensor(parts)

    def output(self, batch: Any) -> Any:
        """What the model makes of a batch, in bfloat16 where the processor computes in it."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            return self.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])

    def step(self, rows: Sequence[Row], progress: float) -> float:
        """Learn from one batch; `progress` from 0 to 1 lowers the rate. Returns the loss."""
        for group in self._optimizer.param_groups:
            group["lr"] = self._rate * min(1.0, (self._steps + 1) / 50) * max(0.03, min(1.0, (1 - progress) / 0.85))
        loss = self.loss(rows)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(list(self._learning.values()), 1.0)
        self._optimizer.step()
        self._steps += 1
        self.seen += len(rows)
        kept = min(0.98, (1 + self._steps) / (10 + self._steps))
        with torch.no_grad():
            for name, weight in self._learning.items():
                self._mean[name].lerp_(weight.detach(), 1 - kept)
        return float(loss.detach())

    def save(self, path: Path) -> None:
        """Write what was learned, as float16, so that a crash leaves the last checkpoint whole."""
        temporary = path.with_suffix(".partial")
        torch.save(
            {"state": {name: weight.half() for name, weight in self._mean.items()}, "seen": self.seen}, temporary
        )
        temporary.replace(path)


def with_twins(rows: Sequence[Row]) -> tuple[list[Row], list[tuple[int, int]]]:
    """The rows, each followed by its twin if it has one, and the places of the two."""
    every, pairs = list[Row](), list[tuple[int, int]]()
    for row in rows:
        every.append(row)
        if twin := row.get("twin"):
            pairs.append((len(every) - 1, len(every)))
            every.append(twin)
    return every, pairs


def ranked(scores: Tensor, pairs: Sequence[tuple[int, int]]) -> Tensor:
    """How unlikely it is that the right one of each two twins has the higher score, weighted."""
    if not pairs:
        return torch.zeros(())
    right, wrong = torch.tensor(pairs).unbind(-1)
    return RANKED * nn.functional.softplus(scores[wrong] - scores[right]).mean()


class ReaderTrainer(Trainer):
    """A reader in training: where in a window the answer is, if it is there, and which of two windows answers."""

    architecture = AutoModelForQuestionAnswering
    labels = ("first", "last")
    batch = 16
    share_before = 0.5

    def loss(self, rows: Sequence[Row]) -> Tensor:
        """How unlikely the right first and last tokens are, and that of twins the one that answers does."""
        windows, pairs = with_twins(rows)
        encoded, offsets, part = self.tokenized([window["question"] for window in windows], windows)
        starts, ends = (offsets - torch.tensor([len(row["heading"]) for row in windows])[:, None, None]).unbind(-1)
        inside = (part == 1) & (ends > starts) & (starts >= -1) & (ends > 0)
        first, last = torch.zeros_like(inside), torch.zeros_like(inside)
        for index, window in enumerate(windows):
            begins = (inside[index] & (ends[index] > window["start"])).nonzero()
            stops = (inside[index] & (starts[index] < window["end"])).nonzero()
            if window["start"] >= 0 and len(begins) and len(stops) and begins[0] <= stops[-1]:
                first[index, begins[0]] = last[index, stops[-1]] = True
        unanswered = ~first.any(-1)
        first[unanswered, 0] = last[unanswered, 0] = inside[:, 0] = True
        output, total, margins = self.output(encoded), torch.zeros(()), torch.zeros(len(windows))
        for side, right in (("start_logits", first), ("end_logits", last)):
            allowed = output[side].float().masked_fill(~inside, REFUSED)
            unlikely = allowed.logsumexp(-1) - allowed.masked_fill(~right, REFUSED).logsumexp(-1)
            total = total + unlikely.mean() / 2
            margins = margins + (allowed[:, 1:].logsumexp(-1) - allowed[:, 0]) / 2
        return total + ranked(margins, pairs)


class SupportTrainer(Trainer):
    """A support model in training: what evidence says to a claim, and which of its words make it so.

    Position 0 stands for the claim as a whole, the claim's tokens for themselves.
    """

    architecture = AutoModelForTokenClassification
    labels = LABELS
    batch = 32  # evidence is short
    share_before = 0.3

    def loss(self, rows: Sequence[Row]) -> Tensor:
        """How unlikely the right labels of claims and of their words are, and that of twins the true one is."""
        claims, pairs = with_twins(rows)
        encoded, offsets, part = self.tokenized([row["claim"] for row in claims], claims)
        likely = self.output(encoded).logits.float().log_softmax(-1)
        # Of some it is only known that they are not borne out: both other labels are right.
        right = torch.tensor([[label in row["labels"] for label in self.labels] for row in claims])
        unlikely = -likely[:, 0].masked_fill(~right, REFUSED).logsumexp(-1)
        parts = torch.stack([self._parts(*row) for row in zip(claims, likely, right, offsets, part, strict=True)])
        total: Tensor = (unlikely + parts).mean()
        return total + ranked(likely[:, 0, 0] - likely[:, 0, 1:].logsumexp(-1), pairs)

    def _parts(self, row: Row, likely: Tensor, right: Tensor, offsets: Tensor, part: Tensor) -> Tensor:
        """How unlikely the right labels of a claim's words are; none where nobody knows them."""
        total = likely.new_zeros(())
        if row["wrong"] is None:
            return total
        claim = part == 0
        wrong = torch.zeros_like(claim)
        for start, end in row["wrong"]:
            wrong |= claim & (offsets[:, 0] < end) & (offsets[:, 1] > start)
        # The words that differ are few, and weigh as much as the others together.
        if (claim & ~wrong).any():
            total = total - likely[claim & ~wrong, 0].mean()
        if wrong.any():
            total = total - likely[wrong].masked_fill(~right, REFUSED).logsumexp(-1).mean()
        return total


def train(
    base: Path,
    windows: Path,
    checkpoint: Path,
    *,
    trainer_type: type[Trainer] = ReaderTrainer,
    hours: float,
    resume: Path | None = None,
    before: Mapping[str, Tensor] | None = None,
    batch: int | None = None,
    rate: float | None = None,
    resting: int | None = None,
    seed: int = 17,
) -> None:
    """Train for some hours; the checkpoint is written again and again, and a later run can go on from it.

    `resting` are the lower layers that do not learn, where not the trainer's; `before` are weights to go on from. On a
    machine that does other work, OMP_WAIT_POLICY=PASSIVE keeps threads from spinning.
    """
    torch.manual_seed(seed)
    rows = [json.loads(line) for line in windows.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if len(row["text"]) <= LONGEST_TEXT]
    resting = trainer_type.resting if resting is None else resting
    rate = trainer_type.rate if rate is None else rate
    trainer = trainer_type(base, resting=resting, rate=rate, weights=resume, before=before)
    batch = batch or trainer_type.batch
    began, reported, losses = time.monotonic(), trainer.seen, list[float]()
    for group in remaining(batches(rows, batch, random.Random(seed)), trainer.seen):
        elapsed = time.monotonic() - began
        if elapsed >= hours * 3600:
            break
        losses.append(trainer.step(group, elapsed / (hours * 3600)))
        if trainer.seen - reported >= REPORT_EVERY:
            reported, recent = trainer.seen, losses[-REPORT_EVERY // batch :]
            print(
                f"{time.strftime('%H:%M:%S')} seen {trainer.seen} loss {sum(recent) / len(recent):.3f}"
                f" {elapsed:.0f} s, {time.process_time():.0f} s of processor time",
                flush=True,
            )
            trainer.save(checkpoint)
    trainer.save(checkpoint)


def quantized(name: str, tensor: Tensor) -> dict[str, Tensor]:
    """A tensor as the package keeps it: matrices in 8 bits with a scale a row, which are two, all else in float16."""
    if tensor.dim() < 2 or tensor.shape[0] < 8:
        return {name: tensor.half().contiguous()}
    scale = tensor.float().abs().amax(dim=1).clamp(min=1e-12) / LARGEST
    values = (tensor.float() / scale[:, None]).round().clamp(-LARGEST, LARGEST).to(torch.int8)
    return {name: values.contiguous(), f"{name}.scale": scale.contiguous()}


def export(checkpoint: Path, out: Path, *, before: Mapping[str, Tensor] | None = None, share: float = 0.0) -> str:
    """The SHA-256 of the file written; `before` are weights that training went on from, of which it has this share."""
    state = torch.load(checkpoint, weights_only=True)["state"]
    if before:
        state = {name: tensor.float().lerp(before[name], share) for name, tensor in state.items()}
    tensors = {key: value for name, tensor in state.items() for key, value in quantized(name, tensor).items()}
    save_file(tensors, out)
    return hashlib.sha256(out.read_bytes()).hexdigest()
