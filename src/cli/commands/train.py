"""The subcommand that trains an adapter on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.commands.export import EXPORT_GGUF, MERGE_ADAPTER
from src.cli.subcommand import Action, Subcommand, given, stored_dataset

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _train(parser: ArgumentParser) -> None:
    _what(parser)
    _learning(parser)
    _machine(parser)


def _what(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--dataset",
        metavar="NAME",
        type=stored_dataset,
        help="a stored dataset, a merged set, or a file in any training format",
    )
    parser.add_argument(
        "--held-out", metavar="FILE", type=given, help="rows to measure with; default: the dataset's validation side"
    )
    parser.add_argument(
        "--base",
        metavar="MODEL",
        type=given,
        default="smollm2",
        help="smollm2 (embedded), a folder, a GGUF file, or a Hugging Face id, as TinyLlama/TinyLlama-1.1B-Chat-v1.0",
    )
    parser.add_argument("--out", metavar="DIR", type=given, help="default: memory/training/ and the dataset's name")
    parser.add_argument(
        "--dry-run", action="store_true", help="do one step, say what the rest would take, save nothing"
    )
    parser.add_argument("--again", action="store_true", help="begin anew; else a run that broke off goes on")


def _learning(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("learning (defaults by the size of the model)")
    group.add_argument(
        "--preset", choices=("size", "seed"), default="size", help="seed: r 16, alpha 32, dropout 0.1, 5e-5, 3 epochs"
    )
    group.add_argument("--lr", metavar="RATE", type=float, help="learning rate")
    group.add_argument("--epochs", metavar="N", type=int, help="times over the rows")
    group.add_argument("--rank", metavar="R", type=int, help="rank of the adapter")
    group.add_argument("--alpha", metavar="A", type=int, help="the adapter counts A / R times")
    group.add_argument("--dropout", metavar="P", type=float, help="of the adapter's input")
    group.add_argument("--targets", metavar="M,M", type=given, help="modules that are trained, as in q_proj,v_proj")
    group.add_argument("--batch-size", metavar="N", type=int, help="rows at a time")
    group.add_argument("--accumulate", metavar="N", type=int, help="batches per step")
    group.add_argument("--max-length", metavar="N", type=int, help="tokens of a row")
    group.add_argument("--schedule", choices=("linear", "cosine", "constant"), help="of the learning rate")
    group.add_argument("--warmup", metavar="SHARE", type=float, help="of the steps, in which the rate rises")
    group.add_argument("--loss-on", choices=("assistant", "all"), help="the tokens that are learnt")
    group.add_argument("--patience", metavar="N", type=int, help="epochs without a better held-out loss, then stop")


def _machine(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("machine")
    group.add_argument("--threads", metavar="N", type=int, help="CPU threads; default: as many as are idle")
    group.add_argument(
        "--checkpointing", action="store_true", default=None, help="less memory, about a third more time"
    )
    group.add_argument("--quantize", action="store_true", default=None, help="the base in 4 bits (QLoRA); needs a GPU")


TRAIN = Subcommand(
    name="train",
    summary="train a small adapter (LoRA) on this machine; shows size and time first, goes on where it broke off",
    target="src.cli.actions.train:train",
    examples=(
        "--dataset tiny_sft/dataset.jsonl",
        "--dataset my_dataset --dry-run",
        "--dataset my_dataset --lr 2e-4 --epochs 5 --patience 1 --out memory/training/second",
        "--dataset rows.jsonl --base TinyLlama/TinyLlama-1.1B-Chat-v1.0 --preset seed --json",
        "merge-adapter memory/training/my_dataset",
        "export-gguf memory/training/my_dataset --out tuned.gguf --type q8_0",
    ),
    add_arguments=_train,
    actions=(
        Action("run", "train an adapter; what 'train' does when nothing else is named"),
        MERGE_ADAPTER,
        EXPORT_GGUF,
    ),
)
