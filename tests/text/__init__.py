"""The bench `qa.text`: text in, spans out."""
