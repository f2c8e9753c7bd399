"""Menu 12: refine a dataset, compare two, and drop samples that are not wanted."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from src.cli.menus.stored import choose_dataset, finished_datasets
from src.cli.prompts import AnswerError, Prompter, parse_whole
from src.cli.session import Session
from src.core.errors import DatasetError

if TYPE_CHECKING:
    from src.stored.refining import Preview

_MOST_ROUNDS = 20


def refine_one(session: Session, prompter: Prompter) -> None:
    """12.1: what a dataset lacks is written anew; shows first what that is, and asks."""
    from src.cli.actions.refine import run_refinement
    from src.core.errors import RunStoppedError
    from src.stored.refining import DEFAULT_ROUNDS, Wish

    def agree(_preview: Preview) -> None:
        if not prompter.yes_no("Go ahead", default=False):
            raise RunStoppedError("The refinement was not begun: nothing was paid.", fix="Pick 12.1 again to refine.")

    name = choose_dataset(session, prompter)
    rounds = prompter.text("Rounds at most", _rounds_in, default=str(DEFAULT_ROUNDS))
    run_refinement(session, name, Wish(rounds=rounds), agree)


def compare_two(session: Session, prompter: Prompter) -> None:
    """12.2: two stored datasets side by side."""
    from src.cli.actions.comparison import compare

    if len(finished_datasets(session)) == 1:
        raise DatasetError("There is no other dataset to compare with.", fix="Make another one with menu 2.")
    first = choose_dataset(session, prompter)
    second = choose_dataset(session, prompter)
    compare(Namespace(a=first, b=second, c=None, html=None), session)


def drop_some(session: Session, prompter: Prompter) -> None:
    """12.3: samples that the next refinement leaves out."""
    from src.cli.actions.refine import drop

    name = choose_dataset(session, prompter)
    ids = prompter.text(f"Ids of the samples, as in {name}.csv, with spaces between", _words_in)
    note = prompter.text("Why (the writing model is told)", str.strip, default="not wanted")
    drop(Namespace(name=name, ids=ids, note=note, undo=False), session)


def _rounds_in(text: str) -> int:
    number = parse_whole(text, "a number of rounds")
    if not 1 <= number <= _MOST_ROUNDS:
        raise AnswerError(f"{number} is not possible: type 1 to {_MOST_ROUNDS}.")
    return number


def _words_in(text: str) -> list[str]:
    words = text.replace(",", " ").split()
    if not words:
        raise AnswerError("Type at least one id.")
    return words
