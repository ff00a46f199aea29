"""What the archive gives back, and whether it is read as the same again."""
