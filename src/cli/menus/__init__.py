"""The screens behind the entries of the menu: they ask, then do what the subcommand of that name does."""
