"""A database on a PostgreSQL server, behind the same few calls as a file of SQLite (``connection.Database``).

Statements come as SQLite takes them; what the two do differently is settled here and in the schema: placeholders, one
writer at a time, the busy time-out, NUL characters. Every table that is read in the order of arrival has a column
``rowid``, as tables of SQLite have by themselves.
"""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from src.core.database_address import DatabaseAddress
from src.core.errors import ConfigError, MissingPackageError, StorageError
from src.persistence.postgres_errors import connection_error, explain
from src.persistence.postgres_schema import STEPS, TABLES

try:
    import psycopg
    from psycopg.types.string import StrDumperUnknown
except ModuleNotFoundError as error:
    raise MissingPackageError(
        f"DATABASE_URL needs the package {error.name!r}.",
        fix="make setup-postgres, or: pip install -r requirements-postgres.txt",
    ) from error

_CONNECT_TIMEOUT_S = 10
_VERSION_TABLE = "dataset_builder_schema"
_LOCK_SPACE = 0x6473_6274
"""Sets our advisory locks apart from those of other programs that share the database."""
_OUR_LOCK = "hashtext(coalesce(current_schema(), '') || ' {name}')"
_MARKS = re.compile(r"'(?:[^']|'')*'|\?|:([a-z_]+)|%")


