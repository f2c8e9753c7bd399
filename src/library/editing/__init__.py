"""Changes of stored samples: by hand, by rules, by an edited table, by review. Each makes a version of its own."""
