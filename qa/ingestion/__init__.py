"""The night road: files in, a filled store out."""
