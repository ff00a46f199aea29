"""The archive for other programs: questions, passages and articles as JSON, and a page that describes them."""
