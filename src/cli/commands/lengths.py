"""The subcommand that counts the tokens of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _lengths(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", type=given, help="training files, of any known format")
    parser.add_argument(
        "--model",
        metavar="M",
        action="append",
        type=given,
        default=[],
        help="whose tokens are counted; may be repeated; default: Qwen/Qwen2.5-Coder-7B-Instruct",
    )
    parser.add_argument("--max_len", "--max-len", metavar="N", type=int, help="say how many rows have more tokens")
    parser.add_argument("--limit", metavar="N", type=int, help="fail (exit code 1) when a row has more tokens")
    parser.add_argument(
        "--fill", metavar="README", type=given, help="write the table of statistics into this file, between its marks"
    )


LENGTHS = Subcommand(
    name="lengths",
    summary="token statistics with a histogram per model; may fail on rows that are too long",
    target="src.cli.actions.lengths:lengths",
    examples=(
        "data/staging/train.full.jsonl --max_len 2048",
        "train.jsonl eval.jsonl --model gpt-4.1-mini --model Qwen/Qwen2.5-7B --limit 4096",
        "data/staging/train.full.jsonl data/staging/eval.full.jsonl --fill data/README.md",
    ),
    add_arguments=_lengths,
)
