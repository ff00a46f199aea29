"""The evaluation that decides what stays: known questions, public sets and speed, in one table."""
