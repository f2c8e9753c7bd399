"""The subcommand that checks and deduplicates prepared rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _qc(parser: ArgumentParser) -> None:
    parser.add_argument("sources", metavar="IN", nargs="+", type=given, help="JSONL files of rows with messages")
    parser.add_argument(
        "--out", metavar="OUT", type=given, help="the file for the rows that stay; default: IN with .clean.jsonl"
    )
    parser.add_argument(
        "--rejects",
        metavar="FILE",
        nargs="?",
        const="",
        help="write the other rows with their reasons to FILE; without FILE: OUT with .rejects.jsonl",
    )
    parser.add_argument(
        "--threshold", metavar="T", type=float, default=0.8, help="Jaccard similarity of near-duplicates; default: 0.8"
    )
    parser.add_argument(
        "--model", metavar="M", type=given, help="the model to be trained, whose control tokens no row may hold"
    )


QC = Subcommand(
    name="qc",
    summary="drop broken rows, exact and near-duplicates, each with its reason; needs no key",
    target="src.cli.actions.qc:qc",
    examples=(
        "data/claude_logs/train.jsonl --out data/claude_logs/train.clean.jsonl",
        "a.jsonl b.jsonl --out both.clean.jsonl --rejects --threshold 0.7 --json",
    ),
    add_arguments=_qc,
)
