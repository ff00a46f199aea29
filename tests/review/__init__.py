"""Known questions, measures and floors."""
