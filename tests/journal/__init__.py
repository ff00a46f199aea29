"""The journal: what is kept of questions, replies and the staff's work."""
