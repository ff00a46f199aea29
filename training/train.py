"""Trains the reader on windows: the encoder's word vectors and lower layers rest, the weights kept are a running mean.

The model is a standard `transformers` question-answering model; position 0 stands for "no answer" (SQuAD 2 form).
"""

import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import (
    AutoModelForQuestionAnswering,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedTokenizerBase,
)

from qa.encoding.reader import PACKAGED_WEIGHTS
from training.claims import LABELS

LONGEST_INPUT = 288  # tokens
LONGEST_TEXT = 1050  # characters
POOL = 12  # batches that are sorted by length together, so that little is padded
REPORT_EVERY = 1000  # windows
SOMEWHERE = -2  # the answer is in the text, its place unknown
REFUSED = -1e4


def _tokenized(tokenizer: PreTrainedTokenizerBase, firsts: Sequence[str], rows: Sequence[dict[str, Any]]) -> Any:
    """What is read first with each row's text."""
    return tokenizer(
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


def encode(tokenizer: PreTrainedTokenizerBase, rows: Sequence[dict[str, Any]]) -> dict[str, Tensor]:
    """What the model takes, `allowed` (batch, tokens): where an answer may be, and `offsets` into each row's text."""
    encoded = _tokenized(tokenizer, [row["question"] for row in rows], rows)
    offsets = encoded.pop("offset_mapping")
    allowed = torch.zeros(offsets.shape[:2], dtype=torch.bool)
    for index, row in enumerate(rows):
        passage = torch.tensor([sequence == 1 for sequence in encoded.sequence_ids(index)])
        heading = len(row["heading"])
        filled = offsets[index, :, 1] > offsets[index, :, 0]
        inside = (offsets[index, :, 0] - heading >= -1) & (offsets[index, :, 1] > heading)
        allowed[index] = passage & filled & inside
        allowed[index, 0] = True
        offsets[index] -= heading
    return {
        "input_ids": encoded["input_ids"],
        "attention_mask": encoded["attention_mask"],
        "allowed": allowed,
        "offsets": offsets,
    }


def targets(batch: dict[str, Tensor], rows: Sequence[dict[str, Any]]) -> tuple[Tensor, Tensor]:
    """(batch, tokens) which tokens may be the span's first, and its last; several where only the text is known."""
    allowed, offsets = batch["allowed"], batch["offsets"]
    first, last = torch.zeros_like(allowed), torch.zeros_like(allowed)
    for index, row in enumerate(rows):
        tokens = allowed[index].clone()
        tokens[0] = False
        if row["start"] == SOMEWHERE:
            first[index], last[index] = tokens, tokens
        elif row["start"] >= 0:
            starts = ((offsets[index, :, 1] > row["start"]) & tokens).nonzero()
            ends = ((offsets[index, :, 0] < row["end"]) & tokens).nonzero()
            if len(starts) and len(ends) and starts[0] <= ends[-1]:
                first[index, starts[0]] = last[index, ends[-1]] = True
        if not first[index].any():
            first[index, 0] = last[index, 0] = True
    return first, last


def span_loss(
    start_logits: Tensor, end_logits: Tensor, batch: dict[str, Tensor], rows: Sequence[dict[str, Any]]
) -> Tensor:
    """The mean negative log likelihood of the right first and last tokens."""
    total = torch.zeros(())
    for logits, right in zip((start_logits, end_logits), targets(batch, rows), strict=True):
        logits = logits.float().masked_fill(~batch["allowed"], REFUSED)
        likelihood = logits.logsumexp(-1) - logits.masked_fill(~right, REFUSED).logsumexp(-1)
        total = total + likelihood.mean() / 2
    return total


def batches(rows: list[dict[str, Any]], size: int, rng: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Batches of like length, without end."""
    while True:
        rng.shuffle(rows)
        for start in range(0, len(rows), size * POOL):
            pool = sorted(rows[start : start + size * POOL], key=_length)
            groups = [pool[i : i + size] for i in range(0, len(pool), size)]
            rng.shuffle(groups)
            yield from groups


def _length(row: dict[str, Any]) -> int:
    return sum(len(value) for value in row.values() if isinstance(value, str))


class Trainer:
    """A reader in training: what rests, what learns, and the running mean of what was learned."""

    architecture: type[Any] = AutoModelForQuestionAnswering
    labels: tuple[str, ...] = ("first", "last")

    def __init__(
        self, base: Path, *, resting: int, rate: float, weights: Path | None = None, packaged: bool = False
    ) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        # Attention without dropout is computed by a faster kernel: a fifth of the time for each window.
        self.model = self.architecture.from_pretrained(
            base, attention_probs_dropout_prob=0.0, num_labels=len(self.labels)
        )
        encoder = self.model.base_model
        self._resting = [encoder.embeddings, *encoder.encoder.layer[:resting]]
        for part in self._resting:
            part.requires_grad_(False)
        self.seen = 0
        if weights:
            checkpoint = torch.load(weights, weights_only=True)
            self.seen = checkpoint["seen"]
            self.model.load_state_dict({k: v.float() for k, v in checkpoint["state"].items()}, strict=False)
        elif packaged:
            self.model.load_state_dict(PACKAGED_WEIGHTS.tensors(), strict=False)
        self._learning = {name: weight for name, weight in self.model.named_parameters() if weight.requires_grad}
        self._mean = {name: weight.detach().clone() for name, weight in self._learning.items()}
        matrices = [weight for weight in self._learning.values() if weight.dim() > 1]
        vectors = [weight for weight in self._learning.values() if weight.dim() <= 1]
        self._optimizer = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}],
            lr=rate, betas=(0.9, 0.98), eps=1e-6, fused=True,
        )  # fmt: skip
        self._rate, self._steps = rate, 0
        # 1.5 times the windows a second where the processor computes in it, a quarter where it doesn't.
        self._bfloat16 = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
        self.model.train()
        for part in self._resting:
            part.eval()

    def loss(self, rows: Sequence[dict[str, Any]]) -> Tensor:
        """What is to be made small: how unlikely the right spans are."""
        batch = encode(self.tokenizer, rows)
        output = self.output(batch)
        return span_loss(output.start_logits, output.end_logits, batch, rows)

    def output(self, batch: dict[str, Tensor]) -> Any:
        """What the model makes of a batch, in bfloat16 where the processor computes in it."""
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            return self.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])

    def step(self, rows: Sequence[dict[str, Any]], progress: float) -> float:
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


class SupportTrainer(Trainer):
    """A support model in training: what evidence says to a claim, and which of its words make it so.

    Position 0 stands for the claim as a whole, the claim's tokens for themselves. It begins as the reader.
    """

    architecture = AutoModelForTokenClassification
    labels = LABELS

    def loss(self, rows: Sequence[dict[str, Any]]) -> Tensor:
        """What is to be made small: how unlikely the right labels of claims and of their words are."""
        encoded = _tokenized(self.tokenizer, [row["claim"] for row in rows], rows)
        offsets = encoded.pop("offset_mapping")
        unlikely = self.output(encoded).logits.float().log_softmax(-1)
        # Of some it is only known that they are not borne out: both other labels are right.
        right = torch.tensor([[label in row["labels"] for label in self.labels] for row in rows])
        whole = -unlikely[:, 0].masked_fill(~right, REFUSED).logsumexp(-1).mean()
        parts = [torch.zeros(())]
        for index, row in enumerate(rows):
            if row["wrong"] is None:
                continue
            claim = torch.tensor([sequence == 0 for sequence in encoded.sequence_ids(index)])
            wrong = torch.zeros_like(claim)
            for start, end in row["wrong"]:
                wrong |= claim & (offsets[index, :, 0] < end) & (offsets[index, :, 1] > start)
            # The words that differ are few, and weigh as much as the others together.
            parts += [-unlikely[index, claim & ~wrong, 0].mean()] * bool((claim & ~wrong).any())
            if wrong.any():
                parts.append(-unlikely[index, wrong].masked_fill(~right[index], REFUSED).logsumexp(-1).mean())
        return whole + torch.stack(parts).sum() / len(rows)


def train(
    base: Path,
    windows: Path,
    checkpoint: Path,
    *,
    trainer_type: type[Trainer] = Trainer,
    hours: float,
    resume: Path | None = None,
    packaged: bool = False,
    batch: int = 16,
    rate: float = 2.5e-4,
    resting: int = 4,
    seed: int = 17,
) -> None:
    """Train for some hours; the checkpoint is written again and again, and a later run can go on from it.

    `resting` are the lower layers that do not learn; `packaged` goes on from the weights that the package keeps. On a
    machine that does other work, OMP_WAIT_POLICY=PASSIVE keeps threads from spinning.
    """
    torch.manual_seed(seed)
    rows = [json.loads(line) for line in windows.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if len(row["text"]) <= LONGEST_TEXT]
    trainer = trainer_type(base, resting=resting, rate=rate, weights=resume, packaged=packaged)
    began, reported, losses = time.monotonic(), trainer.seen, list[float]()
    for group in batches(rows, batch, random.Random(seed)):
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
