"""Ways of finding passages, and the order of their sentences."""
