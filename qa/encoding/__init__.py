"""Texts to vectors, by sentence-transformers and by the packaged encoder of several languages."""
