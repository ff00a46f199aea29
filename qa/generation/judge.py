"""The last step of the check, by setting: the language model itself is asked whether the sources say a sentence."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from qa.errors import ChatError
from qa.generation.drafts import without_thought
from qa.generation.prompt import JUDGING, judging_text
from qa.llm.bounds import within
from qa.protocols import ChatModel

SECONDS = 10.0
"""For one word: whoever takes longer keeps a reader waiting at each sentence."""

_log = logging.getLogger(__name__)


class Judge:
    """Asks a language model blind: it learns neither the question nor who wrote the sentence."""

    def __init__(self, model: ChatModel, *, seconds: float = SECONDS) -> None:
        self._model = model
        self._seconds = seconds

    def says_so(self, sentence: str, evidence: Sequence[str]) -> bool:
        """Whether the model says that the evidence says the sentence, by "yes" and nothing else."""
        try:
            pieces = self._model.stream(system=JUDGING, user=judging_text(sentence, evidence))
            answer = without_thought("".join(within(self._seconds, pieces)))
        except (ChatError, TimeoutError) as error:
            _log.warning("a sentence was not judged: %s", error)
            return False
        return answer.strip().rstrip(".").casefold() == "yes"
