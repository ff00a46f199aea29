"""What a question wants, of a case's end too, and if it leans on the one before: classifiers over vector and words."""

import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from qa.models.replies import FACT, Asked, Intent, Leaning, Outcome
from qa.protocols import Encoder, Vectors
from qa.text.sentences import sentence_spans
from qa.text.stages import asks_for_guilt
from qa.text.terms import fold

WEIGHTS = "intents.npz"  # beside this file; `python -m training.intents` makes all three
LEANING_WEIGHTS = "leaning.npz"
OUTCOME_WEIGHTS = "outcomes.npz"
WIDE = tuple(intent for intent in Intent if intent not in (Intent.FACT, Intent.SMALL_TALK, Intent.SERVICE))
PERHAPS, LIKELY = 0.5, 0.65
"""Probabilities of all WIDE intents together from which a question may want more than a fact, and the likeliest of
them, where no sentence answers it; and from which it does. Of 481 facts that the second was chosen on, half made to
look wide, 35 are mistaken then; of 577 wide questions 67 are missed. Between the two lie 34 wide ones and 29 facts."""
REMARKED = 0.7  # the same for what wants nothing of the articles
CERTAIN = 0.8
"""Probability from which no single sentence answers, however sure the reader is of one: of those 577 wide questions 381
reach it, of the 481 facts 8."""
MAY_LEAN, LEANS = 0.4, 0.7
"""Probabilities from which a question may lean on the one before, and from which it surely does: of 527 by other hands
.90 and .78 of those that lean reach them, .02 and none of the others; of the demo archive's known questions, which
stand alone though many name nothing ("Which two countries voted no?"), 30 and 9 of 436."""

ASKS_OUTCOME = 0.4
"""Probability of both from which a question asks how a case ended, or what a court did: of 130 such by another hand .98
reach it, of 130 others, half made to look so, .15; patterns of words told .51 and .15 (docs/evaluation/intents.md)."""

AFTERTHOUGHT = 4  # words behind a question that ask nothing further: "Thanks.", "Yes or no."
ALL = " of all"  # ends the names of classes of questions that name no topic
WORD_PLACES, LETTER_PLACES = 2048, 8192  # that words and their neighbours, and runs of letters, are hashed to
RUNS = (3, 4, 5)  # letters
_TOKEN = re.compile(r"\w+|[?]")


def word_features(question: str) -> Vectors:
    """(WORD_PLACES + LETTER_PLACES,), each part of length 1; a name is one word, whatever it is.

    What a question wants stands in words ("sum up", "differences between") of which its vector, that of its topic,
    tells little. Runs of letters bear typos and endings.
    """
    tokens = ["^"]
    for match in _TOKEN.finditer(question):
        word = match.group()
        named = match.start() > 0 and (word[0].isupper() or word.isdigit())
        if not (named and tokens[-1] == "N"):
            tokens.append("N" if named else fold(word))
    grams = {(token,) for token in tokens} | set(pairwise(tokens)) | {tuple(tokens[:3]), tuple(tokens[1:4])}
    letters = f" {' '.join(tokens)} "
    pieces = (letters[start : start + length] for length in RUNS for start in range(len(letters) - length + 1))
    return np.concatenate([_hashed(map("\t".join, grams), WORD_PLACES), _hashed(pieces, LETTER_PLACES)])


def _hashed(pieces: Iterable[str], places: int) -> Vectors:
    features = np.zeros(places, dtype=np.float32)
    features[[zlib.crc32(piece.encode()) % places for piece in pieces]] = 1
    scaled: Vectors = features / max(1.0, float(np.linalg.norm(features)))
    return scaled


