"""A stored dataset on its way to others: a folder for the Hugging Face Hub, a release bundle, and its check."""
