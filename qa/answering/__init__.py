"""The steps between a question and a checked reply."""
