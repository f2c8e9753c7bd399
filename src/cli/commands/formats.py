"""The subcommand that turns training files from one format into another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _convert(parser: ArgumentParser) -> None:
    parser.add_argument("source", metavar="IN", type=given, help="a JSONL file, or a JSON list of rows")
    parser.add_argument("out", metavar="OUT", nargs="?", type=given, help="the JSONL file to write; not with --preview")
    parser.add_argument("--to", metavar="F", type=given, required=True, help="format to write, as sharegpt; see README")
    parser.add_argument("--from", metavar="F", dest="source_format", type=given, help="format of IN; default: detected")
    parser.add_argument(
        "--allow-loss", action="store_true", help="go ahead where the format cannot hold all of it; says what was lost"
    )
    parser.add_argument("--preview", action="store_true", help="write nothing, say what would be lost")


FORMATS_ROOM = Room(
    "Training formats",
    (
        Subcommand(
            name="convert",
            summary="write a training file in another format; says before what would be lost",
            target="src.cli.actions.formats:convert",
            examples=(
                "train.jsonl train_sharegpt.jsonl --to sharegpt",
                "alpaca.json train.jsonl --from alpaca --to openai-chat",
                "train.jsonl --to bedrock-claude --preview",
            ),
            add_arguments=_convert,
        ),
    ),
)
