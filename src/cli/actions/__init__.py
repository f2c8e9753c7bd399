"""What the subcommands do: one function behind every name in ``src/cli/commands``, loaded when it is called."""
