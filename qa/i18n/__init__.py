"""The software's own texts in each locale; the words of articles are never translated here."""
