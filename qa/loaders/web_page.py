"""Saved web pages (HTML): the article of each, with what JSON-LD, meta tags, microdata and its markup say of it."""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import htmldate
import trafilatura
from lxml import etree

from qa.errors import ReadError
from qa.loaders.encoding import decode_page
from qa.loaders.fields import NAMES, any_of, first_address, first_language, iso, json_in, same_line, utc
from qa.loaders.json_ld import Item, articles_in, facts_of, nodes_of, unread
from qa.loaders.metadata import RecordContext, present
from qa.loaders.paragraphs import html_tree, paragraphs_in
from qa.loaders.xml_tree import Element
from qa.models.deliveries import Delivery
from qa.text.cleaning import clean, clean_line, folded, id_from

MAX_ELEMENTS = 20_000  # of one page; the longest articles with all that sites put around them have some 5,000
MIN_WORDS = 25  # of the text of a page that doesn't say that it is an article
MIN_MARKED_WORDS = 5  # of one that says so
MAX_WALL_WORDS = 250  # of pages that stand before or in place of an article
MOST_LINKED = 0.75  # of the words of an article that links may hold
MIN_DESCRIBED = 200  # characters of an articleBody that can stand for the page's
MOST_MISSED = 0.6  # of what an open hand finds; where a strict one finds less, it has missed a part of the article
ENOUGH = 250  # characters; where less is found, tables are searched too
MAX_SCRIPT = 2_000_000  # characters of one script of JSON-LD
MAX_TEXT = 5_000  # characters of one value
MAX_STATED = 100  # values of one name
MAX_NAME = 5  # words of a site's name
MIN_HEADLINE = 3  # words that must be left behind one

_TABLE, _NAMES = NAMES["web"], NAMES["page"]
_ERROR, _WALL, _DATED, _RIGHTS = (any_of(_TABLE[kind]) for kind in ("error", "wall", "dated", "rights"))
_AROUND = any_of((*NAMES["text"]["furniture"], *_TABLE["around"]), end="[ :>»→.]*")
_END = any_of(_TABLE["end"], end="[ :]*")
_WANTED = frozenset((*(name for names in _NAMES.values() for name in names), "og:type"))
_MARKED_BYLINES = ("author-name", "author__name", "byline-name", "byline__name", "article-author", "byline")
_EXTRA = ("isAccessibleForFree", "isBasedOn", "type", "wordCount", "expires", "dateline", "genre")
# Of trafilatura's elements those that break text, by those of HTML that do.
_AS_HTML = dict.fromkeys(("p", "head", "quote", "item", "row", "code", "ab", "list", "table", "div"), "div")
_AS_HTML |= {"cell": "td", "lb": "br"}
_PROSE = re.compile(r"[.!?…:;,。！？」][\"'”’»)\]]*$")
_ARTICLE_TYPE = re.compile("Article|BlogPosting")
_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_NAMED = re.compile(rf"{_NAME}(?:,? (?:{_NAME}|and|y|e|de|del|la|van|von|der|&)){{1,7}}")
_BY = re.compile(r"(?:written by|by|por|par|von|di)\b\s*:?\s*", re.IGNORECASE)
_ROLE = re.compile(r",?\s+(?:Reporter|Correspondent|Editor|Staff|Writer|Columnist|Contributor|Special|For The)\b")
_BETWEEN = re.compile(r"(\s+(?:[-–—|»«·•:~/]|::|\|\|)\s+|\s*[|»]\s*|(?<=\w): (?=[A-Z][\w.]*$))")
logging.getLogger("htmldate").setLevel(logging.CRITICAL)
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it speaks of pages by addresses that it was not given


