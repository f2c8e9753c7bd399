"""The second words of ``train`` that write a trained model for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Action, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _run(parser: ArgumentParser) -> None:
    parser.add_argument("run", metavar="RUN", type=given, help="the folder of a training run, or of its adapter")


def _merge(parser: ArgumentParser) -> None:
    _run(parser)
    parser.add_argument("--out", metavar="FOLDER", type=given, help="the new model; default: merged in RUN")


def _gguf(parser: ArgumentParser) -> None:
    _run(parser)
    parser.add_argument("--out", metavar="FILE", type=given, help="the GGUF file; default: in RUN, called after it")
    parser.add_argument(
        "--type",
        choices=("f16", "bf16", "q8_0", "f32"),
        default="f16",
        help="how numbers are kept; q8_0 takes half the space and rounds off a part of what was learned; default: f16",
    )


MERGE_ADAPTER = Action(
    "merge-adapter", "write adapter and base as one model: a folder of safetensors, as for vLLM or a next run", _merge
)
EXPORT_GGUF = Action(
    "export-gguf", "write adapter and base as one GGUF file, as for the provider local, Ollama or LM Studio", _gguf
)
