"""What a subcommand is: its name, what its help says, its options, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from src.cli.session import Session


class Outcome(NamedTuple):
    """What a subcommand did: the object that ``--json`` prints (None: it is printed), and whether it is good news."""

    facts: dict[str, Any] | None
    ok: bool = True


Command = Callable[["Namespace", "Session"], Outcome]
AddArguments = Callable[["ArgumentParser"], None]


def no_arguments(_parser: ArgumentParser) -> None:
    """Nothing but the common options."""


@dataclass(frozen=True, slots=True)
class Action:
    """The second word of a subcommand, as in ``datasets show``; it stands in ``arguments.action``."""

    name: str
    summary: str
    add_arguments: AddArguments = no_arguments


@dataclass(frozen=True, slots=True)
class Subcommand:
    """One word of the command line.

    ``summary`` is half a sentence, without a capital and a full stop. ``target`` is ``module:function``, loaded only
    when the command is called. Each of ``examples`` is what stands behind the name. Without a second word the first
    of ``actions`` is meant.
    """

    name: str
    summary: str
    target: str
    examples: tuple[str, ...]
    add_arguments: AddArguments = no_arguments
    actions: tuple[Action, ...] = ()

    def load(self) -> Command:
        """The function behind ``target``."""
        module, _, name = self.target.partition(":")
        command: Command = getattr(import_module(module), name)
        return command


@dataclass(frozen=True, slots=True)
class Room:
    """Subcommands that belong together: one paragraph of the help."""

    title: str
    commands: tuple[Subcommand, ...]


def stored_dataset(text: str) -> str:
    """The ``type`` of an argument that may name a stored dataset, by name or id: a shell completes these names."""
    return given(text)


def given(text: str) -> str:
    """The ``type`` of an argument that names something: an empty text is refused, it would mean the present folder or
    nothing at all."""
    if text.strip():
        return text
    from argparse import ArgumentTypeError

    raise ArgumentTypeError("the text is empty")
