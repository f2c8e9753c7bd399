"""What a person sees and types: the menu, its screens, and the subcommands. It asks and shows; it decides nothing."""
