"""What is kept of every question: the reply as it was shown, what it rested on, and how it was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from qa.models.archive import Article, Coverage, Source
from qa.models.replies import Answer, Citation, Refusal, Reply


class Channel(StrEnum):
    """By which way a question came in."""

    PAGE = "page"
    API = "api"
    EMBED = "embed"
    COMMAND = "command"
    MCP = "mcp"
    STAFF = "staff"  # an answer that the staff wrote


@dataclass(frozen=True, slots=True)
class Cited:
    """The version of an article that a reply rests on, as readers saw it then.

    `digest` is over everything that readers see of it, `text` over headline and body alone.
    """

    article_id: str
    digest: str
    text: str

    @classmethod
    def of(cls, article: Article) -> Cited:
        words = hashlib.sha256(f"{article.source.title}\n{article.body}".encode()).hexdigest()
        return cls(article.article_id, article.digest, words)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a reply rests on: articles, and of a refusal what the archive held, None where it answers."""

    cited: tuple[Cited, ...]
    coverage: Coverage | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """How a reply was made: the program's version, the encoder's fingerprint, the language model if one is set."""

    program: str
    encoder: str
    model: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One question and its reply as shown; never derived again.

    `answer_id` can't be guessed: who has it may see the reply. `reply` is None once an article that it quoted was
    erased. `at` is in UTC, `seconds` what the reply took.
    """

    answer_id: str
    at: datetime
    channel: Channel
    question: str
    reply: Reply | None
    cited: tuple[Cited, ...]
    making: Making
    seconds: float

    @property
    def basis(self) -> Basis:
        return Basis(self.cited, self.reply.coverage if isinstance(self.reply, Refusal) else None)


def quotes_of(reply: Reply) -> Iterator[Citation]:
    """Every quote that a reply shows, those of its tables and of what comes near included."""
    if isinstance(reply, Answer):
        yield from reply.quotes
        yield from (party.quote for party in reply.parties)
    else:
        yield from reply.closest
    yield from (case.quote for case in reply.cases)


def sources_of(reply: Reply) -> tuple[Source, ...]:
    """Every source that a reply names, each once: those quoted first."""
    named = [quote.source for quote in quotes_of(reply)]
    if isinstance(reply, Answer):
        named += [source for party in reply.parties for source in party.copies]
        named += reply.agreement.sources if reply.agreement else ()
    else:
        named += reply.nearest
    once: dict[str, Source] = {}
    for source in named:
        once.setdefault(source.article_id, source)
    return tuple(once.values())
