"""What a question wants and whether it leans on the one before: linear classifiers over its vector and its words."""

import re
import zlib
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from operator import itemgetter
from typing import Any

import numpy as np

from qa.models.replies import FACT, Asked, Intent, Leaning
from qa.protocols import Encoder, Vectors
from qa.text.sentences import sentence_spans
from qa.text.terms import fold

WEIGHTS = "intents.npz"  # beside this file; `python -m training.intents` makes both
LEANING_WEIGHTS = "leaning.npz"
WIDE = tuple(intent for intent in Intent if intent not in (Intent.FACT, Intent.SMALL_TALK, Intent.SERVICE))
LIKELY = 0.7
"""Probability of all WIDE intents together from which a question wants more than a fact, and the likeliest of them:
"tell me about …" may want an overview or a profile. Of 250 facts that nobody fitted on, half made to look wide, 17 are
mistaken then; where the reader is sure of a sentence that does no harm."""

REMARKED = 0.7  # the same for what wants nothing of the articles
CERTAIN = 0.9  # probability from which no single sentence answers, however sure the reader is of one
ALL = " of all"  # ends the names of classes of questions that name no topic
FEATURES = 2048  # places that words and their neighbours are hashed to
_TOKEN = re.compile(r"\w+|[?]")


def word_features(question: str) -> Vectors:
    """(FEATURES,) of length 1: its words, pairs of words, and the first three; a name is one word, whatever it is.

    What a question wants stands in words ("sum up", "differences between") of which its vector, that of its topic,
    tells little.
    """
    tokens = ["^"]
    for match in _TOKEN.finditer(question):
        word = match.group()
        named = match.start() > 0 and (word[0].isupper() or word.isdigit())
        if not (named and tokens[-1] == "N"):
            tokens.append("N" if named else fold(word))
    grams = {(token,) for token in tokens} | set(pairwise(tokens)) | {tuple(tokens[:3]), tuple(tokens[1:4])}
    features = np.zeros(FEATURES, dtype=np.float32)
    features[[zlib.crc32("\t".join(gram).encode()) % FEATURES for gram in grams]] = 1
    scaled: Vectors = features / np.linalg.norm(features)
    return scaled


class IntentClassifier:
    """Tells intents and leaning by the packaged weights; with another encoder leaning by words alone."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def _fits(self, weights: dict[str, Any]) -> bool:
        return bool(weights["encoder"] == self._encoder.fingerprint)

    def classify(self, question: str) -> Asked:
        """A question that is surely nothing else asks for one thing; what is said before one is no part of the wish."""
        weights = packaged_weights(WEIGHTS)
        if not self._fits(weights):
            return FACT
        asked = self._wish(weights, question)
        spans = sentence_spans(question)
        if asked is not FACT or len(spans) < 2:
            return asked
        last = self._wish(weights, question[spans[-1].start : spans[-1].end])
        return replace(last, topical=True) if last.intent in WIDE else FACT

    def _wish(self, weights: dict[str, Any], question: str) -> Asked:
        likely = _likely(weights, question, self._encoder.encode_question(question))
        intents = {intent: likely.get(intent, 0.0) + likely.get(intent + ALL, 0.0) for intent in Intent}
        intent, probability = max(intents.items(), key=itemgetter(1))
        if intent in (Intent.SMALL_TALK, Intent.SERVICE):
            return Asked(intent, certain=probability >= CERTAIN) if probability >= REMARKED else FACT
        if sum(intents[wide] for wide in WIDE) < LIKELY:
            return FACT
        intent = max(WIDE, key=intents.__getitem__)
        topical = likely.get(intent, 0.0) >= likely.get(intent + ALL, 0.0)
        of_all = sum(probability for name, probability in likely.items() if name.endswith(ALL))
        return Asked(intent, topical=topical, certain=max(intents[intent], of_all) >= CERTAIN)

    def leaning(self, question: str) -> Leaning:
        weights = packaged_weights(LEANING_WEIGHTS)
        if not self._fits(weights):
            return leaning_by_words(question)
        likely = _likely(weights, question, self._encoder.encode_question(question))
        return Leaning(max(likely, key=likely.__getitem__))


def leaning_by_words(question: str) -> Leaning:
    """The same without a vector, not as well: docs/evaluation/intents.md."""
    likely = _likely(packaged_weights(LEANING_WEIGHTS), question)
    return Leaning(max(likely, key=likely.__getitem__))


def _likely(weights: dict[str, Any], question: str, vector: Vectors | None = None) -> dict[str, float]:
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
    """A row for each of the `classes`: `weights` for the vector, `word_weights`, (classes, FEATURES), and a `bias`.

    `encoder` is the fingerprint of the one whose vectors they are for; `only_` those of words without a vector.
    """
    with as_file(files("qa.encoding").joinpath(name)) as path, np.load(path) as arrays:
        return {key: array.astype(np.float32) if array.dtype.kind == "f" else array for key, array in arrays.items()}
