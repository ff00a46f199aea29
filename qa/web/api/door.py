"""Who may call, and how often: the place where every call of a program is let in or turned away."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import HTTPException, Request

from qa.web.throttle import Throttle, host_of

Door = Callable[[Request], None]
"""Lets a call in by returning; raises HTTPException, its detail in plain words, to turn it away.

It is a dependency of every call, so that another one, such as one that knows tokens, may take its place.
"""


def throttled(throttle: Throttle) -> Door:
    """Lets each client in as often as the throttle does."""

    def door(request: Request) -> None:
        host = host_of(request)
        if not throttle.admits(host):
            seconds = throttle.wait(host)
            unit = "second" if seconds == 1 else "seconds"
            raise HTTPException(
                429,
                f"That is a lot in a short time. Wait {seconds} {unit}, then ask again.",
                {"Retry-After": str(seconds)},
            )

    return door


def json_only(request: Request) -> None:
    """Turns away what isn't sent as JSON. Raises HTTPException."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != "application/json":
        shown = f"“{sent[:60]}”" if sent else "none"
        raise HTTPException(415, f"Send JSON with the header Content-Type: application/json; found {shown}.")
