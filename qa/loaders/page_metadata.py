"""The metadata of a page about its article: JSON-LD first, then meta tags and microdata, then its markup."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from qa.loaders.fields import first_address, first_language, iso
from qa.loaders.json_ld import Item, articles_in, facts_of, nodes_of, parsed_loosely, unread
from qa.loaders.metadata import present
from qa.loaders.names import NAMES
from qa.loaders.xml_tree import Element
from qa.text.cleaning import clean_line, folded

MAX_SCRIPT = 2_000_000  # characters of one script of JSON-LD
MAX_TEXT = 5_000  # characters of one value
MAX_STATED = 100  # values of one name
MAX_NAME = 5  # words of a site's name
MIN_HEADLINE = 3  # words that must be left behind one

_NAMES = NAMES["page"]
_WANTED = frozenset((*(name for names in _NAMES.values() for name in names), "og:type"))
_MARKED_BYLINES = ("author-name", "author__name", "byline-name", "byline__name", "article-author", "byline")

_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_BY = re.compile(r"(?:written by|by|por|par|von|di)\b\s*:?\s*", re.IGNORECASE)
_NAMED = re.compile(rf"{_NAME}(?:,? (?:{_NAME}|and|y|e|de|del|la|van|von|der|&)){{1,7}}")
_ROLE = re.compile(r",?\s+(?:Reporter|Correspondent|Editor|Staff|Writer|Columnist|Contributor|Special|For The)\b")
_EXTRA = ("isAccessibleForFree", "isBasedOn", "type", "wordCount", "expires", "dateline", "genre")
_PARTS_ALONE = ("|", "»", "::", "||", "·", "•")
_BETWEEN = re.compile(r"(\s+(?:[-–—|»«·•:~/]|::|\|\|)\s+|\s*[|»]\s*|(?<=\w): (?=[A-Z][\w.]*$))")


@dataclass(frozen=True)
class WebPage:
    """A page's elements and where it was fetched from, empty where that isn't known; what it states, by its names."""

    root: Element
    address: str
    stated: Mapping[str, Sequence[str]]

    def of(self, field: str) -> Iterator[str]:
        """What it states of a field, best first."""
        return (text for name in _NAMES[field] for text in self.stated.get(name, ()))


def texts_at(root: Element, path: str, *, most: int = 50) -> list[str]:
    """The words of each element or attribute that an XPath finds."""
    results = root.xpath(path)
    texts = (part if isinstance(part, str) else "".join(map(str, part.itertext())) for part in results[:most])  # type: ignore[union-attr,index]
    return [line for text in texts if (line := clean_line(text[:MAX_TEXT]))]


def page_of(root: Element, *, address: str = "") -> WebPage:
    """The page with what its meta tags, its microdata and its links' relations state of it or of its article."""
    stated: dict[str, list[str]] = {}
    main = next((scope for scope in root.iter() if _is_article_type(scope.get("itemtype") or "")), None)
    for element in root.iter():
        keys = ("property", "name", "http-equiv") if element.tag == "meta" else ("property", "rel")
        names = [element.get(key) or "" for key in keys]
        if (said := element.get("itemprop")) and _is_of_article(element, main):
            names.append(said)
        if element.tag == "time":
            names += ["datepublished"] if element.get("pubdate") is not None else []
            names += ["time"] if next(element.iterancestors("article"), None) is not None else []
        for name in _WANTED.intersection(name.strip().lower() for name in names):
            if name == "author" and element.tag != "meta":
                name = "marked author"  # other articles' authors may be marked alike
            if len(found := stated.setdefault(name, [])) >= MAX_STATED:
                continue
            text = element.get("content") or element.get("datetime")
            if text is None and name in ("canonical", "license"):
                text = element.get("href")
            elif text is None and element.tag not in ("meta", "link", "input"):
                text = next(iter(texts_at(element, ".//*[@itemprop='name']") + texts_at(element, ".")), "")
            if line := clean_line((text or "")[:MAX_TEXT]):
                found.append(line)
    stated["lang"] = texts_at(root, "/html/@lang | /html/@*[name()='xml:lang']")
    return WebPage(root, address, stated)


def _is_of_article(element: Element, main: Element | None) -> bool:
    """Whether a property belongs to the page or its article, and not to a film or another article on it."""
    scope = next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)
    return scope is None or scope is main or (scope.get("itemtype") or "").endswith("WebPage")


def _is_article_type(item_type: str) -> bool:
    return "Article" in item_type or "BlogPosting" in item_type


def page_facts(page: WebPage) -> dict[str, object]:
    """The facts of the page's head, without those that are empty. `text` is the body that its JSON-LD holds."""
    scripts = _scripts(page)
    articles = articles_in(scripts)
    article = _about(page, articles) if articles else {}
    linked = facts_of(article, nodes_of(scripts)) if articles else {}
    if "identifier" not in article:
        linked.pop("id", None)
    address = _address(page, linked)
    host = (urlsplit(address or page.address).hostname or "").removeprefix("www.")
    outlet = str(linked.get("outlet") or next(page.of("outlet"), ""))
    title, site = _title(page, linked, names=[outlet, host, host.rpartition(".")[0].rpartition(".")[2]])
    keywords = next((page.stated[name] for name in _NAMES["keywords"] if page.stated.get(name)), ())
    languages = (text.split(",")[0] for text in page.of("language"))
    values = {
        **{field: next(page.of(field), "") for field in ("section", "copyright_notice", "usage_terms", "description")},
        "published": next(filter(None, map(_date, page.of("published"))), None),
        "revised": next(filter(None, map(_date, page.of("revised"))), None),
        "byline": _byline(page),
        "keywords": [word.strip() for text in keywords for word in re.split("[;,]", text)][:100],
        **linked,
        "title": title,
        "url": address,
        "outlet": outlet or site or host,
        "language": first_language(*languages, linked.get("language")),
    }
    return {**{key: value for key, value in unread(article).items() if articles and key in _EXTRA}, **present(values)}


