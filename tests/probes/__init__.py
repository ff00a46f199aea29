"""Questions about the outcome of cases, and about cases that are alike, with what has to come back."""
