"""The journal: what was asked and answered, what the staff made of it, and who they are; a file of its own."""
