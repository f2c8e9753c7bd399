"""From stored samples to what the user holds: the split, and files that are made from what SQLite stores."""
