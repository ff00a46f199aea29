"""One file per archive format: bytes to articles."""
