"""The command line: every subcommand with its options and examples, and what the menu needs of it."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from difflib import get_close_matches
from typing import NoReturn

from src.core.errors import UsageError

VERSION = "0.1.0"
PROGRAM = "python -m src.main"


class _Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print and leave."""

    def error(self, message: str) -> NoReturn:
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        fix = f"See '{self.prog} --help'."
        if found:
            close = get_close_matches(found[1], [name.strip(" '") for name in found[2].split(",")], n=1)
            fix = f"Did you mean {close[0]!r}? {fix}" if close else fix
        raise UsageError(f"{message.rstrip('.')}.", fix=fix)


_EXAMPLES = {
    "menu": [""],
    "generate": [
        "",
        "--set mode=identify --set dataset_size=50",
        "--config other.yaml --seed 7 --json",
    ],
    "identify": [
        "interviews/ --out dialogues.jsonl",
        "faq.docx chat.txt --out dialogues.jsonl --set agent.identify.min_turns=4",
    ],
    "extract": ["report.pdf", "report.pdf > report.txt"],
    "validate": ["output_datasets/my_dataset_train.jsonl", "train.jsonl --provider openai --model gpt-4.1-mini"],
    "split": ["my_dataset --ratio 0.9", "my_dataset --ratio 70-30 --strategy weighted --weight-by keywords"],
    "export": ["my_dataset", "my_dataset --csv"],
    "stats": ["", "my_dataset --json"],
    "datasets": ["", "show my_dataset", "backups", "restore latest"],
}
_SUMMARIES = {
    "menu": "open the numbered menu (what happens without a subcommand)",
    "generate": "build the dataset that config.yaml describes",
    "identify": "take the conversations out of files, word for word; needs no key",
    "extract": "print the text of one document",
    "validate": "check a JSONL file against the limits of a model",
    "split": "divide a stored dataset anew and write its files again",
    "export": "write the JSONL and CSV files of a stored dataset again",
    "stats": "show tokens, distribution and sources of a stored dataset",
    "datasets": "list and show datasets; list and restore backups",
}


def parse_arguments(argv: list[str]) -> argparse.Namespace:
    """The command line as a namespace with ``command``, ``overrides`` and the options of the command.

    Raises UsageError for anything unknown; ``--help`` and ``--version`` raise SystemExit(0).
    """
    arguments = _make_parser().parse_args(argv)
    arguments.command = arguments.command or "menu"
    seed = [] if arguments.seed is None else [f"system.seed={arguments.seed}"]
    given = [*arguments.set_0, *getattr(arguments, "set_1", ()), *getattr(arguments, "set_2", ())]
    arguments.overrides = (*given, *seed)
    if arguments.command == "menu" and arguments.json:
        raise UsageError("--json needs a subcommand.", fix=f"As in '{PROGRAM} generate --json'.")
    return arguments


def _make_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=PROGRAM,
        description="Build fine-tuning datasets from documents. Without a subcommand the menu opens.",
        epilog=f"Examples:\n  {PROGRAM}\n  {PROGRAM} generate\n  {PROGRAM} generate --help",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"dataset builder {VERSION}")
    _add_common(parser, level=0)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    fill: dict[str, Callable[[argparse.ArgumentParser], None]] = {
        "identify": _identify,
        "extract": _extract,
        "validate": _validate,
        "split": _split,
        "export": _export,
        "stats": _stats,
        "datasets": _datasets,
    }
    for name, summary in _SUMMARIES.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog="Examples:\n" + "\n".join(f"  {PROGRAM} {name} {rest}".rstrip() for rest in _EXAMPLES[name]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        _add_common(command, level=1)
        if name in fill:
            fill[name](command)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, level: int) -> None:
    """The options that stand before or after the subcommand. A deeper parser must not undo what a former one read."""
    unset = argparse.SUPPRESS
    first = level == 0
    group = parser.add_argument_group("common options")
    group.add_argument("--config", metavar="PATH", default=None if first else unset, help="another config.yaml")
    group.add_argument(
        "--set",
        dest=f"set_{level}",
        metavar="KEY=VALUE",
        action="append",
        default=[] if first else unset,
        help="change one setting for this run, as in --set split.ratio=0.9; may be repeated",
    )
    group.add_argument(
        "--seed", type=int, metavar="N", default=None if first else unset, help="the same as --set system.seed=N"
    )
    group.add_argument(
        "--json",
        action="store_true",
        default=False if first else unset,
        help="print one JSON object on standard output, everything else on standard error",
    )
    group.add_argument(
        "--no-color", action="store_true", default=False if first else unset, help="no colours (as with NO_COLOR=1)"
    )


def _identify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", metavar="PATH", nargs="+", help="a document or a folder of documents, anywhere")
    parser.add_argument("--out", metavar="FILE", help="the JSONL file to write; default: standard output")


def _extract(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a document, anywhere")


def _validate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a JSONL file with one training example a line")
    parser.add_argument(
        "--provider", metavar="P", help="openai, anthropic, google, mistral or llama; default: config.yaml"
    )
    parser.add_argument("--model", metavar="M", help="the model to be trained; default: config.yaml")


def _split(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", help="name or id, see 'datasets'")
    parser.add_argument("--ratio", metavar="R", help="training share, as 0.8 or 80-20; default: config.yaml")
    parser.add_argument("--strategy", choices=("random", "weighted"), help="default: config.yaml")
    parser.add_argument(
        "--weight-by", choices=("source", "keywords"), help="what weighted cuts by; default: config.yaml"
    )


def _export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", nargs="?", help="name or id; default: the latest")
    parser.add_argument("--jsonl", action="store_true", help="only the JSONL files")
    parser.add_argument("--csv", action="store_true", help="only the CSV file")


def _stats(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dataset", metavar="DATASET", nargs="?", help="name or id; default: the latest")


def _datasets(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(action="list")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", parser_class=_Parser)
    for name, summary in (
        ("list", "every stored dataset (what happens without an action)"),
        ("show", "one dataset with its settings and three samples"),
        ("backups", "the backups of the database"),
        ("restore", "bring a backup back; shows first what it holds, and asks"),
    ):
        action = actions.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.", allow_abbrev=False
        )
        _add_common(action, level=2)
        if name == "show":
            action.add_argument("name", metavar="NAME", help="name or id of a dataset")
        if name == "restore":
            action.add_argument("backup", metavar="BACKUP", help="a file name of 'datasets backups', a path, or latest")
            action.add_argument("--yes", action="store_true", help="do not ask")
