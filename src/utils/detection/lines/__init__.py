"""Lines: what a line is, which label it bears, whether it asks, and where the turn ends that it begins."""
