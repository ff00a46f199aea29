"""`python -m training.intents`: fits what tells intents, outcomes and leaning on questions written for it.

Lines of intents.tsv, outcomes.tsv and leaning.tsv: class, language, question. Classes are the intents, " of all" behind
those that name no topic; what is asked of a case's end, or "other"; and whether a question leans on one before it. What
has an intent leans on none, small talk is a remark; where nothing speaks for it, it asks for no outcome.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch

from qa.archive.parts import encoder_of
from qa.encoding.intents import (
    ALL,
    LEANING_WEIGHTS,
    OUTCOME_WEIGHTS,
    WEIGHTS,
    IntentClassifier,
    word_features,
)
from qa.models.replies import Intent, Leaning
from qa.protocols import Encoder, Vectors
from qa.settings import Settings
from training.windows import normalized

QUESTIONS = Path(__file__).with_name("intents.tsv")
LEANING_QUESTIONS = QUESTIONS.with_name("leaning.tsv")
UNSEEN_LEANING = QUESTIONS.with_name("leaning.test.tsv")
OUTCOME_QUESTIONS = QUESTIONS.with_name("outcomes.tsv")
UNSEEN_OUTCOMES = QUESTIONS.with_name("outcomes.test.tsv")
PACKAGED = Path(__file__).parent.parent / "qa" / "encoding"
UNSEEN = QUESTIONS.with_name("intents.test.tsv")  # questions by another hand, not fitted on
DECAY = 1e-5
"""Of the weights; 1e-6 to 1e-4 were tried: with more wide questions are missed, with less facts taken for them."""

WORD_DECAY = 3e-5
"""Of those of words and letters; 2e-5 to 3e-4 were tried."""

BALANCE = 0.3  # power to which rare classes weigh more than frequent ones
EVEN = 1.0
"""The same for leaning: in a conversation as many lean as don't, of the questions here one in eight."""

OUTCOME_BALANCE, ASKS_NONE = 0.5, 0.6
"""`BALANCE` of outcomes where they are fitted on their own questions alone; and the probability of asking for none from
which a question that was written for something else is taken for such."""
OTHER = "other"

STEPS = 120


