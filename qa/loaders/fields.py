"""Single values of an article's metadata, dates of all formats among them: checked, cleaned, or refused."""

import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from itertools import chain
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit

from babel.core import Locale, get_global

from qa.errors import ReadError
from qa.text.cleaning import MAX_ID, clean, clean_line, short_digest, without_surrogates

# The names and the words of formats, a table for each.
NAMES: Mapping[str, Mapping[str, Any]] = tomllib.loads(files("qa.loaders").joinpath("names.toml").read_text("utf-8"))
MAX_SLUG = 160  # characters; stays below the longest id with a line number behind
MAX_TITLE = 500  # characters; a longer "headline" is a paragraph of a text that has none
MAX_WORDS = 120  # characters; few of 21,000 agency headlines are longer, the longest has 137
MAX_DEPTH = 32  # of nested lists and mappings in what an article's `extra` keeps
MAX_SHOWN = 60  # characters of a wrong value that its message repeats
MAX_NOTICE = 2_000  # characters of a correction or a reason; a longer one is an article
CANCELLED = "Cancelled by its publisher"
NO_LANGUAGE = ("und", "zxx", "mul")  # ISO 639: undetermined, none, several
_AS_TEXT = "write it as text, in quotes"

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MOMENT = re.compile(rf"{_ISO_DATE.pattern}(?:[T ][0-9:.,]+ ?(?:Z|[+-][0-9:]+)?)?")
# 2013-05-16, 20130516+0000
_DAY = re.compile(r"(\d{4}-?\d\d-?\d\d)\s?(?:Z|[+-]\d\d(?::?\d\d)?)?", re.IGNORECASE)
# 2013-05-16T04:01:00Z, 20130516T040100+0000, 2013-05-16 04:01, 2013-05-16T04:01:00.123 +02:00
_MOMENT = re.compile(r"(\d{4}-?\d\d-?\d\d)[T ](\d\d:?\d\d\S*)(?:\s(Z|[+-]\d\d(?::?\d\d)?))?", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


def any_of(expressions: Iterable[str], *, end: str = "") -> re.Pattern[str]:
    """Any of some expressions, in any case, with `end` behind it."""
    return re.compile(f"(?:{'|'.join(expressions)}){end}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value as a file states it of `key`, and where: `line` counts from 1, None where no line can be named."""

    key: str
    value: object
    path: str
    line: int | None = None

    def refuse(self, expected: str, *, advice: str) -> NoReturn:
        """Raises the ReadError that says what was expected, found, and what to do."""
        reason = f"{self.key}: {expected} was expected, found {printable(self.value)}; {advice}"
        raise ReadError(reason, path=self.path, line=self.line)


def printable(value: object) -> str:
    """A wrong value as a message repeats it."""
    if value is None or isinstance(value, bool):
        return "nothing" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return f"the number {value}" if abs(value) < 10**MAX_SHOWN else "a very large number"
    if isinstance(value, str):
        line = clean_line(value)
        return f'"{line}"' if len(line) <= MAX_SHOWN else f'"{line[:MAX_SHOWN]}…" ({len(line):,} characters)'
    if isinstance(value, list | tuple | set):
        return "a list"
    return "a mapping" if isinstance(value, dict) else f"a {type(value).__name__}"


def printable_key(key: str) -> str:
    """A name of a field as a message repeats it."""
    return clean_line(key)[:MAX_SHOWN]


def text_of(field: FieldValue) -> str:
    """Clean text; paragraphs are kept."""
    return clean(field.value) if isinstance(field.value, str) else field.refuse("text", advice=_AS_TEXT)


def line_of(field: FieldValue) -> str:
    """Clean text in one line."""
    return " ".join(text_of(field).split())


def id_of(field: FieldValue) -> str:
    """An identifier that fits into an address: no white space, no slash, nothing that prints nothing."""
    if isinstance(field.value, bool) or not isinstance(field.value, str | int | float):
        field.refuse("text", advice=_AS_TEXT)
    text = unicodedata.normalize("NFC", str(field.value)).strip()
    is_odd = any(unicodedata.category(char)[0] in "CZ" for char in text) or clean_line(text) != text
    if len(text) > MAX_ID or "/" in text or is_odd:
        expected = f"at most {MAX_ID} characters without white space, control characters or /"
        field.refuse(expected, advice="write hyphens instead")
    return text


def slug(name: str) -> str:
    """An id made from a file's name: lower case, without accents, words joined by hyphens."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain.lower()))
    return "-".join(words)[:MAX_SLUG].rstrip("-") if words else f"article-{short_digest(name)}"


def date_text(value: object) -> str:
    """A date as its file writes it; YAML and JSON have it as a date or as text."""
    return value.isoformat() if isinstance(value, date) else value.strip() if isinstance(value, str) else ""


def date_of(field: FieldValue) -> tuple[date, str | None]:
    """The day in whatever zone it was written, and the whole of the text where that has a time, if none of a clock."""
    text = date_text(field.value)
    day = iso(text[:10]) if _ISO_MOMENT.fullmatch(text) else None
    if day is None:
        advice = "correct it, or leave it out if the date is not known"
        field.refuse("a date of the calendar such as 2005-03-17", advice=advice)
    return date.fromisoformat(day), text if text[10:] else None


def iso(text: object) -> str | None:
    """A date or a moment of ISO 8601 or of mail (RFC 5322) in ISO 8601, in its own zone; None for what is neither."""
    stripped = text.strip() if isinstance(text, str) else ""
    try:
        if match := _DAY.fullmatch(stripped):
            return date.fromisoformat(match[1]).isoformat()
        if match := _MOMENT.fullmatch(stripped):
            moment = datetime.fromisoformat(f"{match[1]}T{match[2]}{match[3] or ''}".upper())
        else:
            moment = parsedate_to_datetime(stripped)
        return moment.isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def first_iso(*texts: object) -> str | None:
    """The first text that is a date or a moment."""
    return next(filter(None, map(iso, texts)), None)


def utc(text: object) -> datetime | None:
    """A moment in UTC; a date is its first instant, and without a zone UTC is meant."""
    try:
        moment = datetime.fromisoformat(iso(text) or "")
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_moment(text: str) -> datetime:
    """A moment in UTC of what a person wrote, `2026-12-01` or `2026-12-01T06:00+01:00`. Raises ValueError."""
    if re.fullmatch(rf"{_ISO_DATE.pattern}(?:[T ].*)?", text) and (moment := utc(text)):
        return moment
    raise ValueError("no moment")


def numeric_day(text: str, *, day_first: bool = False) -> str | None:
    """The day of `17/03/2005` or `17.3.2005 08:15`; None where they may be each other's, unless `day_first`."""
    clock = r"(?:,? \d{1,2}:\d\d(?::\d\d)?(?: h)?)?"
    if not (match := re.fullmatch(rf"(\d{{1,2}})([./-])(\d{{1,2}})[./-]((?:1[4-9]|20)\d\d){clock}", text, re.ASCII)):
        return None
    day, sign, month, year = match.groups()
    if sign == "/" and not day_first and int(day) != int(month) and int(day) <= 12 and int(month) <= 12:
        return None
    if sign == "/" and int(month) > 12:
        day, month = month, day
    return iso(f"{year}-{month:0>2}-{day:0>2}")


def event_date_of(field: FieldValue) -> str:
    """When it happened, in the file's words ("March 2005"); written as a full date it must be one."""
    text = field.value.isoformat() if isinstance(field.value, date) else line_of(field)
    if _ISO_DATE.fullmatch(text) and not iso(text):
        field.refuse("a date of the calendar or words", advice="correct it, or leave it out")
    return text


def is_address(text: str) -> bool:
    """True if a text is an address of the web that can be followed."""
    return bool(first_address([text]))


def first_address(candidates: Iterable[str], *, base: str = "") -> str:
    """The first that is an address of the web, relative ones taken from `base`; empty where none is."""
    for candidate in filter(None, candidates):
        try:
            address = urljoin(base, candidate)
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", address):
            return address
    return ""


def url_of(field: FieldValue) -> str:
    text, expected = text_of(field), "an address that begins with http:// or https://"
    return text if is_address(text) else field.refuse(expected, advice="correct or remove it")


def language_of(field: FieldValue) -> str:
    """A language tag in lower case: `en`, `es`, `pt-br`."""
    text = line_of(field).lower()
    tag = language_tag(text) if _LANGUAGE_TAG.fullmatch(text) else ""
    return tag or field.refuse("a code such as en or es", advice="correct it, or leave it out")


def language_tag(text: object) -> str:
    """`en-us` for `en_US`, `es` for `spa`, `en` for `English`; empty for what names no language."""
    word = clean_line(text).lower().replace("_", "-").rpartition(":")[2].strip() if isinstance(text, str) else ""
    if len(word) > 3 and "-" not in word:
        word = _language_codes().get(word, "")
    language, hyphen, rest = word.partition("-")
    if not _LANGUAGE_TAG.fullmatch(word) or language in NO_LANGUAGE:
        return ""
    # A language with two tags would count as two languages.
    short = get_global("language_aliases").get(language, "") if len(language) == 3 else ""
    return f"{short}{hyphen}{rest}" if len(short) == 2 else word


def first_language(*texts: object) -> str:
    """The tag of the first text that names a language; empty where none does."""
    return next(filter(None, map(language_tag, texts)), "")


@cache
def _language_codes() -> dict[str, str]:
    locales = map(Locale, ("en", "es", "fr", "de", "pt", "it", "ca", "nl"))
    languages = chain.from_iterable(locale.languages.items() for locale in locales)
    return {"castellano": "es", **{name.lower(): code for code, name in languages if len(code) <= 3}}


def json_of(field: FieldValue) -> object:
    """The value as JSON can hold it: dates become text, keys too."""
    try:
        return _json(field.value)
    except ValueError as error:
        reason = f"{printable_key(field.key)}: a value that JSON can hold was expected, found {error}; write it as text"
        raise ReadError(reason, path=field.path, line=field.line) from None


def _json(value: object, *, depth: int = 0) -> object:
    if depth > MAX_DEPTH:
        raise ValueError(f"lists more than {MAX_DEPTH} deep")
    if isinstance(value, str | date):
        return without_surrogates(value) if isinstance(value, str) else value.isoformat()
    if isinstance(value, list):
        return [_json(item, depth=depth + 1) for item in value]
    if isinstance(value, dict):
        return {without_surrogates(str(name)): _json(item, depth=depth + 1) for name, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"the number {value}")
    if value is None or isinstance(value, int | float):
        return value
    raise ValueError(printable(value))


def json_in(text: object, **options: Any) -> object:
    """The value that some JSON stands for, None for what is none."""
    try:
        return json.loads(text, **options) if isinstance(text, str | bytes) else None
    except (ValueError, RecursionError):
        return None


def without_headline(values: Mapping[str, object]) -> dict[str, object]:
    """The values without the first paragraph of their `text` where it repeats the `title` and others follow."""
    first, _, below = str(values.get("text") or "").partition("\n\n")
    is_repeated = bool(below.strip()) and same_line(first, str(values.get("title") or ""))
    return {**values, "text": below} if is_repeated else dict(values)


def first_words(text: str) -> str:
    """The first line of a text, cut behind a word."""
    line = clean_line(clean(text).split("\n")[0])
    if len(line) <= MAX_WORDS:
        return line
    return (line[: MAX_WORDS + 1].rpartition(" ")[0] or line[:MAX_WORDS]).rstrip(" ,;:-–—")


def same_line(first: str, second: str) -> bool:
    """True if two lines say the same, whatever their white space and capitals."""
    return clean_line(first).casefold() == clean_line(second).casefold()


def agency_status(code: str, *, embargo: str | None = None, reason: str = "") -> Mapping[str, object]:
    """Facts about an agency's item from its IPTC status, such as `usable` or `stat:canceled`; `reason` is public.

    An unknown status, or an embargo without its end, withholds the item: better not shown than shown too early.
    """
    word = code.strip().lower().replace(" ", "").rpartition(":")[2].rpartition("/")[2]
    if word in ("canceled", "cancelled", "killed", "kill"):
        return {"status": "withdrawn", "withdrawn": reason.strip() or CANCELLED}
    if embargo and word in ("", "usable", "embargoed", "embargo"):
        return {"embargo": embargo}
    return {} if word in ("", "usable") else {"status": "withheld"}
