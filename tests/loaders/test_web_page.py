from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from qa.loaders.documents import Document
from qa.loaders.paragraphs import html_tree
from qa.loaders.reading import read_document
from qa.loaders.web_page import MAX_STATED, WebPage, without_site
from qa.models.archive import Coded, Correction
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
FailOne = Callable[..., Failure]
ReadAll = Callable[..., list[Delivery | Failure]]
SAMPLES = Path(__file__).parents[2] / "corpus" / "formats"
FIRST = "The port authority set up its third crane on Tuesday, two weeks earlier than it had planned in spring."
SECOND = "The crane can lift forty tonnes. It stands on the eastern quay, where the largest ships are unloaded."
THIRD = "Ships will wait four hours instead of nine, said the harbour master, and the council agreed with her."
TEXT = "".join(f"<p>{one}</p>" for one in (FIRST, SECOND, THIRD))


def page(
    body: str = f"<article>{TEXT}</article>", *, head: str = "", title: str = "The third crane", root: str = ""
) -> str:
    return f"<!DOCTYPE html><html {root}><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def test_a_page_with_all_that_pages_say(read_all: ReadAll) -> None:
    (delivery,) = read_all(SAMPLES / "harbour-crane.html")
    assert isinstance(delivery, Delivery)
    source, metadata = delivery.article.source, delivery.article.metadata
    assert (source.title, source.outlet) == ("Harbour gets its third crane", "The Estuary Post")
    assert source.url == "https://www.estuarypost.example/2019/05/harbour-gets-its-third-crane"
    assert (source.published, source.language) == (date(2019, 5, 14), "en-gb")
    assert source.corrections == (Correction("The crane is 62 metres high, not 72.", date(2019, 5, 15)),)
    assert metadata.revised == datetime(2019, 5, 15, 8, tzinfo=UTC)
    assert (metadata.byline, metadata.section) == ("Ruth Calder", "Business")
    assert metadata.keywords == ("harbour", "port authority", "cranes")
    assert metadata.places == (Coded("Northmouth", ""),)
    paragraphs = delivery.article.body.split("\n\n")
    assert len(paragraphs) == 4
    assert paragraphs[0].startswith("The port authority of Northmouth")
    assert paragraphs[-1].startswith("A fourth crane is not planned")
    assert not delivery.id_is_derived


def test_meta_tags_where_there_is_no_json_ld(read_one: ReadOne) -> None:
    head = (
        '<meta property="og:title" content="The third crane"><meta property="og:site_name" content="Post">'
        '<meta name="author" content="By Ann Reed">'
        '<meta property="article:published_time" content="2014/12/29 16:00:27">'
        '<meta property="og:locale" content="es_ES"><meta property="article:tag" content="port">'
    )
    article = read_one("a.html", page(head=head)).article
    assert (article.source.published, article.source.outlet) == (date(2014, 12, 29), "Post")
    assert (article.metadata.byline, article.source.language) == ("Ann Reed", "es-es")
    assert article.metadata.keywords == ("port",)
    assert article.body == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"


def test_properties_of_other_things_on_a_page_are_not_the_articles(read_one: ReadOne) -> None:
    of_film = '<meta itemprop="datePublished" content="2011-01-01">'
    film = f'<div itemscope itemtype="http://schema.org/VideoObject">{of_film}</div>'
    body = (
        f'<div itemscope itemtype="http://schema.org/NewsArticle"><meta itemprop="datePublished" content="2014-12-29">'
        f"{TEXT}{film}</div>"
    )
    assert read_one("a.html", page(film + body)).article.source.published == date(2014, 12, 29)


def test_invitations_and_what_follows_an_article_are_no_part_of_it(read_one: ReadOne) -> None:
    around = "<p>Follow us on Twitter</p><p>Copyright 2014 Post. All rights reserved.</p>"
    comments = "<h3>Comments</h3><p>What a fine crane that is, I saw it from the window this morning.</p>"
    article = read_one("a.html", page(f"<article>{TEXT}{around}{comments}</article>")).article
    assert article.body == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
    assert article.metadata.rights.notice == "Copyright 2014 Post. All rights reserved."


