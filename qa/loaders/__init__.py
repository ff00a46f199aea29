"""Loaders: files in, articles and failures out.

A format is a function `read_…(document, *, defaults)` that yields records, made by `RecordContext.article(values)` of
values under the names of `metadata.KNOWN`, or `unpack_…(document)` that yields members, and a line in `registry.py`.
"""
