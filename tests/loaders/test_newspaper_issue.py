from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from qa.loaders import newspaper_issue
from qa.loaders.reading import find_files
from qa.models.deliveries import Delivery, Failure, Record, Remark

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
ReadAll = Callable[..., list[Record]]
FailOne = Callable[..., Failure]
SAMPLE = Path(__file__).parents[2] / "corpus/formats/harbour-gazette-1912-04-16"


def line(text: str) -> str:
    strings = "<SP/>".join(f'<String CONTENT="{word}"/>' for word in text.split())
    return f"<TextLine>{strings}</TextLine>"


def block(name: str, *lines: str) -> str:
    return f'<TextBlock ID="{name}">{"".join(one if one.startswith("<") else line(one) for one in lines)}</TextBlock>'


def half(text: str, part: int, whole: str) -> str:
    return f'<String CONTENT="{text}" SUBS_TYPE="HypPart{part}" SUBS_CONTENT="{whole}"/>'


def alto(*blocks: str, space: str = "http://www.loc.gov/standards/alto/ns-v3#") -> str:
    named = f' xmlns="{space}"' if space else ""
    space = f"<PrintSpace>{''.join(blocks)}</PrintSpace>"
    return f'<?xml version="1.0"?>\n<alto{named}><Layout><Page>{space}</Page></Layout></alto>'


def mets(articles: str, *, sections: str = "", href: str = "1.xml") -> str:
    return (
        '<mets xmlns:xlink="http://www.w3.org/1999/xlink">' + sections + '<fileSec><fileGrp USE="alto">'
        f'<file ID="A1"><FLocat xlink:href="{href}"/></file></fileGrp></fileSec>'
        f'<structMap TYPE="LOGICAL"><div TYPE="Newspaper">{articles}</div></structMap></mets>'
    )


def article(*blocks: str, kind: str = "ARTICLE", label: str = "") -> str:
    areas = "".join(f'<fptr><area FILEID="A1" BETYPE="IDREF" BEGIN="{one}"/></fptr>' for one in blocks)
    return f'<div TYPE="{kind}" LABEL="{label}">{areas}</div>'


def deliveries(records: list[Record]) -> list[Delivery]:
    return [one for one in records if isinstance(one, Delivery)]


def check_sample(records: list[Record]) -> None:
    first, second = deliveries(records)
    assert first.article.source.title == "New lighthouse lamp lit"
    assert first.article.body == ("The new lamp of the lighthouse was lit yesterday.\n\nIt is seen for twenty miles.")
    assert first.article.source.published == date(1912, 4, 16)
    assert (first.article.source.outlet, first.article.source.language) == ("The Harbour Gazette", "en")
    assert first.article.article_id == "harbour-gazette-1912-04-16.DIV1"
    assert first.article.extra["pages"] == [[1, 0], [2, first.article.body.index("It is seen")]]
    assert first.article.extra["heading"] == "NEW LIGHTHOUSE LAMP"
    assert (second.article.source.title, second.article.source.published) == ("Ferry fares", date(1912, 4, 16))
    assert second.article.body == "Fares stay as they are.\n\nThe council meets in May."
    assert "advertisements (1)" in str(records[-1])


def test_the_sample(read_all: ReadAll) -> None:
    check_sample(read_all(SAMPLE / "issue.mets.xml"))


def test_an_issue_in_a_zip_file_is_read_once(tmp_path: Path, read_all: ReadAll) -> None:
    with zipfile.ZipFile(tmp_path / "issue.zip", "w") as archive:
        for path in sorted(SAMPLE.rglob("*.xml")):
            archive.write(path, f"deep/{path.relative_to(SAMPLE)}")
    check_sample(read_all(tmp_path / "issue.zip"))


