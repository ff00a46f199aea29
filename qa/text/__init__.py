"""Pure text analysis: text in, spans out."""