def read_web_page(context: RecordContext) -> Iterator[Delivery]:
    """Saved web pages (HTML): the article of each, with what JSON-LD and meta tags say of it."""
    known = context.document.known
    markup, decoding = decode_page(context.document.read(), served_as=str(known.get("charset") or ""))
    root = html_tree(markup)
    if root is None:
        raise ReadError("a page with text was expected, found none in it; save the page again")
    if (count := sum(1 for _ in root.iter())) > MAX_ELEMENTS:
        reason = f"a page of at most {MAX_ELEMENTS:,} elements was expected, found {count:,}"
        raise ReadError(f"{reason}; save the article's own page, or deliver its text")
    page = WebPage(root, first_address((str(known.get("url") or ""),)))
    head = page.facts()
    title = str(head.get("title") or "")
    text, above, rights = _body(root, title=title, described=clean(str(head.get("text") or "")))
    values = {"copyright_notice": rights, "byline": _named_by(above), **head, "text": text}
    if odd_kind := page.odd_kind(text, title=title, is_dated="published" in head):
        raise ReadError(f"a page with an article was expected, found {odd_kind}; save the article's own page")
    notices = [*decoding]
    captured, address = known.get("captured"), str(values.get("url") or "")
    figures = " ".join(above) if values.get("language", "en") in ("en", "en-us") else ""
    is_dated = "published" in values or "published" in context.defaults
    if not is_dated and (guess := _guessed_date(root, address, figures, saved=iso(captured))):
        values |= {"published": guess, "published_from": "guessed from the page"}
        notices.append(f"published: {guess} is guessed from the page, which doesn't say it outright")
    values.setdefault("id", id_from(address))
    if not values.keys() & {"revised", "version"} and (fetched := utc(captured)):
        # As a number that grows: of a page that tells no version of its own the later one counts.
        values["version"] = fetched.strftime("%Y%m%d%H%M%S")
    yield context.article(values, *notices)


