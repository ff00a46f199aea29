"""The bench `qa.store`: what is put on the shelf is found, kept through crashes, and gone when removed."""
