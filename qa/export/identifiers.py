"""Identifiers of articles where a standard wants a URI, a file a name, or a value says whether it is a URI."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

from qa.export.facts import Facts
from qa.models.archive import Article

OWN_URN = "urn:x-archive:"
"""What stands before an article's id where the source gave it no URI of its own."""

MAX_NAME = 120  # characters of a file's name that are the id's

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_NOT_IN_IDS = re.compile(r"[^\w.,:;@+~()!*'=-]+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9_-]+")


def is_uri(text: str) -> bool:
    return bool(_URI.fullmatch(text))


def uri_of(article: Article) -> str:
    """The URI by which the source knows the article, or one made from its id."""
    return _uri_of_source(article) or OWN_URN + quote(article.article_id, safe="")


def source_id(article: Article) -> str:
    """The same where any text will do: the id itself stands in."""
    return _uri_of_source(article) or article.article_id


def _uri_of_source(article: Article) -> str:
    said = article.extra.get("uri")
    return said if isinstance(said, str) and is_uri(said) and names(said, article.article_id) else ""


def names(uri: str, article_id: str) -> bool:
    """Whether the id is the one that reading makes of the URI: the same, or with hyphens and a digest of the whole."""
    plain = _NOT_IN_IDS.sub("-", uri).strip("-")
    if plain == uri:
        return uri == article_id
    digest = hashlib.sha256(uri.encode()).hexdigest()[:8]
    return article_id == f"{plain[:MAX_NAME].strip('-')}-{digest}".lstrip("-")


def code_fields(code: str) -> Facts:
    """A code as the fields that ninjs has for it."""
    return {} if not code else {"uri": code} if is_uri(code) else {"literal": code}


def file_stem(article_id: str) -> str:
    """A file's name that every system takes and that no other article has, also where case doesn't count."""
    plain = _NOT_IN_NAMES.sub("-", article_id).strip("-")[:MAX_NAME]
    if plain == article_id:
        return plain
    digest = hashlib.sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{plain}-{digest}".lstrip("-")
