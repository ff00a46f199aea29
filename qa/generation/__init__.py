"""Answers written by a language model from passages, and shown only as far as they were checked."""
