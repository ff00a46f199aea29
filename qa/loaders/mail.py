"""Mail (RFC 5322 with MIME): the subject is the headline, the text part without what mail puts around it the body."""

import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import partial
from itertools import chain, pairwise
from typing import IO, cast

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import MAX_FILE_BYTES, decode
from qa.loaders.fields import NAMES, any_of, iso, language_tag, printable, utc
from qa.loaders.metadata import RecordContext
from qa.loaders.paragraphs import paragraphs_of, split_paragraphs
from qa.models.deliveries import WITHIN, Delivery, Failure
from qa.text.cleaning import clean, clean_line, id_from

MAX_EXTRA = 50  # of the headers and of the attachments' names that `extra` keeps
MAX_VALUE = 500  # characters of one of them
MAX_FIELD = 5_000  # characters of a header field that are read: taking longer ones apart costs gigabytes
MAX_SIGNATURE = 30  # lines; what is longer below a "-- " is text that it parts from other text
MAX_FOOTER = 12  # lines
MIN_PLAIN = 300  # characters; a shorter text part may only say that there is another
MANY_TIMES = 4  # as long as such a part is the other one, where it has the words
_EMBARGO = ("Embargo", "X-Embargo", "Embargoed-Until", "X-Embargoed-Until", "X-Embargo-Until")
_SEPARATOR = re.compile(rb"From \S*@\S+|From .*\d\d:\d\d|From MAILER-DAEMON")
_CERTAIN = re.compile(rb"From \S+ +[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d [^\n]*\d{4}\s*$")
_HEADER = re.compile(rb"[!-9;-~]{1,80}:|>From ")
_STUFFED = re.compile(rb">+From ")
_ATTRIBUTION, _OF_LIST, _FOOTER_START = (any_of(NAMES["mail"][key]) for key in ("attribution", "of_list", "footer"))


def read_mail(context: RecordContext) -> Iterator[Delivery]:
    """Mail: one message (RFC 5322 with MIME), as press offices and wire services send it; .eml files."""
    data = context.document.read()
    try:
        # The newer policy reads each field anew, by a grammar, whenever it is asked for: it is for what is shown.
        message = cast(EmailMessage, BytesParser(EmailMessage, policy=policy.compat32).parsebytes(data))
    except Exception as error:  # the standard library's parser raises what its parts raise
        actual = f"one that can't be taken apart ({type(error).__name__})"
        raise ReadError(f"a mail was expected, found {actual}; deliver it again") from error
    notices: list[str] = []
    title, body = _header(message, "Subject"), _body(message, notices)
    attached = [part for part in message.walk() if part is not message and _is_attachment(part)]
    if not title and not body:
        forwarded = any(part.get_content_type() == "message/rfc822" for part in attached)
        actual = "nothing but a forwarded message" if forwarded else "only attachments" if attached else "neither"
        raise ReadError(f"a subject or a text was expected, found {actual}; deliver the text itself")
    values = _values(message, notices) | {"title": title, "text": body}
    if attached:
        names = (_file_name(part)[:MAX_VALUE] or part.get_content_type() for part in attached[:MAX_EXTRA])
        values["attachments"] = list(names)
    yield context.article(values, *notices)


def unpack_mailbox(context: RecordContext) -> Iterator[Document | Failure]:
    """A mailbox (mbox) is read as the messages that it holds, one after the other."""
    document = context.document
    with document.open() as stream:
        for number, data in enumerate(_messages(stream), start=1):
            if data is None:
                actual = "found a larger one; deliver its text as a file of its own"
                reason = f"a message of at most {MAX_FILE_BYTES // 1_000_000} MB was expected, {actual}"
                yield Failure(f"{document.place}{WITHIN}{number}", None, reason)
            elif data.strip():
                yield document.member(str(number), data, name=f"{document.stem}-{number}.eml")


