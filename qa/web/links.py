"""Links: to articles at a sentence, to answers, to other sites; and sentence numbers within them."""

import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from qa.models.archive import Span
from qa.models.replies import Question

MOST_QUOTED = 40  # more than an answer ever cites of one article; what a stranger adds to an address is cut off
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_WEB_ADDRESS = re.compile(r"(?ai:https?)://[^\s\x00-\x1f]*")  # of ASCII alone: for IGNORECASE ſ is an s


def sentence_number(spans: Sequence[Span], start: int) -> int | None:
    """The number, from 1, of the first sentence that isn't over before `start`; None if all are."""
    return next((number for number, span in enumerate(spans, 1) if span.end > start), None)


def article_link(article_id: str, *, quoted: Sequence[int] = (), at: int | None = None) -> str:
    """The address of an article, its quoted sentences named, open at sentence `at`."""
    named = f"?quoted={','.join(map(str, sorted(set(quoted))))}" if quoted else ""
    return f"/article/{quote(article_id, safe='')}{named}{'' if at is None else f'#s{at}'}"


def permanent_link(answer_id: str) -> str:
    """The address at which an answer stays."""
    return f"/answer/{quote(answer_id, safe='')}"


def ask_link(question: Question) -> str:
    """The address that asks a question, within its dates and with the same left out of how it is read."""
    dates = {"from": question.published_from, "until": question.published_until}
    named = [("question", question.text), *((name, str(day)) for name, day in dates.items() if day)]
    return f"/ask?{urlencode([*named, *(('without', inference) for inference in question.without)], quote_via=quote)}"


def quoted_numbers(text: str, *, sentences: int) -> tuple[int, ...]:
    """The sentence numbers named in an address, in order; anything that is no sentence is ignored."""
    named = (part for part in text.split(",")[:MOST_QUOTED] if part.isascii() and part.isdigit() and len(part) < 7)
    return tuple(sorted({int(part) for part in named if int(part) in range(1, sentences + 1)}))


def safe_link(url: str | None) -> str | None:
    """An outside address if it is a web address, else None: no script, file or data address is linked."""
    return url if url and _WEB_ADDRESS.fullmatch(url) else None


def language_tag(language: str) -> str | None:
    """A language as the `lang` attribute takes it, None where it isn't one."""
    return language if _LANGUAGE.fullmatch(language) else None
