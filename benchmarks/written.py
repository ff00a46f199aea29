"""`python -m benchmarks.written`: what becomes of the answers that a language model writes.

Asks the known questions of the demo archive with the small model of `benchmarks.small_model`, or with the one that
QA_LLM or QA_LLM_URL name, and tells how many answers it wrote, how many fell back to quotes, which step of the check
stopped how many sentences, and how long they took. Every written sentence is judged again by a rule that knows nothing
of the check: each of its figures and names, to the letter, in the words it cites. Those that fail are printed, to be
read.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.small_model import served
from qa.archive.parts import archive_of
from qa.generation.writer import DID_NOT_HOLD, FAILED, SAW_NO_ANSWER
from qa.models.replies import Answer, Composer, Question, Reply, Statement
from qa.settings import Settings, read_settings
from qa.text.terms import fold

QUESTIONS = Path(__file__).parent.parent / "corpus" / "questions.jsonl"
_EXACT = re.compile(r"\d[\d.,]*\d|\d|(?<=\s)[A-ZÁÉÍÓÚÑ][\w'’-]+")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.written", description=__doc__)
    parser.add_argument("--count", type=int, default=100, metavar="N", help="questions to ask, from the first")
    count = parser.parse_args().count
    with settings_with_model() as settings, archive_of(settings) as archive:
        archive.warm_up()
        tally: Counter[str] = Counter()
        seconds, doubtful = [], []
        for text in questions(count):
            started = time.perf_counter()
            reply = archive.reply(Question(text))
            seconds.append(time.perf_counter() - started)
            tally[outcome(reply)] += 1
            for stopped in reply.stopped:
                tally[f"sentences stopped: {stopped.support.stopped_by or 'as a whole'}"] += 1
            for statement in written(reply):
                tally["sentences written and shown"] += 1
                if missing := not_to_the_letter(statement):
                    doubtful.append(f"{text}\n  {statement.text}\n  not to the letter: {', '.join(missing)}")
        print("| | |\n|---|---:|")
        for name, number in sorted(tally.items()):
            print(f"| {name} | {number} |")
        print(f"| seconds a question, p50 | {statistics.median(seconds):.1f} |")
        print(f"| sentences with a figure or name that its quotes don't have to the letter | {len(doubtful)} |")
        print("\n".join(doubtful))


@contextlib.contextmanager
def settings_with_model() -> Iterator[Settings]:
    """The settings in force, with the small model where they name none."""
    settings = read_settings()
    if settings.llm or settings.llm_url:
        yield settings
        return
    with served() as address:
        yield read_settings(llm_url=address)


def questions(count: int) -> list[str]:
    lines = QUESTIONS.read_text(encoding="utf-8").split("\n")
    return [json.loads(line)["question"] for line in lines if line.strip()][:count]


def outcome(reply: Reply) -> str:
    """What became of one question, in words."""
    if not isinstance(reply, Answer):
        return "declined, the model too" if reply.usage else "declined, no model asked"
    if reply.composed_by is Composer.MODEL:
        return "answers written"
    for why, told in {
        DID_NOT_HOLD: "fell back to quotes: nothing held",
        SAW_NO_ANSWER: "fell back to quotes: the model saw no answer",
        FAILED: "fell back to quotes: the model failed",
    }.items():
        if why == reply.fallback:
            return told
    return "quotes, by the words of the house"


def written(reply: Reply) -> Iterator[Statement]:
    if isinstance(reply, Answer):
        yield from (statement for statement in reply.statements if not statement.verbatim)


def not_to_the_letter(statement: Statement) -> list[str]:
    """Figures and names of a sentence that stand in none of its quotes, their headlines and credits."""
    held = fold(" ".join(f"{q.text} {q.source.credit} {q.source.title}" for q in statement.quotes))
    return [word for word in _EXACT.findall(statement.text) if fold(word) not in held]


if __name__ == "__main__":
    main()
