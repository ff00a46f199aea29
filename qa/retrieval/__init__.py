"""Ways of finding passages and sentences on the shelf."""
