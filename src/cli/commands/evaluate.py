"""The subcommand that shows what training has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _evaluate(parser: ArgumentParser) -> None:
    parser.add_argument(
        "runs",
        metavar="RUN",
        nargs="+",
        type=given,
        help="the --out folder of a training run; the first is shown, others over the same base are compared with it",
    )
    parser.add_argument(
        "--prompts", metavar="FILE", type=given, help="what both models are asked; default: tiny_sft/eval_prompts.yaml"
    )
    parser.add_argument(
        "--held-out", metavar="FILE", type=given, help="rows for perplexity; default: those that the run held out"
    )
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        type=given,
        help="measure perplexity on the validation side of this dataset instead",
    )
    parser.add_argument("--report", metavar="FILE", type=given, help="default: before_after.md in the first folder")
    parser.add_argument(
        "--max-new-tokens", metavar="N", type=int, default=200, help="length of an answer at most; default: 200"
    )
    parser.add_argument(
        "--rewrite", action="store_true", help="write the report anew from what was measured before: no model is loaded"
    )


EVALUATE = Subcommand(
    name="evaluate",
    summary="ask base and tuned model the same prompts, measure both, and write before_after.md",
    target="src.cli.actions.evaluate:evaluate",
    examples=(
        "memory/training/dataset",
        "memory/training/extended memory/training/first --report tiny_sft/before_after.md",
        "memory/training/my_dataset --dataset my_dataset --prompts my_prompts.yaml --json",
    ),
    add_arguments=_evaluate,
)
