"""From a quoted answer to a written one, sentence by sentence; back to the quotes where the writing doesn't hold."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from qa.errors import ChatError
from qa.generation.drafts import Draft, drafts
from qa.generation.page import Page
from qa.generation.passages import material_for
from qa.generation.prompt import NOT_ANSWERED, RULES, material_text
from qa.generation.verification import Checker
from qa.i18n.locale import N_
from qa.models.replies import Answer, Candidate
from qa.protocols import ArticleReader, ChatModel

MOST_READ = 12
"""Sentences of a model that are looked at; it was asked for four."""

FAILED = N_("The language model could not be used for this answer; these are the sources’ own words.")
DID_NOT_HOLD = N_("What the language model wrote did not hold against the sources; these are their own words.")
SAW_NO_ANSWER = N_("The language model saw no answer in these sentences; they are the sources’ own words.")

_log = logging.getLogger(__name__)


class Writer:
    """Writes answers with a language model; every sentence is checked before it is shown."""

    def __init__(self, model: ChatModel, *, library: ArticleReader) -> None:
        self._model = model
        self._library = library

    def answers(self, quoted: Answer, evidence: Sequence[Candidate]) -> Iterator[Answer]:
        """The answer as it grows, at last the whole: the written one, or the quoted one and why.

        `evidence` is what was found for the question, strongest first. Raises NotFound where an article was taken back.
        """
        material = material_for(quoted, evidence, self._library)
        page = Page(quoted, material, Checker(material.grounds))
        stream = self._model.stream(system=RULES, user=material_text(quoted.question.text, material.quotes))
        try:
            for draft in islice(drafts(stream), MOST_READ):
                if _declines(draft):
                    yield replace(quoted, fallback=SAW_NO_ANSWER)
                    return
                if page.add(draft) and not page.full:
                    yield page.answer(unfinished=True)
                if page.full:
                    break
        except ChatError as error:
            _log.warning("an answer was not written: %s", error)
            yield replace(quoted, fallback=FAILED)
            return
        yield page.answer(unfinished=False) if page.stands else replace(quoted, fallback=DID_NOT_HOLD)


def _declines(draft: Draft) -> bool:
    return NOT_ANSWERED.casefold() in draft.text.casefold()
