"""The subcommand for those who live in a shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _completion(parser: ArgumentParser) -> None:
    parser.add_argument(
        "what", metavar="SHELL", choices=("bash", "zsh", "fish", "names"), help="bash, zsh or fish; names: of datasets"
    )


SHELL = Room(
    "In your shell",
    (
        Subcommand(
            name="completion",
            summary="print a script that completes commands, options and names of datasets",
            target="src.cli.actions.completion:completion",
            examples=("bash > ~/.dataset_builder.bash", "zsh", "fish"),
            add_arguments=_completion,
        ),
    ),
)
