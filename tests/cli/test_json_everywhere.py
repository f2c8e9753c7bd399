"""Every subcommand takes --json and prints exactly one object on standard output, whatever becomes of it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from src.cli.commands import COMMANDS
from src.core.workspace import Workspace
from src.main import main
from src.persistence.sqlite_client import Store
from tests.cli.driver import dataset_with, run_command, run_program
from tests.curation.making import make_row, write_lines
from tests.data_prep.seed import make_exports, make_repository
from tests.stub_postgrest import StubPostgrest
from tests.stub_tuning import StubTuning

ROOT = Path(__file__).resolve().parents[2]
TRAIN = "output_datasets/my_dataset_train.jsonl"
LAUNCH = "launch talks.jsonl --provider openai --model gpt-4.1-mini-2025-04-14 --yes"

# One line per command and action that does something small; several where one needs what the others made.
LINES: dict[str, tuple[str, ...]] = {
    "generate": ("generate --set mode=identify --set output_name=more",),
    "identify": ("identify input_files",),
    "extract": ("extract input_files/museum_faq.csv",),
    "validate": (f"validate {TRAIN}",),
    "split": ("split my_dataset --ratio 0.6",),
    "export": ("export my_dataset",),
    "stats": ("stats",),
    "compare": (f"compare my_dataset {TRAIN}",),
    "refine": ("refine my_dataset --plan",),
    "datasets list": ("datasets",),
    "datasets show": ("datasets show my_dataset",),
    "datasets drop": ("datasets drop my_dataset {sample}",),
    "datasets discard": ("datasets discard stuck --yes",),
    "datasets backups": ("datasets backups",),
    "datasets restore": ("split my_dataset --ratio 0.6", "datasets restore latest --yes"),
    "datasets versions": ("datasets versions my_dataset",),
    "datasets rollback": ("split my_dataset --ratio 0.6", "datasets rollback my_dataset 1"),
    "datasets rename": ("datasets rename my_dataset harbour",),
    "datasets delete": ("datasets delete my_dataset --yes",),
    "datasets undo": ("datasets delete my_dataset --yes", "datasets undo my_dataset"),
    "datasets deleted": ("datasets deleted",),
    "datasets purge": ("datasets delete my_dataset --yes", "datasets purge my_dataset --yes"),
    "datasets mirror": ("datasets push my_dataset", "datasets mirror"),
    "datasets push": ("datasets push my_dataset",),
    "datasets pull": ("datasets push my_dataset", "datasets pull my_dataset"),
    "datasets unmirror": ("datasets push my_dataset", "datasets unmirror my_dataset --yes"),
    "search": ("search dog",),
    "diff": ("split my_dataset --ratio 0.6", "diff my_dataset@1 my_dataset"),
    "why": ("why {sample}",),
    "edit": ("edit my_dataset {sample} --show",),
    "review": ("review my_dataset --list",),
    "clean": ("clean my_dataset --trim --min-chars 30 --plan",),
    "import-csv": ("edit my_dataset --table table.csv", "import-csv my_dataset table.csv --plan"),
    "package": ("package my_dataset --to release",),
    "push": ("push my_dataset me/my-dataset",),
    "bundle": ("bundle my_dataset --out release.zip",),
    "verify-bundle": ("bundle my_dataset --out release.zip", "verify-bundle release.zip"),
    "convert": (f"convert {TRAIN} out.jsonl --to sharegpt",),
    "curate": ("curate rows.jsonl --out set.jsonl",),
    "download": ("download --list",),
    "dedupe": ("dedupe rows.jsonl clean.jsonl",),
    "distil": ("distil rows.jsonl distilled.jsonl --plan",),
    "score": ("score rows.jsonl scored.jsonl",),
    "filter": ("score rows.jsonl scored.jsonl", "filter scored.jsonl good.jsonl"),
    "balance": ("balance rows.jsonl set.jsonl --mix *=100",),
    "cluster": ("cluster rows.jsonl topics.jsonl --clusters 2",),
    "merge-datasets": ("merge-datasets all.jsonl rows.jsonl",),
    "verify": ("verify rows.jsonl",),
    "spot-check": ("spot-check rows.jsonl",),
    "prepare": ("prepare",),
    "chat-logs": ("chat-logs --src data/claude_logs --out chats.jsonl",),
    "git-history": ("git-history --repo repository --out commits.jsonl",),
    "fim": ("fim --repo repository --out fim.jsonl",),
    "qc": ("qc talks.jsonl --out clean.jsonl",),
    "lengths": (f"lengths {TRAIN}",),
    "merge-split": ("merge-split talks.jsonl --name small --out-dir sets",),
    "models": ("models gemini-3.5-flash-lite",),
    "estimate": ("estimate my_dataset",),
    "launch": (LAUNCH,),
    "jobs": ("jobs",),
    "cancel": (LAUNCH, "cancel talks --yes"),
    "completion": ("completion bash",),
}
# What these need (a terminal, the training stack) is not here: their errors are looked at below.
ELSEWHERE = frozenset({"menu", "train", "sweep", "try", "evaluate"})
MIRRORED = frozenset(f"datasets {action}" for action in ("mirror", "push", "pull", "unmirror"))
"""These need a Supabase project; with one, every other command would copy what it finishes."""
REFUSED = frozenset({"refine"})
"""Nothing of a dataset of mode identify can be written anew."""
EVERY = [
    f"{command.name} {action}".strip()
    for command in COMMANDS
    for action in ([one.name for one in command.actions] or [""])
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with documents, a dataset, an unfinished run, rows, chats and a repository."""
    root = tmp_path_factory.mktemp("json") / "workspace"
    (root / "input_files").mkdir(parents=True)
    shutil.copytree(ROOT / "prompts", root / "prompts")
    shutil.copy(ROOT / "config.yaml", root / "config.yaml")
    workspace = Workspace(root)
    dataset_with(workspace)
    with Store(workspace.database) as store:
        store.begin(replace(store.find("my_dataset"), id="other", name="stuck", config_hash="other"))
    write_lines(root / "rows.jsonl", [make_row(number) for number in range(8)])
    talks = [
        [_turn("user", f"Where is berth {n}?"), _turn("assistant", f"Berth {n} is behind mole {n * 7}.")]
        for n in range(12)
    ]
    write_lines(root / "talks.jsonl", [{"messages": turns} for turns in talks])
    make_exports(root / "data" / "claude_logs")
    make_repository(root / "repository")
    return root


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubTuning]:
    with StubTuning() as server:
        for name, value in server.environment("openai").items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def project(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Supabase project on loopback, for the commands that need one."""
    if request.getfixturevalue("name") not in MIRRORED:
        yield
        return
    with StubPostgrest() as server:
        monkeypatch.setenv("SUPABASE_URL", server.project.url)
        monkeypatch.setenv("SUPABASE_KEY", server.project.key)
        yield


def run(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, the one object on standard output, and standard error."""
    capsys.readouterr()
    code = main([*line.split(), "--json"])
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert isinstance(found, dict), line
    assert out.endswith("\n")
    return code, found, err


def test_every_command_stands_in_the_table() -> None:
    seen = {name for name in EVERY if name.split()[0] not in ELSEWHERE}
    assert seen == LINES.keys(), "a new command needs a line here that does something small"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", LINES)
def test_a_command_that_does_its_work_prints_one_object(
    name: str, made: Path, tmp_path: Path, vendor: StubTuning, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    root = shutil.copytree(made, tmp_path / "workspace")
    monkeypatch.chdir(root)
    with Store(Workspace(root).database) as store:
        sample = next(store.samples(store.find("my_dataset").id)).sample.id[:12]
    for line in LINES[name]:
        code, found, err = run(capsys, line.format(sample=sample))
        assert ("error" in found) == (name in REFUSED), f"{line}: {found} {err}"
        assert code in {0, 1}, err


@pytest.mark.parametrize("name", EVERY)
def test_wrong_usage_is_one_object_with_cause_and_fix(name: str, capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, found, err = run(capsys, f"{name} --no-such-option")
    assert (code, found.keys()) == (2, {"error", "fix"})
    assert found["error"] in err


@pytest.mark.parametrize("name", LINES)
def test_an_empty_folder_is_one_object_too(name: str, capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, found, err = run(capsys, LINES[name][-1].format(sample="abcdef12"))
    if "error" in found:
        assert code in {1, 2}
        assert found.keys() >= {"error", "fix"}
        assert "error: " in err


def test_the_menu_says_that_it_has_no_object(capsys) -> None:
    assert run(capsys, "menu")[1]["error"].startswith("--json needs a subcommand")


def test_nobody_answers_is_one_object(workspace: Workspace) -> None:
    done = run_program(
        workspace.root, "generate", "--json", "--set", "mode=free", "--set", "agent.free.use_prompt_file=false"
    )
    assert done.returncode != 0
    assert json.loads(done.stdout).keys() >= {"error", "fix"}


def test_an_unforeseen_error_is_one_object(workspace: Workspace) -> None:
    program = (
        "from src.cli.subcommand import Subcommand; from src.main import main\n"
        "Subcommand.load = lambda _self: None\n"
        "main(['models', '--json'])"
    )
    done = run_command(workspace.root, sys.executable, "-c", program)
    assert "this is a defect" in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr
