"""gradio takes a description of a file for the file: nothing that is posted may make it touch one."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.context import LocalContext
from gradio.exceptions import InvalidPathError
from gradio.processing_utils import async_move_files_to_cache

from .conftest import Site
from .serving import Served


def posted(archive: Served, path: str, *, nested: bool = False) -> httpx.Response:
    file: Any = {"path": path, "meta": {"_type": "gradio.FileData"}}
    body = {
        "data": [[{"deep": file}] if nested else file, "", "", None, "en", ""],
        "fn_index": 0,
        "session_hash": "abcdefghijk",
        "trigger_id": None,
    }
    return httpx.post(f"{archive.address}/gradio_api/queue/join", json=body, timeout=5)


def replies(archive: Served, session: str) -> str:
    """What the queue sends to a session, as far as it comes within some seconds."""
    query, text = {"session_hash": session}, ""
    with (
        suppress(httpx.HTTPError),
        httpx.stream("GET", f"{archive.address}/gradio_api/queue/data", params=query, timeout=5) as events,
    ):
        for line in events.iter_lines():
            text += line
            if "process_completed" in line:
                break
    return text


@pytest.mark.parametrize("nested", [False, True])
def test_a_file_of_the_archive_is_never_copied_nor_told_of(archive: Served, nested: bool) -> None:
    journal = archive.home / "journal.sqlite3"
    assert journal.is_file()
    there, missing = (posted(archive, str(path), nested=nested) for path in (journal, Path("/nowhere/at/all")))
    told = [replies(archive, "abcdefghijk") for reply in (there, missing) if reply.status_code == 200]
    assert archive.files_outside() == []
    assert archive.files_in_scratch() == []
    texts = [reply.text.replace(reply.headers["x-request-id"], "") for reply in (there, missing)]
    assert there.status_code == missing.status_code, told
    assert texts[0] == texts[1], told
    assert there.status_code == 400


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/stdin", "/proc/self/environ", "http://127.0.0.1:1/x"])
def test_a_file_without_end_does_not_hold_up_the_server(archive: Served, path: str) -> None:
    assert posted(archive, path).status_code == 400
    assert archive.health_seconds() < 1


def test_gradio_itself_holds_files_back_behind_that(site: Site, tmp_path: Path) -> None:
    """A second door: gradio's own, which it leaves open on a page that it didn't launch."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    file = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    box = next(block for block in site.page.blocks.values() if isinstance(block, gr.Textbox))
    token = LocalContext.blocks.set(site.page)
    try:
        with pytest.raises(InvalidPathError):
            asyncio.run(async_move_files_to_cache(file, box, check_in_upload_folder=True))
    finally:
        LocalContext.blocks.reset(token)
