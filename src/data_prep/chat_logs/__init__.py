"""Chat logs as training rows: found and told apart by content, cleaned, focused, cut to length, made private."""
