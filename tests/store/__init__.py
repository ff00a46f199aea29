"""The bench `qa.store`: what is put on the store is found, kept through crashes, and gone when removed."""
