"""What sources say differently of what was asked, and where independent ones agree."""
