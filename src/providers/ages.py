"""How long ago the figures of models.yaml were checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from src.core.types import ProviderName
from src.providers.lookup import provider_spec

MOST_DAYS = 90
"""Vendors change prices and end models several times a year."""


class Entry(NamedTuple):
    """One entry and its age in days; None where nobody has said when it was checked."""

    provider: ProviderName
    name: str
    source: str
    days: int | None


def outdated_entries(providers: Iterable[ProviderName], today: date) -> list[Entry]:
    """Models, writers and batch offers that were checked more than MOST_DAYS before ``today``, or at no known day."""
    return [entry for entry in _entries(providers, today) if entry.days is None or entry.days > MOST_DAYS]


def _entries(providers: Iterable[ProviderName], today: date) -> Iterator[Entry]:
    for name in providers:
        spec = provider_spec(name)
        said = [(model.id, model.source, model.checked) for model in spec.models]
        said += [(writer.id, writer.source, writer.checked) for writer in spec.writers]
        if spec.batch:
            said.append(("batch API", spec.batch.source, spec.batch.checked))
        for title, source, checked in said:
            days = (today - date.fromisoformat(checked)).days if checked else None
            yield Entry(name, title, source, days)
