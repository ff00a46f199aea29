"""Training pairs of the support model: a claim, the sentences that it cites, and whether they bear it out.

Besides pairs that people labelled, sentences of archives are altered in one point: a number, a date, a name, a role, a
negation, a doubt, a stage of a case, a direction. An altered sentence is not borne out by the sentence that it was.
"""

import collections
import difflib
import itertools
import json
import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from training.windows import NAME, Row, news_stories, read_rows, sentence_bounds, story_heading

LONGEST_EVIDENCE = 700  # characters, about 170 tokens: three sentences, as the check reads them
LENGTHS = (1, 1, 2, 3, 3)  # sentences of evidence around the one that is cited
SHORTEST_CLAIM = 30  # characters
LONGEST_CLAIM = 330
ADDED = 0.3  # chance that a clause is added where that way is drawn: it always fits
ALTERED = 1.0  # altered claims for each true one, on average
GONE = 0.25  # share of the true claims that come again with the sentence that bears them out cut away

LABELLED = (
    ("fever_dev_rte", 1.0),
    ("fool_me_twice", 2.0),
    ("conjnli", 1.0),
    ("begin", 1.0),
    ("summedits", 1.0),
)
"""Files of pairs that people labelled, and how often each pair is used."""

SPANISH = "squad_es_dev_v1_noxquad"
NEWS_CLAIMS = Path(__file__).with_name("news_claims.tsv")
TWINS = 0.75  # likeness, 0 to 1, from which a claim was made of another by one change
NEWS_SHARE = 4
TESTED_LAST_DIGIT = "7"
"""Stories of Reuters whose number ends so are left to testing."""
REUTERS_SENTENCES = 8000
PARAGRAPH_SENTENCES = 4000  # of each language
CROSSED_SENTENCES = 7000


SUPPORTED, UNDECIDED, CONTRADICTED = LABELS = ("supported", "undecided", "contradicted")
"""What evidence says to a claim, in the order of the model's logits."""
NOT_SUPPORTED = (UNDECIDED, CONTRADICTED)
"""Where it is only known that a claim is not borne out."""
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
    wrong: tuple[tuple[int, int], ...] | None = None

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


