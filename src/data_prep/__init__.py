"""Chat logs, git history and code as training sets: converters, quality control, merging."""
