"""Paths from configuration stay inside their folder, also through links."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.core.names import path_inside


def test_paths_below_the_folder_are_given_back(tmp_path: Path) -> None:
    assert path_inside(tmp_path, "a/b.txt") == (tmp_path / "a/b.txt").resolve()
    assert path_inside(tmp_path, ".") == tmp_path.resolve()


@pytest.mark.parametrize("relative", ["../x", "a/../../x", "/etc/passwd", "a\0b"])
def test_paths_that_lead_outside_are_refused(tmp_path: Path, relative: str) -> None:
    with pytest.raises(ConfigError) as caught:
        path_inside(tmp_path, relative)
    assert caught.value.fix


def test_link_that_leads_outside_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(ConfigError, match="leads outside"):
        path_inside(inside, "link.txt")


def test_refusal_names_the_setting_and_a_way_that_fits_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        path_inside(tmp_path, "../docs", "input.folder")
    assert str(caught.value).startswith("input.folder '../docs' leads outside of ")
    assert tmp_path.name in caught.value.fix
    assert "argument" not in caught.value.fix