def marked_as_article(page: WebPage) -> bool:
    """True if the page says that it is an article."""
    kinds = {kind.lower() for kind in page.stated.get("og:type", ())}
    if kinds & {"article", "og:article", "news", "blog"} or len(texts_at(page.root, "//article")) == 1:
        return True
    item_types = texts_at(page.root, "//@itemtype", most=500)
    return any(map(_is_article_type, item_types)) or any(map(articles_in, _scripts(page)))


def _scripts(page: WebPage) -> list[object]:
    scripts = (script for script in page.root.iter("script") if "ld+json" in (script.get("type") or "").lower())
    values = (parsed_loosely(text) for script in scripts if len(text := script.text or "") <= MAX_SCRIPT)
    return [value for value in values if value is not None]


def _about(page: WebPage, articles: list[Item]) -> Item:
    """Of several articles the one with the page's address, or its title, or the first."""
    address = _plain_address(next(page.of("url"), ""))
    titles = folded(" ".join([*page.of("title"), *texts_at(page.root, "//title")[:1]]))

    def fit(item: Item) -> tuple[bool, bool]:
        facts = facts_of(item)
        title = folded(str(facts.get("title") or ""))
        same_address = bool(address) and _plain_address(str(facts.get("url") or "")) == address
        return same_address, bool(title) and title in titles

    return max(articles, key=fit)


def _plain_address(address: str) -> str:
    return address.partition("#")[0].partition("?")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _address(page: WebPage, linked: Mapping[str, object]) -> str:
    """The address that the page calls its own; not its site's first page, which badly made pages name."""
    base = page.address or next(iter(texts_at(page.root, "//base/@href")), "") or next(page.of("url"), "")
    for name in (*page.stated.get("canonical", ())[:1], str(linked.get("url") or ""), *page.of("url")):
        parts = urlsplit(address := first_address((name,), base=base))
        if parts.path.strip("/") or parts.query:
            return address
    return page.address


def _title(page: WebPage, linked: Mapping[str, object], *, names: Sequence[str]) -> tuple[str, str]:
    """The headline that the page declares, or the heading that its title holds, or its title; and its site's name."""
    whole = next(iter(texts_at(page.root, "//head/title") + texts_at(page.root, "//title")), "")
    headings = texts_at(page.root, "//h1") + texts_at(page.root, "//h2")[:5]
    within = [line for line in headings if len(line.split()) >= 2 and len(line) >= 10 and folded(line) in folded(whole)]
    title = str(linked.get("title") or next(page.of("title"), "")) or max(within, key=len, default="") or whole
    parts = _BETWEEN.split(whole)
    ends = [part.strip() for part in (parts[-1], parts[0]) if len(parts) > 1]
    sites = [part for part in ends if part[:1].isupper() and len(part.split()) <= MAX_NAME]
    names = [*names, *page.of("outlet"), *(sites[:1] if len(parts) > 1 and parts[-2].strip() in _PARTS_ALONE else [])]
    title = without_site(title, names=names) or next(iter(headings), "")
    return title, next((site for site in sites if folded(site) not in folded(title)), "")


def without_site(title: str, *, names: Sequence[str]) -> str:
    """A title without its site's name at its end or its beginning; itself where nothing else is left."""
    known = [name for name in map(folded, names) if len(name) >= 3]

    def is_site(part: str) -> bool:
        name = folded(part)
        alike = any(other in name or name in other for other in known)
        return alike and len(name) >= 3 and len(part.split()) <= MAX_NAME

    parts = _BETWEEN.split(title)
    while len(parts) > 1 and is_site(parts[-1]):
        parts = parts[:-2]
    if len(parts) > 1 and is_site(parts[0]) and len("".join(parts[2:]).split()) >= MIN_HEADLINE:
        parts = parts[2:]
    return "".join(parts).strip()


def _date(text: str) -> str | None:
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return datetime.fromtimestamp(int(text[:10]), UTC).isoformat()
    return iso(text) or iso(re.sub(r"\b\d\b", r"0\g<0>", text.replace("/", "-")))


def _byline(page: WebPage) -> str:
    """The names that it states; else whom a line marked as the byline names, the most closely marked first."""
    sites = set(map(folded, page.stated.get("og:site_name", ())))
    for name in _NAMES["byline"]:
        lines = [line for line in page.stated.get(name, ())[:5] if not re.search("://|@|.{201}", line)]
        if names := dict.fromkeys(_BY.sub("", line, count=1) for line in lines if folded(line) not in sites):
            return ", ".join(names)
    marked = (line for kind in _MARKED_BYLINES for line in texts_at(page.root, f"//*[contains(@class, '{kind}')]")[:3])
    return next(filter(None, (named_by([line], always=True) for line in marked)), "")


def named_by(lines: Sequence[str], *, always: bool = False) -> str:
    """Who the first of some lines names that begins as bylines do: `By Ann Reed`; `always`: however it begins."""
    for line in lines:
        by = _BY.match(line)
        if (by or always) and (match := _NAMED.match(line, by.end() if by else 0)):
            return _ROLE.split(match[0])[0].strip(" ,|-–—")
    return ""
