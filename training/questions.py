"""Trains what tells intents, outcomes and leaning, on questions that were written for it; all of them are kept here.

Lines of intents.tsv, outcomes.tsv and leaning.tsv: class, language, question. Classes are the intents, " of all" behind
those that name no topic; what is asked of a case's end, or "other"; and whether a question leans on one before it. What
has an intent leans on none, small talk is a remark; it asks for no outcome unless a fourth field says that it may.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModelForTokenClassification

from qa.archive.parts import encoder_of, questions_of
from qa.encoding import intents
from qa.encoding.intents import ALL, KINDS, LEANINGS, OTHER, PREFIX, IntentClassifier, QuestionClassifier
from qa.encoding.sentence_encoder import file_digest
from qa.models.archive import Span
from qa.models.replies import FACT, Intent, Leaning
from qa.retrieval.outlets import WANTED, of_reports
from qa.settings import Settings
from qa.text.language import language_of
from training.train import LONGEST_INPUT, Trainer
from training.windows import (
    ASIDES,
    FOLLOWING,
    Row,
    as_typed,
    asides_of,
    developing_rows,
    dossier_questions,
    dossier_sentences,
    joined,
    normalized,
)

QUESTIONS = Path(__file__).with_name("intents.tsv")
LEANING_QUESTIONS = QUESTIONS.with_name("leaning.tsv")
OUTCOME_QUESTIONS = QUESTIONS.with_name("outcomes.tsv")
OUTLETS = QUESTIONS.with_name("outlets.tsv")
UNSEEN, UNSEEN_LEANING, UNSEEN_OUTCOMES, UNSEEN_ASIDES, UNSEEN_OUTLETS = (
    path.with_suffix(".test.tsv") for path in (QUESTIONS, LEANING_QUESTIONS, OUTCOME_QUESTIONS, ASIDES, OUTLETS)
)  # questions and asides by other hands, not trained on
UNSEEN_VAGUE = QUESTIONS.with_name("vague.test.tsv")  # as intents.test.tsv, in vague and in compound words
FACTS = 4_000  # questions on dossiers that one report answers, beside those that several do
BALANCE = (0.3, 1.0, 0.5)
"""Powers to which rare classes weigh more than frequent ones, by kind. In a conversation as many lean as don't, of the
questions here one in eight."""
WITH_ASIDES = 4_000  # questions from which asides are learned, and how many of them come behind a sentence of a report
TOLD = 0.1
OF_REPORTS = ("fact", "topic", "all")
PENALTY, OUTLET_PENALTY = 1e-4, 1e-2  # of the squares of what tells asides, and outlets
SEED = 17
SMOOTHING = 0.02  # of labels: who wrote the questions was not always sure
REMARKS = (Intent.SMALL_TALK, Intent.SERVICE)  # nothing is put around these, which are such asides themselves


@dataclass(frozen=True, slots=True)
class Question:
    """One line of training: a question, its classes by kind, None where unknown, and how much each of these weighs."""

    source: str
    kind: str
    question: str
    classes: tuple[str | None, ...]
    weights: tuple[float, ...] = ()
    heading: str = ""
    text: str = ""


def read_questions(path: Path) -> list[tuple[str, str]]:
    """Class and question of each line."""
    return [(name, text) for name, text, _ in _lines(path)]


def _lines(path: Path) -> Iterator[tuple[str, str, bool]]:
    """Class and question of each line, and whether it may ask how a case ended, too."""
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, text, *more = line.split("\t")
        yield name, text, bool(more)


def question_rows(rng: random.Random) -> list[Question]:
    """All questions with what is known of each, shuffled."""
    known: dict[str, dict[int, str]] = {}  # by kind
    texts: dict[str, str] = {}

    def put(text: str, *classes: str | None) -> None:
        key = normalized(text)
        texts.setdefault(key, text)
        named = {place: name for place, name in enumerate(classes) if name}
        known[key] = named | known.get(key, {})

    for name, text in read_questions(LEANING_QUESTIONS):
        put(text, None, name, None)
    for name, text in read_questions(OUTCOME_QUESTIONS):
        put(text, None, None, name)
    for name, text, may_ask in _lines(QUESTIONS):
        leaning = Leaning.REMARK if name == Intent.SMALL_TALK else Leaning.ALONE
        put(text, name, leaning, None if may_ask else OTHER)
    several, single = dossier_questions()
    for text in several:
        put(text, Intent.LIST, Leaning.ALONE, None)
    for text in rng.sample(single, FACTS):
        put(text, Intent.FACT, Leaning.ALONE, None)
    for row in chain.from_iterable(developing_rows()):  # loose ones: nothing in them says that one report answers
        put(row["question"], Intent.FACT, None, None)
    for path in (UNSEEN, UNSEEN_VAGUE, UNSEEN_LEANING, UNSEEN_OUTCOMES):
        for _, text in read_questions(path):
            known.pop(normalized(text), None)
    rows = [(texts[key], tuple(named.get(place) for place in range(len(KINDS)))) for key, named in known.items()]
    counts = [Counter(classes[place] for _, classes in rows) for place in range(len(KINDS))]
    questions = [
        Question("questions", classes[0] or "", text, classes, tuple(map(_weight, classes, KINDS, counts, BALANCE)))
        for text, classes in rows
    ]
    rng.shuffle(questions)
    return questions


def _weight(name: str | None, kind: Sequence[str], counts: Counter[str | None], power: float) -> float:
    """How much a class weighs among those of its kind; nothing where it is unknown."""
    return (sum(map(counts.__getitem__, kind)) / len(kind) / counts[name]) ** power if name else 0.0


class QuestionTrainer(Trainer):
    """What tells wishes in training: the mean of what every token says is what a question says."""

    architecture = AutoModelForTokenClassification
    labels = QuestionClassifier.classes
    batch = 32
    resting = 8  # with four of twelve that learn nothing was missing
    share_before = 0.0  # what went on alone was better in each part

    def loss(self, rows: Sequence[Row]) -> Tensor:
        """How unlikely the right class of each kind is, where it is known."""
        texts, behind = zip(*map(self._as_typed, rows, [rows[-1], *rows]), strict=False)
        encoded = self.tokenizer(
            [PREFIX + text for text in texts],
            truncation=True,
            max_length=LONGEST_INPUT,
            padding=True,
            return_tensors="pt",
        )
        present = encoded["attention_mask"][..., None]
        logits = (self.output(encoded).logits.float() * present).sum(1) / present.sum(1)
        total = torch.zeros(())
        for place, (kind, scores) in enumerate(zip(KINDS, logits.split([*map(len, KINDS)], dim=1), strict=True)):
            # What is unknown weighs nothing, whatever stands in its place.
            right = torch.tensor([kind.index(row["classes"][place] or kind[0]) for row in rows])
            weights = torch.tensor([row["weights"][place] for row in rows])
            if kind is LEANINGS:  # behind another it leans on nothing that isn't there
                weights = weights * (1.0 - torch.tensor(behind, dtype=torch.float32))
            unlikely = nn.functional.cross_entropy(scores, right, reduction="none", label_smoothing=SMOOTHING)
            total = total + (unlikely * weights).sum() / weights.sum().clamp(min=1.0)
        return total

    def _as_typed(self, row: Row, before: Row) -> tuple[str, bool]:
        """A question as people type it, and whether it stands behind another: the last says what is wanted."""
        if row["kind"] in REMARKS:
            return row["question"], False
        more = row["classes"][0] or row["classes"][2]  # than whether it leans
        if more and before["kind"] and before["kind"] not in REMARKS and self._rng.random() < FOLLOWING:
            return as_typed(joined(before["question"], row["question"]), self._rng)[0], True
        return as_typed(row["question"], self._rng)[0], False


def evaluate(rows: Sequence[tuple[str, str]], classifier: IntentClassifier) -> dict[str, float]:
    """Of each intent the share of its questions that is recognised; of those taken for wide, the share that is."""
    taken = ((name.removesuffix(ALL), classifier.classify(text)) for name, text in rows)
    asked = [(name, (wish.intent if wish.likely else Intent.FACT).value) for name, wish in taken]
    recalls = {
        intent.value: sum(taken == intent for wanted, taken in asked if wanted == intent)
        / max(1, sum(wanted == intent for wanted, _ in asked))
        for intent in Intent
    }
    wide = [wanted == taken for wanted, taken in asked if taken != Intent.FACT]
    return recalls | {"of those taken for wide": sum(wide) / max(1, len(wide))}


def evaluate_outcomes(rows: Sequence[tuple[str, str]], classifier: IntentClassifier) -> dict[str, float]:
    """Of each kind of outcome, and of what asks for none, the share of its questions that is told."""
    told = [(name, classifier.outcome(text) or OTHER) for name, text in rows]
    names = sorted({name for name, _ in rows})
    return {name: sum(a == b == name for a, b in told) / sum(a == name for a, _ in told) for name in names}


def evaluate_asides(rows: Sequence[tuple[str, str]], classifier: IntentClassifier) -> dict[str, float]:
    """Of questions with an aside, alone, and behind a sentence of a report the share that stays, and nothing else."""
    rng, asides, whole = random.Random(17), asides_of(UNSEEN_ASIDES), dict[str, list[bool]]()
    for name, question in rows:
        language = language_of(question, otherwise="")
        if name in REMARKS or language not in asides:
            continue
        before, aside = rng.choice(asides[language])
        told = f"{rng.choice(dossier_sentences()[language])} {question}"
        typed = f"{aside} {question}" if before else f"{question} {aside}"
        for kind, text, wanted in (
            ("with an aside", typed, question),
            ("alone", question, question),
            ("behind a sentence of a report", told, told),
        ):
            whole.setdefault(kind, []).append(normalized(classifier.asked(text)) == normalized(wanted))
    return {kind: sum(right) / len(right) for kind, right in whole.items()}


class OutletRow(NamedTuple):
    """A name in a question, whether its own reports are wanted, and what of them."""

    wanted: bool
    question: str
    name: Span
    of_reports: str = ""  # one of OF_REPORTS, or "lean" where the question before tells


def evaluate_outlets(rows: Iterable[OutletRow], classifier: IntentClassifier) -> dict[str, float]:
    """Of names in questions the share taken for outlets whose reports are wanted, and of those that are for what."""
    read = [(row, reading) for row in rows if (reading := classifier.read_outlet(row.question, row.name))]
    taken: dict[str, list[bool]] = {}
    for row, reading in read:
        taken.setdefault(f"reports wanted: {row.wanted}", []).append(reading.wanted >= WANTED)
        if row.of_reports in OF_REPORTS:
            taken.setdefault(f"told, where wanted is: {row.of_reports}", []).append(of_reports(reading) != FACT)
    return {kind: sum(told) / len(told) for kind, told in taken.items()}


def fitted_asides(model: QuestionClassifier, rng: random.Random) -> dict[str, Tensor]:
    """What tells a token of an aside by its states in some layers: a logistic regression, over questions as typed."""
    states, beside = list[Tensor](), list[bool]()
    asking = [row for row in question_rows(rng) if row.kind not in REMARKS]
    for row in rng.sample(asking, WITH_ASIDES):
        question, sentences = row.question, dossier_sentences()[language_of(row.question, otherwise="")]
        if sentences and rng.random() < TOLD:
            question = f"{rng.choice(sentences)} {question}"
        text, (first, last) = as_typed(question, rng)
        placed, _, of_tokens = model.tokens(text)
        for span, state in zip(placed, of_tokens, strict=True):
            if span:
                states.append(state)
                beside.append(span.end <= first or span.start >= last)
    return regression("aside", torch.stack(states), beside, penalty=PENALTY)


def fitted_outlets(model: QuestionClassifier) -> dict[str, Tensor]:
    """What tells whether a name stands for an outlet whose reports are wanted, and what of them."""
    read = [(row, states) for row in outlet_rows(OUTLETS) if (states := model.around(row.question, row.name))]
    near = torch.stack([states for _, (states, _) in read])
    fitted = regression("outlet", near, [row.wanted for row, _ in read], penalty=OUTLET_PENALTY)
    told = [(row.of_reports, rest) for row, (_, rest) in read if row.of_reports in OF_REPORTS]
    rest = torch.stack([states for _, states in told])
    for head, classes in (("told", OF_REPORTS[1:]), ("all", OF_REPORTS[2:])):
        fitted |= regression(head, rest, [name in classes for name, _ in told], penalty=OUTLET_PENALTY)
    return fitted


def outlet_rows(path: Path) -> Iterator[OutletRow]:
    """Lines of whether the reports of what stands between [[ and ]] are wanted, language, question, what of them."""
    for line in path.read_text(encoding="utf-8").splitlines():
        wanted, _, marked, *of_reports = line.split("\t")
        for match in re.finditer(r"\[\[(.+?)\]\]", marked):
            start = len(re.sub(r"\[\[|\]\]", "", marked[: match.start()]))
            name = Span(start, start + len(match[1]))
            yield OutletRow(wanted == "by", re.sub(r"\[\[|\]\]", "", marked), name, *of_reports)


def regression(name: str, inputs: Tensor, classes: Sequence[bool], *, penalty: float) -> dict[str, Tensor]:
    """The weights of a logistic regression; the penalty is of their squares."""
    wanted = torch.tensor(classes, dtype=torch.float32)
    weight, bias = torch.zeros(inputs.shape[1], requires_grad=True), torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=100)

    def unlikely() -> Tensor:
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(inputs @ weight + bias, wanted)
        loss = loss + penalty * weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(unlikely)
    return {f"{name}.weight": weight.detach()[None], f"{name}.bias": bias.detach()}


def with_heads(out: Path, names: Sequence[str]) -> str:
    """Writes the packaged weights with some of the heads fitted upon them; the SHA-256 of the file."""
    settings, fitted = Settings(), dict[str, Tensor]()
    model = questions_of(settings, encoder_of(settings))
    for name in names:
        fitted |= fitted_asides(model, random.Random(SEED)) if name == "aside" else fitted_outlets(model)
    packaged = Path(intents.__file__).with_name(f"{QuestionClassifier.name}.safetensors")
    save_file(load_file(packaged) | {name: tensor.half() for name, tensor in fitted.items()}, out)
    return file_digest(out)


if __name__ == "__main__":
    settings = Settings()
    packaged = IntentClassifier(questions_of(settings, encoder_of(settings)))
    leans = [(name, packaged.leaning(text)) for name, text in read_questions(UNSEEN_LEANING)]
    leaning = {
        name: sum(told != Leaning.ALONE for wanted, told in leans if wanted == name)
        / sum(wanted == name for wanted, _ in leans)
        for name in (Leaning.LEANS, Leaning.ALONE)
    }
    figures = evaluate(read_questions(UNSEEN), packaged) | evaluate_outcomes(read_questions(UNSEEN_OUTCOMES), packaged)
    figures |= evaluate_asides(read_questions(UNSEEN), packaged)
    figures |= evaluate_outlets(outlet_rows(UNSEEN_OUTLETS), packaged)
    vague = evaluate(read_questions(UNSEEN_VAGUE), packaged)
    figures |= {f"in vague words, {name}": share for name, share in vague.items() if share}
    for measure, value in (figures | {f"{name}, taken for leaning": share for name, share in leaning.items()}).items():
        print(f"{measure}: {value:.2f}")