def test_pages_laid_out_in_tables(read_one: ReadOne) -> None:
    links = "".join(f"<li><a href='/{number}'>Section {number}</a></li>" for number in range(30))
    words = "<br><br>".join((FIRST, SECOND, THIRD))
    cell = f"<b>The third crane</b><br>By Ann Reed<br><br>{words}"
    article = read_one("a.html", page(f"<table><tr><td><ul>{links}</ul></td><td>{cell}</td></tr></table>")).article
    assert article.body == f"{FIRST}\n\n{SECOND}\n\n{THIRD}"
    assert article.metadata.byline == "Ann Reed"


def test_lines_break_where_the_page_breaks_them_and_not_where_its_editor_did(read_one: ReadOne) -> None:
    wrapped = [one.replace(" two ", "\ntwo ").replace(" where ", "\nwhere ") for one in (FIRST, SECOND)]
    body = f"<article><div>{'<br><br>'.join(wrapped)}</div><p>- {THIRD}</p></article>"
    assert read_one("a.html", page(body)).article.body == f"{FIRST}\n\n{SECOND}\n\n- {THIRD}"


def test_authors_of_other_articles_are_not_the_authors(read_one: ReadOne) -> None:
    body = f'<article>{TEXT}</article><aside><a rel="author" href="/tom">Tom Arden</a></aside>'
    article = read_one("a.html", page(body, head='<meta name="author" content="Ann Reed">')).article
    assert article.metadata.byline == "Ann Reed"


@pytest.mark.parametrize(
    ("stated", "day"),
    [("2014/1/5 9:05", date(2014, 1, 5)), ("2014-1-5", date(2014, 1, 5)), ("1419875640", date(2014, 12, 29))],
)
def test_moments_as_meta_tags_write_them(read_one: ReadOne, stated: str, day: date) -> None:
    tags = (f'<meta property="article:{kind}_time" content="{stated}">' for kind in ("published", "modified"))
    article = read_one("a.html", page(head="".join(tags))).article
    assert article.source.published == day
    assert article.metadata.revised
    assert article.metadata.revised.date() == day


@pytest.mark.parametrize(
    ("language", "address", "day"),
    [
        ("en", "crane", date(2012, 3, 4)),
        ("en-US", "2012/04/03/crane", date(2012, 4, 3)),
        ("en-GB", "crane", date(2012, 4, 3)),
        ("es", "crane", date(2012, 4, 3)),
    ],
)
def test_a_date_in_figures_above_the_text(read_one: ReadOne, language: str, address: str, day: date) -> None:
    head = f'<link rel="canonical" href="https://post.example/{address}">'
    body = f'<article><span class="date">03/04/2012</span>{TEXT}</article>'
    assert read_one("a.html", page(body, head=head, root=f'lang="{language}"')).article.source.published == day


def test_marks_without_end_are_read_in_little_time() -> None:
    root = html_tree(page((f"{'<div itemprop=author>a ' * 200}{'</div>' * 200}") * 40))
    assert root is not None
    started = time.process_time()
    assert len(WebPage(root).stated["marked author"]) == MAX_STATED
    assert time.process_time() - started < 1


def test_elements_that_state_nothing_are_read_in_little_time() -> None:
    """Each looked through all that it is in: that took seconds."""
    root = html_tree(page(("<div>" * 200 + "<i>a</i>" * 200 + "</div>" * 200) * 100))
    assert root is not None
    started = time.process_time()
    WebPage(root)
    assert time.process_time() - started < 1


def test_what_only_the_page_shows_of_its_author_and_site(read_one: ReadOne) -> None:
    byline = '<p class="byline">By <span class="byline-name">Ann Reed</span> Reporter, Post News</p>'
    article = read_one(
        "a.html", page(f"<article>{byline}{TEXT}</article>", title="The third crane | Post News")
    ).article
    assert (article.source.title, article.source.outlet) == ("The third crane", "Post News")
    assert article.metadata.byline == "Ann Reed"


def test_a_guessed_date_is_called_one(read_one: ReadOne) -> None:
    head = '<link rel="canonical" href="https://post.example/2014/12/29/the-third-crane.html">'
    delivery = read_one("a.html", page(head=head))
    assert delivery.article.source.published == date(2014, 12, 29)
    assert delivery.article.extra["published_from"] == "guessed from the page"
    assert delivery.notices == ("published: 2014-12-29 is guessed from the page, which doesn't say it outright",)


