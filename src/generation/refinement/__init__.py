"""Writing anew what a dataset lacks: what was rejected, what a person dropped, what is doubtful, what has no sample."""
