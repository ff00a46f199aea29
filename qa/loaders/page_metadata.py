"""The metadata of a page about its article: JSON-LD first, then meta tags, then its markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from qa.loaders.cleaning import clean_line, folded
from qa.loaders.fields import first_address, first_language
from qa.loaders.json_ld import Item, articles_in, facts_of, nodes_of, parsed_loosely, unread
from qa.loaders.metadata import present
from qa.loaders.timestamps import page_date
from qa.loaders.xml_tree import Element

MAX_SCRIPT = 2_000_000  # characters of one script of JSON-LD
_PUBLISHED = (
    *("article:published_time", "og:published_time", "og:article:published_time", "article:published"),
    *("rnews:datepublished", "datepublished", "date.published", "published-date", "publish-date", "publish_date"),
    *("publication_date", "pubdate", "publishdate", "published_time", "publication-date", "parsely-pub-date"),
    *("sailthru.date", "originalpublicationdate", "prism.publicationdate", "dc.date.issued", "dcterms.issued"),
    *("dcterms.created", "dc.date.created", "dcterms.date", "dc.date", "displaydate", "bt:pubdate"),
    *("article.published", "pdate", "ptime", "cxenseparse:recs:publishtime", "article_date_original", "datecreated"),
    *("date", "eomportal-lastupdate", "citation_publication_date", "citation_date", "apub:time"),
    *("article:post_date", "dateline"),
)
_REVISED = (
    *("article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dc.date.modified"),
    *("dcterms.modified", "article:modified", "last-modified", "lastmod", "revised", "modified"),
)
_OUTLETS = ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "source", "cre", "application-name")
# Of each field the names of the meta tags that say it, best first.
_META: Mapping[str, tuple[str, ...]] = {
    "outlet": _OUTLETS,
    "byline": (
        *("author", "article:author", "og:article:author", "byl", "dc.creator", "dcterms.creator", "parsely-author"),
        *("sailthru.author", "authors", "article:author_name", "citation_author", "cxenseparse:author"),
        "article_author",
    ),
    "section": ("article:section", "og:article:section", "section", "cg_section", "parsely-section"),
    "copyright_notice": ("copyright", "dc.rights", "dcterms.rights", "rights", "dcterms.rightsholder"),
    "description": ("og:description", "description", "dc.description", "twitter:description"),
}
_KEYWORDS = ("news_keywords", "article:tag", "og:article:tag", "keywords", "parsely-tags", "sailthru.tags")
_LANGUAGES = ("content-language", "inlanguage", "dc.language", "language", "og:locale")
_DATED = "//*[@itemprop='datePublished' or @pubdate or @property='datePublished']"
_HEADLINES = "//*[@itemprop='headline'][not(self::meta)]"
_CANONICAL = "//link[@rel='canonical']/@href"
_LICENSES = "//link[@rel='license']/@href | //a[@rel='license']/@href"

_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_BY = re.compile(r"(?:written by|by|por|par|von|di)\b\s*:?\s*", re.IGNORECASE)
_NAMED = re.compile(rf"{_NAME}(?:,? (?:{_NAME}|and|y|e|de|del|la|van|von|der|&)){{1,7}}")
_ROLE = re.compile(r",?\s+(?:Reporter|Correspondent|Editor|Staff|Writer|Columnist|Contributor|Special|For The)\b")
_EXTRA = ("isAccessibleForFree", "isBasedOn", "type", "wordCount", "expires", "dateline", "genre")
_BETWEEN = re.compile(r"\s+(?:[-–—|»«·•:~/]|::|\|\|)\s+|\s*[|»]\s*|(?<=\w): (?=[A-Z][\w.]*$)")
_PARTS_ALONE = ("|", "»", "::", "||", "·", "•")
MAX_NAME = 5  # words of a site's name
MIN_HEADLINE = 3  # words that must be left where a name is only taken for one


@dataclass(frozen=True)
class WebPage:
    """A page's elements and where it was fetched from, empty where that isn't known; `meta` by names in lower case."""

    root: Element
    address: str = ""
    meta: dict[str, list[str]] = field(default_factory=dict)

    def stated(self, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            yield from self.meta.get(name, ())

    def first(self, *names: str) -> str:
        return next(self.stated(names), "")

    def texts(self, path: str, *, most: int = 50) -> list[str]:
        """The words of each element or attribute that an XPath finds."""
        results = self.root.xpath(path)
        texts = (part if isinstance(part, str) else "".join(map(str, part.itertext())) for part in results[:most])  # type: ignore[union-attr,index]
        return [line for text in texts if (line := clean_line(text[:5_000]))]


def page_of(root: Element, *, address: str = "") -> WebPage:
    """The page with its meta tags gathered."""
    meta: dict[str, list[str]] = {}
    main = next((scope for scope in root.iter() if _is_article_type(scope.get("itemtype") or "")), None)
    for element in root.iter("meta"):
        content = clean_line(element.get("content") or "")[:5_000]
        keys = ("property", "name", "http-equiv", *(("itemprop",) if _is_of(element, main) else ()))
        for key in keys:
            name = (element.get(key) or "").strip().lower()
            if name and content and len(meta.setdefault(name, [])) < 100:
                meta[name].append(content)
    return WebPage(root, address, meta)


def _is_article_type(item_type: str) -> bool:
    return "Article" in item_type or "BlogPosting" in item_type


def _is_of(element: Element, main: Element | None) -> bool:
    """True if a property belongs to the page or its article, and not to a film or another article on it."""
    scope = next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)
    return scope is None or scope is main or (scope.get("itemtype") or "").endswith("WebPage")


def page_facts(page: WebPage) -> dict[str, object]:
    """The facts of the page's head, without those that are empty. `text` is the body that its JSON-LD holds."""
    linked, extra = _linked(page)
    address = _address(page, linked)
    values: dict[str, object] = {key: page.first(*names) for key, names in _META.items()}
    outlet = str(linked.get("outlet") or values["outlet"])
    page_title = next(iter(page.texts("//head/title") or page.texts("//title")), "")
    title = _title(page, linked, page_title, host := _host(address or page.address), outlet)
    dated = page.texts(f"{_DATED}/@datetime | {_DATED}/@content") + page.texts(f"{_DATED}[not(self::meta)]")
    dated += page.texts("//article//time[1]/@datetime")[:1]
    html = page.root if page.root.tag == "html" else page.root.find(".//html")
    languages = page.texts("/html/@lang | /html/@*[name()='xml:lang']") if html is not None else []
    values |= {
        "title": title,
        "published": next(filter(None, map(page_date, (*page.stated(_PUBLISHED), *dated))), None),
        "revised": next(filter(None, map(page_date, page.stated(_REVISED))), None),
        "url": address,
        "outlet": outlet or site_in(page_title, title) or host,
        "language": first_language(*(text.split(",")[0] for text in (*languages, *page.stated(_LANGUAGES)))),
        "byline": _byline(page),
        "keywords": _keywords(page),
        "usage_terms": next(iter(page.texts(_LICENSES)), ""),
    }
    values = present(values)
    return {**extra, **values, **linked, **{key: values[key] for key in ("title", "url", "language") if key in values}}


