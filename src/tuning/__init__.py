"""Fine-tuning jobs at vendors: planned, launched exactly once, followed to their end."""
