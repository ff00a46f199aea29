"""Follow-up questions made to stand alone by a language model, or by rules where it fails or strays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.answering.follow_up import stand_alone
from qa.answering.writing.prompt import REWRITING, rewriting_text
from qa.errors import ChatError
from qa.ports import ChatModel

StandAlone = Callable[[str, tuple[str, ...]], str]
"""The question as it can be asked without those before it."""


def rewriting_with(model: ChatModel, *, faithful: Callable[[str, str, Sequence[str]], bool]) -> StandAlone:
    """Asks the model; its question counts only where it is `faithful` to the question and those before it."""

    def rewritten(question: str, history: tuple[str, ...]) -> str:
        if not history:
            return question
        try:
            said = "".join(model.stream(system=REWRITING, user=rewriting_text(question, history))).strip()
        except ChatError:
            return stand_alone(question, history)
        return said if faithful(said, question, history) else stand_alone(question, history)

    return rewritten
