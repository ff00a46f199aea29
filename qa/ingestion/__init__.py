"""Ingestion: records are loaded, split into passages, encoded, annotated and stored."""
