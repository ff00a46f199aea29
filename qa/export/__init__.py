"""The archive given back: articles as text in the formats of the field. Nothing here reads or stores."""
