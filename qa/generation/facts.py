"""What code compares of a written sentence and its source: facts, and words where it has no others than the source.

An extract, which has a source's words but perhaps for names put in, stands if they are in its order but for one phrase
that may have moved, and cut only where a phrase ends. One reporting verb is as good as another; what negates, hedges,
bounds or attributes the source's words may not be left out: "Ann, whose brother was convicted, appealed" has the words
of "Ann was convicted". The closed classes of words that this rests on stand in `closed_classes.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate, islice, product

from rapidfuzz import fuzz, process

from qa.dates.finding import find_dates
from qa.dates.periods import DateKind, DateMention, Precision
from qa.i18n.locale import N_
from qa.models.annotations import Stage, dates_within
from qa.models.archive import Source, Span
from qa.models.support import Ground
from qa.text.entities import NUMBER, number_value, numbers_in, places_in
from qa.text.figures import figures
from qa.text.language import language_of
from qa.text.stages import find_stages, outcome_words
from qa.text.terms import STOP_WORDS, content_words, fold, lowered, stem, stems, word_matches, words

NUMBER_ELSE = N_("A number in it is not in the sentence that it cites.")
DATE_ELSE = N_("A date in it is not in the sentence that it cites.")
NAME_ELSE = N_("A name in it is not in the sentence that it cites, or not whole.")
QUOTED_ELSE = N_("What it quotes does not stand word for word in the sentence that it cites.")
DENIAL_ELSE = N_("It denies what the sentence that it cites does not deny.")
SPEAKER_ELSE = N_("It doesn't say who says it as the sentence that it cites does.")
STAGE_ELSE = N_("It doesn't give the same stage of the case as the sentence that it cites.")
MORE_SAID = N_("It has words that are not in the sentence that it cites.")
NEGATION_LOST = N_("It leaves out a negation of the sentence that it cites.")
LIMIT_LOST = N_("It leaves out a doubt or a limit of the sentence that it cites.")
CONDITION_LOST = N_("It leaves out a condition, or that something is only claimed, of the sentence that it cites.")
ORDER_ELSE = N_("What belongs to what, or who does what to whom, is otherwise in the sentence that it cites.")
CUT_SHORT = N_("It leaves out words in the middle of a phrase of the sentence that it cites.")
OTHER_WORDS = frozenset({MORE_SAID, NUMBER_ELSE, DATE_ELSE, NAME_ELSE})

COGNATE = 75
"""Likeness, 0 to 100, from which a name is taken for the same in another form or language: Operation, Operación."""
SMALL = 2  # numbers up to this may be counted by whoever writes: "both companies", "the two sides"
UNTOLD, NOWHERE, AT_PREPOSITION, AT_CONJUNCTION, AT_PUNCTUATION = range(5)
"""Where a source may be cut before a token; UNTOLD is that of a verb in the passive whose doer is left out."""
RUNS = 2  # runs of the source's order that a sentence may be made of: one phrase may have moved
MOST_PUT_IN = 2  # phrases that are put into one sentence
LEAST_OWN = 3  # words of topic that a sentence has from its source, beside what is put in
LONGEST_LEAD_IN = 3  # words
WAYS = 12  # ways to put the source's words back that are tried: most sentences have fewer

_PLAIN_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " "})
_QUOTED = re.compile(r"“([^”]*)”|«([^»]*)»|\"([^\"]*)\"|‘([^‘’]{12,})’(?!\w)")
_PERCENT = re.compile(r"%|per\s?cent|pct|por ciento")
_ACCORDING = re.compile(r"\b(?:according to|según|de acuerdo con)\s+([^,.;:“”\"]{2,80})", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|until|through|and|a|al|hasta|y|[-–—])\s*", re.IGNORECASE)
_TWO = frozenset(words("couple pair both pareja ambos ambas"))
_PUNCTUATION = re.compile(r"[,;:()<>‹›\[\]—–]|\s--?\s")
_CLOSING = (")", ">", "›", "]")
_PART = re.compile(r"early|late|mid|start|beginning|end|principios|comienzos|mediados|finales")  # of a year or a month
_JAIL = re.compile(r"jail|prison|prisión|cárcel|encarcel")
_UNIT = re.compile(r"[$£€%]|per\s?cent|pct|por ciento")
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


@dataclass(frozen=True)
class Facts:
    """A text whose facts are compared; dates are in its own offsets."""

    text: str
    published: date | None = None
    language: str = "en"
    known_dates: tuple[DateMention, ...] = ()

    @classmethod
    def of(cls, ground: Ground, language: str) -> Facts:
        dates = (replace(d, start=d.start - ground.start, end=d.end - ground.start) for d in ground.dates)
        return cls(ground.text, ground.source.published, language, tuple(dates))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        return self.known_dates or tuple(find_dates(self.text, published=self.published, language=self.language))

    def with_spans_of(self, source: Facts) -> Facts:
        """It with two dates as one span where the source has that: "2 March 1987 to 8 March 1987" for "last week"."""
        spans = {mention.value for mention in source.dates if mention.precision is Precision.SPAN}
        dates = list[DateMention]()
        for mention in self.dates:
            if dates and _TO.fullmatch(self.text[dates[-1].end : mention.start]):
                begun = str(dates[-1].value)
                whole = begun if begun.endswith(f"/{mention.value}") else f"{begun}/{mention.value}"
                if whole in spans:
                    mention = replace(dates.pop(), end=mention.end, value=whole, precision=Precision.SPAN)
            dates.append(mention)
        return replace(self, known_dates=tuple(dates))

    @cached_property
    def numbers(self) -> frozenset[tuple[float | str, bool]]:
        """Each number outside dates by its value, by its words where it has none, and whether it is a share of 100."""
        numbers, lower = set(), lowered(self.text)
        for span in self.number_spans:
            if not self.dated(span):
                number = lower[span.start : span.end]
                percent = _PERCENT.search(number) or _PERCENT.match(lower[span.end :].lstrip())
                numbers.add((value_of(number), bool(percent)))
        return frozenset(numbers)

    @cached_property
    def number_spans(self) -> tuple[Span, ...]:
        return tuple(numbers_in(self.text, language=self.language))

    @cached_property
    def counted(self) -> Mapping[str, Set[float]]:
        """The values of its numbers by what is counted: the first word behind each that means something."""
        dates = [Span(mention.start, mention.end) for mention in self.dates]
        values: dict[str, set[float]] = {}
        for figure in figures(self.text, dates=dates, named=()):
            value = number_value(lowered(self.text[figure.span.start : figure.span.end]))
            if value is not None and figure.counted:
                values.setdefault(figure.counted[0], set()).add(value)
        return values

    @cached_property
    def figures(self) -> frozenset[float | str]:
        """Every number, those of dates too."""
        lower = lowered(self.text)
        return frozenset(value_of(lower[span.start : span.end]) for span in self.number_spans)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Words with a capital that are no date; not the first of a sentence, which may be any word."""
        names = []
        for match in word_matches(self.text):
            span, word = Span(*match.span()), match[0]
            begins = self.text[: span.start].rstrip("\"“«'‘( ")[-1:] in ("", ".", "!", "?", ":", "¿", "¡")
            if word[0].isupper() and not begins and fold(word) not in STOP_WORDS and not self.dated(span):
                names.append(word)
        return tuple(names)

    @cached_property
    def denies(self) -> bool:
        negations = closed_class(self.language, "negations")
        return any(fold(word) in negations or word.endswith(("n't", "n’t")) for word in words(self.text))

    @cached_property
    def told(self) -> frozenset[tuple[Stage, bool]]:
        """The stages that it tells, and whether in words of a prison."""
        mentions = find_stages(self.text, (), published=None, language=self.language)
        return frozenset((one.stage, bool(_JAIL.search(lowered(self.text), one.start, one.end))) for one in mentions)

    @property
    def stages(self) -> frozenset[Stage]:
        return frozenset(stage for stage, _ in self.told)

    def dated(self, span: Span) -> bool:
        return any(span.overlaps(Span(mention.start, mention.end)) for mention in self.dates)


