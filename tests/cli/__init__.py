"""The command `qa`, as people and scripts use it."""