class IntentClassifier:
    """Tells intents, outcomes and leaning; with another encoder no intents, and the others by words alone."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def classify(self, question: str) -> Asked:
        """A question that is surely nothing else asks for one thing; what is said before one is no part of the wish."""
        weights = packaged_weights(WEIGHTS)
        if weights["encoder"] != self._encoder.fingerprint:
            return FACT
        question = _plain(question)
        asked = self._wish(weights, question)
        if (asked is not FACT and asked.likely) or (last := last_of(_sentences(question))) == question:
            return asked
        wish = self._wish(weights, last)
        return replace(wish, topical=True) if wish.intent in WIDE else asked

    def _wish(self, weights: dict[str, Any], question: str) -> Asked:
        likely = _likely(weights, question, self._encoder.encode_question(question))
        intents = {intent: likely.get(intent, 0.0) + likely.get(intent + ALL, 0.0) for intent in Intent}
        intent, probability = max(intents.items(), key=itemgetter(1))
        if intent in (Intent.SMALL_TALK, Intent.SERVICE):
            return Asked(intent, certain=probability >= CERTAIN) if probability >= REMARKED else FACT
        intent = max(WIDE, key=intents.__getitem__)
        of_wide = sum(intents[wide] for wide in WIDE)
        if of_wide < PERHAPS:
            return FACT
        likely_wide = of_wide >= LIKELY and intents[intent] >= intents[Intent.FACT]
        topical = likely.get(intent, 0.0) >= likely.get(intent + ALL, 0.0)
        of_all = sum(probability for name, probability in likely.items() if name.endswith(ALL))
        certain = likely_wide and max(intents[intent], of_all) >= CERTAIN
        return Asked(intent, topical=topical, certain=certain, likely=likely_wide)

    def leaning(self, question: str) -> Leaning:
        return leaning_of(question, self._vector(LEANING_WEIGHTS, question))

    def outcome(self, question: str) -> Outcome | None:
        """What a question, the last of several, wants to know of a case's end; None where it wants something else."""
        return outcome_of(question, partial(self._vector, OUTCOME_WEIGHTS))

    def _vector(self, weights: str, question: str) -> Vectors | None:
        fits = packaged_weights(weights)["encoder"] == self._encoder.fingerprint
        return self._encoder.encode_question(question) if fits else None


def outcome_of(question: str, vector_of: Callable[[str], Vectors | None]) -> Outcome | None:
    """The outcome that it asks for; without a vector by words alone, not as well: docs/evaluation/intents.md."""
    sentences = _sentences(_plain(question))
    if any(map(asks_for_guilt, sentences)):  # nothing else may answer that, whatever stands beside it
        return Outcome.VERDICT
    last = last_of(sentences)
    likely = _likely(packaged_weights(OUTCOME_WEIGHTS), last, vector_of(last))
    if sum(likely[outcome] for outcome in Outcome) < ASKS_OUTCOME:
        return None
    return max(Outcome, key=likely.__getitem__)


def _plain(question: str) -> str:
    """The question, not in capitals alone."""
    return question.lower() if question.isupper() else question


def _sentences(question: str) -> list[str]:
    return [question[span.start : span.end] for span in sentence_spans(question)] or [question]


def last_of(sentences: Sequence[str]) -> str:
    """The sentence that says what is wanted: the last, or the last question where only a few words follow it."""
    asking = [sentence for sentence in sentences if sentence.rstrip("\"'”’») ").endswith("?")]
    return asking[-1] if asking and len(sentences[-1].split()) <= AFTERTHOUGHT else sentences[-1]


def leaning_of(question: str, vector: Vectors | None) -> Leaning:
    """How it leans; without a vector by words alone, not as well: docs/evaluation/intents.md."""
    likely = _likely(packaged_weights(LEANING_WEIGHTS), question, vector)
    if likely[Leaning.LEANS] >= MAY_LEAN:
        return Leaning.LEANS if likely[Leaning.LEANS] >= LEANS else Leaning.MAY_LEAN
    return Leaning(max(likely.keys() - {Leaning.LEANS}, key=likely.__getitem__))


def _likely(weights: dict[str, Any], question: str, vector: Vectors | None) -> dict[str, float]:
    """The probability of each class; without a vector by the weights of words that were fitted alone."""
    words = word_features(question)
    if vector is None:
        scores = weights["only_word_weights"] @ words + weights["only_bias"]
    else:
        scores = weights["weights"] @ vector + weights["word_weights"] @ words + weights["bias"]
    odds = np.exp(scores - scores.max())
    return dict(zip(weights["classes"].tolist(), (odds / odds.sum()).tolist(), strict=True))


@cache
def packaged_weights(name: str) -> dict[str, Any]:
    """A row for each of the `classes`: `weights` for the vector, `word_weights` for `word_features`, and a `bias`.

    `encoder` is the fingerprint of that of the vectors; `only_` those of words without a vector.
    """
    with np.load(Path(__file__).with_name(name)) as arrays:
        return {key: array.astype(np.float32) if array.dtype.kind == "f" else array for key, array in arrays.items()}
