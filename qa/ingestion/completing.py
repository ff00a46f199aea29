"""Giving passages the vectors of the encoder of several languages that they lack."""

from __future__ import annotations

from qa.protocols import Encoder, FillableSpace

BATCH = 256
"""Passages encoded and stored in one step; a crash costs at most one of them."""


def complete(space: FillableSpace, encoder: Encoder) -> int:
    """Encodes every passage that lacks its vector; how many. Cut off, it goes on where it was when it is run again."""
    done = 0
    while lacking := space.lacking(limit=BATCH):
        numbers = list(lacking)
        space.put(numbers, encoder.encode([lacking[number].heading + lacking[number].text for number in numbers]))
        done += len(numbers)
    return done


def needed(space: FillableSpace, *, always: bool) -> bool:
    """Whether passages are to have such vectors: once they have them they keep them."""
    return always or space.fingerprint is not None or space.wanted
