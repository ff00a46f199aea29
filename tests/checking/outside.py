"""Cases from prose that nobody on the project wrote: its sentences restated by rule, and altered.

Nothing of it is stored with the project; whoever has the files names them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from qa.models.archive import Article, Source
from tests.checking.measuring import Case, Faithful, beside_of, mutants_from
from tests.checking.mutations.names import names_in
from tests.checking.pairs import before, drawn, ground_of, origins_in
from tests.checking.restating import picked

SHORTEST, LONGEST = 60, 260
"""Characters of a sentence that is used: table rows are shorter, lists longer."""
_PROSE = re.compile(r"^(?!.*\bvs\b)[A-ZÁÉÍÓÚ¿«\"“][^<>+\n]+[.\"”]$")
_IN_CONTEXT_ONLY = re.compile(
    r"^(?:But|And|However|It|He|She|They|This|That|These|Those|Pero|Y|Sin embargo|Esto|Este)\b"
)


def xquad_cases(folder: Path, *, most: int) -> list[Case]:
    """Sentences of encyclopedia paragraphs, in both languages; the same paragraphs for each."""
    cases = list[Case]()
    for language in ("en", "es"):
        with (folder / f"articles.{language}.jsonl").open(encoding="utf-8") as lines:
            articles = [_article(json.loads(line), language) for line in lines]
        cases.extend(_cases(articles, f"xquad {language}", most=most))
    return cases


def reuters_cases(path: Path, *, most: int) -> list[Case]:
    """Sentences of agency copy, each with the day of its publication."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = (_article(json.loads(line), "en") for line in lines)
        return _cases([one for one in articles if drawn(one.body, of=20) == 0], "reuters", most=most)


def _article(record: dict[str, str | None], language: str) -> Article:
    published = date.fromisoformat(record["date"][:10]) if record["date"] else None
    source = Source(
        str(record["id"]), str(record["title"]), str(record["source"]), published=published, language=language
    )
    return Article(source, str(record["text"]).replace("\ufeff", "").replace("\n", " "))


def _cases(articles: list[Article], part: str, *, most: int) -> list[Case]:
    """So many sentences, drawn by their text."""
    names = tuple(dict.fromkeys(name for one in articles for name in names_in(one.body)))
    chosen = sorted(_sentences(articles), key=lambda one: drawn(one[1], of=1 << 32))[:most]
    return [_case(article, text, part, names) for article, text in chosen]


def _sentences(articles: list[Article]) -> Iterator[tuple[Article, str]]:
    for article in articles:
        for origin in origins_in(article):
            usable = SHORTEST <= len(origin.text) <= LONGEST and _PROSE.match(origin.text)
            if usable and not _IN_CONTEXT_ONLY.match(origin.text):
                yield article, origin.text


def _case(article: Article, text: str, part: str, names: tuple[str, ...]) -> Case:
    origin = next(one for one in origins_in(article) if one.text == text)
    grounds = (ground_of(origin, article),)
    source = article.source
    restated = [one for _, one in picked(text, source.language, source.published)]
    beside = beside_of((origin,), article)
    altered = [(one, source.language) for one in (text, *restated)]
    faithful = tuple(Faithful(one, ("rule",)) for one in restated)
    return Case(
        grounds,
        part,
        faithful,
        mutants_from(grounds, altered, beside=beside, around=before(origin, article), names=names),
    )
