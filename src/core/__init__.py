"""Types, configuration, secrets and errors: imports nothing else of ours."""
