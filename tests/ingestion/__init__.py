"""The night road: articles in, passages on the store, and a report of how each ended."""
