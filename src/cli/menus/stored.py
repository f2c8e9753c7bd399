"""Menus 3 and 4: statistics and exports of a stored dataset, the latest unless another one is picked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from src.cli.actions.dataset_list import DATASET_HEADS, dataset_rows
from src.cli.progress import Progress
from src.cli.prompts import Prompter
from src.cli.screens import show_path, table
from src.cli.session import Session
from src.cli.views.statistics import distribution_lines, source_lines, token_lines
from src.core.errors import DatasetError
from src.core.types import DatasetRecord
from src.persistence.sqlite_client import Store

if TYPE_CHECKING:
    from src.publish.figures import Described

_SHOWN_DATASETS = 20
_NUMBERS, _MADE, _SPARE = frozenset({0, 4, 5}), 6, (2, 5)
"""Columns of the table to choose from: #, name, mode, for, samples, tokens, made."""
Screen = Callable[["Described", int], list[str]]


def show_all(session: Session, prompter: Prompter) -> None:
    """3: all three screens."""
    _show(session, prompter, (token_lines, distribution_lines, source_lines))


def show_tokens(session: Session, prompter: Prompter) -> None:
    """3.1."""
    _show(session, prompter, (token_lines,))


def show_distribution(session: Session, prompter: Prompter) -> None:
    """3.2."""
    _show(session, prompter, (distribution_lines,))


def show_sources(session: Session, prompter: Prompter) -> None:
    """3.3."""
    _show(session, prompter, (source_lines,))


def export_jsonl(session: Session, prompter: Prompter) -> None:
    """4.1: the training and validation files."""
    _export(session, prompter, jsonl=True, csv=False)


def export_csv(session: Session, prompter: Prompter) -> None:
    """4.2: one row per sample, for a spreadsheet."""
    _export(session, prompter, jsonl=False, csv=True)


def choose_dataset(session: Session, prompter: Prompter) -> str:
    """The name of a finished dataset; asked only when there are several. Raises DatasetError when there is none."""
    records = finished_datasets(session)[:_SHOWN_DATASETS]
    if not records:
        raise DatasetError("There is no dataset yet.", fix="Make one with menu 2.")
    if len(records) == 1:
        return records[0].name
    heads, *rows = (_without_status(row) for row in (DATASET_HEADS, *dataset_rows(records)))
    numbered = [(str(number), *row) for number, row in enumerate(rows, start=1)]
    session.console.say()
    session.console.lines(
        table(
            ("#", *heads), numbered, width=session.console.width, right=_NUMBERS, whole=frozenset({_MADE}), spare=_SPARE
        )
    )
    names = [record.name for record in records]
    return names[prompter.pick_number("Which dataset", len(names), names)]


def finished_datasets(session: Session) -> tuple[DatasetRecord, ...]:
    """The stored datasets but for unfinished runs, the latest first."""
    with Store(session.workspace.database) as store:
        return tuple(record for record in store.datasets() if record.status == "finished")


def _without_status(row: tuple[str, ...]) -> tuple[str, ...]:
    """All of them are finished."""
    status = DATASET_HEADS.index("status")
    return row[:status] + row[status + 1 :]


def _show(session: Session, prompter: Prompter, screens: tuple[Screen, ...]) -> None:
    from src.dataset_files import report_path
    from src.stored.exporting import describe_stored

    described = describe_stored(session.workspace, choose_dataset(session, prompter))
    record = described.record
    session.console.heading(
        f"Dataset {record.name}: {record.total_samples:,} samples for {record.provider} {record.model}"
    )
    for screen in screens:
        for line in screen(described, session.console.width):
            session.console.say(line, "plain" if line.startswith(" ") else "heading")
    report = report_path(session.workspace.output_datasets, record.name)
    if report.exists():
        session.console.say()
        session.console.remark(f"Quality, plots and ten rows: {show_path(report, session.workspace.root)}")


def _export(session: Session, prompter: Prompter, *, jsonl: bool, csv: bool) -> None:
    from src.stored.exporting import export_stored

    name = choose_dataset(session, prompter)
    with Progress(session.console) as progress:
        files = export_stored(session.config(), session.parts(progress), name, jsonl=jsonl, csv=csv)
    for path in files.values():
        session.console.success(f"Written: {show_path(path, session.workspace.root)}")
