"""Files are read while those before them are compared: the order and the content stay, and a reader may stop early."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.data_prep.git_history import patches
from src.data_prep.git_history.commits import read_commits
from src.data_prep.git_history.patches import CommitPatch, read_patches
from src.data_prep.git_reading import GitRepository
from tests.data_prep.git_history.repositories import Made, make_repository

COMMITS = 12


def made(folder: Path) -> GitRepository:
    history = [Made(f"Weigh {n}", {"a.py": f"load = {n}\r\nlimit = 7\n" + "x = 1\n" * 40}) for n in range(COMMITS)]
    return GitRepository(make_repository(folder, history))


def read(repository: GitRepository) -> list[CommitPatch]:
    return list(read_patches(repository, read_commits(repository, repository.resolve("HEAD"))))


def test_patches_are_the_same_however_little_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = made(tmp_path)
    together = read(repository)
    monkeypatch.setattr(patches, "_BYTES_AT_ONCE", 1)
    apart = read(repository)
    assert apart == together
    assert [patch.files[0].added for patch in apart[:-1]] == [[f"load = {n}"] for n in range(COMMITS - 1, 0, -1)]


def test_reader_may_stop_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = made(tmp_path)
    monkeypatch.setattr(patches, "_BYTES_AT_ONCE", 1)
    reading = read_patches(repository, read_commits(repository, repository.resolve("HEAD")))
    first = next(reading)
    assert isinstance(first, CommitPatch)
    reading.close()  # type: ignore[attr-defined]