def test_the_day_it_was_saved_is_never_the_day_of_publication() -> None:
    data = page().encode()
    said = {"url": "https://post.example/crane", "captured": "2020-05-06T07:08:09+00:00"}
    (delivery,) = read_document(Document("a.html", "a.html", lambda: BytesIO(data), known=said), defaults={})
    assert isinstance(delivery, Delivery)
    assert delivery.article.source.published is None
    assert delivery.article.source.url == "https://post.example/crane"
    assert delivery.article.metadata.version == "20200506070809"


def test_json_ld_with_more_of_the_text_than_the_page_shows(read_one: ReadOne) -> None:
    whole = " ".join((FIRST, SECOND, THIRD) * 2)
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{whole}"}}</script>'
    assert read_one("a.html", page(f"<p>{FIRST}</p>", head=script)).article.body == whole


def test_json_ld_that_is_broken_is_passed_over(read_one: ReadOne) -> None:
    broken = ('{"@type": ', "[" * 9_999)
    head = "".join(f'<script type="application/ld+json">{one}</script>' for one in broken)
    assert read_one("a.html", page(head=head)).article.source.title == "The third crane"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (page(""), "one without any text"),
        (page("<p>Soon here.</p>"), "one with hardly any text"),
        (page("<h1>404</h1><p>The page was not found on this server.</p>", title="404 Not Found"), "an error page"),
        (
            page("<p>We use cookies. Accept all cookies or go.</p>", title="Before you continue"),
            "one that asks for consent",
        ),
        (
            page(
                "".join(
                    f"<div><h2><a href='/{n}'>The council meets again for its budget {n}</a></h2></div>"
                    for n in range(20)
                )
            ),
            "one",
        ),
        ("<html></html>", "one without any text"),
        (page("<div>" * 5_000 + TEXT), "one without any text"),
    ],
)
def test_pages_without_an_article_are_refused(fail_one: FailOne, content: str, found: str) -> None:
    assert f"a page with an article was expected, found {found}" in fail_one("a.html", content).reason


@pytest.mark.parametrize(
    ("encoding", "head", "charset"),
    [
        ("utf-8", "", ""),
        ("utf-16", "", ""),
        ("utf-8", '<meta charset="iso-8859-1">', ""),
        ("cp1252", '<meta charset="iso-8859-1">', ""),
        ("cp1250", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">', ""),
        ("cp1252", "", "ISO-8859-1"),
        ("cp1252", "", ""),
    ],
)
def test_encodings(encoding: str, head: str, charset: str) -> None:
    data = page(head=head, title="Crane “Ä” tönt").encode(encoding)
    said = {"charset": charset} if charset else {}
    (delivery,) = read_document(Document("a.html", "a.html", lambda: BytesIO(data), known=said), defaults={})
    assert isinstance(delivery, Delivery)
    assert delivery.article.source.title == "Crane “Ä” tönt"


def test_a_broken_byte_does_not_lose_the_page(read_one: ReadOne) -> None:
    delivery = read_one("a.html", page(head="<!-- ééééé -->").encode() + b"<!-- \xff -->")
    assert delivery.notices == ("1 bytes are no UTF-8; they are shown as \ufffd",)


@pytest.mark.parametrize(
    ("title", "names", "expected"),
    [
        ("Crane is up - The Post", ["The Post"], "Crane is up"),
        ("Crane is up | Business | The Post", ["The Post"], "Crane is up | Business"),
        ("Crane is up - post.example", ["post.example"], "Crane is up"),
        ("Post News - Crane is up at last", ["post"], "Crane is up at last"),
        ("Cup final: Rovers 2 - City 1", ["The Post"], "Cup final: Rovers 2 - City 1"),
        ("The Post", ["The Post"], "The Post"),
        ("Madrid - Barcelona", ["Diario Madrid"], "Madrid - Barcelona"),
    ],
)
def test_titles_without_their_site(title: str, names: list[str], expected: str) -> None:
    assert without_site(title, names=names) == expected
