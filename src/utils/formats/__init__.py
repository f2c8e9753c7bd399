"""Training formats: one file per family, each format read, written and checked in one place; registry.py names all."""
