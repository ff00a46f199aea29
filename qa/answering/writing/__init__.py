"""Answers written by a language model from numbered sentences, and shown only as far as they were checked."""