def read_questions(path: Path) -> list[tuple[str, str]]:
    """Class and question of each line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [(fields[0], fields[2]) for fields in (line.split("\t") for line in lines) if len(fields) >= 3]


def fit(
    vectors: Vectors, words: Vectors, classes: Sequence[str], names: Sequence[str], *, balance: float = BALANCE
) -> tuple[Vectors, Vectors, Vectors]:
    """Weights of vectors and of words, (names, dimension) each, and biases of a multinomial logistic regression."""
    mean, scale = vectors.mean(0), vectors.std(0) * vectors.shape[1] ** 0.5
    present = torch.from_numpy(np.hstack([(vectors - mean) / scale, words]))
    decay = torch.tensor([DECAY] * vectors.shape[1] + [WORD_DECAY] * words.shape[1])
    right, counts = torch.tensor([names.index(name) for name in classes]), Counter(classes)
    shares = torch.tensor([(len(classes) / len(names) / counts[name]) ** balance for name in names])
    weights = torch.zeros(len(names), present.shape[1], requires_grad=True)
    bias = torch.zeros(len(names), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights, bias], max_iter=STEPS, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(present @ weights.T + bias, right, weight=shares)
        loss = loss + (decay * weights.square()).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    fitted, word_weights = np.split(weights.detach().numpy(), [vectors.shape[1]], axis=1)
    fitted = fitted / scale
    return fitted, word_weights, bias.detach().numpy() - fitted @ mean


def leaning_rows(leaning: Path, intents: Path) -> list[tuple[str, str]]:
    """The questions of both files by whether they lean on one before."""
    rows = read_questions(leaning)
    known = {normalized(text) for _, text in (*rows, *read_questions(UNSEEN_LEANING))}
    remark, alone = Leaning.REMARK.value, Leaning.ALONE.value
    return rows + [
        (remark if name == Intent.SMALL_TALK else alone, text)
        for name, text in read_questions(intents)
        if normalized(text) not in known
    ]


def outcome_rows(outcomes: Path, intents: Path, encoder: Encoder) -> list[tuple[str, str]]:
    """The questions of the first file, and of the other those that a fit on the first does not take for theirs.

    Nobody told the latter apart; some ask how a case ended, too.
    """
    rows = read_questions(outcomes)
    known = {normalized(text) for _, text in (*rows, *read_questions(UNSEEN_OUTCOMES))}
    others = [(OTHER, text) for _, text in read_questions(intents) if normalized(text) not in known]
    names = sorted({name for name, _ in rows})
    weights, word_weights, bias = fit(
        *features(rows, encoder), [name for name, _ in rows], names, balance=OUTCOME_BALANCE
    )
    vectors, words = features(others, encoder)
    odds = np.exp(vectors @ weights.T + words @ word_weights.T + bias)
    likely = odds[:, names.index(OTHER)] / odds.sum(1)
    return rows + [row for row, probability in zip(others, likely, strict=True) if probability > ASKS_NONE]


def features(rows: Sequence[tuple[str, str]], encoder: Encoder) -> tuple[Vectors, Vectors]:
    """Vectors and words of the questions, a row for each."""
    vectors = np.stack([encoder.encode_question(text) for _, text in rows])
    return vectors, np.stack([word_features(text) for _, text in rows])


def make(
    rows: Sequence[tuple[str, str]], out: Path, encoder: Encoder, *, balance: float = BALANCE, alone: bool = False
) -> None:
    """Fits on all the questions and writes the weights of vectors and words, and those of words `alone` if wanted."""
    vectors, words = features(rows, encoder)
    classes = [name for name, _ in rows]
    names = sorted(set(classes))
    weights, word_weights, bias = fit(vectors, words, classes, names, balance=balance)
    only = {}
    if alone:
        _, only_words, only_bias = fit(vectors[:, :0], words, classes, names, balance=balance)
        only = {"only_word_weights": only_words.astype(np.float16), "only_bias": only_bias.astype(np.float32)}
    np.savez_compressed(
        out,
        classes=np.array(names),
        weights=weights.astype(np.float32),
        word_weights=word_weights.astype(np.float16),
        bias=bias.astype(np.float32),
        encoder=np.array(encoder.fingerprint),
        **only,
    )
    print(f"{out}: {len(rows)} questions, {len(names)} classes")


def evaluate(rows: Sequence[tuple[str, str]], encoder: Encoder) -> dict[str, float]:
    """Of each intent the share of its questions that is recognised; of those taken for wide, the share that is."""
    classifier = IntentClassifier(encoder)
    taken = ((name.removesuffix(ALL), classifier.classify(text)) for name, text in rows)
    asked = [(name, (wish.intent if wish.likely else Intent.FACT).value) for name, wish in taken]
    recalls = {
        intent.value: sum(taken == intent for wanted, taken in asked if wanted == intent)
        / max(1, sum(wanted == intent for wanted, _ in asked))
        for intent in Intent
    }
    wide = [wanted == taken for wanted, taken in asked if taken != Intent.FACT]
    return recalls | {"of those taken for wide": sum(wide) / max(1, len(wide))}


def evaluate_outcomes(rows: Sequence[tuple[str, str]], encoder: Encoder) -> dict[str, float]:
    """Of each kind of outcome, and of what asks for none, the share of its questions that is told."""
    told = [(name, IntentClassifier(encoder).outcome(text) or OTHER) for name, text in rows]
    names = sorted({name for name, _ in rows})
    return {name: sum(a == b == name for a, b in told) / sum(a == name for a, _ in told) for name in names}


if __name__ == "__main__":
    packaged = encoder_of(Settings())
    packaged.encode_question = cache(packaged.encode_question)  # type: ignore[method-assign]
    make(read_questions(QUESTIONS), PACKAGED / WEIGHTS, packaged)
    make(leaning_rows(LEANING_QUESTIONS, QUESTIONS), PACKAGED / LEANING_WEIGHTS, packaged, balance=EVEN, alone=True)
    make(outcome_rows(OUTCOME_QUESTIONS, QUESTIONS, packaged), PACKAGED / OUTCOME_WEIGHTS, packaged, alone=True)
    figures = evaluate(read_questions(UNSEEN), packaged) | evaluate_outcomes(read_questions(UNSEEN_OUTCOMES), packaged)
    for measure, value in figures.items():
        print(f"{measure}: {value:.2f}")
