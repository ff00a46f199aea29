"""What the page's own events send: read off the built page, so that the two can't drift apart.

gradio takes whatever is posted to its queue for the value of a component, descriptions of files on this host's disk
among it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import gradio as gr
from gradio.block_function import BlockFunction
from pydantic import BaseModel, ConfigDict, Field

from qa.web.guard import LARGEST_BODY, SESSION

# gradio's ids of events and components count from 0; this is more than any page has.
_MOST_IDS = 1_000_000

_Id = Annotated[int, Field(ge=0, lt=_MOST_IDS)]


class Payload(BaseModel):
    """The body that gradio's own script posts to `queue/join`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    data: list[str | None]
    fn_index: _Id
    session_hash: str = Field(pattern=f"^{SESSION}$")
    trigger_id: _Id | None = None
    # A box that changed says its text a second time; nothing of the page asks for that, so it isn't passed on.
    event_data: str | None = Field(None, exclude=True)


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the page: the most characters of each value, None for one that is always null, and its triggers."""

    longest: tuple[int | None, ...]
    triggers: frozenset[int | None]

    def admits(self, payload: Payload) -> bool:
        """Whether the values are as many, of the types and of the lengths that the page sends."""
        if payload.trigger_id is not None and payload.trigger_id not in self.triggers:
            return False
        if len(payload.data) != len(self.longest):
            return False
        return all(
            value is None or (longest is not None and len(value) <= longest)
            for value, longest in zip(payload.data, self.longest, strict=True)
        )


def events_of(page: gr.Blocks) -> dict[int, Event]:
    """The events of a built page by gradio's number. Raises TypeError where one takes what is not text."""
    return {number: _event(function) for number, function in page.fns.items()}


def payload_of(body: bytes, events: Mapping[int, Event]) -> Payload:
    """What was posted, as one of the page's events sends it. Raises ValueError for anything else."""
    try:
        json.loads(body.decode("utf-8"), object_pairs_hook=_named_once)
    except RecursionError:
        raise ValueError("a body that is nested too deeply") from None
    payload = Payload.model_validate_json(body)
    event = events.get(payload.fn_index)
    if event is None or not event.admits(payload):
        raise ValueError("an event that the page does not have")
    return payload


def _event(function: BlockFunction) -> Event:
    return Event(
        longest=tuple(_longest(component) for component in function.inputs),
        triggers=frozenset(component for component, _ in function.targets),
    )


def _longest(component: object) -> int | None:
    """The most characters that a component's value has; None where its value stays on the server."""
    if isinstance(component, gr.State):
        return None
    if isinstance(component, gr.Textbox):
        return component.max_length or LARGEST_BODY
    if isinstance(component, gr.Button):
        return LARGEST_BODY
    raise TypeError(f"an event takes the value of a {type(component).__name__}: say here what the page may send for it")


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a field that is named twice")
    return fields
