"""The command line: every option before or after the subcommand, and examples in every help."""

from __future__ import annotations

import ast
import os
import shlex
from pathlib import Path

import pytest

from src import VERSION
from src.cli.arguments import parse_arguments
from src.cli.commands import COMMANDS, ROOMS
from src.cli.session import check_overrides
from src.cli.subcommand import Subcommand
from src.core.errors import UsageError

ROOT = Path(__file__).resolve().parents[2]
NAMES = [command.name for command in COMMANDS]
PAGES = [[], *([name] for name in NAMES), *([c.name, a.name] for c in COMMANDS for a in c.actions)]


def help_page(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        parse_arguments([*words, "--help"])
    assert stopped.value.code == 0
    return capsys.readouterr().out


def test_without_arguments_the_menu_opens() -> None:
    assert parse_arguments([]).command.name == "menu"


def test_version_stands_in_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["--version"])
    assert capsys.readouterr().out == f"dataset builder {VERSION}\n"


def test_no_two_commands_have_one_name() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("command", COMMANDS, ids=NAMES)
def test_every_command_finds_its_function(command: Subcommand) -> None:
    assert callable(command.load())


def test_what_is_loaded_by_name_never_imports_what_loads_it() -> None:
    loaders = {"src.cli.start", "src.cli.arguments", "src.cli.commands", "src.cli.help_pages"}
    for module in {command.target.partition(":")[0] for command in COMMANDS}:
        source = ROOT.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
        imported = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)}
        assert not imported & loaders, module


def test_help_shows_every_command_in_its_room(capsys: pytest.CaptureFixture[str]) -> None:
    page = help_page(capsys)
    for room in ROOMS:
        paragraph = page.partition(f"{room.title}:\n")[2].partition("\n\n")[0]
        for command in room.commands:
            assert f"  {command.name} " in paragraph


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_no_line_of_a_help_page_is_wider_than_the_screen(
    words: list[str], columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((columns, 40)))
    page = help_page(capsys, *words)
    assert max(len(line) for line in page.splitlines()) <= min(columns, 100)
    assert page.count("\n\n\n") == 0


@pytest.mark.parametrize("line", ["identify", "datasets list"])
def test_options_of_former_levels_stay(line: str) -> None:
    arguments = parse_arguments(["--json", "--config", "x.yaml", *line.split(), *(["a"] if line == "identify" else [])])
    assert (arguments.json, arguments.config) == (True, "x.yaml")


def test_overrides_are_collected_from_everywhere_in_order() -> None:
    line = "--set a=1 datasets --set b=2 list --set c=3 --set d=4 --seed 7"
    assert parse_arguments(line.split()).overrides == ("a=1", "b=2", "c=3", "d=4", "system.seed=7")


def test_common_options_count_wherever_they_stand() -> None:
    before = parse_arguments(["--json", "--no-color", "--config", "x.yaml", "--seed", "3", "generate"])
    after = parse_arguments(["generate", "--json", "--no-color", "--config", "x.yaml", "--seed", "3"])
    for arguments in (before, after):
        assert (arguments.json, arguments.no_color, arguments.config, arguments.seed) == (True, True, "x.yaml", 3)


@pytest.mark.parametrize("words", PAGES, ids=" ".join)
def test_every_help_has_examples_that_can_be_parsed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    examples = help_page(capsys, *words).partition("Examples:\n")[2].replace(" \\\n", " ").splitlines()
    assert examples
    for example in examples:
        line = shlex.split(example.partition(" > ")[0])
        assert line[:3] == ["python", "-m", "src.main"]
        if "--help" not in line:
            assert parse_arguments(line[3:]).command.name == (words[0] if words else (line[3:] or ["menu"])[0])


@pytest.mark.parametrize(
    "line",
    [
        ["identify", ""],
        ["identify", "a", " "],
        ["identify", "a", "--out", ""],
        ["extract", ""],
        ["validate", ""],
        ["generate", "--config", ""],
        ["stats", ""],
        ["datasets", "show", ""],
    ],
)
def test_an_empty_text_is_no_name_of_anything(line: list[str]) -> None:
    with pytest.raises(UsageError, match="the text is empty"):
        parse_arguments(line)


@pytest.mark.parametrize(
    ("line", "said", "fix"),
    [
        ("genrate", "genrate", "Did you mean 'generate'?"),
        ("xyzzy", "xyzzy", "--help"),
        ("generate --fast", "--fast", "--help"),
        ("generate --see 3", "--see", "--help"),
        ("extract", "FILE", "extract --help"),
        ("split x --strategy rndom", "rndom", "Did you mean 'random'?"),
        ("generate --seed many", "many", "--help"),
        ("--json", "subcommand", "generate --json"),
        ("datasets restor", "restor", "Did you mean 'restore'?"),
    ],
)
def test_wrong_lines_say_what_and_what_to_do(line: str, said: str, fix: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_arguments(line.split())
    assert said in str(raised.value)
    assert fix in raised.value.fix


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("dataset_size", "no '='"),
        ("dataset_size=many", "dataset_size"),
        ("dataset_size=0", "greater than or equal to 1"),
        ("split.ratio=1", "less than 1"),
        ("dataset_sise=5", "unknown key"),
        ("split.ratio.x=5", "split.ratio"),
        ("=5", "unknown key"),
    ],
)
def test_override_that_could_never_be_right_is_wrong_usage(override: str, said: str) -> None:
    with pytest.raises(UsageError, match="--set") as raised:
        check_overrides((override,))
    assert said in str(raised.value)
