"""Pure work on texts and samples: reading, cutting, counting, checking, splitting. No network, no database."""
