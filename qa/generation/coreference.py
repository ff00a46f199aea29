"""Names put in for "he" or "the company": written sentences that but for these have the words of one source sentence.

Whoever writes is told to put them in, for a sentence has to be clear by itself. A name is put in where the source has a
pronoun or a description, or beside a description; whether it is the right one isn't decided here. A longer or shorter
form of a name ("Treasury Secretary James Baker" for "Baker") only has to be one that the article has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice, product

from qa.generation.extracts import closed_class
from qa.generation.facts import Facts
from qa.models.archive import Span
from qa.text.terms import content_words, fold, stem, stems, word_matches

MOST_PUT_IN = 2
"""Phrases that are put into one sentence."""

LEAST_OWN = 3
"""Words of topic that a sentence has from its source, beside what is put in."""

TRIED = 60
"""Ways to put the source's words back that are tried: most sentences have some ten."""

_PRONOUN = re.compile(
    r"\b(?:he|she|they|it|his|her|hers|him|their|theirs|them|its|él|ella|ellos|ellas|su|sus|le|les)\b", re.IGNORECASE
)
_DESCRIPTION = re.compile(
    r"\b(?:the|this|that|these|those|both|el|la|los|las|este|esta|estos|estas|ese|esa|dicho|dicha|ambos|ambas)"
    r"(?: [\w'’-]+){1,3}",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"\b(?:the|a|an|el|la|los|las|un|una)\s+$", re.IGNORECASE)
_FULL_NAME = re.compile(r"((?:[A-Z][\w.'’&-]* )+)([A-Z][\w’&-]*)")
_COMMA = re.compile(",")
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
_FREE = ("free", "prepositions", "be", "conjunctions")


def restored(written: Facts, source: str, passage: str) -> Iterator[tuple[str, bool]]:
    """A sentence with its source's own words again, in each way that may be right; none where it puts in no name.

    With each whether the passage holds all that was put in word for word, with the word behind it.
    """
    phrases = _put_in(written, source, passage)
    if not 1 <= len(phrases) <= MOST_PUT_IN:
        return
    wholes = [_stands_whole(written.text, phrase, passage) for phrase in phrases]
    instead = _referring(source, written)
    ways = [
        [""] if whole else [*instead, *[""] * _stands_beside(written.text, phrase, source)]
        for phrase, whole in zip(phrases, wholes, strict=True)
    ]
    for words in islice(product(*ways), TRIED):
        restored_text = _replaced(written.text, list(zip(phrases, words, strict=True)))
        yield with_full_names(restored_text, source, passage), all(wholes)


def _put_in(written: Facts, source: str, passage: str) -> Sequence[Span]:
    """The phrases that the source sentence hasn't, but the passage has; none where it hasn't all of them so."""
    free, known, held = closed_class(written.language, *_FREE), stems(source), stems(passage)
    sentence, phrases, words_between = written.text, list[Span](), list[str]()
    for match in word_matches(sentence):
        word = fold(match[0])
        if stem(match[0]) in known or word in free or word.isdigit() or written.dated(Span(*match.span())):
            words_between.append(word)
            continue
        if stem(match[0]) not in held:
            return ()
        joined = phrases and len(words_between) <= 3 and all(between in free for between in words_between)
        start = phrases.pop().start if joined else match.start()
        phrases.append(Span(start, match.end()))
        words_between = []
    own = sum(stem(word) in known for word in content_words(sentence))
    held_whole = all(_plain(sentence[phrase.start : phrase.end]) in _plain(passage) for phrase in phrases)
    return list(map(partial(_whole, sentence), phrases)) if held_whole and own >= LEAST_OWN else ()


def _whole(sentence: str, phrase: Span) -> Span:
    """A phrase with its article and the ending of a possessive."""
    article = _ARTICLE.search(sentence[: phrase.start])
    behind = _POSSESSIVE.match(sentence, phrase.end) or (
        "," in sentence[phrase.start : phrase.end] and _COMMA.match(sentence, phrase.end)
    )
    return Span(article.start() if article else phrase.start, behind.end() if behind else phrase.end)


def _stands_whole(sentence: str, phrase: Span, passage: str) -> bool:
    """Whether a phrase and the word behind it stand so in the passage: a longer form of a name."""
    behind = re.match(r"[\s,]*[\w'’-]+", sentence[phrase.end :])
    whole = sentence[phrase.start : phrase.end] + (behind[0] if behind else "")
    return bool(behind and behind[0].strip(" ,")[:1].isupper()) and _plain(whole) in _plain(passage)


def _stands_beside(sentence: str, phrase: Span, source: str) -> bool:
    """Whether a phrase is a name that only says more of the word before it: "the union IG Metall"."""
    is_name = all(match[0][0].isupper() for match in word_matches(sentence[phrase.start : phrase.end]))
    before = re.search(r"([^\W\d_]+) $", sentence[: phrase.start])
    return bool(is_name and before and stem(before[1]) in stems(source))


def with_full_names(sentence: str, source: str, passage: str) -> str:
    """The sentence with each name as long as its source has it, where the passage has it by itself elsewhere, too."""
    for match in _FULL_NAME.finditer(source):
        before, last = match[1], match[2]
        alone = rf"(?<!{re.escape(before.split()[-1])} )\b{re.escape(last)}\b"
        if re.search(alone, passage) and not re.search(rf"\b{re.escape(before.strip())}\b", sentence):
            sentence = re.sub(alone, match[0].replace("\\", ""), sentence, count=1)
    return sentence


def _plain(text: str) -> str:
    return " ".join(match[0] for match in word_matches(fold(text)))


def _referring(source: str, written: Facts) -> list[str]:
    """What in the source may stand for somebody named elsewhere: pronouns, and descriptions not in the sentence."""
    elsewhere, found = stems(written.text), [match[0] for match in _PRONOUN.finditer(source)]
    closed = closed_class(written.language, *_FREE, "limits", "reporting", "negations", "conditions")
    for match in _DESCRIPTION.finditer(source):
        words = match[0].split(" ")
        for length in range(2, len(words) + 1):
            word = fold(words[length - 1])
            if word in closed or stem(word) in elsewhere:
                break
            found.append(" ".join(words[:length]))
    return list(dict.fromkeys(map(str.lower, found)))


def _replaced(sentence: str, changes: Sequence[tuple[Span, str]]) -> str:
    for phrase, words in reversed(changes):
        sentence = f"{sentence[: phrase.start]}{words}{sentence[phrase.end :]}"
    text = re.sub(r"\s+([,.;:])", r"\1", " ".join(sentence.split())).lstrip(",;: ")
    return f"{text[:1].upper()}{text[1:]}"
