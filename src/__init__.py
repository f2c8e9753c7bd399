"""Fine-tuning dataset builder: documents in, validated and split datasets out."""