def _messages(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The bytes of each message without the line that parts it from the one before; None for one that is too large."""
    lines: list[bytes] = []
    size = 0
    is_after_blank = True  # as messages begin; some programs leave the blank line out
    for line, following in pairwise(chain(iter(partial(stream.readline, 1 << 20), b""), [b""])):
        if (_SEPARATOR if is_after_blank else _CERTAIN).match(line) and _HEADER.match(following):
            if size:
                yield b"".join(lines) if size <= MAX_FILE_BYTES else None
            lines, size = [], 0
        else:
            size += len(line)
            lines.append(line[1:] if _STUFFED.match(line) else line)
            if size > MAX_FILE_BYTES:
                lines.clear()
        is_after_blank = not line.strip()
    if size:
        yield b"".join(lines) if size <= MAX_FILE_BYTES else None


def _header(message: EmailMessage, *names: str) -> str:
    """The first of these header fields that says something, decoded, in one line."""
    raw_fields = ((key, raw) for name in names for key, raw in message.raw_items() if key.lower() == name.lower())
    return next(filter(None, (_decoded(key, str(raw)[:MAX_FIELD]) for key, raw in raw_fields)), "")


def _decoded(name: str, raw: str) -> str:
    try:
        if re.search("[\udc80-\udcff]", raw):  # sent as bare bytes
            return clean_line(decode(raw.encode("ascii", "surrogateescape"), line=1)[0])
        return clean_line(str(policy.default.header_fetch_parse(name, raw))) if "=?" in raw else clean_line(raw)
    except Exception:  # the standard library's parser of fields fails on some that no rule allows
        return clean_line(raw)


def _values(message: EmailMessage, notices: list[str]) -> dict[str, object]:
    """The facts of the header; `notices` gets what can't be read of it. The sender's own fields go into `extra`."""
    own = [name for name in dict.fromkeys(message.keys()) if re.match("x-|(?:in-reply-to|list-id)$", name, re.I)]
    organisation = _header(message, "Organization", "Organisation", "X-Organization")
    # The name, never the address, which may be a private person's.
    sender = _header(message, "From")
    sender = re.sub(r"<[^<>]*>", "", sender).strip().strip("\"'").strip()
    sender = "" if "@" in sender else sender
    date, embargo = _header(message, "Date"), _header(message, *_EMBARGO)
    if date and not iso(date):
        notices.append(f"the date {printable(date)} can't be read; it is left out")
    values: dict[str, object] = {
        "id": id_from(_identifier(_header(message, "Message-ID"))),
        "published": iso(date),
        "outlet": organisation or sender,
        "byline": sender if organisation else "",
        "slugline": _header(message, "Slug", "X-Slug", "Slugline", "X-Slugline"),
        "keywords": _header(message, "Keywords"),
        "supersedes": _identifier(_header(message, "Supersedes", "Replaces")),
        "language": language_tag(_header(message, "Content-Language").split(",")[0]),
        **{clean_line(name): _header(message, name)[:MAX_VALUE] for name in own[:MAX_EXTRA]},
    }
    if end := utc(re.sub(r"^(?:embargoed )?until:? ", "", embargo, flags=re.IGNORECASE)):
        values["embargo"] = end.isoformat(timespec="seconds")
    elif embargo:
        # Better not shown than shown too early.
        notices.append(f"the embargo {printable(embargo)} can't be read; the article is withheld")
        values["status"] = "withheld"
    return values


def _identifier(text: str) -> str:
    match = re.search(r"<([^<>]+)>", text)
    return match[1].strip() if match else text


def _file_name(part: EmailMessage) -> str:
    try:
        return _decoded("Subject", part.get_filename() or "")
    except Exception:  # as for the fields above
        return ""


def _is_attachment(part: EmailMessage) -> bool:
    if part.get_content_maintype() != "text":
        return part.get_content_maintype() != "multipart"
    return bool(_file_name(part)) or "attachment" in str(part.get("Content-Disposition", "")).lower()[:20]


def _body(message: EmailMessage, notices: list[str]) -> str:
    parts = [part for part in _own_parts(message) if part is message or not _is_attachment(part)]
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    marked = [part for part in parts if part.get_content_type() == "text/html"]
    text = next(filter(None, (_plain(part, notices) for part in plain)), "")
    if len(text) >= MIN_PLAIN:
        return text
    other = next(filter(None, (paragraphs_of(_text(part, notices)) for part in marked)), "")
    return _without_footer(other) if len(other) > MANY_TIMES * len(text) else text


def _own_parts(part: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are no containers, those of forwarded messages left out."""
    if not part.is_multipart():
        yield part
    elif part.get_content_maintype() == "multipart":
        for inner in part.get_payload():
            yield from _own_parts(inner) if isinstance(inner, EmailMessage) else ()


def _text(part: EmailMessage, notices: list[str]) -> str:
    """The text of a part in the encoding that it is in, which need not be the one that it says."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data.strip():
        return ""
    charset = str(part.get_content_charset() or "")
    text, decoding = decode(data, charset) if charset else decode(data, line=1)
    notices.extend(f"{notice}; it says {charset[:40] or 'no encoding'}" for notice in decoding)
    return text


def _plain(part: EmailMessage, notices: list[str]) -> str:
    """Without signature, replies and the footer of a list; where all is a reply, all of it."""
    lines = _text(part, notices).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    longest = {"-- ": MAX_SIGNATURE, "--": MAX_FOOTER}
    ends = (n for n, line in enumerate(lines) if n and len(lines) - n <= longest.get(line, 0))
    lines = lines[: next(ends, len(lines))]
    unquoted: list[str] = []
    for line in lines:
        if not line.lstrip().startswith(">"):
            unquoted.append(line)
            continue
        while unquoted and not unquoted[-1].strip():
            unquoted.pop()
        if unquoted and _ATTRIBUTION.fullmatch(unquoted[-1].strip()):
            unquoted.pop()
        unquoted.append("")
    if not any(map(str.strip, unquoted)) and any(map(str.strip, lines)):
        unquoted = [re.sub(r"^[\s>]+", "", line) for line in lines]
        notices.append("the whole text is quoted from another mail")
    return "\n\n".join(split_paragraphs(_without_footer(clean("\n".join(unquoted)))))


def _without_footer(text: str) -> str:
    lines = text.split("\n")
    for number in range(max(0, len(lines) - MAX_FOOTER), len(lines)):
        below = "\n".join(lines[number:])
        is_ruled_off = re.fullmatch("[_=*-]{10,}", lines[number]) and _OF_LIST.search(below)
        if is_ruled_off or _FOOTER_START.match(lines[number]):
            return "\n".join(lines[:number]).rstrip("\n")
    return text
