"""The subcommand that turns chat logs into training rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.subcommand import Subcommand, given

if TYPE_CHECKING:
    from argparse import ArgumentParser


def _chat_logs(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--src", metavar="PATH", type=given, required=True, help="the folder, the archive or the file of the logs"
    )
    parser.add_argument("--out", metavar="OUT", type=given, required=True, help="the JSONL file of the rows")
    parser.add_argument(
        "--followups",
        metavar="N",
        type=int,
        default=0,
        help="write conversations with follow-up questions too, N questions a row at most, to OUT with .followNm in "
        "its name; default: none",
    )
    parser.add_argument(
        "--max_len", "--max-len", metavar="N", type=int, default=4096, help="tokens of a row at most; default: 4096"
    )
    parser.add_argument("--model", metavar="M", type=given, help="the model whose tokens count; default: Qwen2.5-Coder")
    parser.add_argument(
        "--topics",
        metavar="LIST",
        type=given,
        help="what conversations are kept, of error_resolution, debugging, code_explanation; or: all; default: the "
        "three",
    )
    parser.add_argument(
        "--privacy",
        choices=("redact", "drop", "report", "off"),
        default="redact",
        help="what happens to personal data and secrets: a placeholder takes their place, their conversation is left "
        "out, they are only counted, or nobody looks; default: redact",
    )
    parser.add_argument("--system", metavar="TEXT", type=given, help="the system message of every row")


CHAT_LOGS = Subcommand(
    name="chat-logs",
    summary="turn exported chats and sessions of coding programs into training rows; needs no key",
    target="src.cli.actions.chat_logs:chat_logs",
    examples=(
        "--src data/claude_logs/ --out data/claude_logs/train.jsonl --followups 3",
        "--src ~/.claude/projects --out sessions.jsonl --max_len 8192",
        "--src export.zip --out rows.jsonl --topics all --privacy drop --json",
    ),
    add_arguments=_chat_logs,
)