def plain(text: str) -> str:
    """A text with plain quotation marks and single blanks."""
    return " ".join(text.translate(_PLAIN_MARKS).split())


def value_of(number: str) -> float | str:
    """A number's value; its words where it has no exact one."""
    value = number_value(number)
    return fold(number) if value is None else value


def differing(claim: Facts, evidence: Facts, *, context: str) -> tuple[str, ...]:
    """What a claim says that its evidence doesn't, as reasons; what stands in the `context` may be named, too."""
    claim = claim.with_spans_of(evidence)
    evidence_text, known = plain(evidence.text).casefold(), stems(f"{evidence.text} {context}")
    # Another language has other names for many places and bodies: whether those are meant, the support model reads.
    same_language = claim.language == evidence.language
    quoted = [next(filter(None, match.groups()), "") for match in _QUOTED.finditer(claim.text)]
    speakers = [frozenset(map(stem, content_words(match[1]))) for match in _ACCORDING.finditer(claim.text)]
    unknown = [name for name in claim.names if stem(name) not in known]
    # Guilt or a verdict may be spoken of without a stage: "more convictions are likely".
    verdict = outcome_words("verdict")
    of_verdict = verdict.search(claim.text) and not verdict.search(evidence.text)
    verdicts = {
        QUOTED_ELSE: any(plain(words).strip(" .,").casefold() not in evidence_text for words in quoted),
        NUMBER_ELSE: not all(_has_number(evidence, *number) for number in claim.numbers)
        or (same_language and _counts_otherwise(claim, evidence)),
        DATE_ELSE: not all(_has_date(mention, claim, evidence) for mention in claim.dates),
        NAME_ELSE: same_language and not all(_has_name(name, (evidence.text, context)) for name in unknown),
        SPEAKER_ELSE: same_language and any(speaker and speaker.isdisjoint(known) for speaker in speakers),
        DENIAL_ELSE: same_language and claim.denies and not evidence.denies,
        STAGE_ELSE: not _stages(claim, evidence) <= _stages(evidence, claim) or of_verdict,
    }
    return tuple(reason for reason, differs in verdicts.items() if differs)


