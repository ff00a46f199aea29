from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from qa.loaders.text_files import plain
from qa.models.deliveries import Delivery, Failure

ReadOne = Callable[..., Delivery]
FailOne = Callable[..., Failure]

ARTICLE = """---
id: bridge-1
title: "The bridge: a year on"
published: 2005-03-17
outlet: Case archive
url: https://example.org/bridge
language: ES
kind: Summary
event_date: 2005-03-16
summarises: The Harbour Post, 16 March 2005
derived_from: Reuters
note: "Two numbers differ."
desk: {name: city, pages: [1, 2]}
no: no
---

First paragraph.

Second paragraph.
"""


def test_front_matter_may_say_author_and_tags(read_one: ReadOne) -> None:
    article = read_one("a.md", "---\ntitle: T\nauthor: A. Lund\ntags: [water, council]\n---\nIt rose.\n").article
    assert (article.metadata.byline, article.metadata.keywords) == ("A. Lund", ("water", "council"))


def test_front_matter_and_body(read_one: ReadOne) -> None:
    delivery = read_one("any.md", ARTICLE)
    article, source = delivery.article, delivery.article.source
    assert (source.article_id, delivery.id_is_derived) == ("bridge-1", False)
    assert (source.title, source.outlet) == ("The bridge: a year on", "Case archive")
    assert (source.published, article.event_date) == (date(2005, 3, 17), "2005-03-16")
    assert (source.url, source.language, source.kind) == ("https://example.org/bridge", "es", "summary")
    assert source.summarises == "The Harbour Post, 16 March 2005"
    assert (article.derived_from, article.note) == ("Reuters", "Two numbers differ.")
    assert article.body == "First paragraph.\n\nSecond paragraph."
    assert article.extra == {"desk": {"name": "city", "pages": [1, 2]}, "no": "no"}
    assert delivery.notices == ()


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_the_file(fail_one: FailOne, line_break: str) -> None:
    text = "---\ntitle: T\noutlet: O\npublished: 2005-02-30\n---\nBody.".replace("\n", line_break)
    failure = fail_one("a.md", text)
    assert failure.line == 4
    assert "2005-02-30" in failure.reason


@pytest.mark.parametrize(
    ("front", "line"),
    [
        ("title: T\nnote: it: is", 3),
        ("title: T\nnote: 'never closed\nkind: wire", 3),
        ("title: T\n\tkind: wire", 3),
        ("title: T\nkind: [a, b", 3),
        ("title: T\nnote: bell \x01 here", 3),
    ],
)
def test_broken_yaml_names_its_line(fail_one: FailOne, front: str, line: int) -> None:
    failure = fail_one("a.md", f"---\n{front}\n---\nBody.\n")
    assert failure.line == line
    assert "YAML" in failure.reason


@pytest.mark.parametrize(
    ("front", "line", "found"),
    [
        ("- a\n- b", 2, "something else"),
        ("title: T\nkind: !!python/object/apply:os.system [ls]", 3, "python"),
        ("title: T\na: &a [1]\nb: [*a, *a]", 3, "alias"),
        ("title: T\na: &a\n  - *a", 3, "alias"),
        ("title: T\n? [a]\n: b", 3, "as a key"),
        ("title: T\ndeep: " + "[" * 400 + "]" * 400, 2, "nesting"),
        ("title: T\nnote: " + "x" * 70_000, 2, "64,000"),
        ("title: T\nwhen: !!timestamp 2005-02-30", 2, "day is out of range"),
        ("title: T\nscore: !!float .inf", 3, "the number inf"),
        ("title: T\nkind: [wire]", 3, "a list"),
    ],
)
def test_yaml_that_is_no_plain_metadata_is_refused(fail_one: FailOne, front: str, line: int, found: str) -> None:
    failure = fail_one("a.md", f"---\n{front}\n---\nBody.\n")
    assert failure.line == line
    assert found in failure.reason


def test_front_matter_that_is_never_closed_is_refused(fail_one: FailOne) -> None:
    failure = fail_one("a.md", "---\ntitle: T\n\nBody.\n")
    assert failure.line == 1
    assert "closes the front matter" in failure.reason


