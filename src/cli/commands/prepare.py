"""The subcommand that does all of data preparation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _prepare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--repo",
        metavar="PATH",
        action="append",
        type=given,
        default=[],
        help="a git repository whose commits and code are used; may be repeated",
    )
    parser.add_argument(
        "--data",
        metavar="DIR",
        type=given,
        help="the folder of all files; default: data, of the present folder where it has one, else of the program",
    )
    parser.add_argument("--followups", metavar="N", type=int, default=3, help="as for chat-logs; default: 3")
    parser.add_argument("--per_file", "--per-file", metavar="N", type=int, default=6, help="as for fim; default: 6")
    parser.add_argument(
        "--max_len", "--max-len", metavar="N", type=int, default=1600, help="tokens of a gap's row; default: 1600"
    )
    parser.add_argument("--name", metavar="NAME", type=given, default="full", help="of the set; default: full")
    parser.add_argument(
        "--eval_frac",
        "--eval-frac",
        metavar="SHARE",
        type=float,
        default=0.15,
        help="share for evaluation; default: 0.15",
    )


PREPARE = Subcommand(
    name="prepare",
    summary="all of it: chat logs, commits and code to one training and one evaluation file; needs no key",
    target="src.cli.actions.prepare:prepare",
    examples=("", "--repo ~/code/project", "--repo one --repo two --name both --eval_frac 0.1 --json"),
    add_arguments=_prepare,
)
