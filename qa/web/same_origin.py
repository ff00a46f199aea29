"""This site's own address, and whether a form was sent from a page of it."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.requests import Request


def from_here(request: Request) -> bool:
    """Whether the browser says that a page of this site sent it. One that says nothing at all isn't believed.

    Browsers of today send `Sec-Fetch-Site`, those before them `Origin` with every form that is posted.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
    return bool(host) and urlsplit(origin).scheme in {"http", "https"} and urlsplit(origin).netloc == host


def base_of(request: Request) -> str:
    """The address of this site as the reader's browser has it, without a slash at its end."""
    return f"{request.url.scheme}://{request.url.netloc}"
