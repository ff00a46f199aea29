"""What an article claims in figures: reading, and the words of each language that it goes by."""
