"""What is written about the project is what it does."""
