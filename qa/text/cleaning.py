"""Final clean text: what would make offsets, quotes or searches disagree is settled here; what it shows stays."""

import hashlib
import re
import unicodedata
from itertools import groupby, islice

MAX_ID = 200  # characters of an article's id

# Vertical tab, form feed, NEL and the two Unicode separators break lines too in what archives deliver.
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What prints nothing: control characters (tab and newline apart), all that Unicode calls default-ignorable (soft
# hyphens, zero-width joiners and spaces, fillers, direction marks and overrides, byte order marks, variation selectors,
# the tag characters in which hidden instructions to models are smuggled), annotation anchors and what is no character.
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
# Composing sorts a run of accents, in a time that grows with its square: of each run those are kept that Unicode's
# stream-safe format has (UAX 15), which is ten times what any language stacks on a letter.
_MOST_ACCENTS = 30
_ACCENTS = re.compile(rf"[^\x00-\x7f\w\s]{{{_MOST_ACCENTS + 1},}}")
_SPACES = re.compile("[ \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")  # the tab and the separators (category Zs)
_LINE_EDGE = re.compile(" ?\n ?")
_MANY_BREAKS = re.compile("\n{3,}")


def clean(text: str) -> str:
    """Text as it is stored: no space at the ends of lines, paragraphs a blank line apart, characters composed (NFC)."""
    text = without_surrogates(_LINE_BREAK.sub("\n", text))
    # Before composing: an invisible character may stand between a letter and its accent.
    text = unicodedata.normalize("NFC", _ACCENTS.sub(_with_few_accents, INVISIBLE.sub("", text)))
    text = _LINE_EDGE.sub("\n", _SPACES.sub(" ", text))
    return _MANY_BREAKS.sub("\n\n", text).strip(" \n")


def clean_line(text: str) -> str:
    """The same for what is one line by nature: a title, a name, an address."""
    return " ".join(clean(text).split())


def id_from(identifier: str) -> str:
    """An id that fits into an address, made from any identifier, such as a URI; the same for the same, or empty."""
    text = clean_line(identifier)
    plain = re.sub(r"[^\w.,:;@+~()!*'=-]+", "-", text).strip("-")
    if plain == text and len(text) <= MAX_ID:
        return text
    # The digest of the whole tells two apart of which hyphens stand in the same places.
    return f"{plain[:120].strip('-')}-{short_digest(text)}".lstrip("-")


def short_digest(text: str) -> str:
    """Eight characters that tell a text from others."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def folded(text: str) -> str:
    """The letters and digits alone, in lower case and without accents, to compare texts by."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def _with_few_accents(signs: re.Match[str]) -> str:
    """The signs without the accents of a run beyond the first _MOST_ACCENTS."""
    runs = groupby(signs[0], lambda sign: unicodedata.combining(sign) > 0)
    return "".join("".join(islice(run, _MOST_ACCENTS) if is_accents else run) for is_accents, run in runs)


def without_surrogates(text: str) -> str:
    """Halves of a character that no encoding can write (`"\\ud83d"` in JSON) taken out."""
    return _SURROGATE.sub("", text)
