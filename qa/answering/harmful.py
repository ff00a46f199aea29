"""Questions that want to do harm: they are declined before anything is looked up, each for a reason said soberly.

Role play and "ignore your rules" are no kind of harm: what else the question asks decides, and the archive holds no
answer to the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qa.answering.harmful_words import ENGLISH, ENGLISH_RULES, HELP, SPANISH, SPANISH_RULES, Harm, Rule
from qa.language.letters import plain_letters

_NAME = re.compile(r"<(\w+)>")
_START = r"(?:^|[.!?:;,—–-])\W*(?:(?:and|now|then|so|but|y|ahora|pero|entonces) )?"


@dataclass(frozen=True, slots=True)
class _Compiled:
    harm: Harm
    has: tuple[re.Pattern[str], ...]
    lacks: re.Pattern[str] | None

    def meets(self, text: str) -> bool:
        return all(one.search(text) for one in self.has) and not (self.lacks and self.lacks.search(text))


def harm_of(question: str) -> Harm | None:
    """What harm a question wants; None where it wants none."""
    text = plain_letters(question).lower()
    return next((rule.harm for rule in _rules() if rule.meets(text)), None)


def calls_for_help(question: str) -> bool:
    """Whether someone wants to report something or needs help: they are told where, whatever else is answered."""
    text = plain_letters(question).lower()
    return any(re.search(pattern, text) for pattern in HELP)


@cache
def _rules() -> tuple[_Compiled, ...]:
    return (*_compiled(ENGLISH_RULES, ENGLISH), *_compiled(SPANISH_RULES, SPANISH))


def _compiled(rules: Sequence[Rule], words: Mapping[str, str]) -> Iterator[_Compiled]:
    for rule in rules:
        has = tuple(re.compile(_filled(pattern, words)) for pattern in rule.has)
        yield _Compiled(rule.harm, has, re.compile(_filled(rule.lacks, words)) if rule.lacks else None)


def _filled(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern with every name replaced by its words, in which names may stand too. Raises KeyError for others."""

    def filled(name: re.Match[str]) -> str:
        return _START if name[1] == "start" else _filled(words[name[1]], words)

    return _NAME.sub(filled, pattern)
