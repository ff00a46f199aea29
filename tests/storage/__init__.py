"""The bench `qa.storage`: what is put on the shelf is found, kept through crashes, and gone when removed."""
