"""The subcommands that work on files given as arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _identify(parser: ArgumentParser) -> None:
    parser.add_argument(
        "paths", metavar="PATH", nargs="+", type=given, help="a document or a folder of documents, anywhere"
    )
    parser.add_argument(
        "--out", metavar="FILE", type=given, help="the JSONL file to write, in a folder that is there; default: print"
    )
    parser.add_argument(
        "--explain", action="store_true", help="instead of rows, say of each document why it was or was not taken"
    )


def _extract(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=given, help="a document, anywhere")


def _validate(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=given, help="a JSONL file with one training example a line")
    parser.add_argument(
        "--provider",
        metavar="P",
        type=given,
        help="openai, anthropic, google, mistral or llama; default: config.yaml",
    )
    parser.add_argument("--model", metavar="M", type=given, help="the model to be trained; default: config.yaml")
    parser.add_argument("--validation", metavar="V", type=given, help="the validation file that goes with FILE")
    parser.add_argument(
        "--fix", metavar="OUT", type=given, help="write FILE with safe repairs to OUT, say each of them, and check OUT"
    )


DOCUMENTS = Room(
    "Documents and files",
    (
        Subcommand(
            name="identify",
            summary="take the conversations out of files, word for word; needs no key",
            target="src.cli.actions.identify:identify",
            examples=(
                "interviews/ --out dialogues.jsonl",
                "faq.docx chat.txt --out dialogues.jsonl --set agent.identify.min_turns=4",
                "chats/ --out dialogues.jsonl --set privacy=redact",
            ),
            add_arguments=_identify,
        ),
        Subcommand(
            name="extract",
            summary="print the text of one document",
            target="src.cli.actions.extract:extract",
            examples=("report.pdf", "report.pdf > report.txt"),
            add_arguments=_extract,
        ),
        Subcommand(
            name="validate",
            summary="check a JSONL file against the limits of a model",
            target="src.cli.actions.validate:validate",
            examples=(
                "output_datasets/my_dataset_train.jsonl",
                "train.jsonl --provider openai --model gpt-4.1-mini",
                "train.jsonl --validation held_out.jsonl",
                "train.jsonl --fix mended.jsonl",
            ),
            add_arguments=_validate,
        ),
    ),
)
