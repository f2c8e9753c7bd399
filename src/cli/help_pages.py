"""How a help page is set: paragraphs, words with what they do in two columns, examples; as wide as all screens."""

from __future__ import annotations

from argparse import Action, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any, NamedTuple

from src.cli.console import terminal_width


class WordList(NamedTuple):
    """A title with words below it, each with half a sentence about what it does."""

    title: str
    words: tuple[tuple[str, str], ...]


class Page(RawDescriptionHelpFormatter):
    """A short line of usage, and options folded to the width of the screen; the rest is set already."""

    def __init__(self, prog: str) -> None:
        super().__init__(f"{prog} [options]", width=terminal_width())

    def add_usage(
        self, usage: str | None, actions: Iterable[Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        """The usage without the options, which are listed below it."""
        super().add_usage(usage, [action for action in actions if not action.option_strings], groups, prefix)


def set_description(text: str, lists: Sequence[WordList]) -> str:
    """``text`` (half a sentence will do), and ``lists`` in two columns that are the same for all of them."""
    column = max((len(name) for entry in lists for name, _ in entry.words), default=0) + 4
    paragraphs = ["\n".join(wrap(_sentence(text), terminal_width()))]
    for title, words in lists:
        lines = [f"{title}:"]
        for name, summary in words:
            first = f"  {name}".ljust(column)
            lines += wrap(summary, terminal_width(), initial_indent=first, subsequent_indent=" " * column)
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


def set_examples(examples: Sequence[str]) -> str:
    """Command lines to copy; one that is too long goes on behind a backslash, as a shell takes it."""
    return "\n".join(["Examples:", *(_fold_command(example) for example in examples)])


def _fold_command(line: str) -> str:
    parts = wrap(
        line,
        terminal_width() - len(" \\"),
        initial_indent="  ",
        subsequent_indent="      ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return " \\\n".join(parts)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:].rstrip('.')}."