def marked_as_article(page: WebPage) -> bool:
    """True if the page says that it is an article."""
    if page.first("og:type").lower() in ("article", "og:article", "news", "blog") or len(page.texts("//article")) == 1:
        return True
    return any(map(_is_article_type, page.texts("//@itemtype", most=500))) or any(map(articles_in, _scripts(page)))


def _linked(page: WebPage) -> tuple[dict[str, object], dict[str, object]]:
    """The facts of the article that the page is about, and those of its values that are kept as they are."""
    scripts = _scripts(page)
    articles = articles_in(scripts)
    if not articles:
        return {}, {}
    chosen = _about(page, articles)
    values = facts_of(chosen, nodes_of(scripts))
    if "identifier" not in chosen:
        values.pop("id", None)
    return values, {key: value for key, value in unread(chosen).items() if key in _EXTRA}


def _scripts(page: WebPage) -> list[object]:
    """The values of the page's JSON-LD."""
    scripts = (script for script in page.root.iter("script") if "ld+json" in (script.get("type") or "").lower())
    values = (parsed_loosely(text) for script in scripts if len(text := script.text or "") <= MAX_SCRIPT)
    return [value for value in values if value is not None]


def _about(page: WebPage, articles: list[Item]) -> Item:
    """Of several articles the one with the page's address, or its title, or the first."""
    address = _plain_address(next(iter(page.texts(_CANONICAL)), "") or page.first("og:url"))
    titles = folded(" ".join([page.first("og:title"), *page.texts("//title")[:1]]))

    def fit(item: Item) -> tuple[bool, bool]:
        facts = facts_of(item)
        title = folded(str(facts.get("title") or ""))
        same_address = bool(address) and _plain_address(str(facts.get("url") or "")) == address
        return same_address, bool(title) and title in titles

    return max(articles, key=fit)


def _title(page: WebPage, linked: Mapping[str, object], page_title: str, host: str, outlet: str) -> str:
    """The headline that the page declares; else the heading that its title holds, or its title."""
    names = [outlet, host, host.rpartition(".")[0].rpartition(".")[2], *page.stated(_OUTLETS)]
    declared = (
        str(linked.get("title") or ""),
        *page.texts(_HEADLINES)[:1],
        *page.stated(("headline", "og:title", "twitter:title", "dc.title", "title")),
    )
    return headline_of(declared, title=page_title, headings=page.texts("//h1") + page.texts("//h2")[:5], names=names)


