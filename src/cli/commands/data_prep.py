"""The subcommands that turn chat logs, git history and code into training sets."""

from __future__ import annotations

from src.cli.subcommand import Room, Subcommand

_COMMANDS: tuple[Subcommand, ...] = ()

DATA_PREP = Room("Prepare chat logs, git history and code", _COMMANDS)
