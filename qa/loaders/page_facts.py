"""What a page says of its article in its head: JSON-LD first, then meta tags, then its markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree

from qa.loaders.cleaning import clean_line
from qa.loaders.json_ld import articles_in, facts_of, unread
from qa.loaders.linked_data import Item, nodes_of, parsed_loosely
from qa.loaders.page_dates import page_date
from qa.loaders.page_title import headline, site_in, squashed

Element = etree._Element

MAX_SCRIPT = 2_000_000  # characters of one script of JSON-LD
_PUBLISHED = (
    *(
        "article:published_time",
        "og:published_time",
        "og:article:published_time",
        "article:published",
        "rnews:datepublished",
    ),
    *("datepublished", "date.published", "published-date", "publish-date", "publish_date", "publication_date"),
    *("pubdate", "publishdate", "published_time", "publication-date", "parsely-pub-date", "sailthru.date"),
    *("originalpublicationdate", "prism.publicationdate", "dc.date.issued", "dcterms.issued", "dcterms.created"),
    *("dc.date.created", "dcterms.date", "dc.date", "displaydate", "bt:pubdate", "article.published", "pdate", "ptime"),
    *("cxenseparse:recs:publishtime", "article_date_original", "datecreated", "date", "eomportal-lastupdate"),
    *("citation_publication_date", "citation_date", "apub:time", "sailthru.date", "article:post_date", "dateline"),
)
_REVISED = (
    *("article:modified_time", "og:updated_time", "og:modified_time", "datemodified", "dc.date.modified"),
    *("dcterms.modified", "article:modified", "last-modified", "lastmod", "revised", "modified"),
)
_AUTHORS = (
    *("author", "article:author", "og:article:author", "byl", "dc.creator", "dcterms.creator", "parsely-author"),
    *("sailthru.author", "authors", "article:author_name", "citation_author", "cxenseparse:author", "article_author"),
)
_SECTIONS = ("article:section", "og:article:section", "section", "cg_section", "parsely-section", "dc.subject.section")
_KEYWORDS = ("news_keywords", "article:tag", "og:article:tag", "keywords", "parsely-tags", "sailthru.tags")
_OUTLETS = ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "source", "cre", "application-name")
_RIGHTS = ("copyright", "dc.rights", "dcterms.rights", "rights", "dcterms.rightsholder")
_POSTING = "BlogPosting"
_JOINING = r"(?:and|y|e|de|del|la|van|von|der|&)"
_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_NAMED = re.compile(rf"(?:(?i:written by|by|por|par|von|di)\b)?\s*:?\s*({_NAME}(?:,? (?:{_NAME}|{_JOINING})){{1,7}})")
_BY = re.compile(r"(?:by|por|par|von|di)\b", re.IGNORECASE)
_ROLE = re.compile(r",?\s+(?:Reporter|Correspondent|Editor|Staff|Writer|Columnist|Contributor|Special|For The)\b")
_KEPT = ("isAccessibleForFree", "isBasedOn", "type", "wordCount", "expires", "dateline", "genre")


@dataclass(frozen=True)
class Page:
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
        found = self.root.xpath(path)
        listed = found[:most] if isinstance(found, list) else []
        texts = (one if isinstance(one, str) else "".join(map(str, one.itertext())) for one in listed)  # type: ignore[union-attr]
        return [line for text in texts if (line := clean_line(text[:5_000]))]


def page_of(root: Element, *, address: str = "") -> Page:
    """The page with its meta tags gathered."""
    meta: dict[str, list[str]] = {}
    scopes = (
        one
        for one in root.iter()
        if "Article" in (one.get("itemtype") or "") or _POSTING in (one.get("itemtype") or "")
    )
    main = next(scopes, None)
    for element in root.iter("meta"):
        content = clean_line(element.get("content") or "")[:5_000]
        keys = ("property", "name", "http-equiv", *(("itemprop",) if _is_of(element, main) else ()))
        for key in keys:
            name = (element.get(key) or "").strip().lower()
            if name and content and len(meta.setdefault(name, [])) < 100:
                meta[name].append(content)
    return Page(root, address, meta)


def _is_of(element: Element, main: Element | None) -> bool:
    """Whether a property belongs to the page or its article, and not to a film or another article on it."""
    scope = next((one for one in element.iterancestors() if one.get("itemscope") is not None), None)
    return scope is None or scope is main or (scope.get("itemtype") or "").endswith("WebPage")


def stated_in(page: Page) -> dict[str, object]:
    """The facts of the page's head, without those that are empty. `text` is the body that its JSON-LD holds."""
    linked, kept = _linked(page)
    address = _address(page, linked)
    outlet = str(linked.get("outlet") or "") or next(page.stated(_OUTLETS), "")
    title = _title(page, linked, outlet=outlet, address=address)
    outlet = outlet or site_in(next(iter(page.texts("//head/title")), ""), title) or _host(address or page.address)
    own: dict[str, object] = {
        "title": title,
        "published": _first_date(page, _PUBLISHED) or _timed(page),
        "revised": _first_date(page, _REVISED),
        "url": address,
        "outlet": outlet,
        "language": _language(page),
        "byline": _byline(page),
        "section": next(page.stated(_SECTIONS), ""),
        "keywords": _keywords(page),
        "copyright_notice": next(page.stated(_RIGHTS), ""),
        "usage_terms": next(iter(page.texts("//link[@rel='license']/@href | //a[@rel='license']/@href")), ""),
        "description": page.first("og:description", "description", "dc.description", "twitter:description"),
    }
    own = {key: value for key, value in own.items() if value not in ("", None, [])}
    return {**kept, **own, **linked, **{key: own[key] for key in ("title", "url", "language") if key in own}}


