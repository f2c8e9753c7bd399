"""Sets of files: all of them change, or none does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from src.core.errors import StorageError
from src.core.file_set import replace_together

NAMES = ("a", "b", "c")


def write_set(
    folder: Path, text: str, names: tuple[str, ...] = NAMES, fails: type[BaseException] | None = None
) -> None:
    with replace_together([folder / name for name in NAMES], folder / "manifest") as new:
        for name, path in zip(NAMES, new.paths, strict=True):
            if name in names:
                path.write_text(text, encoding="utf-8")
        new.manifest.write(text.encode())
        if fails:
            raise fails


def files_in(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


def test_all_files_change_and_what_is_not_written_goes(tmp_path: Path) -> None:
    write_set(tmp_path / "set", "old")
    write_set(tmp_path / "set", "new", ("a", "b"))
    assert files_in(tmp_path / "set") == {"a": "new", "b": "new", "manifest": "new"}
    write_set(tmp_path / "set", "newer", ("b",))
    assert files_in(tmp_path / "set") == {"b": "newer", "manifest": "newer"}


@pytest.mark.parametrize("fails", [ValueError, KeyboardInterrupt])
def test_none_changes_where_the_block_fails(tmp_path: Path, fails: type[BaseException]) -> None:
    write_set(tmp_path, "old")
    with pytest.raises(fails):
        write_set(tmp_path, "new", fails=fails)
    assert files_in(tmp_path) == dict.fromkeys([*NAMES, "manifest"], "old")


def test_what_a_dead_process_has_left_is_no_file_of_the_set(tmp_path: Path) -> None:
    (tmp_path / "c.new").write_text("dead", encoding="utf-8")
    write_set(tmp_path, "new", ("a", "b"))
    assert files_in(tmp_path) == {"a": "new", "b": "new", "manifest": "new"}


def test_second_writer_of_a_set_is_refused(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in NAMES]
    with replace_together(paths, tmp_path / "manifest") as first:
        first.paths[0].write_text("first", encoding="utf-8")
        with pytest.raises(StorageError, match="being written by another process"):
            write_set(tmp_path, "second")
    assert files_in(tmp_path) == {"a": "first", "manifest": ""}


def test_links_stay_and_what_they_lead_to_changes(tmp_path: Path) -> None:
    for name in (*NAMES, "manifest"):
        try:
            (tmp_path / name).symlink_to(tmp_path / "far" / name)
        except OSError:
            pytest.skip("no links here")
    write_set(tmp_path, "old")
    write_set(tmp_path, "new")
    assert all((tmp_path / name).is_symlink() for name in (*NAMES, "manifest"))
    assert files_in(tmp_path / "far") == dict.fromkeys([*NAMES, "manifest"], "new")


def test_where_a_new_file_cannot_take_its_name_all_is_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_set(tmp_path, "old")
    replace = Path.replace

    def refuse(path: Path, to: Path) -> Path:
        if path.name == "b.new":
            raise PermissionError(13, "open elsewhere", str(to))
        return replace(path, to)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(StorageError, match="open elsewhere"):
        write_set(tmp_path, "new")
    assert files_in(tmp_path) == dict.fromkeys([*NAMES, "manifest"], "old")


@pytest.mark.skipif(os.name == "nt", reason="named pipes are POSIX")
def test_a_device_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c")
    with pytest.raises(StorageError, match="is no file"):
        write_set(tmp_path, "new")
    assert (tmp_path / "c").is_fifo()
