"""Several sets as one, divided into training and evaluation without anything of the one in the other."""
