"""Rules for lines, each for one way to write a dialogue; the best reading of a text is chosen among them."""
