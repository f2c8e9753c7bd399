"""Writing with a model too small to be trusted: code picks the answer from the source, the model words a question."""
