"""What a search shows of what it found: one result an article, with the words that were looked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from qa.models.archive import Passage, Source, Span
from qa.models.dates import SearchQuery
from qa.models.replies import Citation, Hit, Question
from qa.text.language import DEFAULT, primary
from qa.text.terms import content_words, stem, word_matches, words

EXCERPT = 280  # characters from which an excerpt takes no further sentence: four lines of the page
LONGEST_EXCERPT = 420  # characters at which an excerpt is cut, at a word: a sentence may have 600
LEAD = 100  # characters before the first match in a sentence that is too long to be shown from its beginning
PHRASE = 100  # a phrase counts for more than all words of a search


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of what is shown, `marked` where it is what was looked for; a gloss is in the archive's own words."""

    text: str
    marked: bool = False
    gloss: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """An article that was found."""

    source: Source
    headline: tuple[Piece, ...]
    start: int
    text: str  # the sentences of the excerpt as they stand in its body, from `start` on
    excerpt: tuple[Piece, ...]
    matches: int  # of what was looked for in its best passage or headline, a phrase for many words


def results(hits: Iterable[Hit], query: SearchQuery) -> list[Result]:
    """One result for each article, by its first passage that has most of what is looked for, in the hits' order."""
    best: dict[str, tuple[int, Passage]] = {}
    for hit in hits:
        count = _count(f"{hit.source.title} {hit.passage.text}", query, hit.source.language)
        if hit.source.article_id not in best or count > best[hit.source.article_id][0]:
            best[hit.source.article_id] = (count, hit.passage)
    return [_result(passage, query, count) for count, passage in best.values()]


def quotes_found(hits: Iterable[Hit], question: Question) -> list[Citation]:
    """The excerpts that a search shows, of the articles that have what is looked for."""
    shown = [result for result in results(hits, SearchQuery.of(question)) if result.matches and result.text]
    return [
        Citation(number, result.source, result.start, result.start + len(result.text), result.text)
        for number, result in enumerate(shown, start=1)
    ]


def newest_first(hits: Sequence[Result]) -> list[Result]:
    """By date of publication; the undated at the end, those of one day as they stood."""
    return sorted(hits, key=lambda result: result.source.published or date.min, reverse=True)


def marked(text: str, query: SearchQuery, language: str = DEFAULT) -> tuple[Piece, ...]:
    """The text in pieces, cut around the words and phrases that are looked for. Together they are the text."""
    pieces, end = list[Piece](), 0
    for span in _matches(text, query, language):
        pieces += [Piece(text[end : span.start]), Piece(text[span.start : span.end], marked=True)]
        end = span.end
    return tuple(piece for piece in (*pieces, Piece(text[end:])) if piece.text)


def shortened(text: str, longest: int = LONGEST_EXCERPT) -> str:
    """The text, or its beginning up to the end of a word and an ellipsis: `longest` characters at most."""
    text = " ".join(text.split())
    beginning = text[: longest - 1]
    return text if len(text) <= longest else (beginning.rpartition(" ")[0] or beginning) + "…"


def _result(passage: Passage, query: SearchQuery, matches: int) -> Result:
    """Its excerpt begins with the first sentence that has most of what is looked for, and goes on as there is room."""
    source, title = passage.source, passage.source.title
    sentences = passage.sentences or (passage.span,)
    counts = [_count(passage.slice(span), query, source.language) for span in sentences]
    best, *following = sentences[counts.index(max(counts)) :]
    fitting = takewhile(lambda span: span.end - best.start <= EXCERPT, following)
    span = Span(best.start, max([best.end, *(further.end for further in fitting)]))
    # Of an article that is no more than its headline, the headline is not shown twice.
    text = shown = "" if passage.text == title else passage.slice(span)
    first = next(iter(_matches(text, query, source.language)), None)
    if first and first.start > LEAD and first.end > LONGEST_EXCERPT - LEAD:
        begin = first.start - LEAD
        shown = "…" + text[max(begin, text.find(" ", begin, first.start)) :].lstrip()
    headline, excerpt = (marked(words, query, source.language) for words in (title, shortened(shown)))
    return Result(source, headline, span.start, text, excerpt, matches)


def _count(text: str, query: SearchQuery, language: str) -> int:
    """How much of what is looked for stands in a text: each word once, a phrase for as much as all words together."""
    return sum(PHRASE if key in query.phrases else 1 for key in set(_matches(text, query, language).values()))


def _matches(text: str, query: SearchQuery, language: str) -> dict[Span, str]:
    """Where words and phrases that are looked for stand, in order, as the lexical index finds them."""
    tag = primary(language)
    wanted = {stem(word, of): word for of in (tag, DEFAULT) for word in content_words(query.words)}
    phrases = [(phrase, [stem(word) for word in words(phrase)]) for phrase in query.phrases]
    standing = list(word_matches(text))
    endless = [stem(match.group()) for match in standing]
    matches: dict[Span, str] = {}
    after = 0
    for at, match in enumerate(standing):
        if at < after:
            continue
        here = ((name, len(stems)) for name, stems in phrases if endless[at : at + len(stems)] == stems)
        phrase, length = next(here, ("", 1))
        if key := phrase or wanted.get(endless[at]) or wanted.get(stem(match.group(), tag)):
            after = at + length
            matches[Span(match.start(), standing[after - 1].end())] = key
    return matches
