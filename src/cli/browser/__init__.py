"""Going through samples in a terminal: one on a page, one key for each thing that can be done with it."""
