"""What may stand at every place of the command line, read from the parsers that read it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from src.cli.arguments import action_parser, command_parser, program_parser
from src.cli.commands import COMMANDS
from src.cli.subcommand import stored_dataset


@dataclass(frozen=True, slots=True)
class Word:
    """Something that may be typed, and what it does."""

    text: str
    help: str


@dataclass(frozen=True, slots=True)
class Option:
    """``values`` are those that it takes, where they are few; ``takes_value`` without any: a path or free text."""

    words: tuple[Word, ...]
    takes_value: bool
    values: tuple[str, ...]
    takes_dataset: bool


@dataclass(frozen=True, slots=True)
class Place:
    """After ``path`` (as ``datasets show``) come the words of ``following``, options, and where ``takes_dataset`` the
    names of stored datasets."""

    path: str
    following: tuple[Word, ...]
    options: tuple[Option, ...]
    takes_dataset: bool


def all_places() -> Iterator[Place]:
    """Every place of the command line, the first one before any command."""
    yield _place("", program_parser(), [Word(command.name, command.summary) for command in COMMANDS])
    for command in COMMANDS:
        actions = [Word(action.name, action.summary) for action in command.actions]
        yield _place(command.name, command_parser(command), actions)
        for action in command.actions:
            yield _place(f"{command.name} {action.name}", action_parser(command, action), [])


def _place(path: str, parser: argparse.ArgumentParser, following: list[Word]) -> Place:
    arguments = [one for one in parser._actions if one.help is not argparse.SUPPRESS]
    positional = [one for one in arguments if not one.option_strings]
    choices = [Word(str(value), one.help or "") for one in positional for value in one.choices or ()]
    return Place(
        path,
        (*following, *choices),
        tuple(_option(one) for one in arguments if one.option_strings),
        any(one.type is stored_dataset for one in positional),
    )


def _option(argument: argparse.Action) -> Option:
    return Option(
        tuple(Word(text, argument.help or "") for text in argument.option_strings if text.startswith("--")),
        argument.nargs != 0,
        tuple(str(value) for value in argument.choices or ()),
        argument.type is stored_dataset,
    )
