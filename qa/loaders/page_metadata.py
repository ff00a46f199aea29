"""The metadata of a page about its article: JSON-LD first, then meta tags, then its markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml import etree

from qa.loaders.cleaning import clean_line, folded
from qa.loaders.fields import first_address, first_language
from qa.loaders.json_ld import Item, articles_in, facts_of, nodes_of, parsed_loosely, unread
from qa.loaders.metadata import present
from qa.loaders.timestamps import page_date

Element = etree._Element

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
_AUTHORS = (
    *("author", "article:author", "og:article:author", "byl", "dc.creator", "dcterms.creator", "parsely-author"),
    *("sailthru.author", "authors", "article:author_name", "citation_author", "cxenseparse:author", "article_author"),
)
_SECTIONS = ("article:section", "og:article:section", "section", "cg_section", "parsely-section", "dc.subject.section")
_KEYWORDS = ("news_keywords", "article:tag", "og:article:tag", "keywords", "parsely-tags", "sailthru.tags")
_OUTLETS = ("og:site_name", "publisher", "dc.publisher", "dcterms.publisher", "source", "cre", "application-name")
_RIGHTS = ("copyright", "dc.rights", "dcterms.rights", "rights", "dcterms.rightsholder")
_JOINING = r"(?:and|y|e|de|del|la|van|von|der|&)"
_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_NAMED = re.compile(rf"(?:(?i:written by|by|por|par|von|di)\b)?\s*:?\s*({_NAME}(?:,? (?:{_NAME}|{_JOINING})){{1,7}})")
_BY = re.compile(r"(?:by|por|par|von|di)\b", re.IGNORECASE)
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
    outlet = str(linked.get("outlet") or "") or next(page.stated(_OUTLETS), "")
    title = _title(page, linked, outlet=outlet, address=address)
    outlet = outlet or site_in(next(iter(page.texts("//head/title")), ""), title) or _host(address or page.address)
    values: dict[str, object] = {
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
    texts = (
        script.text or "" for script in page.root.iter("script") if "ld+json" in (script.get("type") or "").lower()
    )
    values = (parsed_loosely(text) for text in texts if len(text) <= MAX_SCRIPT)
    return [value for value in values if value is not None]


def _about(page: WebPage, articles: list[Item]) -> Item:
    """Of several articles the one with the page's address, or its title, or the one that says most."""
    address = _plain_address(next(iter(page.texts("//link[@rel='canonical']/@href")), "") or page.first("og:url"))
    titles = folded(" ".join([page.first("og:title"), *page.texts("//title")[:1]]))
    for item in articles:
        if address and _plain_address(str(facts_of(item).get("url") or "")) == address:
            return item
    for item in articles:
        if (title := folded(str(facts_of(item).get("title") or ""))) and title in titles:
            return item
    return articles[0]


def _title(page: WebPage, linked: dict[str, object], *, outlet: str, address: str) -> str:
    host = _host(address or page.address)
    names = [
        outlet,
        page.first("og:site_name"),
        host,
        host.rpartition(".")[0].rpartition(".")[2],
        *page.stated(_OUTLETS),
    ]
    headlines = [
        str(linked.get("title") or ""),
        page.first("og:title"),
        page.first("twitter:title", "dc.title", "title"),
    ]
    headlines[1:1] = page.texts("//*[@itemprop='headline'][not(self::meta)]")[:1] + page.meta.get("headline", [])[:1]
    titles = page.texts("//head/title") or page.texts("//title")
    headings = page.texts("//h1") + page.texts("//h2")[:5]
    return headline_of(
        headlines, title=next(iter(titles), ""), headings=headings, names=[name for name in names if name]
    )


def _address(page: WebPage, linked: dict[str, object]) -> str:
    """The address that the page calls its own; not its site's first page, which badly made pages name."""
    base = page.address or next(iter(page.texts("//base/@href")), "") or page.first("og:url")
    canonical = page.texts("//link[@rel='canonical']/@href")[:1]
    named = (*canonical, str(linked.get("url") or ""), page.first("og:url"), page.first("twitter:url"))
    addresses = (first_address((name,), base=base) for name in named)
    return next(filter(_is_of_article, addresses), "") or page.address


def _is_of_article(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.path.strip("/") or parts.query)


def _plain_address(address: str) -> str:
    return address.partition("#")[0].partition("?")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _first_date(page: WebPage, names: Sequence[str]) -> str | None:
    return next(filter(None, map(page_date, page.stated(names))), None)


