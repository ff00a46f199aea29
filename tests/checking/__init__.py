"""Whether the check of written sentences tells faithful restatements from altered ones."""
