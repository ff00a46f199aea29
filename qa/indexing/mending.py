"""Putting right what a check of the shelf finds."""

from __future__ import annotations

from qa.domain.deliveries import Delivery
from qa.indexing.ingesting import shelve
from qa.ports import Encoder, Mendable


def mend(shelf: Mendable, encoder: Encoder) -> None:
    """Cuts and encodes damaged articles again from their stored bodies, then writes the vector index anew.

    Raises ShelfMismatch where the vectors of the others were made by another encoder.
    """
    damaged = shelf.broken()
    if damaged:
        shelf.require(encoder.fingerprint)
    for start in range(0, len(damaged), 64):
        part = damaged[start : start + 64]
        deliveries = [Delivery(shelf.original(article_id), shelf.path(article_id)) for article_id in part]
        shelf.put(shelve(deliveries, encoder))
    shelf.rebuild()
