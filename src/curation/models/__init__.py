"""The stages that ask models: a judge of rows, and teachers that write answers."""
