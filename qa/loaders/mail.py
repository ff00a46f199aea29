"""Mail: one message (RFC 5322 with MIME), as press offices and wire services send it; .eml files.

The subject is the headline, the text part the body; where there is none but marked-up text, that is read. Attachments
are named, never opened, and a forwarded message is none of the article's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from typing import cast

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line
from qa.loaders.documents import Document
from qa.loaders.encoding import decode
from qa.loaders.fields import MAX_TITLE, id_from, shown
from qa.loaders.mail_text import body_of, is_attachment
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.moments import iso, moment
from qa.loaders.stand_in import first_words
from qa.models.deliveries import Delivery

MAX_KEPT = 50  # of the headers and of the attachments' names that `extra` keeps
MAX_VALUE = 500  # characters of one of them
MAX_FIELD = 5_000  # characters of a header field that are read: taking longer ones apart costs gigabytes

_IDENTIFIER = re.compile(r"<([^<>]+)>")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_EMBARGO = ("Embargo", "X-Embargo", "Embargoed-Until", "X-Embargoed-Until", "X-Embargo-Until")
_SLUG = ("Slug", "X-Slug", "Slugline", "X-Slugline")
_KEPT = ("In-Reply-To", "List-Id")


def read_mail(document: Document, *, beneath: Facts) -> Iterator[Delivery]:
    """The article of one message. Raises ReadError where it holds no words, and OSError."""
    data = document.read()
    try:
        # The newer policy reads each field anew, by a grammar, whenever it is asked for: it is for what is shown.
        message = cast(EmailMessage, BytesParser(EmailMessage, policy=policy.compat32).parsebytes(data))
    except Exception as error:  # the standard library's parser raises what its parts raise
        reason = f"a mail was expected, found one that can't be taken apart ({type(error).__name__}); deliver it again"
        raise ReadError(reason, path=document.place) from error
    body, notices = body_of(message, path=document.place)
    title = header(message, "Subject")
    if not title and not body:
        reason = f"a subject or a text was expected, found {_instead(message)}; deliver the text itself"
        raise ReadError(reason, path=document.place)
    own = _facts_of(message, notices)
    if title and len(title) > MAX_TITLE:
        own["Subject"], title = title, ""
        notices.append("the subject is too long for a headline; the text's first words stand in")
    elif not title:
        notices.append("the mail has no subject; the text's first words stand in")
    if not body:
        notices.append("the mail has no text of its own; its subject stands in")
    own |= {"title": title or first_words(body or str(own["Subject"])), "text": body}
    stated = {**beneath, **facts(own, path=document.place)}
    yield deliver(stated, derived_id=slug(document.stem), path=document.place, notices=tuple(notices))


def header(message: EmailMessage, *names: str) -> str:
    """The first of these header fields that says something, decoded, in one line."""
    for name in names:
        for key, raw in message.raw_items():
            if key.lower() == name.lower() and (text := _decoded(key, str(raw))):
                return text
    return ""


def _decoded(name: str, raw: str) -> str:
    """Text of a field; one that was sent as bare bytes in the encoding that they are in."""
    raw = raw[:MAX_FIELD]
    if re.search("[\udc80-\udcff]", raw):
        try:
            return clean_line(decode(raw.encode("ascii", "surrogateescape"), path="", line=1).text)
        except (ReadError, UnicodeEncodeError):
            return clean_line(raw)
    if "=?" not in raw:
        return clean_line(raw)
    try:
        return clean_line(str(policy.default.header_fetch_parse(name, raw)))
    except Exception:  # the standard library's parser of fields fails on some that no rule allows
        return _roughly(raw)


def _roughly(raw: str) -> str:
    try:
        return clean_line(str(make_header(decode_header(raw))))
    except (ValueError, LookupError):
        return clean_line(raw)


def _facts_of(message: EmailMessage, notices: list[str]) -> dict[str, object]:
    """What the header says; what can't be read of it is told in `notices`."""
    organisation, sender = header(message, "Organization", "Organisation", "X-Organization"), _sender(message)
    identifier = _identifier(header(message, "Message-ID"))
    own: dict[str, object] = {
        "id": id_from(identifier) if identifier else "",
        "published": _published(header(message, "Date"), notices),
        "outlet": organisation or sender,
        "byline": sender if organisation else "",
        "slugline": header(message, *_SLUG),
        "keywords": header(message, "Keywords"),
        "supersedes": _identifier(header(message, "Supersedes", "Replaces")),
    }
    if _LANGUAGE.fullmatch(language := header(message, "Content-Language").split(",")[0].strip()):
        own["language"] = language
    return own | _embargo(header(message, *_EMBARGO), notices) | _kept(message)


def _sender(message: EmailMessage) -> str:
    """The name, never the address, which may be a private person's."""
    text = header(message, "From")
    name = re.sub(r"<[^<>]*>", "", text) if "<" in text else "" if "@" in text else text
    return name.strip().strip("\"'").strip()


def _identifier(text: str) -> str:
    match = _IDENTIFIER.search(text)
    return match[1].strip() if match else text


def _published(said: str, notices: list[str]) -> str | None:
    read = iso(said)
    if said and not read:
        notices.append(f"the date {shown(said)} can't be read; it is left out")
    return read


def _embargo(said: str, notices: list[str]) -> dict[str, object]:
    """An embargo whose end can't be read withholds: better not shown than shown too early."""
    if not said:
        return {}
    if found := moment(re.sub(r"^(?:embargoed )?until:? ", "", said, flags=re.IGNORECASE)):
        return {"embargo": found.isoformat(timespec="seconds")}
    notices.append(f"the embargo {shown(said)} can't be read; the article is withheld")
    return {"status": "withheld"}


def _kept(message: EmailMessage) -> dict[str, object]:
    """For `extra`: the sender's own fields, what it answers, the names of what is attached."""
    kept: dict[str, object] = {}
    for name in dict.fromkeys(message.keys()):
        if (name.lower().startswith("x-") or name.title() in _KEPT) and len(kept) < MAX_KEPT:
            kept[clean_line(name)] = header(message, name)[:MAX_VALUE]
    attachments = [_attachment_name(part) for part in message.walk() if is_attachment(part, of=message)]
    return kept | ({"attachments": attachments[:MAX_KEPT]} if attachments else {})


def _attachment_name(part: EmailMessage) -> str:
    try:
        name = part.get_filename() or ""
    except Exception:  # as for the fields above
        name = ""
    return _roughly(name)[:MAX_VALUE] or part.get_content_type()


def _instead(message: EmailMessage) -> str:
    if any(part.get_content_type() == "message/rfc822" for part in message.walk()):
        return "nothing but a forwarded message"
    return "only attachments" if any(is_attachment(part, of=message) for part in message.walk()) else "neither"
