"""Fill-in-the-middle examples from the code of a repository or folder."""
