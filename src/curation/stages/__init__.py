"""What all stages of curation share: shards, resuming, a manifest, and a check of what was written."""
