"""The day road: a question in, a checked reply out."""
