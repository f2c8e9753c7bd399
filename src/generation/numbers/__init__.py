"""Numbers of answers: how they are written, what they are numbers of, and what they follow from."""
