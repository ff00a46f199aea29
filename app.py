"""Serves the page: `python app.py`."""

from qa.cli.output import plain_errors
from qa.cli.serving import serve_archive
from qa.settings import read_settings

if __name__ == "__main__":
    with plain_errors():
        serve_archive(read_settings())
