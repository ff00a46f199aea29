"""Names put in for "he" or "the company": written sentences that but for these have a source sentence's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from qa.generation.facts import Facts, closed_class
from qa.models.archive import Span
from qa.text.entities import NUMBER
from qa.text.terms import content_words, fold, lowered, stem, stems, word_matches

MOST_PUT_IN = 2  # phrases that are put into one sentence
LEAST_OWN = 3  # words of topic that a sentence has from its source, beside what is put in
TRIED = 12  # ways to put the source's words back that are tried: most sentences have fewer
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
    """A sentence that but for names put in for "he" or "the company" has a source's words, with these, in each way.

    Whoever writes is told to put names in, for a sentence has to be clear by itself. One is put in where the source has
    a pronoun or a description, or it says more of a word of the source's: "the union IG Metall", "Secretary James
    Baker". It stands so in the article; whether it is the right one isn't decided here.
    """
    names = _put_in(written, source, article)
    if not 1 <= len(names) <= MOST_PUT_IN:
        return
    # What in the source may stand for somebody named elsewhere: pronouns, and descriptions that aren't in the sentence.
    elsewhere, referring = stems(written.text), [match[0] for match in _PRONOUN.finditer(source)]
    closed = closed_class(written.language, *_FREE, *_DECISIVE, "reporting")
    for match in _DESCRIPTION.finditer(source):
        parts = match[0].split(" ")
        for length in range(2, len(parts) + 1):
            word = fold(parts[length - 1])
            if word in closed or stem(word) in elsewhere or NUMBER.search(word):
                break
            referring.append(" ".join(parts[:length]))
    referring = list(dict.fromkeys(map(str.lower, referring)))
    ways = [[*referring, *[""] * _says_more(written.text, name, source, article)] for name in names]
    for replacements in islice(product(*ways), TRIED):
        text = written.text
        for phrase, own_words in reversed(list(zip(names, replacements, strict=True))):
            text = f"{text[: phrase.start]}{own_words}{text[phrase.end :]}"
        text = re.sub(r"\s+([,.;:])", r"\1", " ".join(text.split())).lstrip(",;: ")
        yield f"{text[:1].upper()}{text[1:]}"


def _put_in(written: Facts, source: str, article: str) -> Sequence[Span]:
    """The phrases that the source sentence hasn't; none where the article hasn't all of them so.

    Nor where one has a number, or a word that decides what a sentence says, such as "no" or "some".
    """
    free, decisive = closed_class(written.language, *_FREE), closed_class(written.language, *_DECISIVE)
    sentence, known, phrases, words_between = written.text, stems(source), list[Span](), list[str]()
    for match in word_matches(sentence):
        word = fold(match[0])
        if stem(match[0]) in known or word in free or word.isdigit() or written.dated(Span(*match.span())):
            words_between.append(word)
            continue
        joined = phrases and len(words_between) <= 3 and all(between in free for between in words_between)
        start = phrases.pop().start if joined else match.start()
        phrases.append(Span(start, match.end()))
        words_between = []
    for phrase in phrases:
        words = sentence[phrase.start : phrase.end]
        says_else = NUMBER.search(lowered(words)) or any(fold(word[0]) in decisive for word in word_matches(words))
        if says_else or not _stands_in(article, words):
            return ()
    own = sum(stem(word) in known for word in content_words(sentence))
    return [_whole(sentence, phrase) for phrase in phrases] if own >= LEAST_OWN else ()


def _stands_in(article: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", article) is not None


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
    is_title = behind and behind[1][0].isupper() and written[:1].isupper()
    return bool(behind and is_title and _stands_in(article, f"{written} {behind[1]}"))
