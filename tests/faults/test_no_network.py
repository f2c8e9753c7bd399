"""With every socket closed, what needs no model works: nothing is sent anywhere, and nothing is asked for."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from src.core.workspace import Workspace
from src.main import main
from tests.cli.driver import add_documents, type_into_menu
from tests.curation.making import make_row, write_lines
from tests.data_prep.making import make_row as make_chat_row
from tests.data_prep.seed import make_exports

COMMANDS = (
    ("generate", "--set", "mode=identify"),
    ("identify", "input_files"),
    ("extract", "input_files/lighthouse_chat.txt"),
    ("datasets",),
    ("stats",),
    ("export", "my_dataset", "--format", "sharegpt"),
    ("split", "my_dataset", "--ratio", "0.5"),
    ("validate", "chats.jsonl"),
    ("convert", "chats.jsonl", "made.jsonl", "--to", "sharegpt", "--allow-loss"),
    ("models",),
    ("estimate", "my_dataset"),
    ("curate", "rows.jsonl", "--out", "set.jsonl", "--any-score"),
    ("package", "set.jsonl", "--to", "release"),
    ("chat-logs", "--src", "logs", "--out", "logs.jsonl"),
    ("qc", "chats.jsonl", "--out", "clean.jsonl"),
    ("merge-split", "chats.jsonl", "--out-dir", "sides"),
    ("lengths", "chats.jsonl"),
)


class SocketUsedError(RuntimeError):
    """Something wanted to reach out."""


@pytest.fixture
def closed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace in a world without sockets to other machines, and without keys."""

    def refuse(*_: Any, **__: Any) -> Any:
        raise SocketUsedError("a socket was used")

    for name in ("connect", "connect_ex", "sendto", "bind", "listen"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "gethostbyname", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.chdir(workspace.root)
    add_documents(workspace)
    write_lines(workspace.root / "rows.jsonl", [make_row(number) for number in range(30)])
    write_lines(workspace.root / "chats.jsonl", [make_chat_row(number) for number in range(20)])
    make_exports(workspace.root / "logs")
    return workspace


def test_commands_that_need_no_model_work_with_every_socket_closed(
    closed: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in COMMANDS:
        code = main([*arguments])
        said = capsys.readouterr().err
        assert code == 0 or (code, arguments[0]) == (1, "validate"), (arguments, said)  # so few rows train nothing
        assert "socket" not in said
        assert "defect" not in said


def test_menu_opens_and_closes_with_every_socket_closed(closed: Workspace) -> None:
    screen = type_into_menu(closed, "3.1", "m", "5.2", "m", "6")
    assert "Fine-Tuning Dataset Builder" in screen
    assert "socket" not in screen


def test_source_names_no_service_that_counts_its_users() -> None:
    from tests.test_house_rules import ROOT, SOURCES

    known = ("posthog", "sentry_sdk", "segment.io", "mixpanel", "google-analytics", "amplitude.com", "telemetry.")
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    named = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert not [word for word in known if word in text or word in named]
