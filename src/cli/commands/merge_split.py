"""The subcommand that merges prepared files and divides them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _merge_split(parser: ArgumentParser) -> None:
    parser.add_argument("sources", metavar="FILE", nargs="+", type=given, help="JSONL files of rows with messages")
    parser.add_argument(
        "--name", metavar="NAME", type=given, default="full", help="as in train.NAME.jsonl; default: full"
    )
    parser.add_argument(
        "--eval_frac",
        "--eval-frac",
        metavar="SHARE",
        type=float,
        default=0.15,
        help="share of the rows for evaluation; default: 0.15",
    )
    parser.add_argument(
        "--out-dir",
        "--out_dir",
        metavar="DIR",
        type=given,
        help="default: data/staging, of the present folder where it has a data, else of the program",
    )
    parser.add_argument(
        "--threshold", metavar="T", type=float, default=0.8, help="Jaccard similarity of near-duplicates; default: 0.8"
    )
    parser.add_argument(
        "--decontaminate",
        metavar="BENCHMARK",
        action="append",
        type=given,
        default=[],
        help="a file (JSON, JSONL, text) whose texts no row may hold; may be repeated",
    )
    parser.add_argument(
        "--overlap",
        metavar="SHARE",
        type=float,
        default=0.4,
        help="share of a text's runs of 13 words that makes a row a copy; default: 0.4",
    )
    parser.add_argument(
        "--model", metavar="M", type=given, help="the model to be trained, whose control tokens no row may hold"
    )


MERGE_SPLIT = Subcommand(
    name="merge-split",
    summary="merge files into a training and an evaluation set that share nothing; prints the leaks, which must be 0",
    target="src.cli.actions.merge_split:merge_split",
    examples=(
        "data/claude_logs/train.clean.jsonl data/git_history/git_sft.clean.jsonl --name full --eval_frac 0.15",
        "rows.jsonl --name small --out-dir sets --decontaminate humaneval.jsonl",
        "rows.jsonl --set split.leak_threshold=0.4 --seed 7 --json",
    ),
    add_arguments=_merge_split,
)
