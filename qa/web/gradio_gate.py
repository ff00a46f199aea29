"""The gate before gradio: only requests as the page's own script makes them pass.

gradio trusts file paths, sessions and addresses that it is sent, takes whatever is posted to its queue for the value of
a component, and meets what it doesn't expect with a traceback. What the page's events send is read off the built page.
"""

import logging
from typing import Annotated

import gradio as gr
import httpx
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.i18n.locale import N_
from qa.web.connections import DATA, JOIN
from qa.web.guard import LARGEST_BODY, SESSION, Watched, content_kind, rejection

# Of what a browser sends gradio needs how to pack a reply, what the browser has already, and under which address this
# host is known. It takes an `Origin` for a reason to open its replies to other sites.
_HEADERS_PASSED = frozenset(
    (
        *(b"accept-encoding", b"host", b"if-modified-since", b"if-none-match", b"range"),
        *(b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"),
    )
)

_UNKNOWN = N_("That isn’t what this page sends. Load the page again, then ask once more.")
_NO_SESSION = N_("There is no such conversation here. Load the page again, then ask once more.")
_NO_HOST = N_("The request names an address that can’t be one.")
_FAILED = N_("The page can’t be shown just now. Try again in a minute.")

# gradio's ids of events and components count from 0; this is more than any page has.
_Id = Annotated[int, Field(ge=0, lt=1_000_000)]

_log = logging.getLogger(__name__)


class Payload(BaseModel):
    """The body that gradio's own script posts to `queue/join`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    data: list[str | None]
    fn_index: _Id
    session_hash: str = Field(pattern=f"^{SESSION}$")
    trigger_id: _Id | None = None
    # A box that changed says its text a second time; nothing of the page asks for that, so it isn't passed on.
    event_data: str | None = Field(None, exclude=True)


def payload_of(body: bytes, page: gr.Blocks) -> Payload:
    """A posted body, as one of the page's events sends it. Raises ValueError for anything else."""
    payload = Payload.model_validate_json(body)
    event = page.fns.get(payload.fn_index)
    if event is None or payload.trigger_id not in {None, *(part for part, _ in event.targets)}:
        raise ValueError("an event that the page does not have")
    if len(payload.data) != len(event.inputs) or not all(map(_fits, event.inputs, payload.data)):
        raise ValueError("values that the page does not send")
    return payload


def _fits(component: object, value: str | None) -> bool:
    """True for a value as the page sends it: text where the component holds text, and of its length at most."""
    if value is None or not isinstance(component, gr.Textbox | gr.Button):
        return value is None
    return len(value) <= (getattr(component, "max_length", None) or LARGEST_BODY)


class GradioGate:
    """Hands on to gradio what its page sends, with nothing else on it; an ASGI application around gradio's."""

    def __init__(self, app: ASGIApp, *, page: gr.Blocks) -> None:
        self._app, self._page = app, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched = Watched(send)
        try:
            await self._app(*await self._passed(Request(scope, receive)), watched)
        except HTTPException as error:
            await rejection(scope, error)(scope, receive, send)
        except Exception as failure:
            # One line of the log, and where it still can be a plain response.
            _log.error("gradio failed: %s", type(failure).__qualname__)
            _log.debug("how gradio failed", exc_info=True)
            if watched.begun:
                await send({"type": "http.response.body", "body": b""})
            else:
                await rejection(scope, HTTPException(500, _FAILED))(scope, receive, send)

    async def _passed(self, request: Request) -> tuple[Scope, Receive]:
        """The request with nothing on it that gradio doesn't need. Raises HTTPException where it isn't the page's."""
        path = request.scope["path"]
        passed = {**request.scope, "headers": _headers_passed(request.scope), "query_string": b""}
        if path == DATA:
            passed["query_string"] = f"session_hash={self._session(request)}".encode()
        elif path == JOIN and request.method == "POST":
            return _posting(await self._payload(request), passed, request.receive)
        return passed, request.receive

    def _session(self, request: Request) -> str:
        """The session whose replies are wanted, where gradio has one of that name."""
        names = request.query_params.getlist("session_hash")
        if len(names) != 1 or names[0] not in self._page._queue.pending_messages_per_session:
            raise HTTPException(404, _NO_SESSION)
        return names[0]

    async def _payload(self, request: Request) -> Payload:
        if content_kind(request) != "application/json":
            raise HTTPException(415, _UNKNOWN)
        try:
            return payload_of(await request.body(), self._page)
        except (ValueError, ClientDisconnect):
            raise HTTPException(400, _UNKNOWN) from None


def _headers_passed(scope: Scope) -> list[tuple[bytes, bytes]]:
    """Raises HTTPException where gradio can't make the addresses of its page from the host that is named."""
    headers = [pair for pair in scope["headers"] if pair[0] in _HEADERS_PASSED]
    for host in (value.decode("latin-1").partition(",")[0] for name, value in headers if name.endswith(b"host")):
        try:
            printable = str(httpx.URL(f"http://{host.strip()}/").copy_with(query=None)).isprintable()
        except (httpx.InvalidURL, ValueError):
            printable = False
        if not printable:
            raise HTTPException(400, _NO_HOST)
    return headers


def _posting(payload: Payload, scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """The request with this payload as its body, written anew, so that gradio reads what was checked."""
    body = payload.model_dump_json().encode()
    about = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def received() -> Message:
        return next(messages, None) or await receive()

    return {**scope, "headers": [*scope["headers"], *about]}, received
