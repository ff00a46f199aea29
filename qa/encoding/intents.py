"""What a question wants, of a case's end too, and if it leans on the one before: docs/evaluation/intents.md."""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from qa.models.replies import FACT, Asked, Intent, Leaning, Outcome
from qa.protocols import Encoder, Vectors
from qa.text.sentences import sentence_spans
from qa.text.stages import outcome_words
from qa.text.terms import fold

WEIGHTS = "intents.npz"  # beside this file; `python -m training.intents` makes all three
LEANING_WEIGHTS = "leaning.npz"
OUTCOME_WEIGHTS = "outcomes.npz"
WIDE = tuple(intent for intent in Intent if intent not in (Intent.FACT, Intent.SMALL_TALK, Intent.SERVICE))
PERHAPS, LIKELY = 0.5, 0.65  # probability of all WIDE intents from which more than a fact may be wanted; and is
REMARKED = 0.7  # the same for what wants nothing of the articles
CERTAIN = 0.8  # from which no single sentence answers, however sure the reader is of one
MAY_LEAN, LEANS = 0.4, 0.7  # from which a question may lean on the one before, and from which it surely does
ASKS_OUTCOME = 0.4  # of both together from which a question asks how a case ended, or what a court did

AFTERTHOUGHT = 4  # words behind a question that ask nothing further: "Thanks.", "Yes or no."
ALL = " of all"  # ends the names of classes of questions that name no topic
WORD_PLACES, LETTER_PLACES = 2048, 8192  # that words and their neighbours, and runs of letters, are hashed to
RUNS = (3, 4, 5)  # letters
_TOKEN = re.compile(r"\w+|[?]")


def word_features(question: str) -> Vectors:
    """Words with their neighbours, each name one word, and runs of letters, which bear typos; each part of length 1."""
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
    """Tells intents, outcomes and leaning; without the packaged encoder no intents, and the others by words alone."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder

    def classify(self, question: str) -> Asked:
        """A question that is surely nothing else asks for one thing; what is said before one is no part of the wish."""
        question = _plain(question)
        if self._vector(packaged_weights(WEIGHTS), question) is None:
            return FACT
        asked = self._wish(question)
        if (asked is not FACT and asked.likely) or (last := _last(_sentences(question))) == question:
            return asked
        wish = self._wish(last)
        return replace(wish, topical=True) if wish.intent in WIDE else asked

    def _wish(self, question: str) -> Asked:
        likely = self._likely(WEIGHTS, question)
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

    def outcome(self, question: str) -> Outcome | None:
        """What a question, the last of several, wants to know of a case's end; None where it wants something else."""
        sentences = _sentences(_plain(question))
        if any(
            map(outcome_words("guilt").search, sentences)
        ):  # nothing else may answer that, whatever stands beside it
            return Outcome.VERDICT
        likely = self._likely(OUTCOME_WEIGHTS, _last(sentences))
        asked = sum(likely[outcome] for outcome in Outcome) >= ASKS_OUTCOME
        return max(Outcome, key=likely.__getitem__) if asked else None

    def leaning(self, question: str) -> Leaning:
        """Whether it can be understood without the one before."""
        likely = self._likely(LEANING_WEIGHTS, question)
        if likely[Leaning.LEANS] >= MAY_LEAN:
            return Leaning.LEANS if likely[Leaning.LEANS] >= LEANS else Leaning.MAY_LEAN
        return Leaning(max(likely.keys() - {Leaning.LEANS}, key=likely.__getitem__))

    def _likely(self, name: str, question: str) -> dict[str, float]:
        """The probability of each class; without a vector by the weights of words that were fitted alone."""
        weights, words = packaged_weights(name), word_features(question)
        vector = self._vector(weights, question)
        if vector is None:
            scores = weights["only_word_weights"] @ words + weights["only_bias"]
        else:
            scores = weights["weights"] @ vector + weights["word_weights"] @ words + weights["bias"]
        odds = np.exp(scores - scores.max())
        return dict(zip(weights["classes"].tolist(), (odds / odds.sum()).tolist(), strict=True))

    def _vector(self, weights: dict[str, Any], question: str) -> Vectors | None:
        """The question's vector, if by the encoder that the weights were fitted on."""
        if self._encoder is None or weights["encoder"] != self._encoder.fingerprint:
            return None
        return self._encoder.encode_question(question)


def _plain(question: str) -> str:
    """The question, not in capitals alone."""
    return question.lower() if question.isupper() else question


def _sentences(question: str) -> list[str]:
    return [question[span.start : span.end] for span in sentence_spans(question)] or [question]


def _last(sentences: Sequence[str]) -> str:
    """The sentence that says what is wanted: the last, or the last question where only a few words follow it."""
    asking = [sentence for sentence in sentences if sentence.rstrip("\"'”’») ").endswith("?")]
    return asking[-1] if asking and len(sentences[-1].split()) <= AFTERTHOUGHT else sentences[-1]


@cache
def packaged_weights(name: str) -> dict[str, Any]:
    """Rows for the `classes`, `only_` those of words without a vector; and the `encoder` of vectors, by fingerprint."""
    with np.load(Path(__file__).with_name(name)) as arrays:
        return {key: array.astype(np.float32) if array.dtype.kind == "f" else array for key, array in arrays.items()}