class Alterer:
    """Alters claims in one point each; names and clauses of other texts stand in where the evidence has none."""

    def __init__(self, names: Sequence[str], clauses: Sequence[str], rng: random.Random) -> None:
        self._names, self._clauses, self._rng = names, clauses, rng
        self._ways: dict[str, Callable[[str, str], str | None]] = {
            "number": self._number,
            "date": self._date,
            "name": self._name,
            "role": self._role,
            "negation": self._negation,
            "doubt": self._doubt,
            "stage": self._stage,
            "contrary": self._contrary,
            "added": self._added,
        }

    def altered(self, claim: str, evidence: str) -> tuple[str, str] | None:
        """The kind of an alteration and what it makes of a claim; None where none of them fits."""
        kinds = list(self._ways)
        self._rng.shuffle(kinds)
        kinds.sort(key=lambda kind: kind == "name" and self._rng.random() < 0.6)  # nearly every claim has a name
        for kind in kinds:
            changed = self._ways[kind](claim, evidence)
            if changed and " ".join(changed.split()) not in (claim, ""):
                changed = " ".join(changed.split())
                return kind, changed[0].upper() + changed[1:] if claim[0].isupper() else changed
        return None

    def _replaced(self, claim: str, match: re.Match[str], by: str) -> str:
        return claim[: match.start()] + by + claim[match.end() :]

    def _number(self, claim: str, evidence: str) -> str | None:
        spelled = [
            (match, words)
            for words in COUNTS
            for match in re.finditer(rf"\b(?:{'|'.join(words)})\b", claim, re.IGNORECASE)
        ]
        figures = [match for match in FIGURE.finditer(claim) if not YEAR.fullmatch(match[0])]
        if not figures:
            if not spelled:
                return None
            match, words = self._rng.choice(spelled)
            return self._replaced(claim, match, self._rng.choice([w for w in words if w != match[0].lower()]))
        match = self._rng.choice(figures)
        others = [figure for figure in FIGURE.findall(evidence) if figure not in claim and not YEAR.fullmatch(figure)]
        if others and self._rng.random() < 0.5:
            return self._replaced(claim, match, self._rng.choice(others))
        return self._replaced(claim, match, self._like(match[0]))

    def _like(self, figure: str) -> str:
        """Another figure of the same form: one digit differs, or two stand the other way round."""
        digits = [at for at, char in enumerate(figure) if char.isdigit()]
        at = self._rng.choice(digits)
        others = [digit for digit in "123456789" if digit != figure[at]]
        return figure[:at] + self._rng.choice(others) + figure[at + 1 :]

    def _date(self, claim: str, evidence: str) -> str | None:
        found = [
            (match, words)
            for words in SERIES
            for match in re.finditer(rf"\b(?:{'|'.join(words)})\b", claim)
            if match[0] != "May" or re.search(r"May \d|\d May|in May", claim)
        ]
        years = list(YEAR.finditer(claim))
        if years and (not found or self._rng.random() < 0.5):
            match = self._rng.choice(years)
            others = [year for year in YEAR.findall(evidence) if year != match[0]]
            moved = str(int(match[0]) + self._rng.choice((-10, -5, -2, -1, 1, 2, 5, 10)))
            return self._replaced(claim, match, self._rng.choice(others) if others else moved)
        if not found:
            return None
        match, words = self._rng.choice(found)
        return self._replaced(claim, match, self._rng.choice([word for word in words if word != match[0]]))

    def _name(self, claim: str, evidence: str) -> str | None:
        names = [match for match in NAME.finditer(claim) if not match[0][0].isdigit()]
        if not names:
            return None
        match = self._rng.choice(names)
        near = [name for name in NAME.findall(evidence) if name not in claim and not name[0].isdigit()]
        pool = near if near and self._rng.random() < 0.6 else self._names
        other = self._rng.choice(pool) if pool else ""
        # What a name is part of names the same: "Baker" for "James Baker".
        if not other or other[0].isdigit() or other in match[0] or match[0] in other or other in claim:
            return None
        return self._replaced(claim, match, other)

    def _role(self, claim: str, evidence: str) -> str | None:
        names = [match for match in NAME.finditer(claim) if not match[0][0].isdigit()]
        if first := re.match(r"(?:The |El |La )?([A-Z][\w'-]+(?: [A-Z][\w'-]+)*)", claim):
            names.insert(0, first)
        pairs = [
            (a, b)
            for a, b in itertools.pairwise(names)
            if len(claim[a.end() : b.start()].split()) >= 2
            and not re.search(r"\b(?:and|or|y|e|o)\b|,", claim[a.end() : b.start()])
        ]
        if not pairs:
            return None
        a, b = self._rng.choice(pairs)
        if a[0] in b[0] or b[0] in a[0] or a.end() > b.start():
            return None
        return claim[: a.start()] + b[0] + claim[a.end() : b.start()] + a[0] + claim[b.end() :]

    def _first(self, claim: str, rules: Sequence[Sequence[str]]) -> str | None:
        fitting = [(pattern, by) for pattern, by in rules if re.search(pattern, claim)]
        if not fitting:
            return None
        pattern, by = self._rng.choice(fitting)
        matches = list(re.finditer(pattern, claim))
        match = self._rng.choice(matches)
        return self._replaced(claim, match, match.expand(by))

    def _negation(self, claim: str, evidence: str) -> str | None:
        return self._first(claim, _TABLES["negations"])

    def _doubt(self, claim: str, evidence: str) -> str | None:
        return self._first(claim, _TABLES["doubts"])

    def _stage(self, claim: str, evidence: str) -> str | None:
        found = [(match, words) for words in STAGES for match in re.finditer(rf"\b(?:{'|'.join(words)})\b", claim)]
        if not found:
            return None
        match, words = self._rng.choice(found)
        return self._replaced(claim, match, self._rng.choice([word for word in words if word != match[0]]))

    def _added(self, claim: str, evidence: str) -> str | None:
        """The claim with a clause of another at its end."""
        clause = self._rng.choice(self._clauses) if self._clauses and self._rng.random() < ADDED else ""
        return f"{claim.rstrip('.')}{clause}" if clause and clause.strip(" ,.") not in evidence else None

    def _contrary(self, claim: str, evidence: str) -> str | None:
        found = [(match, pair) for pair in CONTRARIES for match in re.finditer(rf"\b(?:{'|'.join(pair)})\b", claim)]
        if not found:
            return None
        match, pair = self._rng.choice(found)
        return self._replaced(claim, match, pair[1] if match[0] == pair[0] else pair[0])