class WebPage:
    """A page with its `address`, empty where that isn't known, its JSON-LD (`scripts`), and what else is `stated`."""

    def __init__(self, root: Element, address: str = "") -> None:
        self.root, self.address = root, address
        scripts = (part for part in root.iter("script") if "ld+json" in (part.get("type") or "").lower())
        values = (_parsed_loosely(text) for part in scripts if len(text := part.text or "") <= MAX_SCRIPT)
        self.scripts = [value for value in values if value is not None]
        self.stated: dict[str, list[str]] = {}
        main = next((scope for scope in root.iter() if _ARTICLE_TYPE.search(scope.get("itemtype") or "")), None)
        for element in root.iter():
            for name in _WANTED.intersection(name.strip().lower() for name in _names_of(element, main)):
                if name == "author" and element.tag != "meta":
                    name = "marked author"  # other articles' authors may be marked alike
                texts = self.stated.setdefault(name, [])
                if len(texts) < MAX_STATED and (line := clean_line(_text_of(element, name)[:MAX_TEXT])):
                    texts.append(line)
        self.stated["lang"] = _texts_at(root, "/html/@lang | /html/@*[name()='xml:lang']")

    def facts(self) -> dict[str, object]:
        """The facts of the page's head, without those that are empty. `text` is the body that its JSON-LD holds."""
        article = self._article()
        linked = facts_of(article, nodes_of(self.scripts))
        if "identifier" not in article:
            linked.pop("id", None)
        address = self._own_address(str(linked.get("url") or ""))
        host = (urlsplit(address or self.address).hostname or "").removeprefix("www.")
        outlet = str(linked.get("outlet") or self._first("outlet"))
        names = (outlet, host, host.rpartition(".")[0].rpartition(".")[2])
        title, site = self._title(str(linked.get("title") or self._first("title")), names)
        keywords = next((self.stated[name] for name in _NAMES["keywords"] if self.stated.get(name)), ())
        languages = (text.split(",")[0] for text in self._all("language"))
        values = {
            **{name: self._first(name) for name in ("section", "copyright_notice", "usage_terms", "description")},
            **{name: next(filter(None, map(_date, self._all(name))), None) for name in ("published", "revised")},
            "byline": self._byline(),
            "keywords": [word.strip() for text in keywords for word in re.split("[;,]", text)][:100],
            **linked,
            "title": title,
            "url": address,
            "outlet": outlet or site or host,
            "language": first_language(*languages, linked.get("language")),
        }
        return {key: value for key, value in unread(article).items() if article and key in _EXTRA} | present(values)

    def odd_kind(self, body: str, *, title: str, is_dated: bool) -> str:
        """What a page is that stands in an article's place, has too few words, or lists others; empty for others."""
        words, is_marked = _count(body), self._is_marked()
        is_odd = words <= MAX_WALL_WORDS and not is_dated
        if is_odd and (_ERROR.match(title) or (words < 60 and _ERROR.match(body))):
            return "an error page"
        if is_odd and (_WALL.search(title) or (words < 120 and _WALL.search(body))):
            return "one that asks for consent or holds off programs"
        if words < (MIN_MARKED_WORDS if is_marked else MIN_WORDS):
            return "one with hardly any text" if words else "one without any text"
        return "" if is_marked or not self._lists_others(body) else "one that lists others"

    def _all(self, field: str) -> list[str]:
        """What it states of a field, best first."""
        return [text for name in _NAMES[field] for text in self.stated.get(name, ())]

    def _first(self, field: str) -> str:
        return next(iter(self._all(field)), "")

    def _article(self) -> Item:
        """Of several articles of its JSON-LD the one with the page's address, or its title, or the first."""
        address = _plain_address(self._first("url"))
        titles = folded(" ".join([*self._all("title"), *_texts_at(self.root, "//title")[:1]]))

        def fit(item: Item) -> tuple[bool, bool]:
            facts = facts_of(item)
            title = folded(str(facts.get("title") or ""))
            same_address = bool(address) and _plain_address(str(facts.get("url") or "")) == address
            return same_address, bool(title) and title in titles

        return max(articles_in(self.scripts), key=fit, default={})

    def _own_address(self, linked: str) -> str:
        """The address that the page calls its own; not its site's first page, which badly made pages name."""
        base = self.address or next(iter(_texts_at(self.root, "//base/@href")), "") or self._first("url")
        for name in (*self.stated.get("canonical", ())[:1], linked, *self._all("url")):
            parts = urlsplit(address := first_address((name,), base=base))
            if parts.path.strip("/") or parts.query:
                return address
        return self.address

    def _title(self, declared: str, names: Sequence[str]) -> tuple[str, str]:
        """The declared headline, or the heading that the page's title holds, or its title; and its site's name."""
        whole = next(iter(_texts_at(self.root, "//head/title") + _texts_at(self.root, "//title")), "")
        headings = _texts_at(self.root, "//h1") + _texts_at(self.root, "//h2")[:5]
        long = [line for line in headings if len(line.split()) >= 2 and len(line) >= 10]
        within = [line for line in long if folded(line) in folded(whole)]
        parts = _BETWEEN.split(whole)
        ends = [part.strip() for part in (parts[-1], parts[0]) if len(parts) > 1]
        sites = [part for part in ends if part[:1].isupper() and len(part.split()) <= MAX_NAME]
        is_parted = len(parts) > 1 and parts[-2].strip() in ("|", "»", "::", "||", "·", "•")
        names = [*names, *self._all("outlet"), *(sites[:1] if is_parted else [])]
        title = without_site(declared or max(within, key=len, default="") or whole, names=names)
        title = title or next(iter(headings), "")
        return title, next((site for site in sites if folded(site) not in folded(title)), "")

    def _byline(self) -> str:
        """The names that it states; else whom a line marked as the byline names, the most closely marked first."""
        sites = set(map(folded, self.stated.get("og:site_name", ())))
        for name in _NAMES["byline"]:
            lines = [line for line in self.stated.get(name, ())[:5] if not re.search("://|@|.{201}", line)]
            if names := dict.fromkeys(_BY.sub("", line, count=1) for line in lines if folded(line) not in sites):
                return ", ".join(names)
        paths = (f"//*[contains(@class, '{kind}')]" for kind in _MARKED_BYLINES)
        marked = (line for path in paths for line in _texts_at(self.root, path)[:3])
        return next(filter(None, (_named_by([line], always=True) for line in marked)), "")

    def _is_marked(self) -> bool:
        """True if the page says that it is an article."""
        kinds = {kind.lower() for kind in self.stated.get("og:type", ())}
        if kinds & {"article", "og:article", "news", "blog"} or len(_texts_at(self.root, "//article")) == 1:
            return True
        item_types = _texts_at(self.root, "//@itemtype", most=500)
        return any(map(_ARTICLE_TYPE.search, item_types)) or any(map(articles_in, self.scripts))

    def _lists_others(self, body: str) -> bool:
        """True if most lines are headlines, short and no sentence at their end, or most words are those of links."""
        lines = [line for line in body.split("\n") if line]
        short = [line for line in lines if _count(line) <= 20 and not _PROSE.search(line)]
        words = Counter(body.lower().split())
        linked = Counter(word for link in _texts_at(self.root, "//a", most=2_000) for word in link.lower().split())
        are_headlines = len(lines) >= 6 and len(short) >= 0.7 * len(lines)
        return are_headlines or (words & linked).total() > MOST_LINKED * words.total()