def _stages(text: Facts, other: Facts) -> frozenset[Stage]:
    """A text's stages; where one of two is Spanish "detenido" is "arrested", unless in a prison."""
    if "es" not in (text.language, other.language):
        return text.stages
    return frozenset(Stage.ARRESTED if stage is Stage.DETAINED and not jailed else stage for stage, jailed in text.told)


def _has_number(evidence: Facts, value: float | str, is_percent: bool) -> bool:
    if isinstance(value, float) and value <= SMALL and not is_percent:
        return True
    return (value, is_percent) in evidence.numbers or (not is_percent and value in evidence.figures)


def _counts_otherwise(claim: Facts, evidence: Facts) -> bool:
    """Whether of some thing there are as many as no number of the evidence says, which gives another one of it."""
    known = {value for value, _ in evidence.numbers}.union({1.0}, *evidence.counted.values())
    if not _TWO.isdisjoint(map(fold, words(evidence.text))):
        known.add(2.0)
    return any(thing in evidence.counted and not values <= known for thing, values in claim.counted.items())


def _has_date(mention: DateMention, claim: Facts, evidence: Facts) -> bool:
    """Whether the evidence has the date: the same, a nearer one, or the same words.

    Its day of publication may be given, too; not as the only day where the evidence has another.
    """
    written = fold(claim.text[mention.start : mention.end])
    published = evidence.published.isoformat() if evidence.published else ""
    has_day = any(other.precision is Precision.DAY for other in evidence.dates)
    if mention.value and published.startswith(mention.value) and (len(claim.dates) > 1 or not has_day):
        return True
    values = (date.value for date in evidence.dates if date.value and mention.value)
    near = (f"{value}-".startswith(f"{mention.value}-") for value in values)
    return any(near) or written in fold(evidence.text)


