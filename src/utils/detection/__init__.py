"""Finds conversations in extracted text: structure first, then a grammar of lines, then one decision per document."""
