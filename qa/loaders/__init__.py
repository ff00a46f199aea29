"""Loaders: files in, articles and failures out.

To read a new kind of file, write a module here with a function `read_…(context)` that yields the records of the
`context.document`, and add one line to `FORMATS` in `registry.py`. `context.article(values)` in `metadata.py` makes an
article of values under the names of `metadata.KNOWN`; whatever can't be read is a `ReadError` that says what was
expected, found, and what to do. A container has `unpack_…(context)` instead, which yields its members as documents.

`sniffing` tells formats apart, `reading` finds the files, calls their readers and turns errors into failures.
"""
