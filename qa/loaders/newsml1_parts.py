"""The texts inside a NewsML 1 item: which of its components hold an article, in which language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from qa.loaders.language_codes import language_code
from qa.loaders.newsml_g2_content import xhtml_facts
from qa.loaders.nitf import facts_of_nitf
from qa.loaders.xml_text import line_of, paragraphs_of_data, squeezed
from qa.loaders.xml_trees import Element, attribute, child, children, descendants, local

MAX_TEXTS = 300  # of one item that are looked at; real ones have a dozen

# Roles of components that hold no article, without spaces and in lower case.
_NO_ARTICLE = frozenset(
    (
        *("stylesheet", "contact", "logo", "photo", "picture", "image", "graphic", "caption", "thumbnail", "preview"),
        *(
            "quicklook",
            "icon",
            "video",
            "audio",
            "headline",
            "subheadline",
            "byline",
            "dateline",
            "copyright",
            "credit",
        ),
        *(
            "keywords",
            "slug",
            "abstract",
            "summary",
            "supporting",
            "table",
            "disclaimer",
            "multimedia",
            "link",
            "title",
        ),
        *("photocaption", "animation", "thumb", "footer", "header", "metadata", "translationlinks", "web"),
    )
)
_MAIN = frozenset(("main", "body", "maintext", "text", "story", "article", "bodytext", "maincontent", "newstext"))
_NO_TEXT = ("image/", "video/", "audio/", "application/pdf", "application/x-shockwave", "text/css", "text/javascript")


@dataclass(frozen=True, eq=False)
class Part:
    """One text, and the components around it, the innermost first."""

    content: Element
    around: tuple[Element, ...]

    @cached_property
    def facts(self) -> dict[str, object]:
        """Headline, text and what an NITF item inside says besides."""
        return _facts_of(self.content)

    @property
    def text(self) -> str:
        value = self.facts.get("text")
        return value if isinstance(value, str) else ""

    @property
    def headline(self) -> str:
        """Of the text itself, or of the component that holds it alone."""
        inner = self.facts.get("title")
        return line_of(child(self.around[0], "NewsLines", "HeadLine")) or (inner if isinstance(inner, str) else "")

    @property
    def role(self) -> str:
        """Of the nearest component that has one, without spaces and in lower case."""
        return next((role for role in map(_role, self.around) if role), "")

    @property
    def language(self) -> str:
        """Of the nearest component that names one."""
        for component in self.around:
            said = child(component, "DescriptiveMetadata", "Language")
            for text in (attribute(said, "FormalName"), attribute(component, "lang")):
                if code := language_code(text):
                    return code
        inner = self.facts.get("language")
        return inner if isinstance(inner, str) else ""


@dataclass(frozen=True, slots=True)
class Parts:
    """The article of an item, the same in other languages, and texts beside it.

    `siblings` have headlines of their own. `summary` stands in where there is no text.
    """

    main: Part | None
    translations: tuple[Part, ...] = ()
    siblings: tuple[Part, ...] = ()
    beside: tuple[Part, ...] = ()
    summary: str = ""
    headline: str = ""
    subheadline: str = ""
    others: tuple[str, ...] = ()


def parts_of(item: Element) -> Parts:
    """The texts of an item in the order of their weight."""
    texts = (part for top in children(item, "NewsComponent") for part in _texts(top, ()))
    found = list(islice(texts, MAX_TEXTS))
    articles = [part for part in found if not _is_no_article(part) and part.text]
    named = [part for part in articles if part.role in _MAIN]
    first = next(iter(named or articles), None)
    chosen: dict[str, Part] = {}
    for part in named or articles:
        chosen.setdefault(part.language or (first.language if first else ""), part)
    translations = tuple(part for part in chosen.values() if part is not first)
    main = squeezed(first.text) if first else ""
    rest = [part for part in articles if part not in (first, *translations) and squeezed(part.text) not in main]
    siblings = tuple(part for part in rest if part.headline and first and part.headline != first.headline)
    return Parts(
        main=first,
        translations=translations,
        siblings=siblings,
        beside=tuple(part for part in rest if part not in siblings),
        summary=_by_role(found, "abstract", "summary"),
        headline=_by_role(found, "headline", "title"),
        subheadline=_by_role(found, "subheadline"),
        others=tuple(dict.fromkeys(_media(item))),
    )


def _texts(component: Element, above: tuple[Element, ...]) -> Iterator[Part]:
    around = (component, *above)
    for one in children(component, "ContentItem", "NewsComponent"):
        if local(one) == "NewsComponent":
            yield from _texts(one, around)
            continue
        content = child(one, "DataContent")
        content = child(one, "Encoding", "DataContent") if content is None else content
        if content is not None and not attribute(child(one, "MimeType"), "FormalName").lower().startswith(_NO_TEXT):
            yield Part(content, around)


def _facts_of(content: Element) -> dict[str, object]:
    nitf = next(descendants(content, "nitf"), None)
    if nitf is not None:
        return facts_of_nitf(nitf)
    if any(True for _ in children(content)):
        return xhtml_facts(content)
    text = "".join(map(str, content.itertext()))
    return {"text": "\n\n".join(paragraphs_of_data(text))}


def _is_no_article(part: Part) -> bool:
    """Whether the text, or a component around it that has a role, belongs to a picture or the like."""
    return any(_role(component) in _NO_ARTICLE for component in part.around)


def _by_role(found: list[Part], *roles: str) -> str:
    for role in roles:
        for part in found:
            if part.role == role and part.text:
                return part.text
    return ""


def _media(item: Element) -> Iterator[str]:
    """What the item has instead of words."""
    if listed := sum(1 for _ in descendants(item, "NewsItemRef")):
        yield f"a package that lists {listed} items"
    for one in descendants(item, "ContentItem"):
        said = attribute(child(one, "MediaType"), "FormalName") or attribute(child(one, "MimeType"), "FormalName")
        if reference := attribute(one, "Href") if child(one, "DataContent") is None else "":
            yield f"a reference to {said or 'a file'} ({reference[:80]})"
        elif said and not said.lower().startswith("text"):
            yield said[:60]


def _role(component: Element) -> str:
    said = attribute(child(component, "Role"), "FormalName") or line_of(child(component, "Role"))
    return "".join(said.lower().split()).replace("-", "").replace("_", "")
