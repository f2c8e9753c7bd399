"""Tokens: vocabularies of optional packages, what chat templates add, the ratios of estimates, a faster counter."""
