"""Every route of gradio's application: the open ones are written down, all others shut, a new one is noticed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from qa.web.page import gradio_of
from qa.web.requests import _OPEN

from .conftest import Site

OPEN = {
    "GET /",
    "GET /assets/{path:path}",
    "GET /config",
    "GET /favicon.ico",
    "GET /gradio_api/heartbeat/{session_hash}",
    "GET /gradio_api/queue/data",
    "GET /static/{path:path}",
    "GET /theme.css",
    "HEAD /",
    "POST /gradio_api/queue/join",
}
"""What the page needs; of the two folders of files only names without folders of their own."""

SHUT = {
    "GET /config/",
    "POST /gradio_api/api/{api_name}",
    "POST /gradio_api/api/{api_name}/",
    "GET /gradio_api/app_id",
    "GET /gradio_api/app_id/",
    "POST /gradio_api/call/v2/{api_name}",
    "POST /gradio_api/call/v2/{api_name}/",
    "GET /gradio_api/call/v2/{api_name}/{event_id}",
    "POST /gradio_api/call/{api_name}",
    "POST /gradio_api/call/{api_name}/",
    "GET /gradio_api/call/{api_name}/{event_id}",
    "POST /gradio_api/cancel",
    "POST /gradio_api/component_server",
    "POST /gradio_api/component_server/",
    "GET /gradio_api/custom_component/{id}/{environment}/{type}/{file_name}",
    "GET /gradio_api/deep_link",
    "GET /gradio_api/dev/reload",
    "GET /gradio_api/file/{path:path}",
    "GET /gradio_api/file={path_or_url:path}",
    "HEAD /gradio_api/file={path_or_url:path}",
    "GET /gradio_api/info",
    "GET /gradio_api/info/",
    "GET /gradio_api/login_check",
    "GET /gradio_api/login_check/",
    "GET /gradio_api/openapi.json",
    "POST /gradio_api/process_recording",
    "GET /gradio_api/proxy={url_path:path}",
    "HEAD /gradio_api/proxy={url_path:path}",
    "GET /gradio_api/queue/status",
    "POST /gradio_api/reset",
    "POST /gradio_api/reset/",
    "POST /gradio_api/run/{api_name}",
    "POST /gradio_api/run/{api_name}/",
    "GET /gradio_api/runs",
    "GET /gradio_api/runs/",
    "GET /gradio_api/startup-events",
    "POST /gradio_api/stream/{event_id}",
    "POST /gradio_api/stream/{event_id}/close",
    "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist-file",
    "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/playlist.m3u8",
    "GET /gradio_api/stream/{session_hash}/{run}/{component_id}/{segment_id}.{ext}",
    "GET /gradio_api/theme.css",
    "GET /gradio_api/token",
    "GET /gradio_api/token/",
    "POST /gradio_api/undo-vibe-edit",
    "POST /gradio_api/undo-vibe-edit/",
    "POST /gradio_api/upload",
    "GET /gradio_api/upload_progress",
    "GET /gradio_api/user",
    "GET /gradio_api/user/",
    "GET /gradio_api/vibe-code",
    "POST /gradio_api/vibe-code",
    "GET /gradio_api/vibe-code/",
    "POST /gradio_api/vibe-code/",
    "POST /gradio_api/vibe-edit",
    "POST /gradio_api/vibe-edit/",
    "POST /gradio_api/vibe-starter-queries",
    "POST /gradio_api/vibe-starter-queries/",
    "POST /login",
    "POST /login/",
    "GET /logout",
    "GET /manifest.json",
    "GET /monitoring",
    "GET /monitoring/summary",
    "GET /monitoring/{key}",
    "GET /openapi.json",
    "HEAD /openapi.json",
    "GET /pwa_icon",
    "GET /pwa_icon/{size}",
    "GET /robots.txt",
    "GET /svelte/{path:path}",
}
"""All else that gradio 6.31 brings."""


def routes_of(routes: Iterable[Any]) -> Iterator[str]:
    """Every method and path, those of included routers too."""
    for route in routes:
        if inner := getattr(route, "effective_candidates", None):
            yield from routes_of(inner())
        else:
            yield from (f"{method} {route.path}" for method in route.methods)


def test_gradio_brings_no_route_that_nobody_judged(shared_site: Site) -> None:
    found = set(routes_of(gradio_of(shared_site.app).routes))
    assert found - OPEN - SHUT == set(), "new: open or shut them in qa/web/requests.py, and say so here"
    assert (OPEN | SHUT) - found == set(), "gone: take them out here, and where they are open in qa/web/requests.py"


VALUES = {"path": "x/y", "url_path": "https://elsewhere.example/", "path_or_url": "/etc/passwd"}


@pytest.mark.parametrize("route", sorted(SHUT))
def test_what_is_shut_answers_404(shared_site: Site, route: str) -> None:
    method, _, path = route.partition(" ")
    filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda name: VALUES.get(name[1], "1"), path)
    assert not _OPEN.fullmatch(filled)
    for sent in {method, "GET", "POST"}:
        assert shared_site.client().request(sent, filled).status_code == 404, sent


@pytest.mark.parametrize("folder", ["assets", "static/js", "static/img", "page"])
@pytest.mark.parametrize("name", ["x" * 300, "é" * 150, "%2e%2e", "%2e"])
def test_no_file_is_looked_for_by_a_name_that_it_cannot_have(shared_site: Site, folder: str, name: str) -> None:
    """The disk takes names of 255 bytes; gradio fails at longer ones."""
    reply = shared_site.client().get(f"/{folder}/{name}")
    assert 400 <= reply.status_code < 500


def test_what_is_open_answers(shared_site: Site) -> None:
    client = shared_site.client()
    for path in ("/", "/config", "/favicon.ico", "/theme.css"):
        assert client.get(path).status_code == 200
    assert client.get("/gradio_api/queue/data").status_code == 404
    assert client.post("/gradio_api/queue/join").status_code == 415
