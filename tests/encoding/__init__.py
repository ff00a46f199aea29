"""The bench `qa.encoding`: the published model, its vectors and its tokens."""
