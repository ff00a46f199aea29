"""Serves the page: `python app.py`."""

from qa.cli.main import app

if __name__ == "__main__":
    app(["serve"])
