"""Menu 10: the library of stored datasets: looked through, searched, followed through its versions, kept in order."""

from __future__ import annotations

from argparse import Namespace

from src.cli.file_questions import run_line, some_text
from src.cli.menus.stored import choose_dataset
from src.cli.prompts import AnswerError, Prompter, parse_whole
from src.cli.session import Session
from src.core.errors import DatasetError
from src.persistence.removal import deleted_datasets
from src.persistence.sqlite_client import Store


def list_all(session: Session, _prompter: Prompter) -> None:
    """10.1: every dataset."""
    run_line(session, "datasets")


def search_all(session: Session, prompter: Prompter) -> None:
    """10.2: samples by their words."""
    words = prompter.text('Words ("side by side", -without, begin*)', some_text)
    arguments = Namespace(words=[words], dataset=None, split=None, source=None, limit=10)
    from src.cli.actions.library import search

    search(arguments, session)


def show_one(session: Session, prompter: Prompter) -> None:
    """10.3: one dataset with its settings and first samples."""
    run_line(session, "datasets", "show", choose_dataset(session, prompter))


def show_versions(session: Session, prompter: Prompter) -> None:
    """10.4: how a dataset became what it is."""
    run_line(session, "datasets", "versions", choose_dataset(session, prompter))


def diff_versions(session: Session, prompter: Prompter) -> None:
    """10.5: what differs between two versions, by sample."""
    name = choose_dataset(session, prompter)
    latest = _several_versions(session, name)
    earlier = prompter.text("From version", _number_in, default="1")
    later = prompter.text("To version", _number_in, default=str(latest))
    run_line(session, "diff", f"{name}@{earlier}", f"{name}@{later}")


def roll_back(session: Session, prompter: Prompter) -> None:
    """10.6: a new version that is equal to an earlier one."""
    name = choose_dataset(session, prompter)
    _several_versions(session, name)
    number = prompter.text("Back to version", _number_in)
    run_line(session, "datasets", "rollback", name, str(number))


def trace_one(session: Session, prompter: Prompter) -> None:
    """10.7: where a sample comes from."""
    run_line(
        session, "why", prompter.text("First digits of its id, or FILE:LINE of an exported file", some_text).strip()
    )


def rename_one(session: Session, prompter: Prompter) -> None:
    """Another name."""
    name = choose_dataset(session, prompter)
    run_line(session, "datasets", "rename", name, prompter.text(f"New name for {name}", some_text))


def delete_one(session: Session, prompter: Prompter) -> None:
    """Out of sight; shows first what that is, and asks."""
    from src.cli.actions.keeping import show_deletion, tell_deleted
    from src.stored.keeping import delete, preview_deletion

    name = choose_dataset(session, prompter)
    show_deletion(session, preview_deletion(session.workspace, name))
    if not prompter.yes_no("Delete it", default=False):
        session.console.say("Nothing was changed.")
        return
    tell_deleted(session, delete(session.parts(lambda _event: None), name))


def bring_one_back(session: Session, prompter: Prompter) -> None:
    """Undo a deletion."""
    with Store(session.workspace.database) as store:
        names = [record.name for record in deleted_datasets(store)]
    if not names:
        session.console.say("No deleted datasets.")
        return
    chosen = 0
    if len(names) > 1:
        for number, name in enumerate(names, start=1):
            session.console.item(f"  {number}. ", name)
        chosen = prompter.pick_number("Which dataset", len(names), names)
    run_line(session, "datasets", "undo", names[chosen])


def _several_versions(session: Session, name: str) -> int:
    """Show the versions of a dataset; the number of the latest. Raises DatasetError where there is one only."""
    facts = run_line(session, "datasets", "versions", name).facts or {}
    numbers: list[int] = [one["version"] for one in facts["versions"]]
    if len(numbers) == 1:
        raise DatasetError(f"{name} has no other version.", fix="Every split, edit and import makes one.")
    return max(numbers)


def _number_in(text: str) -> int:
    number = parse_whole(text, "the number of a version")
    if number < 1:
        raise AnswerError(f"{number} is no version: they count from 1.")
    return number
