"""What holds of every reply, whatever articles, questions and a model say: pure functions that assert it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser

from qa.answering.policy import HELPED, ON_PRINCIPLE
from qa.answering.rendering import reply_json, reply_text
from qa.generation.prompt import PROMPTS
from qa.models.archive import Article
from qa.models.replies import Answer, Citation, Composer, Refusal, Reply
from qa.text.cleaning import clean

FindArticle = Callable[[str], Article]

TAGS = {
    "section": {"class", "id", "aria-labelledby", "aria-busy", "lang", "data-ask"},
    "div": {"class", "id", "data-text"},
    "h2": {"class", "id"},
    "h3": {"class", "id"},
    "p": {"class", "id", "role", "lang", "data-quote"},
    "span": {"class", "lang", "aria-hidden"},
    "q": set(),
    "strong": set(),
    "mark": set(),
    "blockquote": {"class"},
    "a": {"class", "href", "data-source"},
    "ul": {"class"},
    "li": {"class"},
    "aside": {"class", "aria-labelledby"},
    "details": {"class", "id", "data-source", "open", "lang"},
    "summary": {"class"},
    "dl": set(),
    "dt": {"lang"},
    "dd": set(),
    "table": {"role"},
    "caption": set(),
    "thead": {"role"},
    "tbody": {"role"},
    "tr": {"role"},
    "th": {"scope", "role", "class"},
    "td": {"role", "class"},
}
"""The elements that a reply is made of, with the attributes that they may have."""

PAGE_TAGS = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "name", "content"},
    "title": set(),
    "link": {"rel", "href", "type"},
    "body": set(),
    "header": {"class"},
    "nav": {"class", "aria-label"},
    "main": {"id"},
    "article": {"class", "lang"},
    "h1": {"lang", "class"},
    "p": {"class"},
    "dl": {"class"},
    "div": {"class", "lang"},
    "dt": set(),
    "dd": set(),
    "span": {"class", "id", "lang", "aria-hidden"},
    "a": {"class", "href", "rel", "lang", "aria-current"},
}
"""The same of an article's page."""

_VOID = frozenset({"meta", "link"})
_HREF = re.compile(r"/article/[A-Za-z0-9%._~-]+(?:\?quoted=\d+(?:,\d+)*)?(?:#s\d+)?|#turn-\d+[a-z0-9-]*"
                   r"|/ask\?question=[A-Za-z0-9%._~+-]+(?:&without=[a-z]+)*")  # fmt: skip