def marked_as_article(page: Page) -> bool:
    """Whether the page says that it is an article."""
    kind = page.first("og:type").lower()
    scope = page.texts("//*[contains(@itemtype, 'Article') or contains(@itemtype, 'BlogPosting')]/@itemtype")
    alone = len(page.texts("//article")) == 1
    return (
        kind in ("article", "og:article", "news", "blog") or bool(scope) or alone or bool(_scripts(page, articles=True))
    )


def _linked(page: Page) -> tuple[dict[str, object], dict[str, object]]:
    """The facts of the article that the page is about, and those of its values that are kept as they are."""
    scripts = _scripts(page, articles=False)
    articles = articles_in(scripts)
    if not articles:
        return {}, {}
    chosen = _about(page, articles)
    values = facts_of(chosen, nodes_of(scripts))
    kept = {key: value for key, value in unread(chosen).items() if key in _KEPT}
    if "identifier" not in chosen:
        values.pop("id", None)
    return values, kept


def _scripts(page: Page, *, articles: bool) -> list[object]:
    found = [
        value
        for script in page.root.iter("script")
        if "ld+json" in (script.get("type") or "").lower() and len(script.text or "") <= MAX_SCRIPT
        if (value := parsed_loosely(script.text or "")) is not None
    ]
    return [value for value in found if articles_in(value)] if articles else found


def _about(page: Page, articles: list[Item]) -> Item:
    """Of several articles the one with the page's address, or its title, or the one that says most."""
    address = _plain_address(next(iter(page.texts("//link[@rel='canonical']/@href")), "") or page.first("og:url"))
    titles = squashed(" ".join([page.first("og:title"), *page.texts("//title")[:1]]))
    for item in articles:
        if address and _plain_address(str(facts_of(item).get("url") or "")) == address:
            return item
    for item in articles:
        if (title := squashed(str(facts_of(item).get("title") or ""))) and title in titles:
            return item
    return articles[0]


def _title(page: Page, linked: dict[str, object], *, outlet: str, address: str) -> str:
    host = _host(address or page.address)
    names = [
        outlet,
        page.first("og:site_name"),
        host,
        host.rpartition(".")[0].rpartition(".")[2],
        *page.stated(_OUTLETS),
    ]
    stated = [str(linked.get("title") or ""), page.first("og:title"), page.first("twitter:title", "dc.title", "title")]
    stated[1:1] = page.texts("//*[@itemprop='headline'][not(self::meta)]")[:1] + page.meta.get("headline", [])[:1]
    titles = page.texts("//head/title") or page.texts("//title")
    headings = page.texts("//h1") + page.texts("//h2")[:5]
    return headline(stated, title=next(iter(titles), ""), headings=headings, names=[name for name in names if name])


