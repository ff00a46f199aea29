"""Training pairs of the support model: a claim, the sentences that it cites, and whether they bear it out.

Besides pairs that people labelled, sentences of archives are altered in one point: a number, a date, a name, a role, a
negation, a doubt, a stage of a case, a direction. An altered sentence is not borne out by the sentence that it was.
"""

import collections
import difflib
import itertools
import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.windows import MANIFEST, NAME, news_stories, rows_of, sentence_bounds, story_heading

LONGEST_EVIDENCE = 700  # characters, about 170 tokens: three sentences, as the check reads them
LENGTHS = (1, 1, 2, 3, 3)  # sentences of evidence around the one that is cited
SHORTEST_CLAIM = 30  # characters
LONGEST_CLAIM = 330
ADDED = 0.3  # chance that a clause is added where that way is drawn: it always fits
GONE = 0.25  # share of the true claims that come again with the sentence that bears them out cut away

SPANISH = "squad_es_dev_v1_noxquad"
NEWS_CLAIMS = Path(__file__).with_name("news_claims.tsv")
NEWS_CLAIMS_SOURCE = "news_claims"
EXTRACTS = NEWS_CLAIMS.with_name("extracts.tsv")
EXTRACTS_SHARE = 3
BEFORE = 4
"""Sentences before the cited ones in which whom they are about is named."""
TWINS = 0.75  # likeness, 0 to 1, from which a claim was made of another by one change
NEWS_SHARE = 4
TESTED_LAST_DIGIT = "7"  # stories of Reuters whose number ends so are left to testing
REUTERS_SENTENCES = 8000
PARAGRAPH_SENTENCES = 4000  # of each language
CROSSED_SENTENCES = 7000

Stretches = tuple[tuple[int, int], ...]
"""Where each starts and ends, in characters."""

SUPPORTED, UNDECIDED, CONTRADICTED = LABELS = ("supported", "undecided", "contradicted")
"""What evidence says to a claim, in the order of the model's logits."""
NOT_SUPPORTED = (UNDECIDED, CONTRADICTED)  # where it is only known that a claim is not borne out
CONTRADICTING = frozenset(
    ("number", "date", "name", "role", "negation", "stage", "contrary", "opposite", "quantity", "refuted")
)
"""Kinds of alterations that say something else, not only more."""
UNDECIDING = frozenset(["gone", "neutral", "added", "cause", "scope", "hedge", "doubt"])
"""Kinds that say what nobody says."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of training: `heading` and `text` are the evidence, `kind` how the claim came about; right `labels`.

    `wrong` are the stretches of the claim that are not borne out, as characters; None where nobody knows which.
    """

    source: str
    kind: str
    claim: str
    heading: str
    text: str
    labels: tuple[str, ...]
    wrong: Stretches | None = None

    @property
    def supported(self) -> bool:
        return SUPPORTED in self.labels


_TABLES = tomllib.loads(Path(__file__).with_name("alterations.toml").read_text(encoding="utf-8"))
CONTRARIES, STAGES, SERIES, COUNTS = (
    [group.split("/") for group in _TABLES[name]] for name in ("contraries", "stages", "series", "counts")
)
FIGURE = re.compile(r"(?<![\w.,])\d[\d.,]*\d|(?<![\w.,])\d(?![\w])")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
CLAUSE = re.compile(
    r"(?:, | (?=(?:because|after|in|to|with|for|by|from|porque|tras|en|con|para|por|desde) ))[^.,;:?!]{12,70}\.(?=\s|$)"
)

Groups = Sequence[Sequence[str]]
Found = list[tuple[re.Match[str], Sequence[str]]]
"""Words that were found, each with those of its group."""


def _found(groups: Groups, claim: str, flags: re.RegexFlag = re.NOFLAG) -> Found:
    return [(match, words) for words in groups for match in re.finditer(rf"\b(?:{'|'.join(words)})\b", claim, flags)]


def _names(claim: str) -> list[re.Match[str]]:
    return [match for match in NAME.finditer(claim) if not match[0][0].isdigit()]