class Row:
    """One row, its columns by name and by number, as ``sqlite3.Row`` gives them."""

    __slots__ = ("_names", "_values")

    def __init__(self, names: Mapping[str, int], values: Sequence[Any]) -> None:
        self._names = names
        self._values = values

    def __getitem__(self, key: str | int) -> Any:
        return self._values[key if isinstance(key, int) else self._names[key]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def keys(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self._names)


class PostgresDatabase:
    """A database on a server; see ``Database``. The schema is the first one of the search path."""

    def __init__(self, address: DatabaseAddress, *, busy_timeout_s: float) -> None:
        """Connect, and bring an older schema to the present one. Raises StorageError when the server cannot be
        reached or refuses, and when the schema belongs to another program or to a newer version of this one."""
        self._address = address
        self._lock = threading.RLock()
        self._db = connect(address)
        try:
            with self._translated():
                # 0 would mean no limit
                self._db.execute(f"SET lock_timeout = {max(1, round(busy_timeout_s * 1000))}")
                self._require_utf8()
                self._migrate()
        except BaseException:
            self._db.close()
            raise

    def read(self, sql: str, parameters: tuple[Any, ...] | Mapping[str, Any] = (), /) -> list[Any]:
        """All rows of a query that is known to be small."""
        with self._lock, self._translated():
            return self._db.execute(_translate(sql), parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[_Writing]:
        """A block of writes that is stored whole when it ends well, and not at all when it does not."""
        with self._lock, self._translated():
            try:
                # one writer at a time, as in SQLite: what a block has read stays true until it ends
                lock = f"SELECT pg_advisory_xact_lock({_LOCK_SPACE}, {_OUR_LOCK.format(name='writing')})"
                self._db.execute(f"BEGIN; {lock}")
                yield _Writing(self._db)
                self._db.execute("COMMIT")
            except BaseException:
                if not self._db.broken:
                    self._db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Close the connection. Safe to call twice."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what the server reports about itself into a StorageError; errors of our SQL stay."""
        try:
            yield
        except psycopg.Error as error:
            known = explain(self._address, error)
            if known is None:
                raise
            raise known from error

    def _require_utf8(self) -> None:
        encoding = _value(self._db, "SHOW server_encoding")
        if encoding != "UTF8":
            raise StorageError(
                f"{self._address} keeps text as {encoding}, which does not hold every character.",
                fix="Make another one for this program: CREATE DATABASE datasets ENCODING 'UTF8' TEMPLATE template0.",
            )

    def _migrate(self) -> None:
        while self._check_schema() < len(STEPS):
            with self.transaction() as db:
                version = self._check_schema()  # again: another process may have been faster
                if version == 0:
                    db.execute(f"CREATE TABLE {_VERSION_TABLE} (version INTEGER NOT NULL)")
                    db.execute(f"INSERT INTO {_VERSION_TABLE} VALUES (0)")  # noqa: S608 - a name of ours
                if version < len(STEPS):
                    for statement in STEPS[version].statements:
                        self._db.execute(statement)
                    db.execute(f"UPDATE {_VERSION_TABLE} SET version = ?", (version + 1,))  # noqa: S608 - likewise

    def _check_schema(self) -> int:
        """The number of steps that the schema has behind it; 0 for an empty one."""
        if _value(self._db, "SELECT current_schema()") is None:
            raise StorageError(
                f"{self._address} has no schema that this user may use.",
                fix="Let the owner make one (CREATE SCHEMA datasets AUTHORIZATION <user>), and name it in the address: "
                "?options=-csearch_path%3Ddatasets",
            )
        tables = {
            row[0] for row in self._db.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        }
        if _VERSION_TABLE not in tables:
            if tables & TABLES:
                raise StorageError(
                    f"{self._address} holds tables of another program ({', '.join(sorted(tables & TABLES))}).",
                    fix="Use another database, or a schema of its own: ?options=-csearch_path%3Dname in DATABASE_URL.",
                )
            return 0
        version: int = _value(self._db, f"SELECT version FROM {_VERSION_TABLE}")  # noqa: S608 - ours
        if version > len(STEPS):
            raise StorageError(
                f"{self._address} was written by a newer version of this program "
                f"(schema {version}, known up to {len(STEPS)}).",
                fix="Update the program.",
            )
        return version


class _Writing:
    """The connection within a transaction; see ``connection.Connection``."""

    IntegrityError = psycopg.IntegrityError

    def __init__(self, db: psycopg.Connection[Any]) -> None:
        self._db = db

    def execute(self, sql: str, parameters: Any = (), /) -> psycopg.Cursor[Any]:
        return self._db.execute(_translate(sql), parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> psycopg.Cursor[Any]:
        cursor = self._db.cursor()
        cursor.executemany(_translate(sql), parameters)
        return cursor


@contextmanager
def hold_server_lock(address: DatabaseAddress, name: str) -> Iterator[None]:
    """Hold the lock ``name`` of a database while the block runs, for every machine that uses it. The server frees it
    when its holder ends, however that happens.

    Raises StorageError at once, naming who holds it.
    """
    key = _OUR_LOCK.format(name=name)
    db = connect(address)
    try:
        if not _value(db, f"SELECT pg_try_advisory_lock({_LOCK_SPACE}, {key})"):
            raise StorageError(
                f"Another run is writing to the {address}{_holder(db, key)}.",
                fix="Wait until it has ended, or end it; then try again.",
            )
        yield
    finally:
        db.close()


def connect(address: DatabaseAddress) -> psycopg.Connection[Any]:
    """A connection in which every statement is a transaction of its own. Raises StorageError with a fix."""
    try:
        settings: dict[str, Any] = dict(psycopg.conninfo.conninfo_to_dict(address.url))
        settings.setdefault("connect_timeout", _CONNECT_TIMEOUT_S)
        settings.setdefault("keepalives_idle", 30)  # a lost machine gives its locks back within minutes, not hours
        settings["client_encoding"] = "utf8"
        settings["fallback_application_name"] = f"dataset builder, {socket.gethostname()}, process {os.getpid()}"
        db = psycopg.connect(**settings, autocommit=True, row_factory=_make_rows)
    except psycopg.ProgrammingError:
        # its message may quote any part of the address
        raise ConfigError(
            "DATABASE_URL is not an address that PostgreSQL understands.", fix="See docs/POSTGRES.md for its form."
        ) from None
    except psycopg.OperationalError as error:
        raise connection_error(address, error) from error
    db.adapters.register_dumper(str, _ShownNul)
    return db


def _holder(db: psycopg.Connection[Any], key: str) -> str:
    """Who holds an advisory lock, as far as this user may know."""
    sql = f"""
        SELECT application_name, to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
        FROM pg_stat_activity AS holder JOIN pg_locks AS held USING (pid)
        WHERE held.locktype = 'advisory' AND held.granted AND holder.datname = current_database()
          AND held.classid = {_LOCK_SPACE}::oid AND held.objid = ({key}::bigint & 4294967295)::oid"""  # noqa: S608 - ours
    row = db.execute(sql).fetchone()
    return f" ({row[0]}, since {row[1]} UTC)" if row and row[0] else ""


def _value(db: psycopg.Connection[Any], sql: str) -> Any:
    """What a query gives that has one row of one column."""
    return db.execute(sql).fetchall()[0][0]


def _make_rows(cursor: psycopg.Cursor[Any]) -> Any:
    names = {column.name: place for place, column in enumerate(cursor.description or ())}
    return lambda values: Row(names, values)


@lru_cache(maxsize=256)
def _translate(sql: str) -> str:
    """A statement with the placeholders of psycopg in the place of SQLite's."""
    return _MARKS.sub(_as_psycopg, sql)


def _as_psycopg(found: re.Match[str]) -> str:
    if found[0] == "?":
        return "%s"
    if found[1]:
        return f"%({found[1]})s"
    return found[0].replace("%", "%%")


class _ShownNul(StrDumperUnknown):
    r"""PostgreSQL keeps no NUL character in a text: it is shown as ``\x00``. The messages of a sample are JSON, which
    escapes it, and lose nothing."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", r"\x00") if "\0" in obj else obj)
