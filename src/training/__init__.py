"""Small fine-tuning on this machine: LoRA over TRL and PEFT, what it changed, and what to do with the result."""
