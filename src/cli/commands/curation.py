"""The subcommands that curate large sets of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _dedupe(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="IN", type=given, help="a JSONL file with one row a line; .gz is unpacked")
    parser.add_argument("out", metavar="OUT", type=given, help="the JSONL file for the rows that stay")
    parser.add_argument(
        "--field",
        metavar="NAME",
        action="append",
        type=given,
        default=[],
        help="what is compared; may be repeated; default: instruction and response, or messages",
    )
    parser.add_argument(
        "--threshold", metavar="T", type=float, default=0.8, help="Jaccard similarity of duplicates; default: 0.8"
    )
    parser.add_argument("--ngram", metavar="N", type=int, default=5, help="tokens of a shingle; default: 5")
    parser.add_argument(
        "--method",
        choices=("exact", "minhash"),
        default="exact",
        help="exact finds every duplicate; minhash nearly every one; default: exact",
    )
    parser.add_argument(
        "--against",
        metavar="OTHER",
        action="append",
        type=given,
        default=[],
        help="a JSONL file whose rows IN must not repeat, as a benchmark; may be repeated",
    )
    parser.add_argument(
        "--workers", metavar="N", type=int, default=1, help="processes; the result is the same; default: 1"
    )


CURATION = Room(
    "Curate large sets",
    (
        Subcommand(
            name="dedupe",
            summary="remove exact and near-duplicate rows, the best of each stays; needs no key",
            target="src.cli.curation_commands:dedupe",
            examples=(
                "rows.jsonl clean.jsonl",
                "rows.jsonl.gz clean.jsonl --threshold 0.7 --field response --workers 4",
                "train.jsonl clean.jsonl --against benchmark.jsonl --json",
            ),
            add_arguments=_dedupe,
        ),
    ),
)
