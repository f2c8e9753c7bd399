"""The subcommand that makes fill-in-the-middle examples from code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _fim(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--repo", metavar="PATH", type=given, required=True, help="a git repository (its HEAD is read), or a folder"
    )
    parser.add_argument(
        "--out",
        metavar="OUT",
        type=given,
        required=True,
        help="the JSONL file of the rows; files with secrets are left out, personal data "
        "stays in the code and is counted",
    )
    parser.add_argument(
        "--per_file", "--per-file", metavar="N", type=int, default=6, help="rows of a file at most; default: 6"
    )
    parser.add_argument(
        "--max_len", "--max-len", metavar="N", type=int, default=1600, help="tokens of a row at most; default: 1600"
    )
    parser.add_argument(
        "--model",
        metavar="M",
        type=given,
        help="the model whose tokens count; default: Qwen/Qwen2.5-Coder-7B-Instruct",
    )
    parser.add_argument(
        "--form",
        choices=("chat", "psm", "spm", "mix"),
        default="chat",
        help="conversations; or raw texts with the prefix first, with the suffix first, or half of each; default: chat",
    )
    parser.add_argument(
        "--sentinels",
        metavar="M",
        choices=("qwen2.5-coder", "starcoder2", "codellama", "deepseek-coder", "codestral", "codegemma"),
        default="qwen2.5-coder",
        help="whose control tokens stand in raw texts: qwen2.5-coder, starcoder2, codellama, deepseek-coder, codestral "
        "or codegemma; default: qwen2.5-coder",
    )
    parser.add_argument(
        "--balance",
        choices=("language",),
        help="cap the share of each language: four times the rows of another become twice as many",
    )
    parser.add_argument(
        "--licence",
        "--license",
        metavar="ID",
        type=given,
        help="the SPDX identifier of the code, in place of what its licence files say",
    )
    parser.add_argument(
        "--copyleft", action="store_true", help="use code under licences that bind what is made from it, as the GPL"
    )


FIM = Subcommand(
    name="fim",
    summary="make fill-in-the-middle examples from the code of a repository; needs no key",
    target="src.cli.actions.fim:fim",
    examples=(
        "--repo /path/to/repo --out data/actual_code/train.fim.jsonl --per_file 6 --max_len 1600",
        "--repo . --out fim.jsonl --balance language --json",
        "--repo . --out raw.jsonl --form mix --sentinels starcoder2",
    ),
    add_arguments=_fim,
)
