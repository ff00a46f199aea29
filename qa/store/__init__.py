"""The store: a catalogue in SQLite, vectors in Chroma, kept in step."""
