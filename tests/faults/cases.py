"""Every command that writes, with the workspace that it writes in: our own documents, rows, chats and a repository."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from src.core.config import load_config, with_values
from src.core.secrets import Secrets
from src.core.workspace import Workspace
from src.library.editing.table import version_mark, write_table
from src.persistence.backup import backup_database, list_backups
from src.persistence.drops import drop_samples
from src.persistence.sqlite_client import Store
from src.pipeline import Parts, build_dataset
from tests.cli.driver import ROOT, dataset_with
from tests.curation.making import make_row, write_lines
from tests.data_prep.making import make_row as make_chat_row
from tests.data_prep.seed import make_exports, make_repository
from tests.stub_server import StubServer
from tests.truthful import answer_truthfully

GUIDE = "".join(
    f"# Pier {number}\n\nPier {number} was built in {1890 + number} from {number + 3} hundred oak piles. "
    f"Its crane lifts {number + 2} tonnes and is greased every {number + 5} days. "
    f"The harbour pilots of pier {number} keep their charts in a chest with {number + 7} drawers.\n\n"
    for number in range(12)
)
MODEL = ("--set", "system.agentic_llm=openai", "--yes")

TEACHERS = ("--set", "generation.teachers=[{provider: openai, model: gpt-6-luna, weight: 1}]")
LICENCE = ("--licence", "cc-by-4.0")


@dataclass(frozen=True, slots=True)
class Case:
    """A command line. ``once``: when it has ended, the same line again would do something more."""

    name: str
    arguments: tuple[str, ...]
    typed: str = ""
    once: bool = False


def make_workspace(root: Path, stub: StubServer) -> Workspace:
    """A workspace with everything that the cases need: two finished datasets, a backup, and files of every kind."""
    (root / "input_files").mkdir(parents=True)
    shutil.copytree(ROOT / "prompts", root / "prompts")
    shutil.copy(ROOT / "config.yaml", root / "config.yaml")
    workspace = Workspace(root)
    stub.responder = answer_truthfully
    dataset_with(workspace)
    backup_database(workspace.database, workspace.backups)
    (root / "input_files" / "guide.md").write_text(GUIDE, encoding="utf-8")
    config = with_values(
        load_config(workspace.config_file),
        {
            "mode": "create",
            "output_name": "written",
            "dataset_size": 6,
            "system.agentic_llm": "openai",
            "endpoints.openai": stub.url("openai"),
        },
    )
    build_dataset(config, Parts(workspace, Secrets({"OPENAI_API_KEY": "test-key"})))
    with Store(workspace.database) as store:
        written = store.find("written")
        drop_samples(store, written, [next(store.samples(written.id)).sample.id])
        edited = root / "edited.csv"
        museum = store.find("my_dataset")
        write_table(edited, store.samples(museum.id), version_mark(museum))
    edited.write_text(edited.read_text(encoding="utf-8").replace("crowns", "coins"), encoding="utf-8")
    _add_rows(root)
    make_exports(root / "data" / "claude_logs")
    make_repository(root / "repository")
    return workspace


def _add_rows(root: Path) -> None:
    (root / "made").mkdir()
    rows = [make_row(number % 180, id=number) for number in range(200)]
    write_lines(root / "rows.jsonl", rows)
    write_lines(root / "more.jsonl", [make_row(number) for number in range(300, 330)])
    chats = [make_chat_row(number % 50) for number in range(60)]
    write_lines(root / "chats.jsonl", chats)
    write_lines(
        root / "flawed.jsonl", [{"messages": [*one["messages"], {"role": "user", "content": ""}]} for one in chats]
    )


def cases_for(workspace: Workspace) -> tuple[Case, ...]:
    """The cases of a workspace as ``make_workspace`` leaves it."""
    with Store(workspace.database) as store:
        record = store.find("my_dataset")
        sample = next(store.samples(record.id)).sample.id
    backup = list_backups(workspace.backups)[-1].path.name
    identify = ("--set", "mode=identify", "--set", "output_name=second")
    create = ("--set", "mode=create", "--set", "output_name=third", "--set", "dataset_size=10", *MODEL)
    return (
        Case("generate, identify", ("generate", *identify), once=True),
        Case("generate, create", ("generate", *create), once=True),
        Case("refine", ("refine", "written", "--rounds", "1", "--size", "9", *MODEL), once=True),
        Case("split", ("split", "my_dataset", "--ratio", "0.5"), once=True),
        Case("export", ("export", "my_dataset", "--format", "sharegpt")),
        Case("export again", ("export", "my_dataset")),
        Case("datasets drop", ("datasets", "drop", "my_dataset", sample, "--note", "vague")),
        Case("datasets delete", ("datasets", "delete", "written", "--yes"), once=True),
        Case("clean", ("clean", "my_dataset", "--replace", "crowns", "coins", "--yes"), once=True),
        Case("edit --table", ("edit", "my_dataset", "--table", "made/table.csv")),
        Case("import-csv", ("import-csv", "my_dataset", "edited.csv", "--yes"), once=True),
        Case("bundle", ("bundle", "my_dataset", "--out", "made/bundle.tar.gz", *LICENCE)),
        Case("package, a dataset", ("package", "my_dataset", "--to", "made/hub", *LICENCE)),
        Case("datasets restore", ("datasets", "restore", backup, "--yes"), once=True),
        Case("compare", ("compare", "my_dataset", "written", "--html", "made/page.html")),
        Case("identify --out", ("identify", "input_files", "--out", "made/found.jsonl")),
        Case("convert", ("convert", "chats.jsonl", "made/converted.jsonl", "--to", "sharegpt", "--allow-loss")),
        Case("validate --fix", ("validate", "flawed.jsonl", "--fix", "made/mended.jsonl")),
        Case("settings", ("menu",), typed="5.1\nsystem.seed\n7\ny\n\n6\n"),
        Case("curate", ("curate", "rows.jsonl", "more.jsonl", "--out", "made/curated.jsonl", "--mix", "code=1,*=1")),
        Case("dedupe", ("dedupe", "rows.jsonl", "made/clean.jsonl")),
        Case("dedupe --spill", ("dedupe", "rows.jsonl", "made/clean.jsonl", "--spill")),
        Case("score", ("score", "rows.jsonl", "made/scored.jsonl")),
        Case("score --by judge", ("score", "more.jsonl", "made/judged.jsonl", "--by", "judge", *MODEL)),
        Case("distil", ("distil", "more.jsonl", "made/distilled.jsonl", *TEACHERS, "--yes")),
        Case("score, a dataset", ("score", "my_dataset"), once=True),
        Case("filter", ("filter", "rows.jsonl", "made/filtered.jsonl", "--above", "8")),
        Case("balance", ("balance", "rows.jsonl", "made/balanced.jsonl", "--mix", "code=50,*=50")),
        Case("cluster", ("cluster", "rows.jsonl", "made/topics.jsonl", "--clusters", "5")),
        Case("merge-datasets", ("merge-datasets", "made/merged.jsonl", "rows.jsonl", "more.jsonl")),
        Case("spot-check", ("spot-check", "rows.jsonl", "--out", "made/looked")),
        Case("package", ("package", "rows.jsonl", "--to", "made/release")),
        Case("download", ("download", "rows.jsonl", "--to", "made/raw", "--licence", "MIT")),
        Case("chat-logs", ("chat-logs", "--src", "data/claude_logs", "--out", "made/logs.jsonl", "--followups", "2")),
        Case("git-history", ("git-history", "--repo", "repository", "--out", "made/commits.jsonl")),
        Case("fim", ("fim", "--repo", "repository", "--out", "made/gaps.jsonl")),
        Case("qc", ("qc", "chats.jsonl", "--out", "made/checked.jsonl", "--rejects")),
        Case("merge-split", ("merge-split", "chats.jsonl", "--name", "two", "--out-dir", "made/sides")),
        Case("prepare", ("prepare", "--repo", "repository", "--data", "data")),
    )
