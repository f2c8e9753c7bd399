"""The coverage plan: which passage gets how many samples, and what kind of sample each of them is asked for."""
