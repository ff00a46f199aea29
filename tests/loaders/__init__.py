"""The bench `qa.loaders`: files in, articles and failures out."""
