"""Where the tests of the store keep their data: what makes sense on both kinds of database runs on both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from src.core.database_address import DatabasePlace, parse_database_url
from src.persistence.sqlite_client import Store
from tests.persistence.rows import NOON
from tests.postgres_server import PostgresServer

OpenStore = Callable[..., Store]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> DatabasePlace:
    """An empty database: a file that is not there yet, or a schema of its own on a server."""
    if request.param == "sqlite":
        return tmp_path / "memory" / "dataset_builder.db"
    server: PostgresServer = request.getfixturevalue("postgres")
    return parse_database_url(server.new_schema())


@pytest.fixture
def open_store(place: DatabasePlace) -> OpenStore:
    """Opens the database of this test; the clock stands at noon."""

    def opened(clock: Callable[[], datetime] = lambda: NOON, **settings: float) -> Store:
        return Store(place, clock=clock, **settings)

    return opened


@pytest.fixture
def store(open_store: OpenStore) -> Iterator[Store]:
    with open_store() as opened:
        yield opened


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Where a database may be made, beside ``folder``."""
    return tmp_path / "memory" / "dataset_builder.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where its backups may be made."""
    return tmp_path / "memory" / "backups"
