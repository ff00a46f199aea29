"""The night road: articles in, passages on the shelf, and a report of how each ended."""