def _timed(page: WebPage) -> str | None:
    """When a `time` element says outright that it is the publication's."""
    marked = "//*[@itemprop='datePublished' or @pubdate or @property='datePublished']"
    dates = page.texts(f"{marked}/@datetime | {marked}/@content") + page.texts(f"{marked}[not(self::meta)]")
    dates += page.texts("//article//time[1]/@datetime")[:1]
    return next(filter(None, map(page_date, dates)), None)


def _byline(page: WebPage) -> str:
    marked = "//*[@itemprop='author' or @rel='author' or @property='author']"
    bylines = [*page.stated(_AUTHORS), *page.texts(f"{marked}//*[@itemprop='name']")[:5]]
    bylines = bylines or page.texts(f"{marked}[not(self::meta) and not(self::link)]")[:5] or _named_above(page)
    names = [re.sub(r"^(?:by|por|par|von|di)\s*:?\s+", "", byline, flags=re.IGNORECASE) for byline in bylines]
    usable = [name for name in names if "://" not in name and "@" not in name and len(name) <= 200]
    if usable and (site := folded(page.first("og:site_name"))):
        usable = [name for name in usable if folded(name) != site] or usable
    several = len({folded(name) for name in usable}) > 1 and not page.meta.get("author")
    return ", ".join(dict.fromkeys(usable)) if several else next(iter(usable), "")


def named_by(lines: Sequence[str]) -> str:
    """Who the first of some lines names that begins as bylines do: `By Ann Reed`."""
    for line in lines:
        if _BY.match(line) and (match := _NAMED.match(line)):
            return _ROLE.split(match[1])[0].strip(" ,|-–—")
    return ""


def _named_above(page: WebPage) -> list[str]:
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


def _keywords(page: WebPage) -> list[str]:
    lists = (
        [word.strip() for text in page.meta.get(name, ()) for word in re.split("[;,]", text)] for name in _KEYWORDS
    )
    return next((words[:100] for words in lists if any(words)), [])


def _language(page: WebPage) -> str:
    html = page.root if page.root.tag == "html" else page.root.find(".//html")
    names = ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
    of_root = [] if html is None else [html.get(name) for name in names]
    languages = page.stated(("content-language", "inlanguage", "dc.language", "language", "og:locale"))
    return first_language(*((text or "").split(",")[0] for text in (*of_root, *languages)))


def headline_of(headlines: Sequence[str], *, title: str, headings: Sequence[str], names: Sequence[str]) -> str:
    """The headline of a page.

    `headlines` are those that it declares, best first; `title` is its own title, `headings` those in its text, `names`
    what its site is called. A heading that the title begins with is the headline: the site's name stands behind it.
    """
    outright = [without_site(line, names=names) for line in map(clean_line, headlines) if line]
    page = clean_line(title)
    within = [line for line in map(clean_line, headings) if is_in(line, page)]
    if outright:
        return _completed(outright[0], [*outright[1:], *within])
    if within:
        return max(within, key=len)
    if page:
        return without_site(page, names=names)
    return next(filter(None, map(clean_line, headings)), "")


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


def site_in(title: str, headline: str) -> str:
    """The part of a page's title behind or before its headline, if that looks like the name of its site."""
    line = clean_line(title)
    last, first = _last(line), _BETWEEN.search(line)
    before = line[: first.start()] if first and folded(line[first.end() :]) == folded(headline) else ""
    for part in (before, line[last.end() :] if last else ""):
        name = part.strip()
        if name[:1].isupper() and len(name.split()) <= MAX_NAME and folded(name) not in folded(headline):
            return name
    return ""


def is_in(heading: str, title: str) -> bool:
    """True if a title begins with a heading, or holds it whole behind the site's name."""
    inner, outer = folded(heading), folded(title)
    return len(heading.split()) >= 2 and len(inner) >= 10 and inner in outer


def is_name(part: str, names: Sequence[str]) -> bool:
    """True if a part of a title is what the site is called, in full or nearly so."""
    squeezed = folded(part)
    if len(part.split()) > MAX_NAME + 3 or len(squeezed) < 2:
        return False
    known = list(filter(None, map(folded, names)))
    return any(
        squeezed == name
        or (len(name) >= 3 and squeezed.startswith(name) and len(squeezed) <= 3 * len(name) + 6)
        or (len(squeezed) >= 3 and name.startswith(squeezed))
        or (len(name) >= 5 and name in squeezed and len(part.split()) <= MAX_NAME)
        for name in known
    )


def _last(line: str) -> re.Match[str] | None:
    return next(reversed(list(_BETWEEN.finditer(line))), None)


def _completed(line: str, candidates: Sequence[str]) -> str:
    """The whole of a headline that was cut to fit."""
    if not line.endswith(("...", "…")):
        return line
    start = folded(line)
    return next(
        (candidate for candidate in candidates if folded(candidate).startswith(start) and candidate != line), line
    )
