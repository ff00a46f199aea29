"""Archive Q&A: questions about a news archive, answered in the archive's own words."""
