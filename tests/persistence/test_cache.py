"""The cache of texts: folders appear whole, the least used go first, what killed runs left goes too."""

from __future__ import annotations

import os
import time

import pytest

from src.core.errors import StorageError
from src.persistence.cache import ReadingCache


def keep(cache: ReadingCache, key: str, size: int = 10):
    folder = cache.new_folder()
    (folder / "text.txt").write_bytes(b"x" * size)
    return cache.keep(key, folder)


def test_what_is_kept_is_found_by_its_key_and_only_by_that(tmp_path):
    cache = ReadingCache(tmp_path / "memory" / "cache", 1)
    assert cache.find("a") is None
    kept = keep(cache, "a")
    assert ReadingCache(tmp_path / "memory" / "cache", 1).find("a") == kept
    assert cache.find("b") is None
    cache.drop(kept)
    assert cache.find("a") is None


def test_the_first_of_two_runs_wins(tmp_path):
    cache = ReadingCache(tmp_path, 1)
    first = keep(cache, "a", 10)
    assert keep(cache, "a", 20) == first
    assert (first / "text.txt").stat().st_size == 10
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_the_least_used_go_first(tmp_path):
    cache = ReadingCache(tmp_path, 1)
    for age, key in enumerate("abc"):
        folder = keep(cache, key, 400_000)
        os.utime(folder, (time.time() - 100 + age,) * 2)
    cache.find("a")
    cache.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c"]


def test_what_a_killed_run_left_is_removed_after_a_day(tmp_path):
    cache = ReadingCache(tmp_path, 1)
    old, new = cache.new_folder(), cache.new_folder()
    os.utime(old, (time.time() - 100_000,) * 2)
    cache.close()
    assert old.exists()  # nothing was added: nothing is looked at
    keep(cache, "a")
    cache.close()
    assert not old.exists()
    assert new.exists()


def test_a_folder_that_cannot_be_made_is_an_error_with_a_fix(tmp_path):
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError) as caught:
        ReadingCache(tmp_path / "cache", 1)
    assert caught.value.fix
    cache = ReadingCache(tmp_path / "other", 1)
    folder = cache.new_folder()
    (tmp_path / "other" / "a").write_text("in the way", encoding="utf-8")
    with pytest.raises(StorageError):
        cache.keep("a", folder)
    (tmp_path / "other").rename(tmp_path / "moved")
    with pytest.raises(StorageError):
        cache.new_folder()
