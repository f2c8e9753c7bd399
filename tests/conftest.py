"""What holds for every test: no network but loopback, no keys from outside; stub server and workspace on request."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from src.core.workspace import Workspace
from tests.postgres_server import NoPostgresError, PostgresServer, running_postgres
from tests.stub_server import StubServer
from tests.stub_tuning import StubTuning

# an example may take long where the machine is busy or loads something by its first call; all else as it was
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parent.parent

# a shell starts what runs in its background with Ctrl-C ignored, and every program under test would inherit that
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Names that our code or an SDK reads: a developer's own keys, endpoints and proxies must not reach a test.
_OUTSIDE = (
    "_API_KEY",
    "_BASE_URL",
    "_AUTH_TOKEN",
    "_PROXY",
    "_proxy",
    "_ORG_ID",
    "_PROJECT_ID",
    "_CUSTOM_HEADERS",
    "_PROFILE",
)
_OUTSIDE_PREFIXES = (
    "AGENT_",
    "SUPABASE_",
    "DATABASE_",
    "PG",
    "GOOGLE_",
    "GEMINI_",
    "OPENAI_",
    "ANTHROPIC_",
    "MISTRAL_",
    "LLAMA_",
    "TOGETHER_",
    "AWS_",
    "STORAGE_",
    "HF_",
)


class NetworkUsedError(RuntimeError):
    """A test tried to reach a host other than this one."""


def _require_loopback(address: Any) -> None:
    if not isinstance(address, tuple):
        return  # a unix socket
    host = str(address[0]).partition("%")[0]
    if host in {"localhost", ""}:
        return
    try:
        allowed = ip_address(host).is_loopback
    except ValueError:
        allowed = False
    if not allowed:
        raise NetworkUsedError(f"a test tried to reach {host!r}; only 127.0.0.1 and ::1 are allowed")


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    getaddrinfo = socket.getaddrinfo

    def checked_connect(self: socket.socket, address: Any) -> None:
        _require_loopback(address)
        connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        _require_loopback(address)
        return connect_ex(self, address)

    def checked_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _require_loopback(rest[-1])
        return sendto(self, data, *rest)

    def checked_getaddrinfo(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        _require_loopback((name or "localhost",))
        return getaddrinfo(host, *rest, **named)

    patch.setattr(socket.socket, "connect", checked_connect)
    patch.setattr(socket.socket, "connect_ex", checked_connect_ex)
    patch.setattr(socket.socket, "sendto", checked_sendto)
    patch.setattr(socket, "getaddrinfo", checked_getaddrinfo)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _no_keys_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.endswith(_OUTSIDE) or name.startswith(_OUTSIDE_PREFIXES):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL on loopback; see tests/postgres_server.py. Tests that need one are skipped where none runs."""
    with ExitStack() as running:
        try:
            server = running.enter_context(running_postgres())
        except NoPostgresError as error:
            pytest.skip(str(error))
        yield server


@pytest.fixture
def stub() -> Iterator[StubServer]:
    """A loopback server that speaks every provider's wire; see tests/stub_server.py."""
    with StubServer() as server:
        yield server


@pytest.fixture
def vendors() -> Iterator[StubTuning]:
    """A loopback server that tunes models as every vendor does; see tests/stub_tuning.py."""
    with StubTuning() as server:
        yield server


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A folder of its own with the shipped prompts and config.yaml, as far as they are there."""
    root = tmp_path / "workspace"
    (root / "input_files").mkdir(parents=True)
    if (ROOT / "prompts").is_dir():
        shutil.copytree(ROOT / "prompts", root / "prompts")
    if (ROOT / "config.yaml").is_file():
        shutil.copy(ROOT / "config.yaml", root / "config.yaml")
    return Workspace(root)
