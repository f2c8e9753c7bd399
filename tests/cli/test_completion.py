"""Completion in real shells: commands, options, values, names of datasets; nothing in a name is ever run."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from src.cli.commands import COMMANDS
from src.cli.completion.scripts import SHELLS, Shell, completion_script
from src.cli.completion.table import all_places
from src.core.workspace import Workspace
from src.persistence.sqlite_client import Store
from tests.cli.driver import run_command, run_program
from tests.patience import PATIENCE_S
from tests.persistence.rows import make_record, make_rows, store_dataset

PLACES = tuple(all_places())
HOSTILE = "$(touch pwned) 'x"

# what a shell does on Tab, said once per shell: the words, then the candidates one a line
BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"
_dataset_builder
printf '%s\\n' "${COMPREPLY[@]}"
"""
FISH = """
source $argv[1]
complete -C (string join ' ' -- $argv[2..-1])
"""


def candidates(shell: Shell, folder: Path, *typed: str) -> list[str]:
    """What Tab offers behind ``python -m src.main`` and ``typed``, the last of which is being typed."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    script = folder / f"completion.{shell}"
    script.write_text(completion_script(shell, PLACES, sys.executable), encoding="utf-8")
    words = ["python", "-m", "src.main", *typed]
    flags = ["--norc", "-c", BASH, "bash"] if shell == "bash" else ["--no-config", "-c", FISH]
    done = run_command(folder, program, *flags, str(script), *words)
    assert not done.stderr, done.stderr
    return [line.split("\t")[0] for line in done.stdout.splitlines() if line]


@pytest.fixture
def named(workspace: Workspace) -> Path:
    """A folder with two datasets, one of them named to be run by a careless shell."""
    with Store(workspace.database) as store:
        for number, name in enumerate(("bells", HOSTILE)):
            store_dataset(store, replace(make_record(name, minutes=number), id=f"id{number}"), make_rows(1))
    return workspace.root


def test_the_table_has_every_command_action_and_option() -> None:
    paths = {place.path for place in PLACES}
    assert paths >= {"", *(command.name for command in COMMANDS)}
    assert paths >= {f"{command.name} {action.name}" for command in COMMANDS for action in command.actions}
    for place in PLACES:
        assert {"--json", "--config", "--help"} <= {word.text for one in place.options for word in one.words}


def test_every_argument_that_names_a_dataset_is_completed() -> None:
    taking = {place.path for place in PLACES if place.takes_dataset}
    assert taking >= {"split", "export", "stats", "compare", "refine", "datasets show", "launch", "push", "bundle"}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_valid_in_its_shell(shell: Shell, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    path = tmp_path / "script"
    path.write_text(completion_script(shell, PLACES, "/a path/with 'quotes'/python"), encoding="utf-8")
    done = subprocess.run([program, "-n", str(path)], capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("typed", "some", "none"),
    [
        (("",), {"generate", "push", "completion", "datasets"}, {"show", "--json"}),
        (("ver",), {"verify", "verify-bundle"}, {"generate"}),
        (("datasets", ""), {"list", "show", "drop"}, {"generate"}),
        (("push", "--"), {"--yes", "--public", "--json", "--licence"}, {"--fresh"}),
        (("push", "bells", "me/bells", "--format", ""), {"parquet", "jsonl"}, {"--yes"}),
        (("--json", "split", "--strategy", "w"), {"weighted"}, {"random"}),
        (("--config", "export", "comp"), {"compare", "completion"}, {"export"}),
        (("completion", ""), {"bash", "zsh", "fish"}, {"generate"}),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_tab_offers_what_may_stand_there(
    shell: Shell, tmp_path: Path, typed: tuple[str, ...], some: set[str], none: set[str]
) -> None:
    found = set(candidates(shell, tmp_path, *typed))
    assert some <= found
    assert not none & found


def test_tab_offers_the_names_of_stored_datasets_and_runs_none(named: Path) -> None:
    found = candidates("bash", named, "stats", "")
    assert "bells" in found
    assert any("touch" in one and one != HOSTILE for one in found), "a name is quoted"
    assert candidates("bash", named, "datasets", "show", "be") == ["bells"]
    assert candidates("fish", named, "search", "dog", "--dataset", "be") == ["bells"]
    assert candidates("bash", named, "search", "dog", "--dataset", "be") == ["bells"]
    assert not (named / "pwned").exists()


def test_tab_elsewhere_is_left_to_whoever_completed_before(tmp_path: Path) -> None:
    script = "_mine() { COMPREPLY=(mine); }; complete -F _mine python\n" + BASH
    path = tmp_path / "completion"
    path.write_text(completion_script("bash", PLACES, sys.executable), encoding="utf-8")
    for typed, expected in ((("python", "-m", "pip", ""), "mine"), (("python", "-m", "src.main", "jo"), "jobs")):
        done = subprocess.run(
            ["bash", "--norc", "-c", script, "bash", str(path), *typed],
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE_S,
        )
        assert done.stdout.split() == [expected]


def test_the_command_prints_the_script_and_the_names(named: Path) -> None:
    assert run_program(named, "completion", "bash").stdout.startswith('# Completes "python -m src.main" in bash')
    assert set(run_program(named, "completion", "names").stdout.splitlines()) == {"bells", HOSTILE}
    facts = json.loads(run_program(named, "completion", "zsh", "--json").stdout)
    assert facts["shell"] == "zsh"
    assert facts["script"].rstrip().endswith("compdef _dataset_builder python python3")


def test_asking_for_names_makes_no_database(workspace: Workspace) -> None:
    assert run_program(workspace.root, "completion", "names").stdout == ""
    assert not workspace.database.exists()
