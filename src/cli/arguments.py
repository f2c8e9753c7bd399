"""The command line: common options, then a subcommand with options of its own."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import NoReturn, TypeVar

from src import VERSION
from src.cli.commands import COMMANDS, ROOMS
from src.cli.help_pages import Page, WordList, set_description, set_examples
from src.cli.subcommand import Action, AddArguments, Subcommand, given
from src.core.errors import UsageError

PROGRAM = "python -m src.main"
_Word = TypeVar("_Word", Subcommand, Action)


def parse_arguments(argv: list[str]) -> argparse.Namespace:
    """The command line as a namespace: ``command`` (a Subcommand), ``overrides``, the common options and those of the
    command. Only the parser of the command that is called is built.

    Raises UsageError for anything unknown; ``--help`` and ``--version`` raise SystemExit(0).
    """
    arguments = argparse.Namespace()
    rest = _read(program_parser(), argv, arguments)
    command, rest = _pick("command", COMMANDS, rest, PROGRAM)
    arguments.command = command
    rest = _read(command_parser(command), rest, arguments)
    if command.actions:
        action, rest = _pick("action", command.actions, rest, f"{PROGRAM} {command.name}")
        arguments.action = action.name
        _read(action_parser(command, action), rest, arguments)
    seed = [] if arguments.seed is None else [f"system.seed={arguments.seed}"]
    arguments.overrides = (*arguments.set, *seed)
    if command.name == "menu" and arguments.json:
        raise UsageError("--json needs a subcommand.", fix=f"As in '{PROGRAM} generate --json'.")
    return arguments


class _Parser(argparse.ArgumentParser):
    """Raises UsageError where argparse would print and leave."""

    def error(self, message: str) -> NoReturn:
        found = re.search(r"invalid choice: '(.*?)' \(choose from (.*)\)", message)
        names = [name.strip(" '") for name in found[2].split(",")] if found else []
        raise UsageError(f"{message.rstrip('.')}.", fix=_suggest(found[1] if found else "", names, self.prog))


def _read(parser: argparse.ArgumentParser, line: list[str], arguments: argparse.Namespace) -> list[str]:
    """Read the options of one level into ``arguments``, where what a former level has read stays; returns the words
    of the levels below."""
    parser.parse_args(line, arguments)
    rest: list[str] = vars(arguments).pop("rest", [])
    return rest


def _pick(kind: str, words: Sequence[_Word], line: list[str], prog: str) -> tuple[_Word, list[str]]:
    """The first word of ``line`` and what follows it; without any word, the first there is. Raises UsageError."""
    if not line:
        return words[0], []
    for word in words:
        if word.name == line[0]:
            return word, line[1:]
    raise UsageError(f"There is no {kind} {line[0]!r}.", fix=_suggest(line[0], [word.name for word in words], prog))


def _suggest(typed: str, names: Sequence[str], prog: str) -> str:
    help_page = f"See '{prog} --help'."
    close = get_close_matches(typed, names, n=1)
    return f"Did you mean {close[0]!r}? {help_page}" if close else help_page


def program_parser() -> argparse.ArgumentParser:
    """The parser of what stands before the command."""
    rooms = [WordList(room.title, _described(room.commands)) for room in ROOMS]
    text = "Build fine-tuning datasets from documents. Without a command the menu opens."
    examples = (PROGRAM, f"{PROGRAM} generate", f"{PROGRAM} generate --help")
    return _make_parser(PROGRAM, text, examples, _add_version, rooms)


def command_parser(command: Subcommand) -> argparse.ArgumentParser:
    """The parser of what follows the name of a command."""
    prog = f"{PROGRAM} {command.name}"
    examples = [f"{prog} {rest}".rstrip() for rest in command.examples]
    actions = [WordList("Actions", _described(command.actions))] if command.actions else []
    return _make_parser(prog, command.summary, examples, command.add_arguments, actions)


def action_parser(command: Subcommand, action: Action) -> argparse.ArgumentParser:
    """The parser of what follows the second word of a command."""
    prog = f"{PROGRAM} {command.name} {action.name}"
    examples = [f"{PROGRAM} {command.name} {rest}" for rest in command.examples if rest.split()[:1] == [action.name]]
    return _make_parser(prog, action.summary, examples or [prog], action.add_arguments)


def _described(words: Sequence[Subcommand] | Sequence[Action]) -> tuple[tuple[str, str], ...]:
    return tuple((word.name, word.summary) for word in words)


def _make_parser(
    prog: str, text: str, examples: Sequence[str], add_arguments: AddArguments, below: Sequence[WordList] = ()
) -> _Parser:
    """The parser of one level; ``below`` are the words that may come next, which another parser reads."""
    next_word = "COMMAND" if prog == PROGRAM else "ACTION"
    parser = _Parser(
        prog=prog,
        usage=f"{prog} [options] [{next_word} ...]" if below else None,
        description=set_description(text, below),
        epilog=set_examples(examples),
        formatter_class=Page,
        allow_abbrev=False,
    )
    add_arguments(parser)
    _add_common(parser)
    if below:
        parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _add_version(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--version", action="version", version=f"dataset builder {VERSION}")


def _add_common(parser: argparse.ArgumentParser) -> None:
    """The options that may stand at every level."""
    group = parser.add_argument_group("common options")
    group.add_argument("--config", metavar="PATH", type=given, help="another config.yaml")
    group.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="change one setting for this run, as in --set split.ratio=0.9; may be repeated",
    )
    group.add_argument("--seed", type=int, metavar="N", help="the same as --set system.seed=N")
    group.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object on standard output, everything else on standard error",
    )
    group.add_argument("--no-color", action="store_true", help="no colours (as with NO_COLOR=1)")
