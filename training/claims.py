"""Training pairs of the support model: a claim, the sentences that it cites, and whether they bear it out.

Most come as twins: on the same evidence a claim that it bears out, and one that differs in a single point and that it
does not. They were written as twins, or a sentence of an archive was altered: a number, a date, a name, a role, a
negation, a doubt, a stage of a case, a direction. Some pairs people labelled.
"""

import collections
import difflib
import itertools
import json
import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.windows import DOSSIERS, MANIFEST, NAME, Row, news_stories, rows_of, sentence_bounds, story_heading

LONGEST_EVIDENCE = 700  # characters, about 170 tokens: three sentences, as the check reads them
ALONE, BESIDE = 0.55, 0.25
"""Shares of the evidence that is the cited sentences alone, and these with those beside them; else they stand behind
some of those before them. Short evidence is read in a third of the time."""
SHORTEST_CLAIM = 30  # characters
LONGEST_CLAIM = 330
ADDED = 0.3  # chance that a clause is added where that way is drawn: it always fits
GONE = 0.25  # share of the true claims that come again with the sentence that bears them out cut away

SPANISH = "squad_es_dev_v1_noxquad"
NEWS_CLAIMS = Path(__file__).with_name("news_claims.tsv")
NEWS_CLAIMS_SOURCE = "news_claims"
EXTRACTS = NEWS_CLAIMS.with_name("extracts.tsv")
EXTRACTS_SHARE = 3
DOSSIER_CLAIMS = NEWS_CLAIMS.with_name("dossier_claims.tsv")
BEFORE = 4
"""Sentences before the cited ones in which whom they are about is named."""
TWINS, OF_ONE_PLACE = 0.75, 0.55
"""Likeness, 0 to 1, from which a claim was made of another by one change, and from which both are on the same thing."""
NEWS_SHARE = 2
TESTED_LAST_DIGIT = "7"  # stories of Reuters whose number ends so are left to testing
REUTERS_SENTENCES = 5000
PARAGRAPH_SENTENCES = 1500  # of each language
CROSSED_SENTENCES = 9000
LABELLED = 5000  # pairs of a set that people labelled, at most

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

    `wrong` are the stretches of the claim that are not borne out, as characters; None where nobody knows which. Its
    `twin` has the same evidence, which doesn't bear it out.
    """

    source: str
    kind: str
    claim: str
    heading: str
    text: str
    labels: tuple[str, ...]
    wrong: Stretches | None = None
    twin: "Claim | None" = None

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
    """Makes claims out of texts, each sentence as it stands with an altered twin."""

    def __init__(self, source: str, texts: Sequence[str], rng: random.Random) -> None:
        self._source, self._rng = source, rng
        self._alterer = Alterer(texts, rng)

    def of_sentence(self, text: str, at: int, *, heading: str, claim: str | None = None) -> Iterator[Claim]:
        """The sentence of a text, or a `claim` that says the same, borne out; altered, not; and without it, not."""
        bounds = sentence_bounds(text)
        said = claim or " ".join(text[slice(*bounds[at])].split())
        if not SHORTEST_CLAIM <= len(said) <= LONGEST_CLAIM:
            return
        evidence = evidence_of(text, [bounds[at]], self._rng)
        yield from self.of_claim(said, evidence, heading=heading, kind="verbatim")
        if self._rng.random() < GONE and (rest := evidence.replace(text[slice(*bounds[at])].strip(), "").strip()):
            yield from self.of_false("gone", said, evidence=rest, heading=heading)

    def of_claim(self, claim: str, evidence: str, *, heading: str, kind: str, false: str = "") -> Iterator[Claim]:
        """A claim that is borne out, with a `false` twin of this kind, or of another where none was written."""
        if not evidence.strip() or len(evidence) > LONGEST_EVIDENCE:
            return
        way, altered = (kind, false) if false else self._alterer.altered(claim, evidence) or ("", "")
        twin = None
        if altered:
            wrong = changed(claim, altered) if not false or likeness(claim, false) >= TWINS else None
            labels = labels_of(way, supported=False)
            twin = Claim(self._source, way, altered, heading, evidence.strip(), labels, wrong)
        yield Claim(self._source, kind, claim, heading, evidence.strip(), (SUPPORTED,), (), twin)

    def of_false(self, kind: str, claim: str, *, evidence: str, heading: str) -> Iterator[Claim]:
        """A claim that is not borne out, without a twin."""
        if len(evidence) <= LONGEST_EVIDENCE:
            labels = labels_of(kind, supported=False)
            yield Claim(self._source, kind, claim, heading, evidence.strip(), labels)


def likeness(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


def labels_of(kind: str, *, supported: bool) -> tuple[str, ...]:
    """The labels that are right for a claim of a kind."""
    if supported:
        return (SUPPORTED,)
    return (CONTRADICTED,) if kind in CONTRADICTING else (UNDECIDED,) if kind in UNDECIDING else NOT_SUPPORTED


def labelled(folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Pairs that people labelled; what is only partly borne out, or neither borne out nor refuted, is not."""
    for name, share in ((entry["name"], entry["claims"]) for entry in MANIFEST if "claims" in entry):
        rows = [row for row in rows_of(folder, name) if len(row["evidence"]) <= LONGEST_EVIDENCE] * share
        for row in rng.sample(rows, min(LABELLED, len(rows))):
            supported = row["label"] == SUPPORTED
            labels, wrong = labels_of(row["label"], supported=supported), () if supported else None
            yield Claim(name, row["label"], row["claim"], "", row["evidence"], labels, wrong)


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
    where each cited sentence starts and ends in the text ("0-80,120-190"), T or F, the kind, the claim. A false one is
    the twin of the true one that is most like it, where that is of the same place.
    """
    stories, paragraphs = news_stories(folder.parent), dict.fromkeys(row["context"] for row in rows_of(folder, SPANISH))
    nameless = {"id": "", "title": "", "date": ""}
    stories |= {f"{SPANISH}:{n}": {**nameless, "text": text} for n, text in enumerate(paragraphs)}
    lines = [line for line in _lines(NEWS_CLAIMS) if line[0] in stories]
    maker = ClaimMaker(NEWS_CLAIMS_SOURCE, [line[-1] for line in lines], rng)
    faithful, false = (collections.defaultdict[tuple[str, str], list[list[str]]](list) for _ in range(2))
    for line in lines:
        (faithful if line[3] == "T" else false)[line[0], line[1]].append(line)
    for _ in range(NEWS_SHARE):
        for place, true_ones in faithful.items():
            alone = {line[-1]: line for line in true_ones}
            for line in false[place]:
                true = max(true_ones, key=lambda other: likeness(other[-1], line[-1]))
                if likeness(true[-1], line[-1]) >= OF_ONE_PLACE or true[2] == line[2]:
                    alone.pop(true[-1], None)
                    yield from _written(maker, stories[line[0]], true, rng, kind=line[4], false=line[-1])
                else:
                    evidence, heading = _evidence(stories[line[0]], line[2], rng)
                    yield from maker.of_false(line[4], line[-1], evidence=evidence, heading=heading)
            for line in alone.values():
                yield from _written(maker, stories[line[0]], line, rng, kind=line[4])


def _written(
    maker: ClaimMaker, story: Row, line: Sequence[str], rng: random.Random, *, kind: str, false: str = ""
) -> Iterator[Claim]:
    evidence, heading = _evidence(story, line[2], rng)
    yield from maker.of_claim(line[-1], evidence, heading=heading, kind=kind, false=false)


def _evidence(story: Row, cited: str, rng: random.Random) -> tuple[str, str]:
    """The evidence, and the heading of its story."""
    spans = [tuple(map(int, span.split("-"))) for span in cited.split(",")]
    return evidence_of(story["text"], spans, rng), story_heading(story)


def _lines(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]


def of_extracts(collections_folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Sentences that are made as a language model is told to make them, or in one point otherwise.

    They have the story's own words, with names for its pronouns and dates for "Monday", or are close translations; of
    the lines of extracts.tsv, which are as those of news_claims.tsv, each second is the false twin of that above it.
    """
    stories, lines = news_stories(collections_folder), _lines(EXTRACTS)
    maker = ClaimMaker(NEWS_CLAIMS_SOURCE, [line[-1] for line in lines], rng)
    for _ in range(EXTRACTS_SHARE):
        for true, false in zip(lines[::2], lines[1::2], strict=True):
            if story := stories.get(true[0]):
                yield from _written(maker, story, true, rng, kind=false[4], false=false[-1])


