"""The bench `qa.language`: text in, spans out."""
