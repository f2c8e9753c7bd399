"""A workspace with a stored dataset of a few samples, for the tests of this room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from src.core.parts import Parts
from src.core.secrets import load_secrets
from src.core.types import DatasetRecord, Message, Sample, Span
from src.core.workspace import Workspace
from src.persistence.models import StoredSample, make_dataset_id
from src.persistence.sqlite_client import Store

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TEXT = "How hot is a bisque firing?\nAbout 1,000 degrees.\nWhat is slip?\nClay with much water.\n"


def say(question: str, answer: str, **more) -> Sample:
    return Sample((Message("user", question), Message("assistant", answer)), origin="generated", **more)


def cut() -> tuple[Sample, ...]:
    """Two conversations cut from TEXT, as the file notes.txt."""

    def turn(role, piece):
        start = TEXT.index(piece)
        return Message(role, piece, (Span(start, start + len(piece)),))

    lines = TEXT.splitlines()
    return tuple(
        Sample(
            (turn("user", lines[place]), turn("assistant", lines[place + 1])),
            origin="extracted",
            source_file="notes.txt",
            span=Span(TEXT.index(lines[place]), TEXT.index(lines[place + 1]) + len(lines[place + 1])),
            locator=f"line {place + 1}",
        )
        for place in (0, 2)
    )


def rows(samples: Sequence[Sample], validation: int = 1) -> list[StoredSample]:
    border = len(samples) - validation
    return [
        StoredSample(sample, 10 + place, "train" if place < border else "validation")
        for place, sample in enumerate(samples)
    ]


def record_named(name: str, **changes) -> DatasetRecord:
    return DatasetRecord(
        id=make_dataset_id(name, "cafe"),
        name=name,
        provider=changes.pop("provider", "openai"),
        model=changes.pop("model", "gpt-4.1-mini-2025-04-14"),
        mode="hybrid",
        created_at=NOON,
        config=changes.pop("config", "{}"),
        config_hash="cafe",
        **changes,
    )


def store_first(store: Store, record: DatasetRecord, stored: Sequence[StoredSample]) -> DatasetRecord:
    writer = store.begin(record)
    writer.add(stored)
    return store.mark_finished(writer.end(record.run))


def store_next(store: Store, name: str, stored: Sequence[StoredSample], reason: str) -> DatasetRecord:
    former = store.find(name)
    later = replace(store.derive(former, reason, "Ada"), created_at=former.created_at + timedelta(hours=1))
    writer = store.begin(later)
    writer.add(stored)
    return store.mark_finished(writer.end(former.run))


def parts_of(workspace: Workspace, *, days: int = 0) -> Parts:
    return Parts(workspace, load_secrets(workspace.env_file, {}), clock=lambda: NOON + timedelta(days=days))
