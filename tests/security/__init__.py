"""Attacks on a served archive."""