def _texts_at(root: Element, path: str, *, most: int = 50) -> list[str]:
    """The words of each element or attribute that an XPath finds."""
    results = root.xpath(path)
    texts = (part if isinstance(part, str) else "".join(map(str, part.itertext())) for part in results[:most])  # type: ignore[union-attr,index]
    return [line for text in texts if (line := clean_line(text[:MAX_TEXT]))]


def _parsed_loosely(text: str) -> object:
    """The value of a script, None where it is broken: pages wrap it in comments and break lines in it."""
    start, end = min((at for sign in "{[" if (at := text.find(sign)) >= 0), default=0), max(map(text.rfind, "}]"))
    return json_in(text[start : end + 1], strict=False, parse_constant=lambda name: None)


def _names_of(element: Element, main: Element | None) -> list[str]:
    """The names of what an element states of the page or its article, which is `main` where that is marked."""
    keys = ("property", "name", "http-equiv") if element.tag == "meta" else ("property", "rel")
    names = [element.get(key) or "" for key in keys]
    if item_property := element.get("itemprop"):
        # Not of a film or another article on it.
        scope = next((above for above in element.iterancestors() if above.get("itemscope") is not None), None)
        if scope is None or scope is main or (scope.get("itemtype") or "").endswith("WebPage"):
            names.append(item_property)
    if element.tag == "time":
        names += ["datepublished"] if element.get("pubdate") is not None else []
        names += ["time"] if next(element.iterancestors("article"), None) is not None else []
    return names


def _text_of(element: Element, name: str) -> str:
    text = element.get("content") or element.get("datetime")
    if text is None and name in ("canonical", "license"):
        text = element.get("href")
    elif text is None and element.tag not in ("meta", "link", "input"):
        text = next(iter(_texts_at(element, ".//*[@itemprop='name']") + _texts_at(element, ".")), "")
    return text or ""


def _plain_address(address: str) -> str:
    return address.partition("#")[0].partition("?")[0].partition("://")[2].removeprefix("www.").rstrip("/")


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


def _named_by(lines: Sequence[str], *, always: bool = False) -> str:
    """Who the first of some lines names that begins as bylines do: `By Ann Reed`; `always`: however it begins."""
    for line in lines:
        by = _BY.match(line)
        if (by or always) and (match := _NAMED.match(line, by.end() if by else 0)):
            return _ROLE.split(match[0])[0].strip(" ,|-–—")
    return ""