def _has_name(name: str, texts: Sequence[str]) -> bool:
    """Whether texts of which it is no word have a name: in another form or language, or by its initials."""
    places = {code for _, code in places_in(name)}
    if places and any(code in places for text in texts for _, code in places_in(text)):
        return True
    vocabulary = tuple({fold(word) for text in texts for word in words(text)})
    if process.extractOne(fold(name), vocabulary, scorer=fuzz.ratio, score_cutoff=COGNATE):
        return True
    # "Food and Drug Administration" is the FDA.
    initials = ("".join(word[0] for word in words(text) if word[0].isupper()) for text in texts)
    return name.isupper() and len(name) > 1 and any(name in letters for letters in initials)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or date that means something by itself, at `span` of its text."""

    span: Span
    text: str
    key: str  # what it is compared by: the stem of a word, the value of a number, what a date means
    absent: str  # the reason against a sentence that has it where its source hasn't
    lost: str | None = None  # the same the other way round
    marker: tuple[str, bool] = ("", False)  # the preposition before it, and whether a form of "be" is
    cut: int = NOWHERE

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def speaks(self) -> bool:
        return self.lost == SPEAKER_ELSE

    def fits(self, source: Token) -> bool:
        """Whether it is the source's token; a date may be less exact, a relative one has the source's words."""
        if self.absent == DATE_ELSE == source.absent:
            return fold(self.text) == fold(source.text) or f"{source.key}-".startswith(f"{self.key}-")
        named = source.capital or not self.capital or self.span.start == 0
        return self.key == source.key and named and (source.speaks or not self.speaks)


@cache
def _classes(language: str) -> Mapping[str, Mapping[str, str]]:
    """The closed classes of a language, every word, folded, with the one that it counts as."""
    data = tomllib.loads(files("qa.generation").joinpath("closed_classes.toml").read_text(encoding="utf-8"))
    classes = data["es" if language == "es" else "en"]
    counted_as = classes.pop("counted_as")
    classes = {name: {word: word for word in words.split()} for name, words in classes.items()}
    return classes | {"prepositions": classes["prepositions"] | counted_as}


def closed_class(language: str, *names: str) -> frozenset[str]:
    """The words of these closed classes."""
    return frozenset(word for name in names for word in _classes(language)[name])


def tokens_of(text: Facts, *, written: bool = False) -> tuple[Token, ...]:
    """What means something by itself, in order; in `written` words relative dates count as they are worded."""
    classes, tokens = _classes(text.language), list[Token]()
    marker, cut, end, speaking = ("", False), AT_PUNCTUATION, 0, False
    for token in _units(text, classes, relative=written):
        word = fold(token.text) if token.absent in (MORE_SAID, NAME_ELSE) else ""
        between, end = text.text[end : token.span.start], token.span.end
        # "(Smith Inc) said" names a speaker as "Smith Inc said" does.
        if _PUNCTUATION.search(between) and not (word in classes["reporting"] and between.strip() in _CLOSING):
            marker, cut = ("", False), AT_PUNCTUATION
        if word in classes["reporting"] and not marker[1]:
            speaking = cut >= AT_CONJUNCTION or not tokens
            if not speaking:  # who does is the phrase before it
                begin = max((at for at, before in enumerate(tokens) if before.cut >= AT_CONJUNCTION), default=0)
                tokens[begin:] = [replace(before, lost=before.lost or SPEAKER_ELSE) for before in tokens[begin:]]
            marker, cut = ("", False), AT_PUNCTUATION
            continue
        if word in classes["prepositions"]:
            marker, cut = (classes["prepositions"][word], marker[1]), max(cut, AT_PREPOSITION)
        elif word in classes["be"]:
            marker = (marker[0], True)
        elif word in classes["conjunctions"]:
            marker, cut, speaking = ("", False), max(cut, AT_CONJUNCTION), False
        if not any(word in classes[name] for name in ("free", "prepositions", "be")):
            speaking = speaking and (cut < AT_CONJUNCTION or not (tokens and tokens[-1].speaks))
            if token.absent == DATE_ELSE:  # in, on or of a day is the same
                marker = ("" if marker[0] in ("in", "of", "en", "de") else marker[0], False)
            if speaking:  # before who speaks nothing counts
                tokens.append(replace(token, lost=token.lost or SPEAKER_ELSE, cut=cut))
            else:
                tokens.append(replace(token, marker=marker, cut=cut))
            marker, cut = ("", False), NOWHERE
    return tuple(tokens)


def _units(text: Facts, classes: Mapping[str, Mapping[str, str]], *, relative: bool) -> list[Token]:
    """All dates, the numbers outside them, and the words outside both, in order."""
    tokens: list[Token] = []
    for mention in text.dates:
        words = text.text[mention.start : mention.end]
        absolute = None if relative and mention.kind is DateKind.RELATIVE else mention.value
        part = _PART.search(words.lower())
        key = f"@{absolute or fold(words)}{part[0] if part else ''}"
        tokens.append(Token(Span(mention.start, mention.end), words, key, DATE_ELSE))
    for span in text.number_spans:
        written = text.text[span.start : span.end]
        number = lowered(written)
        if number not in classes["free"] and not any(span.overlaps(token.span) for token in tokens):
            unit = _UNIT.search(number)
            sign = unit[0] if unit and unit[0] in "$£€" else "%" * bool(unit)
            tokens.append(Token(span, written, f"{value_of(number)}{sign}", NUMBER_ELSE))
    kinds = {"negations": NEGATION_LOST, "conditions": CONDITION_LOST, "limits": LIMIT_LOST}
    for match in word_matches(text.text):
        span, word, folded = Span(*match.span()), match[0], fold(match[0])
        if not any(span.overlaps(token.span) for token in tokens):
            key = stem(word) + "'s" * word.endswith(("'s", "’s"))  # a possessive is another word
            absent = NAME_ELSE if word[0].isupper() and span.start else MORE_SAID
            lost = next((kinds[name] for name in kinds if folded in classes[name] or folded.endswith("n't")), None)
            tokens.append(Token(span, word, key, absent, lost))
    return sorted(tokens, key=lambda token: token.span)


def extract_objections(sentence: str, ground: Ground) -> tuple[str, ...] | None:
    """What speaks against a sentence as an extract of a source's; None where it has other words than the source.

    It may leave out a lead-in that says nothing by itself, "In particular, …", and what else somebody says of it behind
    what the report says itself: "…, and analysts said …".
    """
    objections = _objections(sentence, ground)
    parts = filter(None, (_without_lead_in(ground), _before_others_speak(ground))) if objections else ()
    return () if any(_objections(sentence, part) == () for part in parts) else objections


def _part(ground: Ground, part: Span) -> Ground:
    span = part.shifted(ground.start)
    dates, text = tuple(dates_within(ground.dates, span)), ground.text[part.start : part.end]
    return replace(ground, start=span.start, end=span.end, text=text, dates=dates)


def _without_lead_in(ground: Ground) -> Ground | None:
    language, beginning = _source_of(ground).language, list(islice(word_matches(ground.text), LONGEST_LEAD_IN + 1))
    for length in range(1, len(beginning)):
        phrase, start = "_".join(fold(word[0]) for word in beginning[:length]), beginning[length].start()
        between = ground.text[beginning[length - 1].end() : start].strip()
        opens = between == "," or (not between and phrase in closed_class(language, "conjunctions"))
        if opens and phrase in closed_class(language, "lead_ins"):
            return _part(ground, Span(start, len(ground.text)))
    return None


def _before_others_speak(ground: Ground) -> Ground | None:
    """What a source says itself before "and analysts said", or before "but said" of whom it speaks of already."""
    tokens = _source_tokens(_source_of(ground))
    first = next((at for at, token in enumerate(tokens) if token.speaks), 0)
    # Behind a comma it may be one of several who all say so: "it rained, Lee and Ray said".
    if not first or any(token.cut == AT_PUNCTUATION for token in tokens[1:first]):
        return None
    end = tokens[first - 1].span.end
    joining = next(map(fold, words(ground.text[end : tokens[first].span.end])), "")
    alone = not any(token.speaks for token in tokens[first + 1 : first + 2])
    if joining in ("and", "y", "e") or (joining in ("but", "pero") and alone):
        return _part(ground, Span(0, end))
    return None


def _objections(sentence: str, ground: Ground) -> tuple[str, ...] | None:
    source = _source_of(ground)
    written = Facts(sentence, source.published, language_of(sentence, otherwise=source.language))
    objections = [STAGE_ELSE] if written.stages != source.stages else []
    source_tokens = _source_tokens(source)
    tokens = _without_credit(tokens_of(written.with_spans_of(source), written=True), source_tokens, ground.source)
    if any(token.speaks for token in source_tokens) != any(token.speaks for token in tokens):
        objections.append(SPEAKER_ELSE)
    voices = ((tokens, source_tokens), (_active(tokens), _active(source_tokens)))
    misplaced = min((list(_misplaced(*voice)) for voice in voices), key=len)
    reasons = dict.fromkeys([*objections, *misplaced])
    return None if OTHER_WORDS & reasons.keys() else tuple(reasons)


@lru_cache(maxsize=64)
def _source_of(ground: Ground) -> Facts:
    """The facts of a source's sentence, which several written ones are held against."""
    return Facts.of(ground, language_of(ground.text, otherwise=ground.source.language[:2]))


