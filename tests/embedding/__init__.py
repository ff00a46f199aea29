"""The bench `qa.embedding`: the published model, its vectors and its tokens."""