def test_a_heading_is_the_title_where_there_is_no_other(read_one: ReadOne) -> None:
    for text in ("# A *bridge* closed #\n\nBody.", "---\noutlet: O\n---\n\n# A *bridge* closed\nBody."):
        article = read_one("a.md", text).article
        assert (article.source.title, article.body) == ("A bridge closed", "Body.")


def test_a_heading_that_repeats_the_title_goes_and_another_stays(read_one: ReadOne) -> None:
    assert read_one("a.md", "---\ntitle: Bridge closed\n---\n# Bridge Closed\n\nBody.").article.body == "Body."
    other = read_one("b.md", "---\ntitle: Bridge closed\n---\n# Ferries\n\nBody.").article
    assert other.body == "Ferries\n\nBody."


def test_without_title_and_heading_the_first_words_stand_in(read_one: ReadOne) -> None:
    assert read_one("a.md", "---\noutlet: O\n---\nBody.").article.source.title == "Body."


def test_title_and_no_body_is_a_headline(read_one: ReadOne) -> None:
    assert read_one("a.md", "---\ntitle: Bridge closed\n---\n").article.headline_only


def test_a_text_may_stand_in_the_front_matter_but_not_twice(read_one: ReadOne, fail_one: FailOne) -> None:
    assert read_one("a.md", "---\ntitle: T\nbody: Words.\n---\n").article.body == "Words."
    assert fail_one("b.md", "---\ntitle: T\nbody: Words.\n---\nOthers.").line == 3


def test_markup_in_a_title_is_text(read_one: ReadOne) -> None:
    article = read_one("a.md", "---\ntitle: '<script>x</script> *5*'\n---\n<b>Body</b> & <img src=x>").article
    assert article.source.title == "<script>x</script> *5*"
    assert article.body == "<b>Body</b> & <img src=x>"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('See [the *ruling*](https://x.org/a_(b) "Title") now.', "See the ruling now."),
        ("![A map](map.png) of it", "A map of it"),
        ("a *word*, **two words**, ***three***, _four_, __five__.", "a word, two words, three, four, five."),
        ("**bold with *stress* inside**", "bold with stress inside"),
        ("(*sic*) “_sic_”", "(sic) “sic”"),
        ("2 * 3 * 4, a*b*c, snake_case_name, x_i_ and _id, price* and cost*", None),
        ("(*) one and (*) two; *.txt and *.md; [1] and [2](see there, both)", None),
        ("https://x.org/_a_/b_c_ and `*code*` stay", None),
        (r"\*not stressed\* and 5\. and \[x\]", "*not stressed* and 5. and [x]"),
        ("## Heading ##\nText", "Heading\n\nText"),
        ("#hashtag stays", None),
        ("C# and F#", None),
        ("# Why C#", "Why C#"),
        ("One\n\n---\n\nTwo\n***\nThree", "One\n\nTwo\n\nThree"),
        ("Heading\n=======\nText", "Heading\n\nText"),
        ("> quoted\n> twice\n>> deeper", "quoted twice deeper"),
        ("- one\n- two\n1. three", "- one\n- two\n1. three"),
        ("```\n# not a *heading*\n\n---\n```\nafter", "```\n# not a *heading*\n\n---\n```\n\nafter"),
        ("a hard break  \nhere and there", "a hard break\nhere and there"),
        ("5 > 3 and 2 < 4", None),
    ],
)
def test_only_what_surely_is_markup_goes(written: str, said: str | None) -> None:
    assert plain(written) == (written if said is None else said)


def test_paragraphs_broken_to_fit_are_joined() -> None:
    lines = "The council met again yesterday to speak of the bridge,\nwhich *is\nclosed* for repairs."
    assert plain(lines) == lines.replace("\n", " ").replace("*", "")


@pytest.mark.parametrize("hostile", ["*a ", "**a ", "_a ", "[a](", "[", "![a](b", "`a ", "\\", "> ", "**a*b "])
def test_no_text_makes_it_slow(hostile: str) -> None:
    plain(hostile * 100_000)
