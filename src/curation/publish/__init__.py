"""A finished set on its way: its card, and the folder or store that it is copied to."""
