"""The subcommand that turns the history of a git repository into training rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _git_history(parser: ArgumentParser) -> None:
    parser.add_argument("--repo", metavar="PATH", type=given, required=True, help="the folder of the git repository")
    parser.add_argument("--out", metavar="OUT", type=given, required=True, help="the JSONL file of the rows")
    parser.add_argument(
        "--format",
        choices=("sft", "messages"),
        default="sft",
        help="sft: messages, and where they come from; messages: nothing else; default: sft",
    )
    parser.add_argument(
        "--shape",
        choices=("mixed", "all", "change", "message", "bug"),
        default="mixed",
        help="what a row asks for: the diff of a described change, the message of a diff, or explanation and fix of a "
        "bug; mixed: one of them for each commit; all: every one that a commit lends itself to; default: mixed",
    )
    parser.add_argument(
        "--decisions", metavar="FILE", type=given, help="write for every commit whether it was kept, and why not"
    )
    parser.add_argument("--branch", metavar="NAME", type=given, default="HEAD", help="where to start; default: HEAD")
    parser.add_argument("--limit", metavar="N", type=int, help="read the newest N commits only")
    parser.add_argument(
        "--max_len", "--max-len", metavar="N", type=int, default=1600, help="tokens of a row at most; default: 1600"
    )
    parser.add_argument("--model", metavar="M", type=given, help="the model whose tokens count; default: qwen2.5")
    parser.add_argument(
        "--licence",
        "--license",
        metavar="ID",
        type=given,
        help="the licence, as you know it, in place of what is found",
    )
    parser.add_argument("--copyleft", action="store_true", help="use code under licences such as the GPL and MPL too")
    parser.add_argument(
        "--privacy",
        choices=("redact", "drop", "report", "off"),
        default="redact",
        help="what happens to personal data: a placeholder takes its place, its commit is left out, it is only "
        "counted, or nobody looks; commits with keys and passwords are always left out; default: redact",
    )
    parser.add_argument("--system", metavar="TEXT", type=given, help="the system message of every row")


GIT_HISTORY = Subcommand(
    name="git-history",
    summary="turn the commits of a git repository into training rows; needs no key",
    target="src.cli.actions.git_history:git_history",
    examples=(
        "--repo ~/code/project --out data/git_history/git_sft.jsonl",
        "--repo ~/code/project --out data/git_history/git_sft.messages.jsonl --format messages",
        "--repo . --out rows.jsonl --decisions decisions.jsonl --shape all --json",
    ),
    add_arguments=_git_history,
)
