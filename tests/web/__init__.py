"""The page and the articles, as the public meets them."""
