"""Words: closed vocabularies, names, dates and times."""
