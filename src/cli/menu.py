"""The numbered menu: what stands in it, and the loop that reads a number and does it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

from src.cli.console import Console
from src.cli.menu_item import Item
from src.cli.prompts import AnswerError, BackRequestedError, EndOfInputError, Prompter, plain
from src.cli.session import Session, quiet_libraries
from src.cli.subcommand import Outcome
from src.cli.tool_items import TOOLS
from src.core.errors import BuilderError

if TYPE_CHECKING:
    from argparse import Namespace

TITLE = "=== Fine-Tuning Dataset Builder ==="
Action = Callable[[Session, Prompter], None]


EXIT = 6
BUILDER: tuple[Item, ...] = (
    Item(
        1,
        "Configure Dataset",
        (
            ("Select LLM Provider", "src.cli.menus.configure:select_provider"),
            ("Select Model", "src.cli.menus.configure:select_model"),
            ("Select Generation Mode", "src.cli.menus.configure:select_mode"),
            ("Set Dataset Size", "src.cli.menus.configure:set_size"),
            ("Configure Train/Val Split", "src.cli.menus.configure:configure_split"),
        ),
        "src.cli.menus.configure:configure_all",
    ),
    Item(
        2,
        "Generate Dataset",
        (
            ("Process Input Files", "src.cli.menus.generate:process_input"),
            ("Run Selected Agent", "src.cli.menus.generate:run_selected_agent"),
            ("Validate Output", "src.cli.menus.generate:validate_output"),
            ("Save Dataset", "src.cli.menus.generate:save_dataset"),
        ),
        "src.cli.menus.generate:generate_all",
    ),
    Item(
        3,
        "View Dataset Statistics",
        (
            ("Token counts", "src.cli.menus.stored:show_tokens"),
            ("Sample distribution", "src.cli.menus.stored:show_distribution"),
            ("Source breakdown", "src.cli.menus.stored:show_sources"),
        ),
        "src.cli.menus.stored:show_all",
    ),
    Item(
        4,
        "Export Dataset",
        (
            ("Export JSONL", "src.cli.menus.stored:export_jsonl"),
            ("Export CSV metadata", "src.cli.menus.stored:export_csv"),
        ),
    ),
    Item(
        5,
        "Settings",
        (
            ("Edit config.yaml", "src.cli.menus.settings:edit_config"),
            ("View current configuration", "src.cli.menus.settings:view_config"),
        ),
    ),
    Item(EXIT, "Exit"),
)
MENU: tuple[Item, ...] = (*BUILDER, *TOOLS)


def open_menu(_arguments: Namespace, session: Session) -> Outcome:
    """The subcommand ``menu``."""
    run_menu(session, sys.stdin)
    return Outcome({})


def run_menu(session: Session, stdin: TextIO, menu: Sequence[Item] = MENU) -> None:
    """Show the menu and do what is picked until Exit or the end of input. KeyboardInterrupt goes through."""
    console = session.console
    prompter = Prompter(stdin, console)
    show_menu(console, menu)
    try:
        while True:
            try:
                picked = prompter.ask(
                    f"Pick {numbers_of(menu)}, or a part: 2.3 is the third of 2 (m = menu)",
                    lambda text: parse_pick(text, menu),
                    back=False,
                )
            except BackRequestedError:
                continue
            if picked == (EXIT, 0):
                console.success("Goodbye.")
                return
            if picked is None:
                show_menu(console, menu)
                continue
            _do(session, prompter, menu, picked)
            console.say()
    except EndOfInputError:
        console.say("End of input: goodbye.")


def show_menu(console: Console, menu: Sequence[Item]) -> None:
    """The menu as it is always drawn."""
    console.say(TITLE, "heading")
    for item in menu:
        console.say()
        console.say(f"{item.number}. {item.title}", "heading")
        console.lines(f"   - {title}" for title, _ in item.parts)
    console.say()


def numbers_of(menu: Sequence[Item]) -> str:
    """The numbers of the entries, as ``1-6`` or ``1-6 or 11``."""
    runs: list[list[int]] = []
    for number in (item.number for item in menu):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    return " or ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def parse_pick(text: str, menu: Sequence[Item]) -> tuple[int, int] | None:
    """``(2, 0)`` for ``2``, ``(2, 3)`` for ``2.3``, ``(2, -1)`` for ``2.``, None for ``m`` or nothing.

    Raises AnswerError with what there is.
    """
    answer = plain(text).strip().lower()
    if answer in {"", "m", "menu", "b"}:
        return None
    if answer in {"q", "quit", "exit"}:
        return (EXIT, 0)
    match = re.fullmatch(r"([0-9]{1,3})(?:[.]([0-9]{1,3})?)?", answer)
    if not match:
        shown = text.strip() if len(text.strip()) <= 40 else f"{text.strip()[:37]}..."
        raise AnswerError(f"{shown!r} is not in the menu: type {numbers_of(menu)}, or a part such as 2.3.")
    item = next((item for item in menu if item.number == int(match[1])), None)
    if item is None:
        raise AnswerError(f"There is no {int(match[1])}: type {numbers_of(menu)}.")
    part = int(match[2]) if match[2] else 0
    if match[2] and not 1 <= part <= len(item.parts):
        parts = f"has the parts {item.number}.1 to {item.number}.{len(item.parts)}" if item.parts else "has no parts"
        raise AnswerError(f"There is no {item.number}.{part}: {item.title} {parts}.")
    if answer.endswith(".") and item.parts:
        return (item.number, -1)
    return (item.number, part)


def _do(session: Session, prompter: Prompter, menu: Sequence[Item], picked: tuple[int, int]) -> None:
    """One action; what goes wrong is shown and the menu goes on."""
    item = next(item for item in menu if item.number == picked[0])
    part = picked[1]
    quiet_libraries()
    try:
        if part < 0 or (part == 0 and not item.whole):
            part = _ask_part(session, prompter, item)
        target = item.parts[part - 1][1] if part else item.whole
        _load(target)(session, prompter)
    except BackRequestedError:
        session.console.say("Back to the menu.", "quiet")
    except (BuilderError, OSError) as error:
        session.show_error(error)


def _ask_part(session: Session, prompter: Prompter, item: Item) -> int:
    """Which part is meant; 0 is all of them."""
    session.console.heading(f"{item.number}. {item.title}")
    titles = [title for title, _ in item.parts]
    if item.whole:
        titles.append("All of them, in this order")
    for number, title in enumerate(titles, start=1):
        session.console.item(f"  {number}. ", title)
    index = prompter.pick_number("Which part", len(titles), default=len(titles) - 1 if item.whole else 0)
    return 0 if index == len(item.parts) else index + 1


def _load(target: str) -> Action:
    module, _, name = target.partition(":")
    action: Action = getattr(import_module(module), name)
    return action
