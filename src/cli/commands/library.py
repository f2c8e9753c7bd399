"""The subcommands that look things up in the library of stored datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _search(parser: ArgumentParser) -> None:
    parser.add_argument(
        "words",
        metavar="WORDS",
        nargs="+",
        type=given,
        help='all of them; "side by side", either OR or, -without, begin*',
    )
    parser.add_argument("--dataset", metavar="NAME", type=stored_dataset, help="only in this dataset")
    parser.add_argument("--split", choices=("train", "validation"), help="only on this side")
    parser.add_argument("--source", metavar="WORDS", type=given, help="only from files with such a name")
    parser.add_argument("--limit", metavar="N", type=_whole, default=20, help="matches to show; default: 20")


def _whole(text: str) -> int:
    """The ``type`` of a number of matches."""
    if text.isdecimal() and 0 < int(text) <= _MOST:
        return int(text)
    from argparse import ArgumentTypeError

    raise ArgumentTypeError(f"{text!r} is not a whole number from 1 to {_MOST:,}")


_MOST = 10_000


def _diff(parser: ArgumentParser) -> None:
    parser.add_argument(
        "a", metavar="A", type=stored_dataset, help="NAME, NAME@2 for its version 2, or a JSONL file; the earlier one"
    )
    parser.add_argument(
        "b", metavar="B", nargs="?", type=stored_dataset, help="the later one; default: A after its latest change"
    )
    parser.add_argument(
        "--limit", metavar="N", type=_whole, default=10, help="samples of each kind to show; default: 10"
    )


def _why(parser: ArgumentParser) -> None:
    parser.add_argument(
        "sample", metavar="SAMPLE", type=given, help="first digits of its id, or FILE:LINE of an exported file"
    )


LIBRARY = Room(
    "The library",
    (
        Subcommand(
            name="search",
            summary="find samples by their words, keywords and source files in all stored datasets",
            target="src.cli.actions.library:search",
            examples=(
                "kiln temperature",
                "'\"first firing\" -raku' --dataset my_dataset",
                "glaz* --source handbook --json",
            ),
            add_arguments=_search,
        ),
        Subcommand(
            name="diff",
            summary="what was added, dropped and changed from one dataset or version to another, by sample",
            target="src.cli.actions.library:diff",
            examples=("my_dataset", "my_dataset@1 my_dataset@3", "old.jsonl my_dataset --json"),
            add_arguments=_diff,
        ),
        Subcommand(
            name="why",
            summary="where a sample comes from: its versions, its writer or file, page and place, and the text there",
            target="src.cli.actions.library:why",
            examples=("3f9a02", "output_datasets/my_dataset_train.jsonl:12", "my_dataset.csv:7 --json"),
            add_arguments=_why,
        ),
    ),
)