def changed(before: str, after: str) -> tuple[tuple[int, int], ...]:
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
        self._alterer = Alterer(names_of(texts), clauses_of(texts), rng)

    def of_sentence(self, text: str, at: int, *, heading: str, claim: str | None = None) -> Iterator[Claim]:
        """The sentence of a text, or a `claim` that says the same, borne out; altered, not; and without it, not."""
        bounds = sentence_bounds(text)
        sentence = " ".join(text[slice(*bounds[at])].split())
        said = claim or sentence
        if not SHORTEST_CLAIM <= len(said) <= LONGEST_CLAIM:
            return
        first, last = self._around(at, len(bounds))
        yield from self.of_claim(said, text[bounds[first][0] : bounds[last][1]], heading=heading, kind="verbatim")
        if self._rng.random() < GONE and last > first:
            rest = " ".join(text[slice(*bounds[i])].strip() for i in range(first, last + 1) if i != at)
            yield from self._claim("gone", said, heading, rest, supported=False)

    def of_claim(self, claim: str, evidence: str, *, heading: str, kind: str) -> Iterator[Claim]:
        """A claim that is borne out, and what becomes of it when it is altered."""
        yield from self._claim(kind, claim, heading, evidence, supported=True)
        whole, rest = divmod(ALTERED, 1)
        for _ in range(int(whole) + (self._rng.random() < rest)):
            if altered := self._alterer.altered(claim, evidence):
                kind, text = altered
                yield from self._claim(kind, text, heading, evidence, supported=False, wrong=changed(claim, text))

    def _around(self, at: int, count: int) -> tuple[int, int]:
        length = self._rng.choice(LENGTHS)
        first = max(0, at - self._rng.randrange(length))
        return first, max(at, min(count - 1, first + length - 1))

    def _claim(
        self, kind: str, claim: str, heading: str, text: str, *, supported: bool,
        wrong: tuple[tuple[int, int], ...] | None = None,
    ) -> Iterator[Claim]:  # fmt: skip
        if len(text) <= LONGEST_EVIDENCE and text.strip():
            labels = labels_of(kind, supported=supported)
            yield Claim(self._source, kind, claim, heading, text.strip(), labels, () if supported else wrong)


def labels_of(kind: str, *, supported: bool) -> tuple[str, ...]:
    """The labels that are right for a claim of a kind."""
    if supported:
        return (SUPPORTED,)
    return (CONTRADICTED,) if kind in CONTRADICTING else (UNDECIDED,) if kind in UNDECIDING else NOT_SUPPORTED


def names_of(texts: Sequence[str]) -> list[str]:
    """The names in texts."""
    return [name for text in texts for name in NAME.findall(text) if not name[0].isdigit()]


def clauses_of(texts: Sequence[str]) -> list[str]:
    """What sentences end with behind a comma or a preposition, that one included."""
    return [match[0] for text in texts for match in CLAUSE.finditer(text)]


