"""Whether a written sentence says no more than the sentences of the archive that it cites: one rule, one file."""
