"""Prompt files: filled strictly, so that a prompt that lost a name is noticed before anything is paid."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import ConfigError
from src.utils.prompt_loader import read_prompt, render


def write(folder: Path, text: str | bytes) -> Path:
    (folder / "p.txt").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_names_are_replaced_and_braces_stay(tmp_path: Path) -> None:
    write(tmp_path, 'Ask about $topic: {"question": "..."} for $$5')
    assert render(tmp_path, "p.txt", topic="clay") == 'Ask about clay: {"question": "..."} for $5'


def test_a_dollar_in_a_value_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "<$passage>")
    assert render(tmp_path, "p.txt", passage="it costs $5, or $passage") == "<it costs $5, or $passage>"


def test_a_name_without_a_value_is_an_error_that_lists_the_known_names(tmp_path: Path) -> None:
    write(tmp_path, "$passage $size")
    with pytest.raises(ConfigError, match=r"p\.txt: no value for \$size") as caught:
        render(tmp_path, "p.txt", passage="x")
    assert "$passage" in caught.value.fix


def test_a_value_that_the_prompt_does_not_use_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "Write something.")
    with pytest.raises(ConfigError, match=r"does not use \$passage"):
        render(tmp_path, "p.txt", passage="x")


def test_a_lone_dollar_is_an_error_with_the_way_to_write_it(tmp_path: Path) -> None:
    write(tmp_path, "It costs $ 5")
    with pytest.raises(ConfigError) as caught:
        render(tmp_path, "p.txt")
    assert "$$" in caught.value.fix


@pytest.mark.parametrize("content", [b"", b"  \n\t", b"\xff\xfe\xff", b"a" * 1_000_001])
def test_an_unusable_prompt_file_is_an_error_with_its_name(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, content)
    with pytest.raises(ConfigError, match=r"prompts/p\.txt") as caught:
        read_prompt(tmp_path, "p.txt")
    assert caught.value.fix


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_a_missing_prompt_or_a_folder_in_its_place_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        read_prompt(tmp_path, name)
    assert caught.value.fix


def test_a_byte_order_mark_and_windows_line_ends_are_taken_away(tmp_path: Path) -> None:
    write(tmp_path, b"\xef\xbb\xbfone\r\ntwo\r\n")
    assert read_prompt(tmp_path, "p.txt") == "one\ntwo\n"
