"""The software's own words in the reader's language; what articles say is never put into others."""
