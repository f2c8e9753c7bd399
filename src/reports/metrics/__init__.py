"""How good a dataset is, without asking a model: diversity, coverage of its sources, groundedness; and comparisons."""
