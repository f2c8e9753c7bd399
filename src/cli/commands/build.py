"""The subcommands that build a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _add_generate(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="go ahead whatever the run may cost: nobody is asked")
    parser.add_argument(
        "--plan", action="store_true", help="show what would be asked for, and of which passages, and stop there"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="begin a new run that asks everything anew; earlier answers are kept"
    )
    parser.add_argument(
        "--allow-short",
        action="store_true",
        help="fewer samples than planned, or a dataset that breaks a limit, are no failure",
    )


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
            target="src.cli.actions.runs:generate",
            examples=(
                "",
                "--set mode=identify --set dataset_size=50",
                "--config other.yaml --seed 7 --json",
                "--plan --set dataset_size=200",
                "--yes --allow-short",
            ),
            add_arguments=_add_generate,
        ),
    ),
)
