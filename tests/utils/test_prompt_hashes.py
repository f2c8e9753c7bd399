"""Which prompts a run is told by, and what counts as another prompt."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.types import Mode
from src.utils.prompt_hashes import hash_prompts

PROMPTS = Path(__file__).parents[2] / "prompts"


@pytest.mark.parametrize(
    ("mode", "used"),
    [
        ("create", {"system/create_mode.txt"}),
        ("identify", {"system/identify_mode.txt"}),
        ("hybrid", {"system/hybrid_mode.txt", "system/identify_mode.txt"}),
        ("free", {"system/free_mode.txt", "free_mode/prompt.txt"}),
    ],
)
def test_a_run_is_told_by_the_prompts_of_its_mode_and_those_of_all(mode: Mode, used: set[str]) -> None:
    found = hash_prompts(PROMPTS, mode)
    assert {name for name in found if name.endswith("_mode.txt") or name.startswith("free_mode")} == used
    assert {"system/tasks/how_to.txt", "system/judge.txt", "system/axes.yaml", "local/question.txt"} <= found.keys()
    assert not any(name.startswith("curation") for name in found)


def test_line_ends_make_no_other_prompt_and_words_do(tmp_path: Path) -> None:
    path = tmp_path / "system" / "create_mode.txt"
    path.parent.mkdir()

    def hash_of(text: bytes) -> str:
        path.write_bytes(text)
        return hash_prompts(tmp_path, "create")["system/create_mode.txt"]

    assert hash_of(b"Write.\nPlainly.\n") == hash_of(b"Write.\r\nPlainly.\r\n") != hash_of(b"Write.\nBriefly.\n")