def labelled(folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Pairs that people labelled; what is only partly borne out, or neither borne out nor refuted, is not."""
    for name, share in LABELLED:
        path = folder / f"{name}.jsonl.gz"
        for row in read_rows(path) if path.exists() else []:
            if len(row["evidence"]) <= LONGEST_EVIDENCE:
                supported = row["label"] == SUPPORTED
                labels, wrong = labels_of(row["label"], supported=supported), () if supported else None
                claim = Claim(name, row["label"], row["claim"], "", row["evidence"], labels, wrong)
                yield from [claim] * (int(share) + (rng.random() < share % 1))


def of_stories(collections_folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Sentences of news stories, as they stand and altered."""
    stories = [
        story
        for story in news_stories(collections_folder).values()
        if story["title"] and not story["id"].endswith(TESTED_LAST_DIGIT)
    ]
    rng.shuffle(stories)
    chosen = stories[: REUTERS_SENTENCES // 2]
    maker = ClaimMaker("reuters", [story["text"] for story in chosen], rng)
    for story in chosen:
        bounds = sentence_bounds(story["text"])
        for at in rng.sample(range(len(bounds)), min(2, len(bounds))):
            yield from maker.of_sentence(story["text"], at, heading=story_heading(story))


def of_paragraphs(folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Sentences of encyclopedic paragraphs, English, Spanish, and Spanish ones over the English paragraph."""
    spanish_rows = _rows(folder, SPANISH)
    english_rows = _rows(folder, "squad2_dev_noxquad") + _rows(folder, "squadshifts_new_wiki")
    for rows, name in ((english_rows, "paragraphs_en"), (spanish_rows, "paragraphs_es")):
        texts = list(dict.fromkeys(row["context"] for row in rows))
        maker = ClaimMaker(name, texts, rng)
        for _ in range(PARAGRAPH_SENTENCES if texts else 0):
            text = rng.choice(texts)
            yield from maker.of_sentence(text, rng.randrange(len(sentence_bounds(text))), heading="")
    english = {row["question"]: row["context"] for row in _rows(folder, "squad2_dev_crossed")}
    pairs = {row["context"]: english[row["question"]] for row in spanish_rows if row["question"] in english}
    aligned = [(es, en) for es, en in pairs.items() if len(sentence_bounds(es)) == len(sentence_bounds(en))]
    maker = ClaimMaker("paragraphs_crossed", [es for es, _ in aligned], rng)
    for _ in range(CROSSED_SENTENCES if aligned else 0):
        pair = rng.choice(aligned)
        claims, evidence = pair if rng.random() < 0.75 else pair[::-1]
        at = rng.randrange(len(sentence_bounds(evidence)))
        claim = " ".join(claims[slice(*sentence_bounds(claims)[at])].split())
        yield from maker.of_sentence(evidence, at, heading="", claim=claim)


def _rows(folder: Path, name: str) -> list[Row]:
    path = folder / f"{name}.jsonl.gz"
    return read_rows(path) if path.exists() else []


def of_news_claims(folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Claims about news stories, and paragraphs in Spanish, that were written for the project, faithful or not.

    A line of news_claims.tsv: the story's id, or the file of a paragraph and its number there; the claim's language,
    where each cited sentence starts and ends in the text ("0-80,120-190"), T or F, the kind, the claim.
    """
    stories = news_stories(folder.parent)
    paragraphs = dict.fromkeys(row["context"] for row in _rows(folder, SPANISH))
    stories |= {
        f"{SPANISH}:{n}": {"id": "", "text": text, "title": "", "date": ""} for n, text in enumerate(paragraphs)
    }
    lines = [line.split("\t") for line in NEWS_CLAIMS.read_text(encoding="utf-8").splitlines()]
    maker = ClaimMaker("news_claims", [line[-1] for line in lines], rng)
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
                yield Claim("news_claims", kind, claim, heading, evidence, labels, _beside(faithful[story_id], claim))


def _beside(faithful: Sequence[str], claim: str) -> tuple[tuple[int, int], ...] | None:
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
    """Every source's claims, shuffled."""
    rng = random.Random(seed)
    claims = [*labelled(folder, rng), *of_paragraphs(folder, rng), *of_stories(folder.parent, rng)]
    if NEWS_CLAIMS.exists():
        claims += of_news_claims(folder, rng)
    rng.shuffle(claims)
    return claims


def write_claims(claims: Sequence[Claim], path: Path) -> None:
    """As JSON lines; prints how many of each kind there are."""
    lines = (json.dumps(asdict(claim), ensure_ascii=False) + "\n" for claim in claims)
    path.write_text("".join(lines), encoding="utf-8")
    counts = collections.Counter((claim.source, claim.supported) for claim in claims)
    print(f"{len(claims)} claims: {dict(sorted(counts.items()))}")
