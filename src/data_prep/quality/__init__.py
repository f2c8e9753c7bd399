"""Quality control: rows that are broken, and rows that repeat others."""
