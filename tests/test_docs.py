"""The documentation says what is: tables, targets, files and menu items are checked against the code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from src.cli.arguments import action_parser, command_parser, parse_arguments
from src.cli.commands import COMMANDS
from src.core.config import config_keys, load_config
from src.main import main
from tests.docs_tables import with_tables
from tests.documents_commands import PROGRAM, arguments_of, calls_of_make, commands_in, options_named_in, steps_of
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
MAKE_TARGETS = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
DOCUMENTS = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *(ROOT / folder / "README.md" for folder in ("data", "tiny_sft", "prompts/free_mode")),
)


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


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


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_command_in_a_document_is_one_that_the_program_takes(path: Path) -> None:
    for words in commands_in(path):
        arguments = parse_arguments(words)  # raises UsageError
        load_config(ROOT / "config.yaml", arguments.overrides)  # raises ConfigError


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_call_of_make_in_a_document_is_one_that_the_makefile_knows(path: Path) -> None:
    for target, *variables in calls_of_make(path):
        assert target in MAKE_TARGETS, f"make {target}"
        for name in (variable.partition("=")[0] for variable in variables):
            assert f"$({name})" in MAKEFILE, f"make {target} {name}="


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_option_that_a_document_names_with_its_command_exists(path: Path) -> None:
    known = {command.name: command for command in COMMANDS}
    for name, option in options_named_in(path):
        command = known[name]
        parsers = [command_parser(command), *(action_parser(command, action) for action in command.actions)]
        assert any(option in parser.format_help() for parser in parsers), f"{name} {option}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=_name)
def test_every_file_linked_in_a_document_exists(path: Path) -> None:
    for target in re.findall(r"\]\(((?!https?:|#)[^)]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target.partition("#")[0]).exists(), f"{path.name}: {target}"


def test_the_tutorial_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd) -> None:
    for name in ("prompts", "input_files"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "config.yaml", tmp_path / "config.yaml")
    (tmp_path / "output_datasets").mkdir()
    monkeypatch.chdir(tmp_path)
    steps = steps_of(ROOT / "docs" / "TUTORIAL.md")
    assert len(steps) > 10
    for step in steps:
        capfd.readouterr()
        for line in step.lines:
            if line.startswith(PROGRAM):
                assert main(arguments_of(line)) == 0, f"{line}\n{capfd.readouterr()}"
            else:
                _run_in_shell(line)
        printed = {line.strip() for line in "\n".join(capfd.readouterr()).splitlines()}
        assert not set(step.prints) - printed, step.lines


def _run_in_shell(line: str) -> None:
    """What is no call of the program: head, ls."""
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LC_ALL"}}
    subprocess.run(["bash", "-euo", "pipefail", "-c", line], env=environment, check=True, timeout=PATIENCE_S)


def test_the_picture_shows_every_hop_that_the_architecture_tells() -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    picture = (ROOT / "docs" / "six_hops.svg").read_text(encoding="utf-8")
    modules = re.findall(r"^\| \d \|.*?`(src/[\w/.]+)`", text, re.MULTILINE)
    assert len(modules) == 6
    for module in modules:
        assert (ROOT / module).exists(), module
        assert module.removeprefix("src/") in picture
    for named in re.findall(r"`((?:src|tests|prompts|memory)/[\w./-]+)`", text):
        assert (ROOT / named).exists() or named.startswith("memory/"), named
