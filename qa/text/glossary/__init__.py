"""Legal words: what they mean, and what they do not, for readers of the other language."""
