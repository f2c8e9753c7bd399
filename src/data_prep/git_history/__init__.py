"""Git history as training rows: two passes, the second only over commits that may be worth it."""
