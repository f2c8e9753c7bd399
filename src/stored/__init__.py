"""What is done with datasets that are stored: changed, kept in order, exported, refined, measured."""
