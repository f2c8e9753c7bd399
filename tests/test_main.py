"""The program from outside: exit codes, two lines per error, start-up, streams, signals."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from src.core.workspace import Workspace
from tests.cli.driver import (
    PROGRAM,
    add_documents,
    bare_environment,
    dataset_with,
    run_command,
    run_program,
    unmeasured_environment,
)
from tests.patience import PATIENCE_S


def test_version_and_help_are_done(tmp_path: Path) -> None:
    version = run_program(tmp_path, "--version")
    assert (version.returncode, version.stderr) == (0, "")
    assert version.stdout.startswith("dataset builder ")
    assert "generate" in run_program(tmp_path, "--help").stdout


@pytest.mark.parametrize("arguments", [("nonsense",), ("generate", "--nonsense"), ("extract",), ("--set", "x", "menu")])
def test_wrong_usage_is_exit_2_with_cause_and_fix(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = run_program(tmp_path, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("error: ")
    assert "\nfix: " in result.stderr


def test_menu_leaves_with_0_at_the_end_of_input(tmp_path: Path) -> None:
    result = run_program(tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("=== Fine-Tuning Dataset Builder ===")
    assert list(tmp_path.iterdir()) == []  # looking at the menu leaves nothing behind


def test_menu_subcommand_takes_settings(tmp_path: Path) -> None:
    result = run_program(tmp_path, "menu", "--set", "dataset_size=5", typed="5.2\n6\n")
    assert result.returncode == 0
    assert "--set" in result.stdout


def test_ctrl_c_is_exit_130_with_one_polite_line(tmp_path: Path) -> None:
    with subprocess.Popen(
        PROGRAM,
        cwd=tmp_path,
        env=unmeasured_environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        read = b""
        while b"Pick" not in read:
            read += os.read(program.stdout.fileno(), 4096)
        program.send_signal(signal.SIGINT)
        errors = program.stderr.read().decode()
        assert program.wait(timeout=PATIENCE_S) == 130
    assert "interrupted; what was finished is kept." in errors
    assert "Traceback" not in errors


def test_a_reader_that_leaves_is_no_traceback(workspace: Workspace) -> None:
    big = workspace.root / "big.txt"
    big.write_text("A line of words that fills a pipe quickly.\n" * 20_000, encoding="utf-8")
    result = run_in_shell(workspace, "PROGRAM extract big.txt | head -n 1")
    assert result.stdout == "A line of words that fills a pipe quickly.\n"
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("reader", "options"),
    [("| head -n 1", ""), ("2>&1 | head -n 2", ""), ("| head -c 1", "--json"), ("2>&1 | true", "")],
)
def test_run_whose_reader_leaves_goes_on_to_its_end_with_its_own_code(
    workspace: Workspace, reader: str, options: str
) -> None:
    add_documents(workspace)
    run_in_shell(workspace, f"(PROGRAM generate {options} --set mode=identify; echo $? > code) {reader}")
    assert (workspace.root / "code").read_text(encoding="utf-8").strip() == "0"
    assert (workspace.output_datasets / "my_dataset_report.html").exists()


def test_menu_that_nobody_sees_any_more_ends(workspace: Workspace) -> None:
    assert run_in_shell(workspace, "yes m | PROGRAM | head -n 1").stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_terminals_without_utf_8_show_everything_else(workspace: Workspace, encoding: str) -> None:
    (workspace.root / "input_files" / "größe 漢字.txt").write_text(
        "Q: Wie groß ist der Turm? 漢字 🐝\nA: Er ist vierzig Meter hoch, naïve visitors say more.\n", encoding="utf-8"
    )
    result = run_program(
        workspace.root, "generate", "--set", "mode=identify", PYTHONIOENCODING=encoding, LC_ALL="C", PYTHONUTF8="0"
    )
    assert result.returncode == 0, result.stderr
    assert "Saved: 1 sample in" in result.stdout
    menu = run_program(workspace.root, typed="3\nß漢\n6\n", PYTHONIOENCODING=encoding, LC_ALL="C", PYTHONUTF8="0")
    assert menu.returncode == 0, menu.stderr


def test_bytes_that_are_no_text_are_just_a_wrong_answer(tmp_path: Path) -> None:
    result = subprocess.run(
        PROGRAM,
        cwd=tmp_path,
        env=bare_environment(tmp_path),
        input=b"\xff\xfe\x00\n6\n",
        capture_output=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"is not in the menu" in result.stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dataset_size: many\n", "config.yaml line 1: dataset_size"),
        ("mode: create\nmood: sad\n", "config.yaml line 2: unknown key 'mood'"),
        ("mode: [\n", "not valid YAML"),
        ("mode: create\nmode: free\n", "given twice"),
    ],
)
def test_broken_config_is_an_error_with_its_line(workspace: Workspace, text: str, said: str) -> None:
    workspace.config_file.write_text(text, encoding="utf-8")
    result = run_program(workspace.root, "generate")
    assert result.returncode == 1
    assert said in result.stderr
    assert "fix: " in result.stderr
    assert "Traceback" not in result.stderr


def test_missing_config_means_the_defaults_and_a_named_one_must_be_there(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.config_file.unlink()
    result = run_program(workspace.root, "generate", "--set", "mode=identify", "--json")
    assert json.loads(result.stdout)["name"] == "my_dataset"
    named = run_program(workspace.root, "generate", "--config", "other.yaml")
    assert named.returncode == 1
    assert "other.yaml" in named.stderr


def test_config_may_lie_anywhere(workspace: Workspace, tmp_path: Path) -> None:
    add_documents(workspace)
    other = tmp_path / "other.yaml"
    other.write_text("mode: identify\noutput_name: elsewhere\n", encoding="utf-8")
    facts = json.loads(run_program(workspace.root, "--config", str(other), "generate", "--json").stdout)
    assert facts["files"]["train"] == "output_datasets/elsewhere_train.jsonl"


def test_details_of_an_error_go_to_the_log_without_any_key(workspace: Workspace) -> None:
    workspace.env_file.write_text("OPENAI_API_KEY=sk-very-secret-0123456789\n", encoding="utf-8")
    result = run_program(workspace.root, "generate", "--set", "mode=identify")
    assert result.returncode == 1
    log = workspace.log_file.read_text(encoding="utf-8")
    assert "InputFileError" in log
    assert "Traceback" in log
    assert "sk-very-secret" not in log + result.stderr + result.stdout


def test_a_defect_is_one_line_on_the_screen_and_a_traceback_in_the_log(workspace: Workspace) -> None:
    program = "import sys, src.main, src.cli.start; src.main.run = lambda argv: {}['gone']; sys.exit(src.main.main([]))"
    result = run_command(workspace.root, sys.executable, "-c", program)
    assert result.returncode == 1
    assert result.stderr.splitlines()[0] == "error: unexpected KeyError: this is a defect of the program."
    assert "Traceback" in workspace.log_file.read_text(encoding="utf-8")


def test_an_unwritable_folder_is_an_error_with_a_fix(workspace: Workspace) -> None:
    add_documents(workspace)
    workspace.output_datasets.write_text("a file where a folder should be", encoding="utf-8")
    result = run_program(workspace.root, "generate", "--set", "mode=identify")
    assert result.returncode == 1
    assert "fix: " in result.stderr
    assert "Traceback" not in result.stderr


def test_menu_loads_nothing_heavy_before_the_first_pick(tmp_path: Path) -> None:
    program = (
        "import sys, io; sys.stdin = io.StringIO('6\\n'); import src.main; src.main.main([]); "
        "print(sorted(set(sys.argv[1].split()) & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program, "pydantic yaml tqdm orjson argparse asyncio sqlite3 ruamel logging"],
        cwd=tmp_path,
        env=unmeasured_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_wrong_usage_as_json_is_an_object_too(tmp_path: Path) -> None:
    for arguments in (("stats", "--json", "--nonsense"), ("--json", "generate", "--set", "dataset_size=0")):
        result = run_program(tmp_path, *arguments)
        assert result.returncode == 2
        assert set(json.loads(result.stdout)) == {"error", "fix"}
        assert result.stderr.startswith("error: ")


def run_in_shell(workspace: Workspace, line: str) -> subprocess.CompletedProcess[str]:
    """``line`` with PROGRAM standing for the program, by the shell of the system."""
    return run_command(workspace.root, "/bin/sh", "-c", line.replace("PROGRAM", " ".join(PROGRAM)))


@pytest.mark.parametrize("streams", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_closed_standard_streams_are_no_defect(workspace: Workspace, streams: str) -> None:
    add_documents(workspace)
    result = run_in_shell(workspace, f"PROGRAM generate --set mode=identify {streams}")
    assert result.returncode == 0, result.stderr
    assert "error" not in result.stderr
    assert (workspace.output_datasets / "my_dataset_train.jsonl").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device that is always full")
def test_output_on_a_full_disk_is_an_error_with_a_fix(workspace: Workspace) -> None:
    for command in ("datasets backups", "datasets backups --json"):
        result = run_in_shell(workspace, f"PROGRAM {command} > /dev/full")
        assert result.returncode == 1
        assert "No space left" in result.stderr
        assert "fix: " in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a folder that a program is in")
def test_folder_that_is_gone_is_an_error_with_a_fix(workspace: Workspace) -> None:
    for command in ("stats", "generate", ""):
        result = run_in_shell(workspace, f"mkdir gone && cd gone && rmdir ../gone && PROGRAM {command}")
        assert result.returncode == 1
        assert "fix: The present folder is not there any more" in result.stderr
        assert "Traceback" not in result.stderr


def test_file_name_that_is_no_utf8_is_an_error_without_a_traceback(workspace: Workspace) -> None:
    result = run_in_shell(workspace, "PROGRAM extract \"$(printf 'caf\\351.txt')\"")
    assert result.returncode == 1
    assert "is not there" in result.stderr
    assert "Traceback" not in result.stderr


def test_unknown_model_is_said_before_any_document_is_read(workspace: Workspace) -> None:
    add_documents(workspace)
    result = run_program(workspace.root, "generate", "--set", "mode=identify", "--set", "model=nothing")
    assert result.returncode == 1
    assert "has no model 'nothing'" in result.stderr
    assert "Reading documents" not in result.stderr


def test_database_of_a_newer_version_pushes_no_backup_out(workspace: Workspace) -> None:
    dataset_with(workspace)
    dataset_with(workspace)
    before = sorted(workspace.backups.iterdir())
    with closing(sqlite3.connect(workspace.database)) as database:
        database.execute("PRAGMA user_version = 99")
    result = run_program(workspace.root, "generate", "--set", "mode=identify")
    assert result.returncode == 1
    assert "newer version" in result.stderr
    assert sorted(workspace.backups.iterdir()) == before
