"""Near-duplicates by exact Jaccard similarity of shingle sets. Knows texts and numbers only, no samples."""