_WORDS = re.compile(r"\w+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})

LEAKED = 6
"""Words of the prompt that in a row are no chance."""


def assert_sound(reply: Reply, article: FindArticle) -> None:
    """Only given sources are cited, quotes are verbatim, written sentences were checked, nothing is unseen."""
    for quote in quotes_of(reply):
        body = article(quote.source.article_id).body
        assert body[quote.start : quote.end] == quote.text, quote
    if isinstance(reply, Answer):
        _assert_answer(reply)
    assert_seen(reply_text(reply))
    own = " ".join(own_words(reply))
    assert_no_prompt(own)
    assert not re.search(r"<[a-z/!]|https?:|javascript:|data:", own, re.IGNORECASE), own


def _assert_answer(answer: Answer) -> None:
    numbers = dict.fromkeys(quote.number for quote in answer.citations)
    assert list(numbers) == list(range(1, len(numbers) + 1)), "marks are 1, 2, 3 … in order"
    assert answer.statements
    for statement in answer.statements:
        assert statement.quotes
        if statement.verbatim:
            continue
        assert answer.composed_by is Composer.MODEL
        assert statement.support
        assert statement.support.full, statement


def quotes_of(reply: Reply) -> Iterator[Citation]:
    """Everything that a reply shows as a source's own words."""
    yield from (case.quote for case in reply.cases)
    if isinstance(reply, Refusal):
        yield from reply.closest
        return
    yield from reply.citations
    yield from (party.quote for party in reply.parties)


def own_words(reply: Reply) -> Iterator[str]:
    """What a reply says in the words of the software or of a model, quotes and names of articles left out."""
    yield from reply.notices
    if isinstance(reply, Refusal):
        yield reply.reason
        return
    yield from (statement.text for statement in reply.statements if not statement.verbatim)


def assert_seen(text: str) -> None:
    """No character of a text is one that no reader sees; line breaks apart."""
    for line in text.split("\n"):
        unseen = [ascii(ch) for ch in line if unicodedata.category(ch) in _UNSEEN]
        assert not unseen, unseen
        composed = unicodedata.normalize("NFC", line)
        assert clean(line).split() == composed.split(), ascii(line)
    text.encode("utf-8")


def assert_no_prompt(text: str) -> None:
    """Nothing of the rules that the model is given stands in a text."""
    said = _runs(text)
    for prompt in PROMPTS:
        assert not said & _runs(prompt), said & _runs(prompt)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORDS.findall(text.casefold())
    return {tuple(words[at : at + LEAKED]) for at in range(len(words) - LEAKED + 1)}


def assert_sound_json(reply: Reply, article: FindArticle) -> None:
    """The same of a reply as JSON: marks name citations, citations are verbatim, no string has unseen characters."""
    value = reply_json(reply, id="x", seconds=0)
    citations = value["citations"]
    assert isinstance(citations, list)
    for one in citations:
        assert article(one["article_id"]).body[one["start"] : one["end"]] == one["quote"]
    numbers = {one["number"] for one in citations}
    statements = value["statements"]
    assert isinstance(statements, list)
    for statement in statements:
        assert statement["citations"]
        assert set(statement["citations"]) <= numbers
        assert statement["support"]["verdict"] == "supported"
    for text in _strings(value):
        assert_seen(text)


def _strings(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _strings(item)
        case dict():
            for item in value.values():
                yield from _strings(item)


class _Elements(HTMLParser):
    """The elements of a piece of HTML that are open, were opened, and what else it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.other: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes what is not open"

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    handle_pi = unknown_decl = handle_comment


def assert_own_markup(html: str) -> None:
    """A reply's HTML has only our elements, closed as they were opened, and only our links."""
    for link in _assert_elements(html, TAGS):
        assert _HREF.fullmatch(link), link


def assert_own_page(html: str, address: str | None) -> None:
    """The same of an article's page, which may also link to the address of its original and to our pages."""
    for link in _assert_elements(html, PAGE_TAGS):
        assert link == address or re.fullmatch(r"#\w*|/(?:[a-z]+(?:/[a-z.]+)?)?", link), link


def _assert_elements(html: str, tags: dict[str, set[str]]) -> list[str]:
    """The addresses that HTML of these elements links to."""
    page = _Elements()
    page.feed(html)
    page.close()
    assert not page.open, page.open
    assert not page.other, page.other
    for tag, attributes in page.found:
        assert tag in tags, tag
        assert attributes.keys() <= tags[tag], (tag, attributes)
    assert_seen(page.words)
    return [attributes["href"] or "" for _, attributes in page.found if "href" in attributes]


def assert_not_said(reply: Reply, patterns: Sequence[str]) -> None:
    """None of the patterns stands in what a reply says in other words than its sources'."""
    for pattern in patterns:
        found = [words for words in own_words(reply) if re.search(pattern, words, re.IGNORECASE)]
        assert not found, (pattern, found)


def assert_manners(reply: Reply, html: str, help_text: str) -> None:
    """What is declined on principle names no article; help is offered first, everywhere, where people may be harmed."""
    if not isinstance(reply, Refusal) or reply.reason not in ON_PRINCIPLE:
        return
    assert not reply.nearest
    assert not reply.closest
    assert not reply.cases
    helped = reply.reason in HELPED
    assert (reply.notices[:1] == (help_text,)) is helped
    assert (help_text in reply_text(reply)) is helped
    assert (help_text in html) is helped
