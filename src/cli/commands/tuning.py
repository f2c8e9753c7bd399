"""The subcommands that train a model at a vendor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Room, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _launch(parser: ArgumentParser) -> None:
    parser.add_argument(
        "dataset",
        metavar="DATASET",
        type=stored_dataset,
        help="name or id of a stored dataset, or a JSONL training file",
    )
    parser.add_argument(
        "--validation", metavar="FILE", type=given, help="the validation file beside a JSONL training file"
    )
    parser.add_argument("--provider", metavar="P", type=given, help="openai, google or llama; default: the dataset's")
    parser.add_argument("--model", metavar="M", type=given, help="the model to be tuned; default: the dataset's")
    parser.add_argument(
        "--epochs", metavar="N", type=int, help="times over the data; default: 3, more for very small sets"
    )
    parser.add_argument(
        "--suffix", metavar="S", type=given, help="part of the tuned model's name; default: the dataset's"
    )
    parser.add_argument("--again", action="store_true", help="start the job although an equal one was started before")
    parser.add_argument("--yes", action="store_true", help="go ahead whatever the training costs: nobody is asked")


def _jobs(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", nargs="?", type=given, help="a job, or its dataset; default: all jobs")
    parser.add_argument(
        "--follow", action="store_true", help="show what the vendor says of the job until it is over, then its model"
    )
    parser.add_argument(
        "--every", metavar="SECONDS", type=float, default=15.0, help="how often --follow looks; default: 15"
    )


def _cancel(parser: ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", type=given, help="a job, see 'jobs'")
    parser.add_argument("--yes", action="store_true", help="do not ask")


TUNING = Room(
    "Train at a vendor",
    (
        Subcommand(
            name="launch",
            summary="upload a dataset and start a fine-tuning job; shows tokens and cost first, and asks",
            target="src.cli.actions.tuning:launch",
            examples=(
                "my_dataset",
                "my_dataset --provider llama --model llama-3.1-8b --epochs 2 --suffix bikes",
                "train.jsonl --validation validation.jsonl --provider google --yes --json",
            ),
            add_arguments=_launch,
        ),
        Subcommand(
            name="jobs",
            summary="list fine-tuning jobs as they stand now; follow one to its end",
            target="src.cli.actions.tuning:jobs",
            examples=("", "my_dataset --follow", "ftjob-abc123 --json"),
            add_arguments=_jobs,
        ),
        Subcommand(
            name="cancel",
            summary="stop a fine-tuning job; asks first",
            target="src.cli.actions.tuning:cancel",
            examples=("ftjob-abc123", "my_dataset --yes"),
            add_arguments=_cancel,
        ),
    ),
)
