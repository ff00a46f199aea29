"""The packaged encoder, its side of questions trained: their vectors lie near those of sentences that answer them."""

from functools import lru_cache
from typing import Any

from qa.encoding.reader import TrainedModel
from qa.encoding.sentence_encoder import REMEMBERED, SentenceEncoder
from qa.protocols import Vectors


class QueryEncoder(TrainedModel):
    """The packaged encoder's upper layers, trained on questions; what they are looked for among is as it was."""

    architecture = "BertModel"
    name, digest = "query", "4ade54ddd3bdfdf75f9dd9058c5331b0e990785c90e337fd6cac2e8239b219d5"

    def encode(self, text: str) -> Vectors:
        """The mean of what the model makes of every token, (dimension,), of no particular length."""
        encoded, output = self._run([text])
        present = encoded["attention_mask"][0].bool()
        mean: Vectors = output.last_hidden_state[0].cpu()[present].float().mean(0).numpy()
        return mean


class DualEncoder(SentenceEncoder):
    """An `Encoder` whose questions have weights of their own, as dense passage retrieval has (Karpukhin et al. 2020).

    Passages are encoded as without those, so an archive need not be encoded anew where they change.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        query = QueryEncoder(self)
        self._asked = lru_cache(maxsize=REMEMBERED)(lambda text: self._neutral(query.encode(text)[None])[0])

    def encode_for_answer(self, text: str) -> Vectors:
        vector: Vectors = self._asked(self._question + text).copy()
        return vector
