"""Readers of training rows: one function per shape, from the JSON object of a line back to a Sample."""