_source_tokens = lru_cache(maxsize=64)(tokens_of)


def _without_credit(tokens: Sequence[Token], known: Sequence[Token], source: Source) -> Sequence[Token]:
    """A sentence without the outlet as who says it, and without its day beside that: "Reuters reported on 9 March"."""
    keys, day = {token.key for token in known}, f"@{source.published}"
    credit = stems(f"{source.outlet} {source.summarises or ''}") - keys
    is_credit = [token.speaks and token.key in credit for token in tokens]
    is_day = [
        token.key == day and day not in keys and any(is_credit[max(0, at - 1) : at + 2])
        for at, token in enumerate(tokens)
    ]
    return [token for at, token in enumerate(tokens) if not is_credit[at] and not is_day[at]]


def _active(tokens: Sequence[Token]) -> Sequence[Token]:
    """A passive as an active sentence: "the road was closed by police" as "police closed the road"."""
    begin = next((at for at, token in enumerate(tokens) if not token.speaks), 0)
    at = next((at for at, token in enumerate(tokens) if token.marker[1]), 0)
    if at <= begin or any(token.cut == AT_CONJUNCTION or token.speaks for token in tokens[begin:at]):
        return tokens
    end = at + 1
    if end < len(tokens) and tokens[end].marker[0] in ("by", "por"):
        behind = (n for n in range(end + 1, len(tokens)) if tokens[n].cut > NOWHERE and tokens[n].marker[0] != "of")
        end = next(behind, len(tokens))
    agent, verb, rest = list(tokens[at + 1 : end]), tokens[at], tokens[end:]
    if agent:
        agent[0] = replace(agent[0], marker=("", False), cut=AT_PUNCTUATION)
    active = replace(verb, marker=(verb.marker[0], False), cut=NOWHERE if agent else UNTOLD)
    return [*tokens[:begin], *agent, active, replace(tokens[begin], cut=NOWHERE), *tokens[begin + 1 : at], *rest]


