"""Ways of finding passages and sentences on the store."""
