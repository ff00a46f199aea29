"""Spelling: words of a question that no article has are read as the words of the archive that they are nearest to."""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import dropwhile, groupby
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import OSA

from qa.protocols import DocumentStore, Encoder, Term
from qa.text.entities import is_date, operation_names, places_in
from qa.text.language import language_asked, primary
from qa.text.terms import ASKING, AUXILIARIES, STOP_WORDS, WORDS, fold, stem, word_matches, words

SHORTEST = 5  # letters of a word that is corrected: of twelve words of four letters nine were corrected wrongly
LONG = 8  # letters from which two slips are borne, below it one: a letter too many, too few, another, or two exchanged
SELDOM = 2  # so often a word stands in the archive at least to be meant, if it is no name
MOST_LOOKED_UP, LOOKED_INTO = 5, 5  # words as near whose language is looked for, and passages of each
FEWEST_ASKING = 3  # words of what is taken for a question without a mark: "qué pena" is none
_BEFORE_ASKING = frozenset(WORDS["before_asking"].split())
"""What stands before the word by which a question asks: "y a cuántos", "so who"."""
_ALSO_NAMES = frozenset({"can", "may", "might", "must", "will"})  # "may 2006 arrests"
_QUOTED = re.compile(r"[“\"«][^“”\"«»]*[”\"»]|(?<!\w)['‘][^'‘’]*['’](?!\w)")  # taken as it is written


class SpellingCorrector:
    """Corrects questions by the vocabulary of the store; `is_word` tells words that the archive happens not to have."""

    def __init__(self, store: DocumentStore, *, is_word: Callable[[str], bool]) -> None:
        self._store, self._is_word = store, is_word
        self._sorted: tuple[Mapping[str, Term], Mapping[str, Sequence[str]]] = ({}, {})  # the words by first letter

    def correct(self, question: str, *, names: bool = True) -> str:
        """The question, its misspelt words replaced, but for `names` if need be; what is quoted stays as it is."""
        quoted = [match.span() for match in _QUOTED.finditer(question)]
        pieces, at, before, word = [], 0, "", ""
        for match in word_matches(question):
            before, word = word, match.group()
            if fold(word) in STOP_WORDS or any(start <= match.start() < end for start, end in quoted):
                continue
            name = self._name(word, before, hasty=question.islower()) if names and word.islower() else None
            if correction := name or self._correction(word, language_asked(question), names=names):
                pieces += [question[at : match.start()], correction]
                at = match.end()
        return "".join([*pieces, question[at:]])

    def names_alone(self, text: str) -> bool:
        """Whether a text is nothing but names of the archive, however they are written."""
        vocabulary = self._store.vocabulary()
        known = [vocabulary.get(fold(word)) for word in words(text)]
        return bool(known) and all(term and term.is_name for term in known)

    def _name(self, word: str, before: str, *, hasty: bool) -> str | None:
        """The name that a word in small letters is: of the archive, in a `hasty` question of any territory."""
        known = self._store.vocabulary().get(fold(word))
        if known and known.is_name:
            # "The press" is none, though an archive may have it with a capital alone; "operation koala" has one.
            is_name = places_in(known.written) or is_date(known.written) or operation_names(f"{before} {known.written}")
            return known.written if is_name or not self._is_word(word) else None
        is_territory = hasty and len(word) > 3 and places_in(word.title())  # "uk" stays as it is
        return word.title() if is_territory else None

    def _correction(self, word: str, language: str, *, names: bool) -> str | None:
        """The word of the archive that is meant; None where the word itself stands in it, or none is near."""
        folded = fold(word)
        if len(folded) < SHORTEST or not folded.isalpha():
            return None
        vocabulary = self._store.vocabulary()
        if folded in vocabulary or self._occurs(folded, language) or self._is_word(word):
            return None
        most = 1 if len(folded) < LONG else 2
        of, by_letter = self._sorted
        if of is not vocabulary:
            by_letter = {letter: list(terms) for letter, terms in groupby(sorted(vocabulary), key=itemgetter(0))}
            self._sorted = vocabulary, by_letter
        # The first letter is hardly ever wrong, and with it a fifteenth of the words is compared.
        near = [term for term in by_letter.get(folded[0], ()) if abs(len(term) - len(folded)) <= most]
        slips = process.extract(folded, near, scorer=OSA.distance, score_cutoff=most, limit=None)
        meant = sorted(
            (distance, -known.count, known.written)
            for term, distance, _ in slips
            if ((known := vocabulary[term]).count >= SELDOM or known.written[:1].isupper())
            and (names or known.written[:1].islower())
            # Where the endings differ it is another form of a word.
            if folded[-1] == term[-1] or sorted(folded) == sorted(term)
        )
        # Of what is as near, what reports in the question's language say: "operasión" is no "operation".
        nearest = [written for distance, _, written in meant if distance == meant[0][0]][:MOST_LOOKED_UP]
        # What was taken out of the archive a moment ago may still be in the vocabulary.
        occurring = (written for *_, written in meant if self._occurs(written, language))
        written = next((word for word in nearest if self._is_said(word, language)), None) or next(occurring, None)
        return written and (written[:1].upper() + written[1:] if word[:1].isupper() else written)

    def _occurs(self, word: str, language: str) -> bool:
        languages = dict.fromkeys((language, "es"))  # what is looked up in Spanish is looked up in English, too
        return any(self._store.matching([word], limit=1, language=tag) for tag in languages)

    def _is_said(self, word: str, language: str) -> bool:
        hits = self._store.matching([word], limit=LOOKED_INTO, language=language)
        return any(primary(hit.source.language) == language for hit in hits)


def punctuated(question: str) -> str:
    """A question typed in haste with its mark, as it would be printed, and in Spanish its first word with its accent.

    Of 101 Spanish questions without capitals, accents and marks 56% are answered by the right sentence first as they
    stand, 59% so; of 36 English ones 58%, and 64%.
    """
    first = next(dropwhile(lambda match: fold(match.group()) in _BEFORE_ASKING, word_matches(question)), None)
    if not first or "?" in question or question.rstrip()[-1:] in "!.…" or len(words(question)) < FEWEST_ASKING:
        return question
    word = first.group()
    asked = None if word.isupper() else ASKING.get(fold(word))  # "WHO budget" is about a body
    if not asked and not (first.start() == 0 and word in AUXILIARIES - _ALSO_NAMES):
        return question
    if asked and word.islower() and language_asked(question) == "es":
        question = f"{question[: first.start()]}{asked}{question[first.end() :]}"
    return f"{question.rstrip()}?"


def known_to(encoder: Encoder) -> Callable[[str], bool]:
    """Tells the words that an encoder has a token of, or of their stem: those that are misspelt it takes apart."""

    def is_word(word: str) -> bool:
        plain = word.replace("’", "'").removesuffix("'s")
        stems = [form for language in ("en", "es") if len(form := stem(word, language)) >= SHORTEST - 1]
        forms = dict.fromkeys([plain, plain.lower(), fold(word), *stems])
        return min(encoder.count_tokens(list(forms))) == 1

    return is_word
