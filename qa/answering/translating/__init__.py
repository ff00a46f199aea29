"""Translations of quotes by a language model, shown beside them and only where they say as much."""