def _count(text: str) -> int:
    """Words; where they are written without spaces, two characters are counted as one."""
    return max(len(text.split()), len(re.findall("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]", text)) // 2)


def _guessed_date(root: Element, address: str, figures: str, *, saved: str | None) -> str | None:
    """The day in the page's address or text, not behind the day it was saved; in `figures` 03/04 is in March."""
    latest = datetime.fromisoformat(saved).replace(tzinfo=None) if saved else None
    try:
        day = htmldate.find_date(root, original_date=True, extensive_search=True, url=address or None, max_date=latest)
        # The first of January is what it makes of a year alone, such as that of a copyright.
        if not day or date.fromisoformat(day).strftime("%m-%d") == "01-01":
            return None
        year, second, first = day.split("-")
        is_swapped = re.search(rf"\b0?{int(first)}/0?{int(second)}/{year}\b", figures) and int(first) <= 12
        return f"{year}-{first}-{second}" if is_swapped and f"{year}/{second}/{first}" not in address else day
    except (ValueError, TypeError, RecursionError, AttributeError, OverflowError):
        return None


def _body(root: Element, *, title: str, described: str) -> tuple[str, list[str], str]:
    """A page's article, or `described` if that is longer, the lines that stood above it, and that on its rights."""
    paragraphs = _paragraphs_in(root)
    # Above the article stand its headline again, its author and its date.
    top = 0
    for line in paragraphs[:-1]:
        is_dated = len(line) < 140 and _DATED.fullmatch(line) and not re.search(r"[.!?…][\"'”’»)]*$", line)
        if not (is_dated or same_line(line.rstrip("."), title.rstrip(".")) or _AROUND.fullmatch(line)):
            break
        top += 1
    below = paragraphs[top:]
    # Invitations are left out, and what follows the article: a line ends it where more than a third stands above.
    third = len("".join(below)) / 3
    ends = (n for n, line in enumerate(below) if _END.fullmatch(line) and len("".join(below[:n])) > third)
    body = [line for line in below[: next(ends, len(below))] if not _AROUND.fullmatch(line)]
    rights = ""
    while len(body) > 1 and (_RIGHTS.fullmatch(body[-1]) or _END.fullmatch(body[-1])):
        line = body.pop()
        rights = line if _RIGHTS.fullmatch(line) else rights
    extracted = clean("\n\n".join(body))
    words, described_words = (Counter(re.findall(r"\w+", text.lower())) for text in (extracted, described))
    is_longer = len(described) >= MIN_DESCRIBED and described_words.total() > 1.2 * words.total()
    holds_it = (words & described_words).total() > 0.5 * words.total()
    text = described if described and (not extracted or (is_longer and holds_it)) else extracted
    return text, paragraphs[:top], rights


def _paragraphs_in(root: Element) -> list[str]:
    """The paragraphs of the article, in order: as strictly as leaves enough of it."""
    strict = _extracted(root, precise=True)
    if len("".join(strict)) < ENOUGH and root.find(".//table") is not None:
        # On old pages tables are no more than columns and boxes.
        unlaid = deepcopy(root)
        for element in unlaid.iter("table", "tbody", "tr", "td"):
            element.tag = "div"
        if len("".join(paragraphs := _extracted(unlaid, precise=True))) >= ENOUGH:
            return paragraphs
    wide = _extracted(root, tables=len("".join(strict)) < ENOUGH)
    return wide if len("".join(strict)) < MOST_MISSED * len("".join(wide)) else strict


def _extracted(root: Element, *, precise: bool = False, tables: bool = False) -> list[str]:
    try:
        extracted = trafilatura.bare_extraction(
            deepcopy(root), favor_precision=precise, favor_recall=tables, include_tables=tables, include_comments=False
        )
    except (ValueError, RecursionError, AssertionError, AttributeError, TypeError, etree.LxmlError):
        return []
    if (body := getattr(extracted, "body", None)) is None:
        return []
    for element in body.iter(etree.Element):
        element.tag = _AS_HTML.get(str(element.tag), "span")
    return [words for text in paragraphs_in(body) for line in text.split("\n") if (words := clean_line(line))]
