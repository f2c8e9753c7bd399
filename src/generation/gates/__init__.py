"""What a generated draft must pass before it is a sample: one small file per family of gates, one code per reason."""
