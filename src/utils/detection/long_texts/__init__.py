"""Long texts: read window by window, by the heads of turns that were learned at their beginning."""
