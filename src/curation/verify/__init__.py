"""Whether a curated set is what it should be: figures against targets, code, sums, rows for a person's eye."""
