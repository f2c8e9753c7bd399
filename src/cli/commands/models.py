"""The subcommands about the models that can be trained: which there are, and what they cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser

_PROVIDERS = "openai, anthropic, google, mistral or llama"


def _models(parser: ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", nargs="?", type=given, help="one model: everything known about it")
    parser.add_argument("--provider", metavar="P", type=given, help=f"only those of {_PROVIDERS}")
    parser.add_argument("--check", action="store_true", help="warn of entries that were checked over 90 days ago")


def _estimate(parser: ArgumentParser) -> None:
    parser.add_argument(
        "source", metavar="DATASET_OR_FILE", type=stored_dataset, help="a stored dataset by name or id, or a JSONL file"
    )
    parser.add_argument("--all", action="store_true", help="every model there is; the same as naming none")
    parser.add_argument("--provider", metavar="P", type=given, help=f"only the models of {_PROVIDERS}")
    parser.add_argument("--model", metavar="M", type=given, help="only this model")
    parser.add_argument("--epochs", metavar="N", type=int, default=3, help="passes over the rows; default: 3")


MODELS = Room(
    "Models and costs",
    (
        Subcommand(
            name="models",
            summary="show the models that can be trained: status, limits, prices, and when that was checked",
            target="src.cli.actions.models:models",
            examples=("", "--provider llama", "gemini-3.5-flash", "--check", "--json"),
            add_arguments=_models,
        ),
        Subcommand(
            name="estimate",
            summary="compare what training on a dataset would cost with every model that takes it",
            target="src.cli.actions.models:estimate",
            examples=(
                "my_dataset",
                "my_dataset --provider llama --epochs 2",
                "train.jsonl --provider openai --model gpt-4.1-mini --json",
            ),
            add_arguments=_estimate,
        ),
    ),
)
