"""Questions that follow up on others, made to stand alone by rules."""
