"""The words of a mail: its text part, without signature, quoted replies and the footers of mailing lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage

from qa.loaders.cleaning import clean
from qa.loaders.encoding import decode, decode_declared
from qa.loaders.html_text import paragraphs_of
from qa.loaders.paragraphs import split_paragraphs

MAX_SIGNATURE = 30  # lines; what is longer below a "-- " is text that it parts from other text
MAX_FOOTER = 12  # lines
MIN_PLAIN = 300  # characters; a shorter text part may only say that there is another
MANY_TIMES = 4  # as long as such a part is the other one, where it has the words

_QUOTED = re.compile(r"\s{0,3}>")
_ATTRIBUTION = re.compile(
    r"(?:on|am|le|el|em) .{4,200}(?:wrote|schrieb|écrit|escribió|escreveu) ?:|.{2,100} (?:wrote|escribió) ?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_=*-]{10,}")
_OF_LIST = re.compile(
    r"mailing list|listinfo|unsubscribe|you (?:are receiving|received) this (?:e-?mail|message)"
    r"|darse de baja|lista de (?:correo|distribución)|cancelar (?:la|su) suscripción",
    re.IGNORECASE,
)
_FOOTER_START = re.compile(
    r"to unsubscribe\b|you (?:are receiving|received) this (?:e-?mail|message)\b|para darse de baja\b", re.IGNORECASE
)


def mail_body(message: EmailMessage) -> tuple[str, list[str]]:
    """Clean paragraphs and what was noticed. Raises ReadError where the text part is none."""
    notices: list[str] = []
    parts = [part for part in _own_parts(message) if not is_attachment(part, of=message)]
    plain = next(filter(None, (_plain(_text(part, notices), part, notices) for part in _of(parts, "plain"))), "")
    if len(plain) >= MIN_PLAIN:
        return plain, notices
    marked = next(filter(None, (paragraphs_of(_text(part, notices)) for part in _of(parts, "html"))), "")
    return (_without_footer(marked) if len(marked) > MANY_TIMES * len(plain) else plain), notices


def _of(parts: list[EmailMessage], kind: str) -> Iterator[EmailMessage]:
    return (part for part in parts if part.get_content_type() == f"text/{kind}")


def is_attachment(part: EmailMessage, *, of: EmailMessage) -> bool:
    """Whether a part is a file or a message sent along. The whole message is none, whatever it says."""
    if part is of or (part.is_multipart() and part.get_content_maintype() == "multipart"):
        return False
    named = bool(_parameter(part, "name", header="content-type") or _parameter(part, "filename"))
    inline = part.get_content_maintype() == "text" and not named
    return "attachment" in str(part.get("Content-Disposition", "")).lower()[:20] or not inline


def _parameter(part: EmailMessage, name: str, *, header: str = "content-disposition") -> object:
    try:
        return part.get_param(name, header=header)
    except Exception:  # the standard library's parser of fields fails on some that no rule allows
        return None


def _own_parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are no containers, those of forwarded messages left out."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if not part.is_multipart():
            yield part
        elif part.get_content_maintype() == "multipart":
            waiting.extend(reversed([inner for inner in part.get_payload() if isinstance(inner, EmailMessage)]))


def _text(part: EmailMessage, notices: list[str]) -> str:
    """The text of a part in the encoding that it is in, which need not be the one that it says."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return ""
    charset = str(part.get_content_charset() or "")
    decoded = decode_declared(data, charset) if charset else decode(data, line=1)
    notices.extend(f"{notice}; it says {charset[:40] or 'no encoding'}" for notice in decoded.notices)
    return decoded.text


def _plain(text: str, part: EmailMessage, notices: list[str]) -> str:
    lines = _without_signature(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    flowed = str(_parameter(part, "format", header="content-type") or "").lower() == "flowed"
    if flowed:
        together = str(_parameter(part, "delsp", header="content-type") or "").lower() == "yes"
        lines = list(_unwrapped(lines, together=together))
    unquoted = _without_replies(lines)
    if not any(map(str.strip, unquoted)) and any(map(str.strip, lines)):
        unquoted = [re.sub(r"^[\s>]+", "", line) for line in lines]
        notices.append("the whole text is quoted from another mail")
    words = _without_footer(clean("\n".join(unquoted)))
    return words if flowed else "\n\n".join(split_paragraphs(words))


def _unwrapped(lines: list[str], *, together: bool) -> Iterator[str]:
    """Lines of format=flowed (RFC 3676): one that ends in a space goes on in the next of the same depth."""
    paragraph, paragraph_depth = "", 0
    goes_on = False
    for line in lines:
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        if goes_on and paragraph_depth != depth:
            yield _quoted(paragraph, paragraph_depth)
            paragraph = ""
        goes_on = words.endswith(" ")
        paragraph += words[:-1] if goes_on and together else words
        paragraph_depth = depth
        if not goes_on:
            yield _quoted(paragraph, depth)
            paragraph = ""
    if goes_on:
        yield _quoted(paragraph, paragraph_depth)


def _quoted(words: str, depth: int) -> str:
    return f"{'>' * depth} {words}" if depth else words


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        below = len(lines) - number
        if number and ((line == "-- " and below <= MAX_SIGNATURE) or (line == "--" and below <= MAX_FOOTER)):
            return lines[:number]
    return lines


def _without_replies(lines: list[str]) -> list[str]:
    unquoted: list[str] = []
    for line in lines:
        if not _QUOTED.match(line):
            unquoted.append(line)
            continue
        while unquoted and not unquoted[-1].strip():
            unquoted.pop()
        if unquoted and _ATTRIBUTION.fullmatch(unquoted[-1].strip()):
            unquoted.pop()
        unquoted.append("")
    return unquoted


def _without_footer(text: str) -> str:
    """Without the last lines if a mailing list put them there."""
    lines = text.split("\n")
    for number in range(max(0, len(lines) - MAX_FOOTER), len(lines)):
        below = "\n".join(lines[number:])
        if _FOOTER_START.match(lines[number]) or (_RULE.fullmatch(lines[number]) and _OF_LIST.search(below)):
            return "\n".join(lines[:number]).rstrip("\n")
    return text
