"""Completion of the command line in a shell: a script that is made of the table of subcommands."""
