"""What is shown of one kind of thing: lines for a screen, plain values for ``--json``."""
