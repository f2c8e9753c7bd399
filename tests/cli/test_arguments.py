"""The command line: every option before or after the subcommand, and examples in every help."""

from __future__ import annotations

import pytest

from src.cli.arguments import parse_arguments
from src.cli.session import check_overrides
from src.core.errors import UsageError

COMMANDS = ("menu", "generate", "identify", "extract", "validate", "split", "export", "stats", "datasets")


def test_without_arguments_the_menu_opens() -> None:
    assert parse_arguments([]).command == "menu"


def test_overrides_are_collected_from_everywhere_in_order() -> None:
    line = "--set a=1 datasets --set b=2 list --set c=3 --set d=4 --seed 7"
    assert parse_arguments(line.split()).overrides == ("a=1", "b=2", "c=3", "d=4", "system.seed=7")


def test_common_options_count_wherever_they_stand() -> None:
    before = parse_arguments(["--json", "--no-color", "--config", "x.yaml", "--seed", "3", "generate"])
    after = parse_arguments(["generate", "--json", "--no-color", "--config", "x.yaml", "--seed", "3"])
    for arguments in (before, after):
        assert (arguments.json, arguments.no_color, arguments.config, arguments.seed) == (True, True, "x.yaml", 3)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_examples_that_can_be_parsed(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse_arguments([command, "--help"])
    assert stopped.value.code == 0
    examples = capsys.readouterr().out.partition("Examples:\n")[2].splitlines()
    assert examples
    for example in examples:
        words = example.partition(" > ")[0].split()
        assert words[:3] == ["python", "-m", "src.main"]
        assert parse_arguments(words[3:]).command == command


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
