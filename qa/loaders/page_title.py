"""The headline of a page, without the name of its site."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from qa.loaders.cleaning import clean_line

_BETWEEN = re.compile(r"\s+(?:[-–—|»«·•:~/]|::|\|\|)\s+|\s*[|»]\s*|(?<=\w): (?=[A-Z][\w.]*$)")
_PARTS_ALONE = ("|", "»", "::", "||", "·", "•")
MAX_NAME = 5  # words of a site's name
MIN_HEADLINE = 3  # words that must be left where a name is only taken for one


def headline(stated: Sequence[str], *, title: str, headings: Sequence[str], names: Sequence[str]) -> str:
    """The headline of a page.

    `stated` is what it says outright, best first; `title` its own title, `headings` those in its text, `names` what its
    site is called. A heading that the title begins with is the headline, for titles have the site's name behind it.
    """
    outright = [without_site(line, names=names) for one in stated if (line := clean_line(one))]
    page = clean_line(title)
    within = [line for one in headings if (line := clean_line(one)) and is_in(line, page)]
    if outright:
        return _completed(outright[0], [*outright[1:], *within])
    if within:
        return max(within, key=len)
    if page:
        return without_site(page, names=names)
    return next((line for one in headings if (line := clean_line(one))), "")


def without_site(line: str, *, names: Sequence[str]) -> str:
    """A title without its site's name at its end or its beginning; itself where nothing else is left."""
    while match := _last(line):
        head, tail = line[: match.start()].strip(), line[match.end() :].strip()
        sure = match[0].strip() in _PARTS_ALONE and len(head.split()) >= MIN_HEADLINE
        if not head or not (is_name(tail, names) or (sure and len(tail.split()) <= MAX_NAME)):
            break
        line = head
    first = _BETWEEN.search(line)
    if first and is_name(line[: first.start()], names) and len(line[first.end() :].split()) >= MIN_HEADLINE:
        line = line[first.end() :].strip()
    return line


def site_in(title: str, found: str) -> str:
    """What a page's title has behind or before its headline, if that looks like the name of its site."""
    line = clean_line(title)
    last, first = _last(line), _BETWEEN.search(line)
    before = line[: first.start()] if first and squashed(line[first.end() :]) == squashed(found) else ""
    for part in (before, line[last.end() :] if last else ""):
        name = part.strip()
        if name[:1].isupper() and len(name.split()) <= MAX_NAME and squashed(name) not in squashed(found):
            return name
    return ""


def is_in(heading: str, title: str) -> bool:
    """Whether a title begins with a heading, or holds it whole behind the site's name."""
    inner, outer = squashed(heading), squashed(title)
    return len(heading.split()) >= 2 and len(inner) >= 10 and inner in outer


def is_name(part: str, names: Sequence[str]) -> bool:
    """Whether a part of a title is what the site is called, in full or nearly so."""
    squeezed = squashed(part)
    if len(part.split()) > MAX_NAME + 3 or len(squeezed) < 2:
        return False
    known = [one for name in names if (one := squashed(name))]
    return any(
        squeezed == one
        or (len(one) >= 3 and squeezed.startswith(one) and len(squeezed) <= 3 * len(one) + 6)
        or (len(squeezed) >= 3 and one.startswith(squeezed))
        or (len(one) >= 5 and one in squeezed and len(part.split()) <= MAX_NAME)
        for one in known
    )


def squashed(text: str) -> str:
    """Its letters and digits alone, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain if char.isalnum())


def _last(line: str) -> re.Match[str] | None:
    return next(reversed(list(_BETWEEN.finditer(line))), None)


def _completed(line: str, others: Sequence[str]) -> str:
    """The whole of a headline that was cut to fit."""
    if not line.endswith(("...", "…")):
        return line
    start = squashed(line)
    return next((one for one in others if squashed(one).startswith(start) and one != line), line)
