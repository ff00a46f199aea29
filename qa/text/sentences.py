"""Where sentences begin and end, and passages: runs of whole sentences that an encoder can take in."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise, starmap

import nupunkt

from qa.models.archive import Article, Passage, Span

LONGEST = 600  # characters a sentence may have before it is cut at a clause: tables and lists come without full stops
TARGET_TOKENS = 220  # length of a passage, in tokens of the encoder
CONTEXT_TOKENS = 254  # for headline, date and passage together
LEAST_TOKENS = 24  # of a passage below however long a headline, lest each word of its article become a passage
CountTokens = Callable[[Sequence[str]], list[int]]  # tokens of each text, special tokens left out

_SPANISH_TITLE = re.compile(r"(?<!\w)(?:Sra?|Sres|Srta|Dña|Dra|Uds?|Vds?|Excm[oa]|Ilm[oa]|Avda|Gral|Cía)\.$")
"""Abbreviations that nupunkt, made for English, takes for the end of a sentence. None ends one but by chance."""
_PER_CENT = re.compile(r"(?<=\bper cent\.)\s+(?=[\"“'‘]?[A-Z])")  # no abbreviation, though nupunkt takes it for one
_GAP = re.compile(r"\s{100,}")  # it parts a text: no cleaned one has it, and nupunkt looks back over all of it
_ENDLESS_WORD = re.compile(r"\S{1000,}")  # nupunkt isn't shown its stops, for it reads on from each to its end
_STOP = re.compile(r"[.?!…](?=\S)")
_CLAUSE_END = re.compile(r"[;:,]\s+|\s+")


# An article is cut for its passages, its claims and its stages, one right after the other.
@lru_cache(maxsize=4)
def sentence_spans(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of a text, in order, without the white space between; a blank line ends a sentence."""
    # What nupunkt takes for sentences, in a time that grows as the text does.
    masked = _ENDLESS_WORD.sub(lambda word: _STOP.sub("_", word[0]), text)
    segments, at = list[Span](), 0
    for gap in (*_GAP.finditer(masked), None):
        until = gap.start() if gap else len(masked)
        for start, end in nupunkt.sentence_spans(masked[at:until]):
            breaks = [match.end() for match in _PER_CENT.finditer(masked, at + start, at + end)]
            segments += starmap(Span, pairwise([at + start, *breaks, at + end]))
        at = gap.end() if gap else until
    whole: list[Span] = []
    for sentence in (trimmed(text, segment) for segment in segments):
        if sentence.start == sentence.end:
            continue
        before = whole[-1] if whole else Span(0, 0)
        is_title = _SPANISH_TITLE.search(text, max(before.start, before.end - 8), before.end)
        if is_title and "\n\n" not in text[before.end : sentence.start]:
            whole[-1] = Span(before.start, sentence.end)  # "El Sr." and "García declaró ayer."
        else:
            whole.append(sentence)
    return tuple(span for span, _ in _within(LONGEST, text, whole, lambda texts: list(map(len, texts))))


def trimmed(text: str, span: Span) -> Span:
    """The span without white space at its ends."""
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, max(start, span.start + len(piece.rstrip())))


def halves(text: str, span: Span) -> tuple[Span, Span] | None:
    """The span cut in two at the clause end nearest its middle, at worst in its middle; None for one character."""
    middle = (span.start + span.end) // 2
    cuts = [m for m in _CLAUSE_END.finditer(text, span.start, span.end) if span.start < m.end() < span.end]
    if not cuts:
        return (Span(span.start, middle), Span(middle, span.end)) if span.end - span.start > 1 else None
    # A clause end is worth up to an eighth of the length in distance from the middle.
    reach = (span.end - span.start) // 8
    cut = min(cuts, key=lambda m: abs(m.end() - middle) - (reach if m.group()[0] in ";:," else 0)).end()
    return trimmed(text, Span(span.start, cut)), trimmed(text, Span(cut, span.end))


def cut_passages(article: Article, count_tokens: CountTokens, *, budget: int = TARGET_TOKENS) -> list[Passage]:
    """Passages that together cover every sentence of the body once, in order, each within the budget of tokens."""
    body = article.body
    budget = min(budget, max(LEAST_TOKENS, CONTEXT_TOKENS - sum(count_tokens([article.source.heading]))))
    runs, left = list[list[Span]](), 0
    for span, tokens in _within(budget, body, sentence_spans(body), count_tokens):
        if not runs or tokens > left:
            runs.append([])
            left = budget
        runs[-1].append(span)
        left -= tokens
    ends = ((run[0].start, run[-1].end, tuple(run)) for run in runs)
    return [Passage(article.source, start, end, body[start:end], run) for start, end, run in ends]


def _within(most: int, body: str, spans: Sequence[Span], sizes: CountTokens) -> list[tuple[Span, int]]:
    """The spans, each with its size, those that are too long cut in halves and these again."""
    sized: list[tuple[Span, int]] = []
    for span, size in zip(spans, sizes([body[span.start : span.end] for span in spans]), strict=True):
        parts = halves(body, span) if size > most else None
        sized += _within(most, body, parts, sizes) if parts else [(span, size)]
    return sized
