"""Secrets and personal data in text: where they stand, and what takes their place."""
