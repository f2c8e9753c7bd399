"""Which rows a set is made of: by category, score and source, in wished shares, by topic, from several files."""
