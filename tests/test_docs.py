"""The documentation says what is: tables, targets, files and menu items are checked against the code."""

from __future__ import annotations

import re
from pathlib import Path

from src.core.config import config_keys
from tests.docs_tables import with_tables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_configuration_table_is_the_generated_one() -> None:
    assert with_tables(README) == README
    for key in config_keys():
        assert f"| `{key.name}` |" in README


def test_every_make_target_in_the_documents_exists() -> None:
    for name in ("README.md", "CLAUDE.md"):
        for target in re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text(encoding="utf-8")):
            assert target in MAKE_TARGETS, f"{name}: make {target}"


def test_every_make_target_is_documented() -> None:
    for target in MAKE_TARGETS:
        assert f"make {target}" in README


def test_every_file_named_in_claude_md_exists() -> None:
    text = (ROOT / "CLAUDE.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|tests|prompts|docs|benchmarks|input_files|context_files)/[\w./-]+)`", text)
    assert len(named) > 20
    for path in named:
        assert (ROOT / path).exists(), path


def test_every_file_linked_in_the_readme_exists() -> None:
    for target in re.findall(r"\]\(((?!https?:|#)[^)]+)\)", README):
        assert (ROOT / target.partition("#")[0]).exists(), target