def _address(page: Page, linked: dict[str, object]) -> str:
    """The address that the page calls its own; not its site's first page, which badly made pages name."""
    base = page.address or next(iter(page.texts("//base/@href")), "") or page.first("og:url")
    canonical = page.texts("//link[@rel='canonical']/@href")
    others = (page.first("og:url"), page.first("twitter:url"), page.address)
    for one in (*canonical[:1], str(linked.get("url") or ""), *others):
        try:
            whole = urljoin(base, one) if one else ""
            parts = urlsplit(whole)
        except ValueError:
            continue
        usable = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", whole)
        if usable and (parts.path.strip("/") or parts.query or one == page.address):
            return whole
    return ""


def _plain_address(address: str) -> str:
    return address.partition("#")[0].partition("?")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _first_date(page: Page, names: Sequence[str]) -> str | None:
    return next((read for text in page.stated(names) if (read := page_date(text))), None)


def _timed(page: Page) -> str | None:
    """When a `time` element says outright that it is the publication's."""
    marked = "//*[@itemprop='datePublished' or @pubdate or @property='datePublished']"
    found = page.texts(f"{marked}/@datetime | {marked}/@content") + page.texts(f"{marked}[not(self::meta)]")
    found += page.texts("//article//time[1]/@datetime")[:1]
    return next((read for text in found if (read := page_date(text))), None)


def _byline(page: Page) -> str:
    marked = "//*[@itemprop='author' or @rel='author' or @property='author']"
    found = [*page.stated(_AUTHORS), *page.texts(f"{marked}//*[@itemprop='name']")[:5]]
    found = found or page.texts(f"{marked}[not(self::meta) and not(self::link)]")[:5]
    found = found or _named_above(page)
    names = [re.sub(r"^(?:by|por|par|von|di)\s*:?\s+", "", one, flags=re.IGNORECASE) for one in found]
    usable = [name for name in names if "://" not in name and "@" not in name and len(name) <= 200]
    if usable and (site := squashed(page.first("og:site_name"))):
        usable = [name for name in usable if squashed(name) != site] or usable
    several = len({squashed(name) for name in usable}) > 1 and not page.meta.get("author")
    return ", ".join(dict.fromkeys(usable)) if several else next(iter(usable), "")


def named_by(lines: Sequence[str]) -> str:
    """Who the first of some lines names that begins as bylines do: `By Ann Reed`."""
    for line in lines:
        if _BY.match(line) and (match := _NAMED.match(line)):
            return _ROLE.split(match[1])[0].strip(" ,|-–—")
    return ""


def _named_above(page: Page) -> list[str]:
    """Who a line marked as the byline names; the most closely marked first."""
    outside = "[not(ancestor-or-self::*[contains(@class, 'comment')])]"
    for kinds in (("byline-name", "byline__name", "author-name", "author__name", "article-author"), ("byline",)):
        marked = " or ".join(f"contains(@class, '{kind}')" for kind in kinds)
        for line in page.texts(f"//*[{marked}]{outside}")[:3]:
            match = _NAMED.match(line)
            name = _ROLE.split(match[1])[0].strip(" ,|-–—") if match else ""
            if len(name.split()) >= 2:
                return [name]
    return []


def _keywords(page: Page) -> list[str]:
    for name in _KEYWORDS:
        words = [word.strip() for one in page.meta.get(name, ()) for word in one.replace(";", ",").split(",")]
        if kept := list(dict.fromkeys(word for word in words if word))[:100]:
            return kept
    return []


def _language(page: Page) -> str:
    html = page.root if page.root.tag == "html" else page.root.find(".//html")
    of_root = (
        [html.get("lang"), html.get("{http://www.w3.org/XML/1998/namespace}lang"), html.get("xml:lang")]
        if html is not None
        else []
    )
    stated = [*of_root, *page.stated(("content-language", "inlanguage", "dc.language", "language", "og:locale"))]
    for one in stated:
        tag = clean_line(one or "").split(",")[0].strip().replace("_", "-").lower()
        if re.fullmatch(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", tag):
            return tag
    return ""
