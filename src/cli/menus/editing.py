"""Menu parts of the library that change samples: browse, review, clean, and take over an edited table."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from functools import partial

from src.cli.actions.making_versions import ask_to_go_ahead, show_and_make
from src.cli.commands.editing import EDITING
from src.cli.file_questions import file_in
from src.cli.menus.stored import choose_dataset
from src.cli.prompts import AnswerError, Prompter, parse_whole
from src.cli.session import Session


def browse_one(session: Session, prompter: Prompter) -> None:
    """Look through a dataset: keep, drop and fix samples."""
    from src.cli.actions.edit import browse

    arguments = _arguments("edit", choose_dataset(session, prompter))
    browse(arguments, session, prompter, "edit", partial(ask_to_go_ahead, prompter))


def review_one(session: Session, prompter: Prompter) -> None:
    """The borderline and similar samples of a dataset."""
    from src.cli.actions.review import run_review

    arguments = _arguments("review", choose_dataset(session, prompter))
    run_review(arguments, session, prompter, partial(ask_to_go_ahead, prompter))


def clean_one(session: Session, prompter: Prompter) -> None:
    """A dataset cleaned by one rule; shows first what changes, and asks."""
    from src.cli.actions.clean import make_edit, read_cleaning

    name = choose_dataset(session, prompter)
    ways: Sequence[tuple[str, Callable[[Prompter], list[str]]]] = (
        ("Answers that decline", lambda _prompter: ["--refusals"]),
        ("Answers that are too short", _ask_length),
        ("Answers in another language", _ask_language),
        ("Samples that 'datasets drop' has marked", lambda _prompter: ["--marked"]),
        ("Samples where a pattern is found", _ask_pattern),
        ("Replace a pattern in all texts", _ask_replacement),
        ("White space around texts", lambda _prompter: ["--trim"]),
        ("Rename a keyword", _ask_topic),
    )
    chosen = prompter.choose("What is cleaned", [title for title, _ in ways])
    arguments = _arguments("clean", name, *ways[chosen][1](prompter))
    change = make_edit(arguments, read_cleaning(arguments, session))
    show_and_make(session, name, change, partial(ask_to_go_ahead, prompter))


def take_table(session: Session, prompter: Prompter) -> None:
    """A table that was edited in a spreadsheet."""
    from src.cli.actions.import_csv import import_table

    name = choose_dataset(session, prompter)
    path = str(prompter.text("Edited CSV", file_in))
    import_table(session, _arguments("import-csv", name, path), partial(ask_to_go_ahead, prompter))


def write_table(session: Session, prompter: Prompter) -> None:
    """All samples whole as a table, to be edited in a spreadsheet."""
    from src.cli.actions.edit import edit

    name = choose_dataset(session, prompter)
    path = prompter.text("Write it to", _something, default=f"output_datasets/{name}_edit.csv")
    edit(_arguments("edit", name, "--table", path), session)


def _arguments(command: str, *line: str) -> Namespace:
    """The options of a subcommand as its command line would give them."""
    parser = ArgumentParser(exit_on_error=False)
    next(one for one in EDITING.commands if one.name == command).add_arguments(parser)
    return parser.parse_args(line)


def _ask_length(prompter: Prompter) -> list[str]:
    number = prompter.text("Characters that an answer has at least", parse_whole, default="20")
    return [f"--min-chars={number}"]


def _ask_language(prompter: Prompter) -> list[str]:
    return [f"--language={prompter.text('Languages that stay, as en,de', _something)}"]


def _ask_pattern(prompter: Prompter) -> list[str]:
    return [f"--matching={prompter.text('Pattern (regular expression)', _something)}"]


def _ask_replacement(prompter: Prompter) -> list[str]:
    pattern = prompter.text("Pattern (regular expression)", _something)
    return ["--replace", pattern, prompter.text("What stands in its place; nothing removes it", str)]


def _ask_topic(prompter: Prompter) -> list[str]:
    old = prompter.text("Keyword", _something)
    return [f"--relabel=topic:{old}={prompter.text('New name; nothing takes it away', str)}"]


def _something(text: str) -> str:
    if not text.strip():
        raise AnswerError("Nothing was typed.")
    return text.strip()
