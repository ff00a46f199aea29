"""Ways of finding: what each promises, and the arithmetic of each by hand."""