def of_dossier_claims(rng: random.Random) -> Iterator[Claim]:
    """What an answer may say out of one of the invented reports, in English and Spanish, each with a false twin.

    A line of dossier_claims.tsv: the report's id, the language of both sentences, where each cited sentence starts and
    ends, the true sentence, the kind of the false one, the false one.
    """
    reports = {report["id"]: report for report in map(json.loads, DOSSIERS.read_text(encoding="utf-8").splitlines())}
    lines = _lines(DOSSIER_CLAIMS)
    maker = ClaimMaker(NEWS_CLAIMS_SOURCE, [line[3] for line in lines], rng)
    for _ in range(NEWS_SHARE):
        for report_id, _, cited, true, kind, false in lines:
            evidence, heading = _evidence(reports[report_id], cited, rng)
            yield from maker.of_claim(true, evidence, heading=heading, kind=kind, false=false)


def evidence_of(text: str, spans: Sequence[tuple[int, ...]], rng: random.Random) -> str:
    """The cited sentences of a text: alone, with some beside them, or behind some of those before them."""
    bounds = sentence_bounds(text)
    numbers = sorted({n for n, (a, b) in enumerate(bounds) for span in spans if a < span[1] and span[0] < b})
    wide, drawn = numbers, rng.random()
    if ALONE <= drawn < ALONE + BESIDE:
        steps = rng.choice(((-1, 0), (0, 1), (-1, 0, 1)))
        wide = sorted({n + step for n in numbers for step in steps if 0 <= n + step < len(bounds)})
    elif drawn >= ALONE:
        wide = list(range(max(0, numbers[0] - rng.randint(1, BEFORE)), numbers[-1] + 1))
        while wide[0] < numbers[0] and bounds[wide[-1]][1] - bounds[wide[0]][0] > LONGEST_EVIDENCE:
            del wide[0]
    evidence, cited = (" ".join(text[slice(*bounds[n])].strip() for n in chosen) for chosen in (wide, numbers))
    return evidence if len(evidence) <= LONGEST_EVIDENCE else cited


def all_claims(folder: Path, seed: int) -> list[Claim]:
    """Every source's claims, shuffled, but for extracts."""
    rng = random.Random(seed)
    claims = [*labelled(folder, rng), *of_paragraphs(folder, rng), *of_stories(folder.parent, rng)]
    claims += [*of_news_claims(folder, rng), *of_dossier_claims(rng)]
    rng.shuffle(claims)
    return claims