class Alterer:
    """Alters claims in one point each; names and clauses of `texts` stand in where the evidence has none."""

    def __init__(self, texts: Sequence[str], rng: random.Random) -> None:
        self._texts_names = [name for text in texts for name in NAME.findall(text) if not name[0].isdigit()]
        self._clauses = [match[0] for text in texts for match in CLAUSE.finditer(text)]
        self._rng = rng
        self._ways: dict[str, Callable[[str, str], str | None]] = {
            "number": self._number,
            "date": self._date,
            "name": self._name,
            "role": self._role,
            "negation": lambda claim, _: self._by_rule(_TABLES["negations"], claim),
            "doubt": lambda claim, _: self._by_rule(_TABLES["doubts"], claim),
            "stage": lambda claim, _: self._exchanged(_found(STAGES, claim), claim),
            "contrary": lambda claim, _: self._exchanged(_found(CONTRARIES, claim), claim),
            "added": self._added,
        }

    def altered(self, claim: str, evidence: str) -> tuple[str, str] | None:
        """The kind of an alteration and what it makes of a claim; None where none of them fits."""
        kinds = self._rng.sample([*self._ways], len(self._ways))
        kinds.sort(key=lambda kind: kind == "name" and self._rng.random() < 0.6)  # nearly every claim has a name
        for kind in kinds:
            text = " ".join((self._ways[kind](claim, evidence) or "").split())
            if text not in (claim, ""):
                return kind, text[0].upper() + text[1:] if claim[0].isupper() else text
        return None

    def _exchanged(self, found: Found, claim: str) -> str | None:
        """One of the words for another of its group."""
        if not found:
            return None
        match, words = self._rng.choice(found)
        return _replaced(claim, match, self._rng.choice([word for word in words if word.lower() != match[0].lower()]))

    def _by_rule(self, rules: Groups, claim: str) -> str | None:
        fitting = [(pattern, by) for pattern, by in rules if re.search(pattern, claim)]
        if not fitting:
            return None
        pattern, by = self._rng.choice(fitting)
        match = self._rng.choice(list(re.finditer(pattern, claim)))
        return _replaced(claim, match, match.expand(by))

    def _number(self, claim: str, evidence: str) -> str | None:
        figures = [match for match in FIGURE.finditer(claim) if not YEAR.fullmatch(match[0])]
        if not figures:
            return self._exchanged(_found(COUNTS, claim, re.IGNORECASE), claim)
        match = self._rng.choice(figures)
        others = [figure for figure in FIGURE.findall(evidence) if figure not in claim and not YEAR.fullmatch(figure)]
        if others and self._rng.random() < 0.5:
            return _replaced(claim, match, self._rng.choice(others))
        at = self._rng.choice([at for at, char in enumerate(match[0]) if char.isdigit()])
        digit = self._rng.choice([digit for digit in "123456789" if digit != match[0][at]])
        return _replaced(claim, match, match[0][:at] + digit + match[0][at + 1 :])

    def _date(self, claim: str, evidence: str) -> str | None:
        is_month = re.search(r"May \d|\d May|in May", claim)
        found = [(match, words) for match, words in _found(SERIES, claim) if match[0] != "May" or is_month]
        years = list(YEAR.finditer(claim))
        if not years or (found and self._rng.random() >= 0.5):
            return self._exchanged(found, claim)
        match = self._rng.choice(years)
        others = [year for year in YEAR.findall(evidence) if year != match[0]]
        moved = str(int(match[0]) + self._rng.choice((-10, -5, -2, -1, 1, 2, 5, 10)))
        return _replaced(claim, match, self._rng.choice(others) if others else moved)

    def _name(self, claim: str, evidence: str) -> str | None:
        near = [match[0] for match in _names(evidence) if match[0] not in claim]
        pool = near if near and self._rng.random() < 0.6 else self._texts_names
        if not (names := _names(claim)) or not pool:
            return None
        match, other = self._rng.choice(names), self._rng.choice(pool)
        # What a name is part of names the same: "Baker" for "James Baker".
        return None if match[0] in other or other in claim else _replaced(claim, match, other)

    def _role(self, claim: str, evidence: str) -> str | None:
        names = _names(claim)
        if first := re.match(r"(?:The |El |La )?([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)", claim):
            names.insert(0, first)
        between = ((a, b, claim[a.end() : b.start()]) for a, b in itertools.pairwise(names))
        joined = re.compile(r"\b(?:and|or|y|e|o)\b|,")
        pairs = [(a, b, text) for a, b, text in between if len(text.split()) >= 2 and not joined.search(text)]
        if not pairs:
            return None
        a, b, text = self._rng.choice(pairs)
        alike = a[0] in b[0] or b[0] in a[0]
        return None if alike else claim[: a.start()] + b[0] + text + a[0] + claim[b.end() :]

    def _added(self, claim: str, evidence: str) -> str | None:
        """The claim with a clause of another at its end."""
        clause = self._rng.choice(self._clauses) if self._clauses and self._rng.random() < ADDED else ""
        return f"{claim.rstrip('.')}{clause}" if clause and clause.strip(" ,.") not in evidence else None


