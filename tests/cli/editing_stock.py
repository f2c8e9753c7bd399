"""A small stored dataset that the tests of editing change, and the ways to call a command on it."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from src.cli.arguments import parse_arguments
from src.cli.session import Session
from src.cli.subcommand import Outcome
from src.core.types import OBJECTION, DatasetRecord
from src.core.workspace import Workspace
from src.persistence.models import StoredSample
from src.persistence.sqlite_client import Store
from tests.cli.driver import make_session
from tests.fakes import make_sample
from tests.persistence.rows import make_record, store_dataset

NAME = "pots"


def stock_rows() -> list[StoredSample]:
    """Seven samples, two of them alike, one borderline, one that declines."""
    where = "It takes place in the large kiln behind the studio every Friday night."
    samples = [
        make_sample("What is a kiln?", "An oven that fires clay.", quality_score=9.0),
        make_sample("How hot is a glaze firing?", "About 1,240 degrees.", quality_score=6.5),
        make_sample("May I fire metal?", "I'm sorry, but I can't help with that."),
        make_sample("Where does the bisque firing take place?", where),
        make_sample("Where does this bisque firing take place?", where),
        make_sample("Who keeps the key?", "  The studio manager keeps it.  "),
        make_sample("Is lead glaze allowed?", "No, it is poisonous.", source="rules.md", **{OBJECTION: "weak_support"}),
    ]
    tokens = (12, 14, 15, 20, 20, 13, 13)
    rows = [StoredSample(sample, count, "train") for sample, count in zip(samples, tokens, strict=True)]
    return [*rows[:-1], replace(rows[-1], split="validation")]


def stock(workspace: Workspace, rows: Sequence[StoredSample] | None = None) -> DatasetRecord:
    """The dataset in the database of ``workspace``."""
    with Store(workspace.database) as store:
        return store_dataset(store, make_record(NAME), rows or stock_rows())


def read(workspace: Workspace) -> tuple[DatasetRecord, list[StoredSample]]:
    """The dataset as it is now."""
    with Store(workspace.database) as store:
        record = store.find(NAME)
        return record, list(store.samples(record.id))


def answers(workspace: Workspace) -> list[str]:
    """What is answered now."""
    return [row.sample.messages[-1].content for row in read(workspace)[1]]


def call(workspace: Workspace, *line: str, session: Session | None = None) -> Outcome:
    """A command line, as a person types it."""
    arguments = parse_arguments(list(line))
    return arguments.command.load()(arguments, session or make_session(workspace))


def facts_of(outcome: Outcome) -> dict[str, Any]:
    assert outcome.facts is not None
    return outcome.facts


def type_keys(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """What a person types, one line each, where no terminal is."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