def headline_of(headlines: Sequence[str], *, title: str, headings: Sequence[str], names: Sequence[str]) -> str:
    """The headline of a page.

    `headlines` are those that it declares, best first; `title` is its own title, `headings` those in its text, `names`
    what its site is called. A heading that the title holds is the headline: the site's name stands behind it.
    """
    if declared := next(filter(None, headlines), ""):
        return without_site(declared, names=names)
    whole = folded(title)
    within = [line for line in headings if len(line.split()) >= 2 and len(line) >= 10 and folded(line) in whole]
    return max(within, key=len, default="") or without_site(title, names=names) or next(iter(headings), "")


def without_site(line: str, *, names: Sequence[str]) -> str:
    """A title without its site's name at its end or its beginning; itself where nothing else is left."""
    known = [name for name in map(folded, names) if len(name) >= 3]

    def is_name(part: str) -> bool:
        squeezed = folded(part)
        alike = any(name in squeezed or squeezed in name for name in known)
        return len(squeezed) >= 3 and len(part.split()) <= MAX_NAME and alike

    while match := next(reversed(list(_BETWEEN.finditer(line))), None):
        head, tail = line[: match.start()].strip(), line[match.end() :].strip()
        is_sure = match[0].strip() in _PARTS_ALONE and len(head.split()) >= MIN_HEADLINE
        if not head or not (is_name(tail) or (is_sure and len(tail.split()) <= MAX_NAME)):
            break
        line = head
    first = _BETWEEN.search(line)
    if first and is_name(line[: first.start()]) and len(line[first.end() :].split()) >= MIN_HEADLINE:
        line = line[first.end() :].strip()
    return line


def site_in(title: str, headline: str) -> str:
    """The part of a page's title behind or before its headline, if that looks like the name of its site."""
    parts = [part.strip() for part in _BETWEEN.split(title)]
    ends = (parts[-1], parts[0]) if len(parts) > 1 else ()
    names = (part for part in ends if part[:1].isupper() and len(part.split()) <= MAX_NAME)
    return next((name for name in names if folded(name) not in folded(headline)), "")


def _address(page: WebPage, linked: dict[str, object]) -> str:
    """The address that the page calls its own; not its site's first page, which badly made pages name."""
    base = page.address or next(iter(page.texts("//base/@href")), "") or page.first("og:url")
    named = (*page.texts(_CANONICAL)[:1], str(linked.get("url") or ""), *page.stated(("og:url", "twitter:url")))
    for address in (first_address((name,), base=base) for name in named):
        parts = urlsplit(address)
        if parts.path.strip("/") or parts.query:
            return address
    return page.address


def _plain_address(address: str) -> str:
    return address.partition("#")[0].partition("?")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _byline(page: WebPage) -> str:
    marked = "//*[@itemprop='author' or @rel='author' or @property='author']"
    bylines = [*page.stated(_META["byline"]), *page.texts(f"{marked}//*[@itemprop='name']")[:5]]
    bylines = bylines or page.texts(f"{marked}[not(self::meta) and not(self::link)]")[:5]
    usable = [
        _BY.sub("", line, count=1) for line in bylines if "://" not in line and "@" not in line and len(line) <= 200
    ]
    if usable and (site := folded(page.first("og:site_name"))):
        usable = [name for name in usable if folded(name) != site] or usable
    several = len({folded(name) for name in usable}) > 1 and not page.meta.get("author")
    return ", ".join(dict.fromkeys(usable)) if several else next(iter(usable), "") or _byline_in_markup(page)


def _byline_in_markup(page: WebPage) -> str:
    """Who a line marked as the byline names, the most closely marked first."""
    for kind in ("author-name", "author__name", "byline-name", "byline__name", "article-author", "byline"):
        for line in page.texts(f"//*[contains(@class, '{kind}')]")[:3]:
            if name := named_by([line], always=True):
                return name
    return ""


def named_by(lines: Sequence[str], *, always: bool = False) -> str:
    """Who the first of some lines names that begins as bylines do: `By Ann Reed`; `always`: however it begins."""
    for line in lines:
        by = _BY.match(line)
        if (by or always) and (match := _NAMED.match(line, by.end() if by else 0)):
            return _ROLE.split(match[0])[0].strip(" ,|-–—")
    return ""


def _keywords(page: WebPage) -> list[str]:
    lists = (
        [word.strip() for text in page.meta.get(name, ()) for word in re.split("[;,]", text)] for name in _KEYWORDS
    )
    return next((words[:100] for words in lists if any(words)), [])