def _replaced(claim: str, match: re.Match[str], by: str) -> str:
    return claim[: match.start()] + by + claim[match.end() :]


def changed(before: str, after: str) -> Stretches:
    """The stretches of a text that make it differ from another; of words left out the word that follows, if any."""
    words = [list(re.finditer(r"\w+(?:[.,'’]\w+)*|[^\w\s]", text)) for text in (before, after)]
    matcher = difflib.SequenceMatcher(None, *([word[0] for word in side] for side in words), autojunk=False)
    spans = []
    for operation, _, _, start, end in matcher.get_opcodes():
        if operation == "delete":
            start, end = min(start, len(words[1]) - 1), min(start + 1, len(words[1]))
        if operation != "equal" and words[1]:
            spans.append((words[1][start].start(), words[1][end - 1].end()))
    return tuple(spans)


class ClaimMaker:
    """Makes claims out of texts, each sentence as it stands and altered."""

    def __init__(self, source: str, texts: Sequence[str], rng: random.Random) -> None:
        self._source, self._rng = source, rng
        self._alterer = Alterer(texts, rng)

    def of_sentence(self, text: str, at: int, *, heading: str, claim: str | None = None) -> Iterator[Claim]:
        """The sentence of a text, or a `claim` that says the same, borne out; altered, not; and without it, not."""
        bounds = sentence_bounds(text)
        said = claim or " ".join(text[slice(*bounds[at])].split())
        if not SHORTEST_CLAIM <= len(said) <= LONGEST_CLAIM:
            return
        length = self._rng.choice(LENGTHS)
        first = max(0, at - self._rng.randrange(length))
        last = max(at, min(len(bounds) - 1, first + length - 1))
        yield from self.of_claim(said, text[bounds[first][0] : bounds[last][1]], heading=heading, kind="verbatim")
        if self._rng.random() < GONE and last > first:
            rest = " ".join(text[slice(*bounds[i])].strip() for i in range(first, last + 1) if i != at)
            yield from self._claim("gone", said, heading, rest, supported=False, wrong=None)

    def of_claim(self, claim: str, evidence: str, *, heading: str, kind: str) -> Iterator[Claim]:
        """A claim that is borne out, and what becomes of it when it is altered."""
        yield from self._claim(kind, claim, heading, evidence, supported=True, wrong=())
        if altered := self._alterer.altered(claim, evidence):
            kind, text = altered
            yield from self._claim(kind, text, heading, evidence, supported=False, wrong=changed(claim, text))

    def _claim(
        self, kind: str, claim: str, heading: str, text: str, *, supported: bool, wrong: Stretches | None
    ) -> Iterator[Claim]:
        if len(text) <= LONGEST_EVIDENCE and text.strip():
            labels = labels_of(kind, supported=supported)
            yield Claim(self._source, kind, claim, heading, text.strip(), labels, wrong)


