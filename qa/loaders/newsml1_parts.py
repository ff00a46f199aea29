"""The texts inside a NewsML 1 item: which of its components hold an article, in which language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from qa.loaders.languages import first_language
from qa.loaders.nitf import facts_of_nitf
from qa.loaders.xml_text import folded, line, lines, paragraphs_of_data, xhtml_facts
from qa.loaders.xml_tree import Element, child, children, descendants, local

MAX_TEXTS = 300  # of one item that are looked at; real ones have a dozen

# Roles of components that hold no article, without spaces and in lower case.
_NO_ARTICLE = frozenset(
    (
        *("stylesheet", "contact", "logo", "photo", "picture", "image", "graphic", "caption", "thumbnail", "preview"),
        *("quicklook", "icon", "video", "audio", "headline", "subheadline", "byline", "dateline", "copyright"),
        *("credit", "keywords", "slug", "abstract", "summary", "supporting", "table", "disclaimer", "multimedia"),
        *("link", "title", "photocaption", "animation", "thumb", "footer", "header", "metadata"),
        *("translationlinks", "web"),
    )
)
_MAIN = frozenset(("main", "body", "maintext", "text", "story", "article", "bodytext", "maincontent", "newstext"))
_NO_TEXT = ("image/", "video/", "audio/", "application/pdf", "application/x-shockwave", "text/css", "text/javascript")


@dataclass(frozen=True, eq=False)
class ItemText:
    """One text of an item, and the components around it, the innermost first."""

    content: Element
    around: tuple[Element, ...]

    @cached_property
    def facts(self) -> dict[str, object]:
        """Headline, text and what an NITF item inside says besides."""
        nitf = next(descendants(self.content, "nitf"), None)
        if nitf is not None:
            return facts_of_nitf(nitf)
        if any(True for _ in children(self.content)):
            return xhtml_facts(self.content)
        return {"text": "\n\n".join(paragraphs_of_data("".join(map(str, self.content.itertext()))))}

    @property
    def text(self) -> str:
        return str(self.facts.get("text") or "")

    @property
    def headline(self) -> str:
        """Of the text itself, or of the component that holds it alone."""
        return line(self.around[0], "NewsLines/HeadLine") or str(self.facts.get("title") or "")

    @property
    def role(self) -> str:
        """Of the nearest component that has one, without spaces and in lower case."""
        return next(filter(None, map(_role, self.around)), "")

    @property
    def language(self) -> str:
        """Of the nearest component that names one."""
        paths = ("DescriptiveMetadata/Language@FormalName", "@lang")
        stated = (text for component in self.around for text in lines(component, *paths))
        return first_language(*stated, self.facts.get("language"))

    @property
    def is_article(self) -> bool:
        """True if it has words, and neither it nor what is around it belongs to a picture or the like."""
        return not any(_role(component) in _NO_ARTICLE for component in self.around) and bool(self.text)


@dataclass(frozen=True, slots=True)
class ItemTexts:
    """The article of an item, the same in other languages, and texts beside it.

    `siblings` have headlines of their own. `summary` stands in where there is no text; `media` is what it has instead.
    """

    main: ItemText | None
    translations: tuple[ItemText, ...] = ()
    siblings: tuple[ItemText, ...] = ()
    beside: tuple[ItemText, ...] = ()
    summary: str = ""
    headline: str = ""
    subheadline: str = ""
    media: tuple[str, ...] = ()

    def others(self) -> Iterator[tuple[str, ItemText]]:
        """The item's other articles, with what their ids end in: a language, or a number."""
        for text in self.translations:
            yield text.language or "other", text
        for number, text in enumerate(self.siblings, start=2):
            yield str(number), text


def texts_of(item: Element) -> ItemTexts:
    """The texts of an item in the order of their weight."""
    texts = list(islice((text for top in children(item, "NewsComponent") for text in _texts(top, ())), MAX_TEXTS))
    articles = [text for text in texts if text.is_article]
    candidates = [text for text in articles if text.role in _MAIN] or articles
    main = next(iter(candidates), None)
    by_language: dict[str, ItemText] = {}
    for text in candidates:
        by_language.setdefault(text.language or (main.language if main else ""), text)
    translations = tuple(text for text in by_language.values() if text is not main)
    words = folded(main.text) if main else ""
    rest = [text for text in articles if text not in (main, *translations) and folded(text.text) not in words]
    siblings = tuple(text for text in rest if text.headline and main and text.headline != main.headline)
    return ItemTexts(
        main=main,
        translations=translations,
        siblings=siblings,
        beside=tuple(text for text in rest if text not in siblings),
        summary=_by_role(texts, "abstract", "summary"),
        headline=_by_role(texts, "headline", "title"),
        subheadline=_by_role(texts, "subheadline"),
        media=tuple(dict.fromkeys(_media(item))),
    )


def _texts(component: Element, above: tuple[Element, ...]) -> Iterator[ItemText]:
    around = (component, *above)
    for part in children(component, "ContentItem", "NewsComponent"):
        if local(part) == "NewsComponent":
            yield from _texts(part, around)
            continue
        content = child(part, "DataContent")
        content = child(part, "Encoding", "DataContent") if content is None else content
        if content is not None and not line(part, "MimeType@FormalName").lower().startswith(_NO_TEXT):
            yield ItemText(content, around)


def _by_role(texts: list[ItemText], *roles: str) -> str:
    return next((text.text for role in roles for text in texts if text.role == role and text.text), "")


def _media(item: Element) -> Iterator[str]:
    """The media that the item has instead of words."""
    if count := sum(1 for _ in descendants(item, "NewsItemRef")):
        yield f"a package that lists {count} items"
    for part in descendants(item, "ContentItem"):
        kind = line(part, "MediaType@FormalName", "MimeType@FormalName")
        if reference := line(part, "@Href") if child(part, "DataContent") is None else "":
            yield f"a reference to {kind or 'a file'} ({reference[:80]})"
        elif kind and not kind.lower().startswith("text"):
            yield kind[:60]


def _role(component: Element) -> str:
    role = line(component, "Role@FormalName", "Role")
    return "".join(role.lower().split()).replace("-", "").replace("_", "")
