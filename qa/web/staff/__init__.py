"""The staff's side of the page: who may enter, the queue, the check of one question, the work on the archive."""
