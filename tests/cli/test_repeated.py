"""Work beside the page: repeated, where a failure is not the end of it, and the loading of models, where it is."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import MagicMock

import pytest
import uvicorn

from qa.cli import serving
from qa.cli.serving import repeated
from qa.errors import ModelError, StoreError
from qa.settings import Settings


@pytest.mark.parametrize("error", [StoreError("the disk is full"), ValueError()])
def test_it_is_done_at_once_and_again_until_the_end(caplog: pytest.LogCaptureFixture, error: Exception) -> None:
    done: list[int] = []
    thrice = threading.Event()

    def work(over: threading.Event) -> None:
        done.append(len(done))
        if len(done) == 2:
            raise error
        if len(done) == 3:
            thrice.set()

    with caplog.at_level(logging.ERROR), repeated(work, every=0.01):
        assert thrice.wait(5)
    count = len(done)
    assert "could not be done" in caplog.text
    assert not any(thread.name == "repeated" for thread in threading.enumerate())
    assert len(done) == count


def test_what_fails_again_and_again_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    tried: list[int] = []
    often = threading.Event()

    def work(over: threading.Event) -> None:
        tried.append(len(tried))
        if len(tried) > 4:
            often.set()
        raise StoreError("the disk is full" if len(tried) < 3 else "another encoder")

    with caplog.at_level(logging.ERROR), repeated(work, every=0.01):
        assert often.wait(5)
    assert len([record for record in caplog.records if "could not be done" in record.message]) == 2


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MagicMock:
    """The archive that `qa serve` serves from then on, without a page."""
    archive = MagicMock()
    monkeypatch.setenv("QA_HOME", str(tmp_path))
    monkeypatch.setenv("GRADIO_TEMP_DIR", "")  # serving sets it for its process
    monkeypatch.setattr(serving, "few_arenas", bool)
    monkeypatch.setattr(serving, "archive_of", lambda settings: nullcontext(archive))
    monkeypatch.setattr(serving, "staff_context", lambda settings, archive: nullcontext(MagicMock()))
    monkeypatch.setattr(serving, "tidy_journal", lambda settings: None)
    monkeypatch.setattr("qa.web.server.create_app", MagicMock())
    return archive


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(("said", "shown"), [(None, ""), ("Call 016.", "Call 016."), ("", "")])
def test_where_to_get_help_stands_on_the_page_where_it_is_set(
    monkeypatch: pytest.MonkeyPatch, said: str | None, shown: str
) -> None:
    if said is not None:
        monkeypatch.setenv("QA_HELP_TEXT", said)
    monkeypatch.setattr("uvicorn.Server.run", lambda server: setattr(server, "started", True))
    make = MagicMock()
    monkeypatch.setattr("qa.web.server.create_app", make)
    serving.serve(host=None, port=None)
    assert make.call_args.kwargs["texts"].help == shown
    assert Settings().help_text == (said if said is not None else Settings.model_fields["help_text"].default)


@pytest.mark.usefixtures("served")
def test_the_journal_is_tidied_before_the_page_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def tidy(settings: Settings) -> None:
        time.sleep(0.1)
        done.append("tidied")

    def run(server: uvicorn.Server) -> None:
        done.append("served")
        server.started = True

    monkeypatch.setattr(serving, "tidy_journal", tidy)
    monkeypatch.setattr("uvicorn.Server.run", run)
    serving.serve(host=None, port=None)
    assert done == ["tidied", "served"]


def test_the_models_are_loaded_while_the_page_is_served(served: MagicMock, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, over, loaded = threading.Event(), threading.Event(), threading.Event()

    def load() -> None:
        begun.set()
        assert over.wait(5)

    def run(server: uvicorn.Server) -> None:
        server.started = True
        assert begun.wait(5)
        over.set()
        assert loaded.wait(5)
        assert not server.should_exit

    served.warm_up.side_effect = load
    served.suggested.refresh.side_effect = lambda over: loaded.set()
    monkeypatch.setattr("uvicorn.Server.run", run)
    serving.serve(host=None, port=None)


def test_a_store_that_cannot_be_read_at_first_is_served(served: MagicMock, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = threading.Event()

    def run(server: uvicorn.Server) -> None:
        server.started = True
        assert loaded.wait(5)
        assert not server.should_exit

    served.suggested.restore.side_effect = StoreError("the disk is full")
    served.suggested.refresh.side_effect = lambda over: loaded.set()
    monkeypatch.setattr("uvicorn.Server.run", run)
    serving.serve(host=None, port=None)


def test_a_model_that_cannot_be_loaded_ends_the_serving_and_says_why(
    served: MagicMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(server: uvicorn.Server) -> None:
        server.started = True
        until = time.monotonic() + 5
        while not server.should_exit:
            assert time.monotonic() < until
            time.sleep(0.01)

    served.warm_up.side_effect = ModelError("no such model")
    monkeypatch.setattr("uvicorn.Server.run", run)
    with pytest.raises(ModelError, match="no such model"):
        serving.serve(host=None, port=None)
