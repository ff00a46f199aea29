"""What has to work in a browser before anything else: the page opens, answers with quotes, and axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import QUESTION
from .test_accessibility import violations
from .test_browser import ask

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


def test_the_page_opens(open_page: Open) -> None:
    page = open_page()
    assert page.title() == "Ask the archive"
    assert page.get_by_label(QUESTION).is_editable()


def test_a_question_is_answered_with_quotes(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    ask(page, "How many people were arrested?", "#turn-1.answered")
    assert "19 people" in page.inner_text("#turn-1 .reply")
    assert page.locator("#turn-1 .card").count() == 2
    assert violations(page) == []
    page.click(".cite >> nth=0")
    page.wait_for_selector(".sentence:target")
    assert violations(page) == []
