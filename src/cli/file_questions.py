"""What the screens of menus ask for files with, and how they run the subcommand behind them."""

from __future__ import annotations

from pathlib import Path

from src.cli.prompts import AnswerError
from src.cli.session import Session
from src.cli.subcommand import Outcome, Subcommand


def run_line(session: Session, *line: str) -> Outcome:
    """Do what a command line does."""
    from src.cli.arguments import parse_arguments

    arguments = parse_arguments(list(line))
    command: Subcommand = arguments.command
    return command.load()(arguments, session)


def files_in(text: str) -> list[str]:
    """One or several files, with spaces between. Raises AnswerError for one that is not there."""
    whole = Path(text.strip()).expanduser()
    if whole.is_file():  # a name with spaces
        return [str(whole)]
    return [str(file_in(word)) for word in some_text(text).split()]


def file_in(text: str) -> Path:
    """A file. Raises AnswerError where there is none."""
    path = Path(some_text(text)).expanduser()
    if path.is_dir():
        raise AnswerError(f"{text.strip()!r} is a folder: name a file.")
    if not path.is_file():
        raise AnswerError(f"There is no file {text.strip()!r}.")
    return path


def path_in(text: str) -> str:
    """A file or folder. Raises AnswerError where there is none."""
    path = Path(some_text(text)).expanduser()
    if not path.exists():
        raise AnswerError(f"There is no {text.strip()!r}.")
    return str(path)


def folder_in(text: str) -> str:
    """A folder. Raises AnswerError where there is none."""
    found = path_in(text)
    if not Path(found).is_dir():
        raise AnswerError(f"{text.strip()!r} is no folder.")
    return found


def file_to_write(text: str) -> str:
    """A place for a file. Raises AnswerError for a folder."""
    path = Path(text.strip()).expanduser()
    if not text.strip() or path.is_dir():
        raise AnswerError("Name a file, as in data/set.jsonl.")
    return str(path)


def some_text(text: str) -> str:
    """Anything but nothing. Raises AnswerError."""
    if not text.strip():
        raise AnswerError("Type something, or b to go back.")
    return text.strip()
