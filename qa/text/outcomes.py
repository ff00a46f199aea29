"""Whether a question asks how a case ended: guilt, verdict, sentence, jail."""

from enum import StrEnum
from functools import partial

from qa.text.patterns import pattern, word_file
from qa.text.terms import fold, words

_form = partial(pattern, "outcomes")


class Outcome(StrEnum):
    """What is asked about the end of a case."""

    VERDICT = "verdict"
    """Nothing but a verdict, or that there is none, answers it."""
    PROCEDURE = "procedure"
    """It asks about a court's doings, which other words may answer too."""


def outcome_asked(question: str) -> Outcome | None:
    """What a question wants to know of a case's end; None where it is about something else."""
    if _form("before_trial").search(question) or _form("hypothetical").search(question):
        return None
    if _form("verdict").search(question):
        return Outcome.PROCEDURE if _form("other_things").match(question) else Outcome.VERDICT
    return Outcome.PROCEDURE if _form("procedure").search(question) else None


def speaks_of_outcome(sentence: str) -> bool:
    """Whether a sentence has any word of a verdict, sentence or court's decision."""
    return bool(_form("verdict").search(sentence) or _form("procedure").search(sentence))


def is_about_persons(word: str) -> bool:
    """Whether a word of a question about an outcome says nothing of which case is meant."""
    unspecific = word_file("outcomes")["unspecific"].split()
    return fold(word) in unspecific or any(_form(name).fullmatch(word) for name in ("verdict", "procedure"))


def subject(question: str) -> str:
    """The words between the verb that opens a yes-or-no question and what is asked of it: "Is the mayor guilty?"."""
    opening = _form("opening").match(question)
    if not opening:
        return ""
    rest = opening["rest"]
    ends = [match.start() for name in ("subject_end", "verdict") if (match := _form(name).search(rest))]
    return " ".join(words(rest[: min(ends, default=len(rest))]))
