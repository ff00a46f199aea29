"""Training pairs of the support model that stories give by themselves: names put in for pronouns, dates for "Monday".

A sentence that names somebody named before becomes a claim; its evidence has "he", "it" or "the company" in the place
of the name, as reports go on. With another name of the story's instead the claim is false. Relative dates are worked
out as the archive does, or wrongly.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from qa.dates.finding import find_dates
from qa.dates.periods import DateKind, Precision
from qa.i18n.forms import value_text
from training.claims import (
    BEFORE,
    LONGEST_CLAIM,
    LONGEST_EVIDENCE,
    NEWS_CLAIMS_SOURCE,
    SHORTEST_CLAIM,
    SUPPORTED,
    TESTED_LAST_DIGIT,
    Claim,
    changed,
    labels_of,
)
from training.windows import Row, news_stories, sentence_bounds, story_heading

STORIES = 9000
OF_PERSONS, OF_BODIES = ("he",) * 4 + ("she", "the official"), ("it",) * 3 + ("they", "the company", "the company")
_BODY = re.compile(r"\b(?:Inc|Corp|Ltd|Co|Plc|SA|AG|NV|Bank|Group|Board|Commission|Ministry|Department|Association)\b")
_NAME = re.compile(r"(?:[A-Z][\w.&'-]*[a-z]\w*)(?: (?:[A-Z][\w.&'-]*|of|and|de|von)(?= [A-Z]))*(?: [A-Z][\w&-]+)?")
_NOT_NAMES = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Mon|Tues|Wednes|Thurs|Fri"
    r"|Satur|Sun|Mr|The|He|She|It|They|In|But|And|This|That|Some|Under|At|For|If|As|Last|A|An)\b|\w+day\b"
)
_SUBJECT = re.compile(r"(?:^|\b(?:said|that|and|but|while|as|added|told),? |[,;\"] )$")
_ACTS = re.compile(
    r"(?:['’]s? |,| (?:also |now |still )?(?:said|says|told|is|was|were|are|has|have|had|will|would|could|may|did|does"
    r"|\w{3,}(?:ed|es|ts|ds|ks|ns))\b)|[.]?$"
)
"""What stands before a name and behind it where it is somebody that does something, not part of another name."""
_SPOKEN = re.compile(r"(?:said|says|told|added|noted)\b")


def of_names(collections_folder: Path, rng: random.Random) -> Iterator[Claim]:
    """Pairs of stories, but for those that are left to testing."""
    stories = [story for story in news_stories(collections_folder).values() if story["title"]]
    stories = [story for story in stories if not story["id"].endswith(TESTED_LAST_DIGIT)]
    for story in rng.sample(stories, min(STORIES, len(stories))):
        yield from of_story(story, rng, most=2)


def of_story(story: Row, rng: random.Random, *, most: int) -> Iterator[Claim]:
    """Some pairs of a story, true and false."""
    text, heading = story["text"], story_heading(story)
    sentences = [" ".join(text[start:end].split()) for start, end in sentence_bounds(text)]
    published = date.fromisoformat(story["date"][:10]) if story["date"] else None
    for at in rng.sample(range(1, len(sentences)), min(most, max(0, len(sentences) - 1))):
        evidence, said = sentences[max(0, at - BEFORE) : at], sentences[at]
        named = {word for before in evidence for match in _names(before) for word in match[0].split()}
        names = [name for name in _names(said) if name[0].split()[-1] in named and _acts(said, name)]
        spoken = [name for name in names if _SPOKEN.search(said[max(0, name.start() - 8) : name.end() + 8])]
        if not names:
            continue
        name = rng.choice(spoken or names)
        others = {m[0] for before in evidence for m in _names(before) if not set(m[0].split()) & set(name[0].split())}
        hidden = _referring(said, name, rng)
        dated, misdated = _dated(said, published, rng)
        while evidence and len(" ".join([*evidence, hidden])) > LONGEST_EVIDENCE:
            evidence = evidence[1:]
        if not any(name[0].split()[-1] in before for before in evidence):
            continue
        whole = " ".join([*evidence, hidden])
        true, false = Claim(NEWS_CLAIMS_SOURCE, "extract", dated, heading, whole, (SUPPORTED,), ()), []
        if others:
            wrong = re.sub(rf"\b{re.escape(name[0])}\b", rng.choice(sorted(others)).replace("\\", ""), dated, count=1)
            false += [("name", wrong)] * (wrong != dated)
        if misdated:
            false.append(("date", misdated))
        if SHORTEST_CLAIM <= len(dated) <= LONGEST_CLAIM:
            for kind, wrong in false:
                labels, stretches = labels_of(kind, supported=False), changed(dated, wrong)
                yield replace(true, twin=replace(true, kind=kind, claim=wrong, labels=labels, wrong=stretches))


def _names(sentence: str) -> Sequence[re.Match[str]]:
    names = (match for match in _NAME.finditer(sentence) if not _NOT_NAMES.match(match[0]) and match[0] != "Reuters")
    return [name for name in names if not sentence[: name.start()].endswith(("the ", "The "))]


def _acts(sentence: str, name: re.Match[str]) -> bool:
    spoken = re.search(r"\b(?:said|told|added) $", sentence[: name.start()])
    stands = _SUBJECT.search(sentence[: name.start()]) and _ACTS.match(sentence[name.end() :])
    return bool(stands or (spoken and re.match(r"[.,]|$", sentence[name.end() :])))


def _referring(sentence: str, name: re.Match[str], rng: random.Random) -> str:
    """The sentence with what refers to somebody in the place of the name."""
    words = rng.choice(OF_BODIES if _BODY.search(name[0]) or name[0].isupper() else OF_PERSONS + OF_BODIES)
    after = sentence[name.end() :]
    if after.startswith(("'s ", "' ")):
        possessive = {"he": "his", "she": "her", "it": "its", "they": "their"}
        words = possessive.get(words, f"{words}'s")
        after = after[after.index(" ") :]
    if not sentence[: name.start()].strip(' "'):
        words = words[0].upper() + words[1:]
    return f"{sentence[: name.start()]}{words}{after}"


def _dated(sentence: str, published: date | None, rng: random.Random) -> tuple[str, str]:
    """The sentence with dates for its relative ones, and with one of them wrong; empty where there are none."""
    dated = misdated = sentence
    mentions = find_dates(sentence, published=published, language="en") if published else []
    for mention in reversed(list(mentions)):
        exact = mention.precision in (Precision.DAY, Precision.MONTH, Precision.YEAR)
        follows = dated[mention.end :][:1] not in ("'", "’", "-")
        if mention.kind is DateKind.RELATIVE and mention.value and exact and follows and not mention.flaw:
            before, after = dated[: mention.start].rstrip(), dated[mention.end :]
            joined = before.rpartition(" ")[2].lower() in (
                "on",
                "in",
                "since",
                "until",
                "by",
                "from",
                "to",
                "of",
                "for",
            )
            word = "" if joined else "on " if mention.precision is Precision.DAY else "in "
            right = f"{before} {word}{value_text(mention.value)}{after}".strip()
            wrong = f"{before} {word}{value_text(_beside(mention.value, rng))}{after}".strip()
            dated, misdated = right, wrong
    return dated, misdated if misdated != dated else ""


def _beside(value: str, rng: random.Random) -> str:
    """Another day, month or year, near a date."""
    year, *rest = map(int, value.split("-"))
    if len(rest) == 2:
        return (date(year, *rest) + timedelta(days=rng.choice((-7, -3, -1, 1, 2, 7)))).isoformat()
    if rest:
        return f"{year}-{(rest[0] + rng.choice((0, 4, 6, 10))) % 12 + 1:02}"
    return str(year + rng.choice((-1, 1)))