def test_pages_that_an_issue_names_are_not_found_alone(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "issue")
    (tmp_path / "issue/alto/3.xml").write_text(alto(block("b", "Another page")))
    found = [path.name for path in find_files([str(tmp_path)]) if isinstance(path, Path)]
    assert found == ["issue.mets.xml", "3.xml"]


@pytest.mark.parametrize("version", ["", *(f"http://www.loc.gov/standards/alto/ns-v{n}#" for n in (2, 3, 4))])
def test_a_lone_page(read_one: ReadOne, version: str) -> None:
    blocks = (block("a", "Ferry fares"), block("b", "Fares stay as they", "are this year."), block("c", "So it is."))
    article = read_one("page.xml", alto(*blocks, space=version)).article
    assert (article.source.title, article.body) == ("Ferry fares", "Fares stay as they are this year.\n\nSo it is.")
    assert article.extra["pages"] == [[1, 0]]


def test_a_first_line_that_goes_on_stays_in_the_text(read_one: ReadOne) -> None:
    article = read_one("page.xml", alto(block("a", "Fares stay as they", "are this year."))).article
    assert (article.source.title, article.body) == ("Fares stay as they", "Fares stay as they are this year.")


@pytest.mark.parametrize("content", [alto(), alto('<TextBlock ID="a"><TextLine/></TextBlock>'), "<alto/>"])
def test_a_page_without_text_is_refused(fail_one: FailOne, content: str) -> None:
    assert "a page with text was expected, found none" in fail_one("page.xml", content).reason


def test_halves_of_words(read_one: ReadOne) -> None:
    first = f'<TextLine><String CONTENT="The"/><SP/>{half("light-", 1, "lighthouse")}</TextLine>'
    second = (
        f'<TextLine>{half("house,", 2, "lighthouse")}<SP/><String CONTENT="now"/><SP/>'
        '<String CONTENT="har"/><HYP CONTENT="-"/></TextLine>'
    )
    article = read_one("page.xml", alto(block("a", first, second, "bour and all"), block("b", "End."))).article
    assert article.body == "The lighthouse, now harbour and all\n\nEnd."


def test_halves_in_one_line_and_old_hyphens(read_one: ReadOne) -> None:
    both = f"<TextLine>{half('light-', 1, 'lighthouse')}<SP/>{half('house.', 2, 'lighthouse')}</TextLine>"
    article = read_one("page.xml", alto(block("a", both, "Das Schiff=", "fahrts⸗", "amt"))).article
    assert article.body == "lighthouse. Das Schifffahrtsamt"
    bare = '<TextLine><String CONTENT="bour" SUBS_TYPE="HypPart2"/></TextLine>'
    article = read_one("bare.xml", alto(block("a", "At the har-", bare), block("b", bare, "End."))).article
    assert article.body == "At the harbour bour End."


def test_a_word_that_a_column_parts(put: Put, read_all: ReadAll) -> None:
    begun = f'<TextLine><String CONTENT="The"/><SP/>{half("har", 1, "harbour")}<HYP CONTENT="-"/></TextLine>'
    rest = f'<TextLine>{half("bour", 2, "harbour")}<SP/><String CONTENT="opens."/></TextLine>'
    put("1.xml", alto(block("a", begun), block("b", "Caption."), block("c", rest)))
    following, apart, missing = (
        one.article.body
        for one in deliveries(
            read_all(
                put(
                    "m.xml",
                    mets(article("a", "c", label="T") + article("a", "b", "c", label="T") + article("a", label="T")),
                )
            )
        )
    )
    assert following == "The harbour opens."
    assert apart == "The harbour\n\nCaption.\n\nopens."
    assert missing == "The harbour"


def test_a_section_without_articles_is_one(put: Put, read_all: ReadAll) -> None:
    put("1.xml", alto(block("a", "First text."), block("b", "Second text."), block("c", "Third text.")))
    nested = f'<div TYPE="Section">{article("a", label="One")}</div>{article("b", kind="SECTION", label="Two")}'
    titles = [one.article.source.title for one in deliveries(read_all(put("m.xml", mets(nested))))]
    assert titles == ["One", "Two"]


