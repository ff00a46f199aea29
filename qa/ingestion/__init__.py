"""The night road: files in, a filled shelf out."""
