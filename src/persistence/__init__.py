"""What outlives a run: the SQLite store, the journal of model answers, backups and exported files."""
