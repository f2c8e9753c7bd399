"""What two models answered, measured: pure functions of texts and numbers, without a model."""
