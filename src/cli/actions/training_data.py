"""What the commands of training are given: a name becomes rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from src.cli.actions.curation_places import path_of
from src.cli.actions.data_prep_places import project_root
from src.cli.session import Session

if TYPE_CHECKING:
    from src.training.datasets import TrainingSet


def find_data(session: Session, name: str, held_out: str | None) -> TrainingSet:
    """The rows that ``name`` stands for. Raises DatasetError, InputFileError, UsageError."""
    from src.training.datasets import Places, find_training_set

    places = Places(session.workspace.database, project_root(session) / "data" / "staging")
    return find_training_set(name, places, path_of(held_out) if held_out else None)


def data_text(data: TrainingSet) -> str:
    """How many rows there are, and what is held out."""
    held_out = f"{len(data.held_out):,} held out ({data.held_out_from})" if data.held_out else "none held out"
    return f"{len(data.train):,} to train on, {held_out}"
