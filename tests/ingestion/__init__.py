"""Ingestion: articles in, passages in the store, and a report of how each ended."""
