"""Figures about a dataset: the statistics file and the tables that the program shows."""
