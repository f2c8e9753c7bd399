"""The subcommand that compares training settings."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from src.cli.subcommand import Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser

_T = TypeVar("_T", int, float)


def _numbers(kind: Callable[[str], _T], least: _T) -> Callable[[str], tuple[_T, ...]]:

    def parse(text: str) -> tuple[_T, ...]:
        try:
            numbers = tuple(kind(part) for part in text.split(",") if part.strip())
        except ValueError as error:
            raise ArgumentTypeError(f"{text!r} is no list of numbers, as in 3,5") from error
        if not numbers or not all(number >= least and number < 1e9 for number in numbers):
            raise ArgumentTypeError(f"{text!r} is no list of numbers from {least} on")
        return numbers

    return parse


def _sweep(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        type=stored_dataset,
        required=True,
        help="a stored dataset, a set of merge-split by its name, or a file in any training format",
    )
    parser.add_argument(
        "--held-out",
        metavar="FILE",
        type=given,
        help="rows to measure with; default: the dataset's validation side, else a tenth of its rows",
    )
    parser.add_argument(
        "--lr",
        metavar="RATES",
        type=_numbers(float, 1e-9),
        default=(1e-4, 2e-4, 5e-4),
        help="learning rates, with commas between; default: 1e-4,2e-4,5e-4",
    )
    parser.add_argument(
        "--epochs", metavar="NUMBERS", type=_numbers(int, 1), default=(3,), help="times over the data; default: 3"
    )
    parser.add_argument(
        "--ranks", metavar="NUMBERS", type=_numbers(int, 1), default=(16,), help="ranks of the adapter; default: 16"
    )
    parser.add_argument(
        "--base", metavar="M", type=given, default="smollm2", help="the base model, as in 'train'; default: smollm2"
    )
    parser.add_argument("--batch-size", metavar="N", type=int, help="rows of a batch; default: 2")
    parser.add_argument("--max-length", metavar="N", type=int, help="tokens of a row at most; default: 1024")
    parser.add_argument(
        "--quantize", action="store_true", default=None, help="4-bit base weights (QLoRA); needs a CUDA GPU"
    )
    parser.add_argument(
        "--out", metavar="FOLDER", type=given, help="a folder of its own for every run; default: memory/sweeps/NAME"
    )
    parser.add_argument("--plan", action="store_true", help="show the runs and the time they need, and stop")
    parser.add_argument("--yes", action="store_true", help="go ahead however long it takes: nobody is asked")


SWEEP = Subcommand(
    name="sweep",
    summary="train a small grid of settings and show which is best on rows held out; goes on where it stopped",
    target="src.cli.actions.sweep:sweep",
    examples=(
        "--dataset my_dataset",
        "--dataset my_dataset --lr 1e-4,5e-4 --epochs 2,4 --ranks 8,16 --plan",
        "--dataset data/staging/train.full.jsonl --lr 2e-4 --ranks 8,32 --yes --json",
    ),
    add_arguments=_sweep,
)
