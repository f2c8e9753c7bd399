"""Small files that unfold into enormous ones are refused before they fill memory or disk."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from src.main import main

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{former}'] * 10)}]\n"
    for former, name in zip("abcdefghijk", "bcdefghijkl", strict=True)
)


@pytest.fixture
def inside(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(workspace.root)
    return workspace


def zeros(megabytes: int) -> bytes:
    """A gzip file, a thousandth of what it holds."""
    block = gzip.compress(b'{"instruction": "a"}' + b" " * (50_000_000 - 20))
    return block * (megabytes // 50)


@pytest.mark.parametrize("command", ["dedupe", "curate"])
def test_packed_rows_that_would_fill_the_disk_are_refused(
    inside: Workspace, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (inside.root / "rows.jsonl.gz").write_bytes(zeros(150))
    place = ["--out", "out.jsonl"] if command == "curate" else ["out.jsonl"]
    assert main([command, "rows.jsonl.gz", *place]) == 1
    assert "unpacks to more than 200 times its size" in capsys.readouterr().err
    assert not (inside.root / "out.jsonl").exists()
    assert not [path for path in inside.root.rglob("*") if path.is_file() and path.stat().st_size > 10_000_000]


def test_archive_of_chats_that_would_fill_memory_is_told_and_the_rest_is_read(
    inside: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    logs = inside.root / "logs"
    logs.mkdir()
    with (
        zipfile.ZipFile(logs / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("conversations.json", "w") as member,
    ):
        for _ in range(15):
            member.write(b" " * 10_000_000)
    (logs / "note.txt").write_text("User: Why?\n\nAssistant: Because it is so.\n", encoding="utf-8")
    main(["chat-logs", "--src", "logs", "--out", "rows.jsonl", "--topics", "all"])
    assert "unpacks to more than 200 times its size" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["config.yaml", "models.local.yaml"])
def test_settings_that_unfold_without_end_are_refused_with_their_line(
    inside: Workspace, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (inside.root / name).write_text(LAUGHS, encoding="utf-8")
    arguments = ["stats"] if name == "config.yaml" else ["models"]
    main([*arguments, "--set", "mode=identify"])
    main(["generate"])
    said = capsys.readouterr().err
    assert f"{name} line" in said
    assert "unfold into too much" in said


def test_menu_goes_on_beside_settings_that_unfold_without_end(
    inside: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.cli.driver import type_into_menu

    inside.config_file.write_text(LAUGHS, encoding="utf-8")
    screen = type_into_menu(inside, "2.1", "m", "6")
    assert "unfold into too much" in screen
    assert "defect" not in screen


def test_sources_of_this_test_are_small(tmp_path: Path) -> None:
    assert len(zeros(150)) < 200_000
    assert len(LAUGHS) < 1_000
