"""What a PostgreSQL server reports, as errors with a cause and a fix. No message of it holds a password."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from src.core.database_address import DatabaseAddress
from src.core.errors import StorageError

if TYPE_CHECKING:
    import psycopg

_GRANT_FIX = (
    "Let the owner of the database run: GRANT USAGE, CREATE ON SCHEMA <schema> TO <user>; and, for tables that another "
    "user has made: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA <schema> TO <user>."
)
_LOST_FIX = "Check the server and the network, then run again; nothing that was finished is lost."

# Codes by prefix (https://www.postgresql.org/docs/current/errcodes-appendix.html): what happened, what to do.
_CAUSES: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("55P03", "40P01"),
        "another run is using the database",
        "Wait until the other run has ended, or end it, then try again.",
    ),
    (("42501",), "this user may not do that", _GRANT_FIX),
    (("25006",), "the database is read-only", "Give the address of the primary server, not of a copy."),
    (("53100",), "the disk of the server is full", "Free some space there; nothing that was finished is lost."),
    (("53",), "the server has no room for this connection", "Close other programs that use it, or raise its limits."),
    (("57P", "08"), "the server ended the connection", _LOST_FIX),
    (("58", "XX"), "the server met an error of its own", "See the log of the server."),
)

# A refused connection has no code, only libpq's message; what is not recognised is given in its words.
_REFUSALS: tuple[tuple[str, str, str], ...] = (
    (
        "password authentication failed|no password supplied",
        "the server does not take this user and password",
        "Mend DATABASE_URL. In a password write @ as %40, / as %2F, : as %3A, ? as %3F, # as %23 and % as %25.",
    ),
    (
        "no pg_hba.conf entry",
        "the server lets nobody in from this machine under that name",
        "Add a line to the pg_hba.conf of the server; where it asks for encryption add ?sslmode=require.",
    ),
    (
        'database ".*" does not exist',
        "there is no such database",
        "Make it: CREATE DATABASE <name> ENCODING 'UTF8' TEMPLATE template0; or mend DATABASE_URL.",
    ),
)


def explain(address: DatabaseAddress, error: psycopg.Error) -> StorageError | None:
    """The StorageError for what the server said about itself; None for an error of a statement."""
    from psycopg import OperationalError

    code = error.sqlstate
    if code is None:  # the driver's own
        lost = f"{address}: the connection was lost ({_first_line(error)})."
        return StorageError(lost, fix=_LOST_FIX) if isinstance(error, OperationalError) else None
    for prefixes, cause, fix in _CAUSES:
        if code.startswith(prefixes):
            return StorageError(f"{address}: {cause} ({_first_line(error)}).", fix=fix)
    return None


def connection_error(address: DatabaseAddress, error: psycopg.Error) -> StorageError:
    """The StorageError for a connection that did not come about."""
    for pattern, cause, fix in _REFUSALS:
        if re.search(pattern, str(error)):
            return StorageError(f"{address}: {cause}.", fix=fix)
    return StorageError(
        f"{address} cannot be reached ({_first_line(error)}).",
        fix="Check that the server runs, and host and port in DATABASE_URL; leave it out to keep all in a file.",
    )


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
