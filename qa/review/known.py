"""The questions whose answers are known, and the digest of what they are asked of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.errors import InputError

_EXPECTED = (
    'an object such as {"id": "1", "question": "When?", "answerable": true, "set": "dev", "answers": '
    '[{"article_id": "a", "sentence": "On Monday."}]} was expected'
)


@dataclass(frozen=True, slots=True)
class Expected:
    """A sentence of an article that answers."""

    article_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Known:
    """A question with the sentences that answer it; none where it can't be answered.

    `set` is "dev" where the answering was tuned on it, "held" where it was kept for judging. `lang` is the language it
    is asked in, where that is stated; `pair` the id of the same question in another language.
    """

    id: str
    question: str
    answers: tuple[Expected, ...]
    set: str
    lang: str = ""
    pair: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.answers)

    @property
    def language(self) -> str:
        """As stated, else by its opening mark: "es" or "en"."""
        return self.lang or ("es" if "¿" in self.question else "en")


def read_known(path: Path) -> list[Known]:
    """The known questions of a JSON Lines file. Raises InputError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} can't be read: {error}. Name a folder that holds articles and questions.jsonl."
        ) from None
    known = [_known(line, f"{path}, line {number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not known:
        raise InputError(f"{path} holds no question; {_EXPECTED}.")
    if twice := sorted({one.id for one in known if sum(one.id == other.id for other in known) > 1}):
        raise InputError(f"{path}: ids have to differ, found more than once: {', '.join(twice)}.")
    if unlike := [one.id for one, other in pairs_of(known) if not _is_counterpart(one, other)]:
        raise InputError(
            f"{path}: a pair is one question in two languages, with the same answers and set; found otherwise: "
            f"{', '.join(unlike)}."
        )
    return known


def pairs_of(known: Iterable[Known]) -> list[tuple[Known, Known | None]]:
    """Each question that names its pair, with the question of that id; None where there is none."""
    held = list(known)
    by_id = {one.id: one for one in held}
    return [(one, by_id.get(one.pair)) for one in held if one.pair]


def _is_counterpart(one: Known, other: Known | None) -> bool:
    return other is not None and one.language != other.language and (one.answers, one.set) == (other.answers, other.set)


def _known(line: str, place: str) -> Known:
    try:
        record = json.loads(line)
        answers = tuple(
            Expected(str(answer["article_id"]), " ".join(str(answer["sentence"]).split()))
            for answer in record.get("answers", ())
        )
        if bool(record["answerable"]) != bool(answers):
            raise InputError(f"{place}: an answerable question has answers, another has none; found otherwise.")
        stated = (str(record.get("lang", "")), str(record.get("pair", "")))
        return Known(str(record["id"]), str(record["question"]), answers, str(record["set"]), *stated)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{place}: {_EXPECTED}; found {line[:80]!r}.") from error


def missing_sentences(known: Sequence[Known], bodies: dict[str, str]) -> list[str]:
    """What no reply could get right: expected sentences that their article doesn't hold."""
    flat = {article_id: " ".join(body.split()) for article_id, body in bodies.items()}
    return [
        f"{one.id}: no such sentence in {expected.article_id}: {expected.sentence[:60]}…"
        for one in known
        for expected in one.answers
        if expected.sentence not in flat.get(expected.article_id, "")
    ]


def corpus_digest(files: Iterable[Path]) -> str:
    """SHA-256 over names and bytes of the files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.name):
        content = path.read_bytes()
        digest.update(f"{path.name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
