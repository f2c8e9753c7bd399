"""The subcommands that build a dataset."""

from __future__ import annotations

from src.cli.subcommand import Room, Subcommand

BUILD = Room(
    "Build a dataset",
    (
        Subcommand(
            name="menu",
            summary="open the numbered menu (what happens without a command)",
            target="src.cli.menu:open_menu",
            examples=("", "--set dataset_size=50"),
        ),
        Subcommand(
            name="generate",
            summary="build the dataset that config.yaml describes",
            target="src.cli.run_commands:generate",
            examples=(
                "",
                "--set mode=identify --set dataset_size=50",
                "--config other.yaml --seed 7 --json",
            ),
        ),
    ),
)
