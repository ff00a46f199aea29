"""The bench `qa.reading`: files in, articles and failures out."""
