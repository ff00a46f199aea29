"""Names put in for "he" or "the company": written sentences that but for these have the words of one source sentence.

Whoever writes is told to put them in, for a sentence has to be clear by itself. A name is put in where the source has a
pronoun or a description, or it says more of a word of the source's: "the union IG Metall", "Secretary James Baker". It
stands so in the article; whether it is the right one isn't decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from qa.generation.extracts import closed_class
from qa.generation.facts import Facts
from qa.models.archive import Span
from qa.text.entities import NUMBER
from qa.text.terms import content_words, fold, lowered, stem, stems, word_matches

MOST_PUT_IN = 2
"""Phrases that are put into one sentence."""

LEAST_OWN = 3
"""Words of topic that a sentence has from its source, beside what is put in."""

TRIED = 12
"""Ways to put the source's words back that are tried: most sentences have fewer."""

_PRONOUN = re.compile(
    r"\b(?:he|she|they|it|his|her|hers|him|their|theirs|them|its|él|ella|ellos|ellas|su|sus|le|les)\b", re.IGNORECASE
)
_DESCRIPTION = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose|[Ee]l|[Ll]a|[Ll]os|[Ll]as|[Ee]st[ea]|[Dd]ich[oa])"
    r"(?: [a-záéíóúñü]+){1,2}(?![\w'’-])"
)
_ARTICLE = re.compile(r"\b(?:the|a|an|el|la|los|las|un|una)\s+$", re.IGNORECASE)
_ENDS_WITH = re.compile(r"['’]s?(?!\w)")
_WORD_BEFORE = re.compile(r"([^\W\d_]+) $")
_NEXT_NAME = re.compile(r" ([^\W\d_][\w'’-]*)")
_FREE = ("free", "prepositions", "be", "conjunctions")
_DECISIVE = ("negations", "limits", "conditions")


def restored(written: Facts, source: str, article: str) -> Iterator[str]:
    """A sentence with its source's own words again, in each way that may be right; none where it puts in no name."""
    names = _put_in(written, source, article)
    if not 1 <= len(names) <= MOST_PUT_IN:
        return
    referring = _referring(source, written)
    ways = [[*referring, *[""] * _says_more(written.text, name, source, article)] for name in names]
    for words in islice(product(*ways), TRIED):
        yield _replaced(written.text, list(zip(names, words, strict=True)))


def _put_in(written: Facts, source: str, article: str) -> Sequence[Span]:
    """The phrases that the source sentence hasn't; none where the article hasn't all of them so.

    Nor where one has a number, or a word that decides what a sentence says, such as "no" or "some".
    """
    free, known = closed_class(written.language, *_FREE), stems(source)
    sentence, phrases, words_between = written.text, list[Span](), list[str]()
    for match in word_matches(sentence):
        word = fold(match[0])
        if stem(match[0]) in known or word in free or word.isdigit() or written.dated(Span(*match.span())):
            words_between.append(word)
            continue
        joined = phrases and len(words_between) <= 3 and all(between in free for between in words_between)
        start = phrases.pop().start if joined else match.start()
        phrases.append(Span(start, match.end()))
        words_between = []
    own = sum(stem(word) in known for word in content_words(sentence))
    stand = all(_may_be_put_in(sentence[phrase.start : phrase.end], article, written.language) for phrase in phrases)
    return [_whole(sentence, phrase) for phrase in phrases] if stand and own >= LEAST_OWN else ()


def _may_be_put_in(phrase: str, article: str, language: str) -> bool:
    decisive = closed_class(language, *_DECISIVE)
    is_bare = not NUMBER.search(lowered(phrase)) and decisive.isdisjoint(fold(word[0]) for word in word_matches(phrase))
    return is_bare and re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", article) is not None


def _whole(sentence: str, phrase: Span) -> Span:
    """A phrase with its article, the ending of a possessive, and the comma that closes what it has in commas."""
    article = _ARTICLE.search(sentence[: phrase.start])
    behind = _ENDS_WITH.match(sentence, phrase.end)
    end = behind.end() if behind else phrase.end
    closes = "," in sentence[phrase.start : phrase.end] and sentence[end : end + 1] == ","
    return Span(article.start() if article else phrase.start, end + closes)


def _says_more(sentence: str, phrase: Span, source: str, article: str) -> bool:
    """Whether a phrase is a name that says more of the word before it, or a title that the article has so."""
    written = sentence[phrase.start : phrase.end]
    before, behind = _WORD_BEFORE.search(sentence[: phrase.start]), _NEXT_NAME.match(sentence, phrase.end)
    is_name = all(match[0][0].isupper() for match in word_matches(written))
    if is_name and before and before[1].islower() and stem(before[1]) in stems(source):
        return True
    if not (behind and behind[1][0].isupper() and written[:1].isupper()):
        return False
    return re.search(rf"(?<!\w){re.escape(written)} {re.escape(behind[1])}(?!\w)", article) is not None


def _referring(source: str, written: Facts) -> list[str]:
    """What in the source may stand for somebody named elsewhere: pronouns, and descriptions not in the sentence."""
    elsewhere, found = stems(written.text), [match[0] for match in _PRONOUN.finditer(source)]
    closed = closed_class(written.language, *_FREE, *_DECISIVE, "reporting")
    for match in _DESCRIPTION.finditer(source):
        words = match[0].split(" ")
        for length in range(2, len(words) + 1):
            word = fold(words[length - 1])
            if word in closed or stem(word) in elsewhere or NUMBER.search(word):
                break
            found.append(" ".join(words[:length]))
    return list(dict.fromkeys(map(str.lower, found)))


def _replaced(sentence: str, changes: Sequence[tuple[Span, str]]) -> str:
    for phrase, words in reversed(changes):
        sentence = f"{sentence[: phrase.start]}{words}{sentence[phrase.end :]}"
    text = re.sub(r"\s+([,.;:])", r"\1", " ".join(sentence.split())).lstrip(",;: ")
    return f"{text[:1].upper()}{text[1:]}"