def _misplaced(tokens: Sequence[Token], source: Sequence[Token]) -> Iterator[str]:
    places: list[int] = []
    for token in tokens:
        fitting = [at for at, candidate in enumerate(source) if at not in places and token.fits(candidate)]
        alike = [at for at in fitting if token.marker == source[at].marker]
        if not alike:
            yield ORDER_ELSE if fitting else token.absent
        if fitting:
            after = [at for at in alike or fitting if not places or at > places[-1]]
            places.append(min(after or alike or fitting))
    clauses = list(accumulate(token.cut >= AT_CONJUNCTION for token in source))
    cited_clauses, more = {clauses[at] for at in places}, _more_of_speaker(source, places)
    for at, token in enumerate(source):
        holds_for_all = token.lost in (CONDITION_LOST, SPEAKER_ELSE)
        if token.lost and at not in places and at not in more and (holds_for_all or clauses[at] in cited_clauses):
            yield token.lost
    if len(places) == len(tokens):
        yield from _broken(tokens, source, places)


def _more_of_speaker(source: Sequence[Token], places: Sequence[int]) -> Set[int]:
    """Where only more is said of who speaks and is named, as "at the harbour office" behind "Ann Lee"."""
    more: set[int] = set()
    for at, token in enumerate(source[1:], start=1):
        named = at - 1 in places and source[at - 1].capital and source[at - 1].speaks
        if named and token.cut == AT_PREPOSITION and token.marker[0] in ("in", "en"):
            behind = next((n for n in range(at, len(source)) if not source[n].speaks), len(source))
            more |= set(range(at, behind))
    return more.difference(places)


def _broken(tokens: Sequence[Token], source: Sequence[Token], places: Sequence[int]) -> Iterator[str]:
    """Phrases cut in their middle, names not whole, and an order that isn't the source's."""
    starts = [0, *(at for at in range(1, len(places)) if places[at] < places[at - 1])]
    if len(starts) > RUNS:
        yield ORDER_ELSE
    for at, place in enumerate(places):
        if at + 1 in (len(places), *starts) and place + 1 < len(source) and source[place + 1].cut <= NOWHERE:
            yield CUT_SHORT
        if tokens[at].cut == UNTOLD and fold(tokens[at].text) == fold(source[place].text):
            continue  # "a road was closed" of "police closed a road"
        if at in starts:
            dated = all(token.absent == DATE_ELSE for token in source[:place])
            if not (source[place].cut > NOWHERE if place > min(places) else dated):
                yield CUT_SHORT
        elif place > places[at - 1] + 1:
            before, behind = tokens[at - 1], tokens[at]
            if before.capital and behind.capital and before.span.end + 1 == behind.span.start:
                yield NAME_ELSE
            if not _may_go(source, places[at - 1] + 1, place):
                yield CUT_SHORT


def _may_go(source: Sequence[Token], first: int, behind: int) -> bool:
    """Whether a source's tokens from `first` on may be left out up to the one `behind` them: whole phrases."""
    if source[first].cut == AT_PUNCTUATION:
        return source[behind].cut == AT_PUNCTUATION
    return source[first].cut == AT_PREPOSITION and all(token.cut <= AT_PREPOSITION for token in source[first:behind])


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
    for replacements in islice(product(*ways), WAYS):
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
