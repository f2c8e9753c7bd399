"""The subcommand that lets a person talk to a trained model beside its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _try(parser: ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", type=given, help="the folder of a training run, or of its adapter")
    parser.add_argument(
        "--prompt", metavar="TEXT", type=given, action="append", help="one question, no conversation; may be repeated"
    )
    parser.add_argument("--system", metavar="TEXT", type=given, help="the system message of both")
    parser.add_argument("--max-tokens", metavar="N", type=int, help="tokens of an answer at most; default: 200")


TRY = Subcommand(
    name="try",
    summary="talk to a trained model and its base side by side",
    target="src.cli.actions.try_tuned:try_tuned",
    examples=("memory/training/my_dataset", "memory/training/my_dataset --prompt Hello --json"),
    add_arguments=_try,
)
