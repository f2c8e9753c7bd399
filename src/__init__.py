"""Fine-tuning dataset builder: documents in, validated and split datasets out."""

VERSION = "0.1.0"