def labels_of(kind: str, *, supported: bool) -> tuple[str, ...]:
    """The labels that are right for a claim of a kind."""
    if supported:
        return (SUPPORTED,)
    return (CONTRADICTED,) if kind in CONTRADICTING else (UNDECIDED,) if kind in UNDECIDING else NOT_SUPPORTED


def labelled(folder: Path) -> Iterator[Claim]:
    """Pairs that people labelled; what is only partly borne out, or neither borne out nor refuted, is not."""
    for name, share in ((entry["name"], entry["claims"]) for entry in MANIFEST if "claims" in entry):
        for row in rows_of(folder, name):
            if len(row["evidence"]) <= LONGEST_EVIDENCE:
                supported = row["label"] == SUPPORTED
                labels, wrong = labels_of(row["label"], supported=supported), () if supported else None
                yield from [Claim(name, row["label"], row["claim"], "", row["evidence"], labels, wrong)] * share


def of_stories(collections_folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Sentences of news stories, as they stand and altered."""
    stories = [story for story in news_stories(collections_folder).values() if story["title"]]
    stories = [story for story in stories if not story["id"].endswith(TESTED_LAST_DIGIT)]
    rng.shuffle(stories)
    chosen = stories[: REUTERS_SENTENCES // 2]
    maker = ClaimMaker("reuters", [story["text"] for story in chosen], rng)
    for story in chosen:
        bounds = sentence_bounds(story["text"])
        for at in rng.sample(range(len(bounds)), min(2, len(bounds))):
            yield from maker.of_sentence(story["text"], at, heading=story_heading(story))


def of_paragraphs(folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Sentences of encyclopedic paragraphs, English, Spanish, and Spanish ones over the English paragraph."""
    spanish_rows = rows_of(folder, SPANISH)
    english_rows = rows_of(folder, "squad2_dev_noxquad") + rows_of(folder, "squadshifts_new_wiki")
    for rows, name in ((english_rows, "paragraphs_en"), (spanish_rows, "paragraphs_es")):
        texts = list(dict.fromkeys(row["context"] for row in rows))
        maker = ClaimMaker(name, texts, rng)
        for _ in range(PARAGRAPH_SENTENCES if texts else 0):
            text = rng.choice(texts)
            yield from maker.of_sentence(text, rng.randrange(len(sentence_bounds(text))), heading="")
    english = {row["question"]: row["context"] for row in rows_of(folder, "squad2_dev_crossed")}
    pairs = {row["context"]: english[row["question"]] for row in spanish_rows if row["question"] in english}
    aligned = [(es, en) for es, en in pairs.items() if len(sentence_bounds(es)) == len(sentence_bounds(en))]
    maker = ClaimMaker("paragraphs_crossed", [es for es, _ in aligned], rng)
    for _ in range(CROSSED_SENTENCES if aligned else 0):
        pair = rng.choice(aligned)
        claims, evidence = pair if rng.random() < 0.75 else pair[::-1]
        at = rng.randrange(len(sentence_bounds(evidence)))
        claim = " ".join(claims[slice(*sentence_bounds(claims)[at])].split())
        yield from maker.of_sentence(evidence, at, heading="", claim=claim)


def of_news_claims(folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Claims about news stories, and paragraphs in Spanish, that were written for the project, faithful or not.

    A line of news_claims.tsv: the story's id, or the file of a paragraph and its number there; the claim's language,
    where each cited sentence starts and ends in the text ("0-80,120-190"), T or F, the kind, the claim.
    """
    stories, paragraphs = news_stories(folder.parent), dict.fromkeys(row["context"] for row in rows_of(folder, SPANISH))
    nameless = {"id": "", "title": "", "date": ""}
    stories |= {f"{SPANISH}:{n}": {**nameless, "text": text} for n, text in enumerate(paragraphs)}
    lines = _lines(NEWS_CLAIMS)
    maker = ClaimMaker(NEWS_CLAIMS_SOURCE, [line[-1] for line in lines], rng)
    faithful = collections.defaultdict(list)
    for story_id, _, _, truth, _, claim in lines:
        if truth == "T":
            faithful[story_id].append(claim)
    for story_id, _, cited, truth, kind, claim in lines:
        if not (story := stories.get(story_id)):
            continue
        spans = [tuple(map(int, span.split("-"))) for span in cited.split(",")]
        for _ in range(NEWS_SHARE):
            evidence = widened(story["text"], spans, rng)
            heading = story_heading(story)
            if truth == "T":
                yield from maker.of_claim(claim, evidence, heading=heading, kind=kind)
            else:
                labels = labels_of(kind, supported=False)
                yield Claim(
                    NEWS_CLAIMS_SOURCE, kind, claim, heading, evidence, labels, _beside(faithful[story_id], claim)
                )


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def of_extracts(collections_folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Sentences that are made as a language model is told to make them, or in one point otherwise.

    They have the story's own words, with names for its pronouns and dates for "Monday", or are close translations; each
    line of extracts.tsv, as those of news_claims.tsv, stands in front of its false twin or behind its true one.
    """
    stories, lines = news_stories(collections_folder), _lines(EXTRACTS)
    maker = ClaimMaker(NEWS_CLAIMS_SOURCE, [line[-1] for line in lines], rng)
    true = ""
    for story_id, _, cited, truth, kind, claim in lines:
        if not (story := stories.get(story_id)):
            continue
        spans = [tuple(map(int, span.split("-"))) for span in cited.split(",")]
        for _ in range(EXTRACTS_SHARE):
            evidence, heading = behind_others(story["text"], spans, rng), story_heading(story)
            if truth == "T":
                true = claim
                yield from maker.of_claim(claim, evidence, heading=heading, kind=kind)
            else:
                labels = labels_of(kind, supported=False)
                yield Claim(NEWS_CLAIMS_SOURCE, kind, claim, heading, evidence, labels, changed(true, claim))


def behind_others(text: str, spans: Sequence[tuple[int, ...]], rng: random.Random) -> str:
    """The cited sentences behind some of those before them; sometimes with the next one."""
    bounds = sentence_bounds(text)
    cited = [n for n, (a, b) in enumerate(bounds) if any(a < span[1] and span[0] < b for span in spans)]
    first, last = cited[0] - BEFORE, min(len(bounds) - 1, cited[-1] + (rng.random() < 0.3))
    first = max(0, first)
    while first < cited[0] and bounds[last][1] - bounds[first][0] > LONGEST_EVIDENCE:
        first += 1
    return " ".join(text[start:end].strip() for start, end in bounds[first : last + 1])


def _beside(faithful: Sequence[str], claim: str) -> Stretches | None:
    """Where a claim differs from the faithful one that it was made of; None where it was made of none."""
    twin = max(faithful, key=lambda other: difflib.SequenceMatcher(None, other, claim).ratio(), default="")
    alike = difflib.SequenceMatcher(None, twin, claim).ratio()
    return changed(twin, claim) if alike >= TWINS else None


def widened(text: str, spans: Sequence[tuple[int, ...]], rng: random.Random) -> str:
    """The cited sentences, sometimes with those beside them."""
    bounds = sentence_bounds(text)
    numbers = sorted({n for n, (a, b) in enumerate(bounds) for span in spans if a < span[1] and span[0] < b})
    if rng.random() < 0.5 and numbers:
        numbers = sorted({n + step for n in numbers for step in (-1, 0, 1) if 0 <= n + step < len(bounds)})
    evidence = " ".join(text[slice(*bounds[n])].strip() for n in numbers)
    return evidence if len(evidence) <= LONGEST_EVIDENCE else " ".join(text[a:b].strip() for a, b in spans)


def all_claims(folder: Path, seed: int) -> list[Claim]:
    """Every source's claims, shuffled, but for extracts."""
    rng = random.Random(seed)
    claims = [*labelled(folder), *of_paragraphs(folder, rng), *of_stories(folder.parent, rng)]
    claims += of_news_claims(folder, rng)
    rng.shuffle(claims)
    return claims