def test_without_a_headline_the_first_words_stand_in(put: Put, read_all: ReadAll) -> None:
    put("1.xml", alto(block("a", "Fares stay as they are.")))
    (delivery,) = deliveries(read_all(put("m.xml", mets(article("a", label="Article 7")))))
    assert delivery.article.source.title == "Fares stay as they are."
    assert any("first words stand in" in notice for notice in delivery.notices)


def test_an_issue_without_articles_is_read_page_by_page(put: Put, read_all: ReadAll) -> None:
    issued = "<originInfo><dateIssued>16.04.1912</dateIssued></originInfo>"
    section = f'<dmdSec ID="D"><mods><titleInfo><title>Gazette</title></titleInfo>{issued}</mods></dmdSec>'
    put("1.xml", alto(block("a", "Gazette"), block("b", "Fares stay.")))
    (delivery,) = deliveries(read_all(put("mets.xml", mets("", sections=section))))
    assert delivery.article.article_id == "gazette-1912-04-16-1"
    assert (delivery.article.source.outlet, delivery.article.source.published) == ("Gazette", date(1912, 4, 16))
    assert delivery.article.body == "Fares stay."


def test_a_date_that_cannot_be_read_is_told(put: Put, read_all: ReadAll) -> None:
    section = '<dmdSec ID="D"><mods><originInfo><dateIssued>ca. 1912</dateIssued></originInfo></mods></dmdSec>'
    put("1.xml", alto(block("a", "Fares stay.")))
    (delivery,) = deliveries(read_all(put("m.xml", mets(article("a", label="T"), sections=section))))
    assert delivery.article.source.published is None
    assert any('"ca. 1912"' in notice for notice in delivery.notices)


@pytest.mark.parametrize(
    "href",
    ["../secret.xml", "/etc/hostname", "file:///etc/hostname", "http://x.example/1.xml", "c:\\1.xml", "linked/1.xml"],
)
def test_nothing_outside_the_folder_is_read(put: Put, read_all: ReadAll, href: str) -> None:
    secret = put("secret.xml", alto(block("a", "Not to be read.")))
    put("other/1.xml", secret.read_bytes())
    put("issue/x.txt", "")
    os.symlink(secret.parent / "other", secret.parent / "issue/linked")
    (failure,) = read_all(put("issue/m.xml", mets(article("a", label="T"), href=href)))
    assert isinstance(failure, Failure)
    assert "a file in the same folder or below was expected" in failure.reason


def test_what_is_missing_or_broken_fails_alone(put: Put, read_all: ReadAll) -> None:
    put("1.xml", alto(block("a", "Fares stay.")))
    good, failure = read_all(put("m.xml", mets(article("a", "nowhere", label="T") + article("nowhere", label="U"))))
    assert isinstance(good, Delivery)
    assert any("nowhere" in notice for notice in good.notices)
    assert isinstance(failure, Failure)
    assert " expected, found none" in failure.reason
    put("1.xml", "<alto><broken")
    assert all(isinstance(one, Failure) for one in read_all(put("m.xml", mets(article("a", label="T")))))
    (none,) = read_all(put("n.xml", "<mets/>"))
    assert isinstance(none, Failure)


def test_areas_that_repeat_without_end_are_refused(
    put: Put, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newspaper_issue, "MAX_LINES", 5)
    put("1.xml", alto(block("a", "One", "Two")))
    outcomes = read_all(put("m.xml", mets(article("a", label="T") + article("a", "a", "a", label="U"))))
    assert [type(one) for one in outcomes] == [Delivery, Failure]


def test_blank_pages_are_remarked(put: Put, read_all: ReadAll) -> None:
    put("1.xml", alto())
    assert [type(one) for one in read_all(put("m.xml", mets("")))] == [Remark]
