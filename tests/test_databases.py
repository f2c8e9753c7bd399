"""The whole program on PostgreSQL, and with a mirror: the same commands, the same files, byte for byte."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from src.core.workspace import Workspace
from src.main import main
from src.persistence.postgres import PostgresDatabase
from src.persistence.sqlite_client import Store
from tests.cli.driver import add_documents, type_into_menu
from tests.postgres_server import PASSWORD, PostgresServer
from tests.stub_postgrest import KEY, StubPostgrest

GENERATE = ("generate", "--set", "mode=identify", "--set", "dataset_size=20")


class Done(NamedTuple):
    """What a command answered."""

    code: int
    facts: dict[str, Any]
    screen: str


Run = Callable[..., Done]


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the workspace, or in a copy of it."""

    def run_in(*arguments: str, root: Path = workspace.root) -> Done:
        monkeypatch.chdir(root)
        capsys.readouterr()
        code = main([*arguments, "--json"])
        captured = capsys.readouterr()
        return Done(code, json.loads(captured.out) if captured.out else {}, captured.err)

    return run_in


@pytest.fixture
def on_postgres(workspace: Workspace, postgres: PostgresServer) -> Workspace:
    """The workspace with two documents, and its datasets on a server."""
    add_documents(workspace)
    (workspace.root / ".env").write_text(f"DATABASE_URL={postgres.new_schema()}\n", encoding="utf-8")
    return workspace


@pytest.fixture
def project():
    with StubPostgrest() as server:
        yield server


@pytest.fixture
def mirrored(workspace: Workspace, project: StubPostgrest) -> Workspace:
    """The workspace with two documents, and a mirror."""
    add_documents(workspace)
    (workspace.root / ".env").write_text(f"SUPABASE_URL={project.url}\nSUPABASE_KEY={KEY}\n", encoding="utf-8")
    return workspace


def test_a_dataset_made_on_postgresql_is_the_same_as_on_sqlite(on_postgres: Workspace, run: Run) -> None:
    plain = on_postgres.root.with_name("plain")
    shutil.copytree(on_postgres.root, plain)
    (plain / ".env").unlink()
    made = [run(*GENERATE, root=root).facts for root in (on_postgres.root, plain)]
    assert made[0]["kept"] == made[1]["kept"] == 7
    for side in ("train", "validation", "csv"):
        files = [root / made[0]["files"][side] for root in (on_postgres.root, plain)]
        assert files[0].read_bytes() == files[1].read_bytes()
    assert not (on_postgres.root / "memory" / "dataset_builder.db").exists()
    with Store(on_postgres.database) as store:
        assert isinstance(store.database, PostgresDatabase)
        assert store.find("my_dataset").total_samples == 7


def test_stored_datasets_are_split_exported_listed_and_dropped_on_postgresql(on_postgres: Workspace, run: Run) -> None:
    assert run(*GENERATE).code == 0
    assert run(*GENERATE).facts["name"] == "my_dataset-2"
    assert run("split", "my_dataset", "--ratio", "0.5").code == 0
    listed = run("datasets").facts["datasets"]
    assert {item["name"] for item in listed} == {"my_dataset", "my_dataset-2"}
    assert len(listed) == 2
    assert run("export", "my_dataset", "--csv").code == 0
    assert run("stats", "my_dataset").facts["samples"]["kept"] == 7
    sample_id = (
        (on_postgres.root / "output_datasets" / "my_dataset.csv").read_text(encoding="utf-8").splitlines()[1][:12]
    )
    assert run("datasets", "drop", "my_dataset", sample_id).code == 0
    assert "my_dataset-2" in type_into_menu(on_postgres, "4", "2")


def test_backups_say_that_a_server_is_not_backed_up_here(on_postgres: Workspace, run: Run) -> None:
    done = run("datasets", "backups")
    assert done.facts == {"backups": []}
    assert "pg_dump" in done.screen


def test_a_wrong_password_is_told_in_two_lines_and_stands_in_no_log(on_postgres: Workspace, run: Run) -> None:
    env = on_postgres.root / ".env"
    env.write_text(env.read_text(encoding="utf-8").replace(PASSWORD, "wrong-word-1"), encoding="utf-8")
    done = run("datasets")
    assert done.code == 1
    assert "does not take this user and password" in done.facts["error"]
    log = (on_postgres.root / "memory" / "dataset_builder.log").read_text(encoding="utf-8")
    assert "does not take this user" in log
    assert "wrong-word-1" not in log + done.screen + json.dumps(done.facts)


def test_a_finished_dataset_is_copied_to_the_mirror(mirrored: Workspace, project: StubPostgrest, run: Run) -> None:
    made = run(*GENERATE)
    assert made.code == 0
    assert [row["name"] for row in project.rows("mirrored_datasets")] == ["my_dataset"]
    assert len(project.rows("mirrored_samples")) == 7
    assert not any("Supabase" in warning for warning in made.facts["warnings"])
    assert run("split", "my_dataset", "--ratio", "0.5").code == 0
    assert sorted(row["version"] for row in project.rows("mirrored_datasets")) == [1, 2]


@pytest.mark.parametrize("trouble", ["401", "500", "gone"])
def test_trouble_with_the_mirror_never_fails_a_run(
    mirrored: Workspace, project: StubPostgrest, run: Run, trouble: str
) -> None:
    env = mirrored.root / ".env"
    if trouble == "401":
        env.write_text(f"SUPABASE_URL={project.url}\nSUPABASE_KEY=sb_secret_another_one\n", encoding="utf-8")
    elif trouble == "500":
        project.fail(400, body='{"message": "no"}', times=99)
    else:
        env.write_text(f"SUPABASE_URL={project.url}/nowhere\nSUPABASE_KEY={KEY}\n", encoding="utf-8")
        project.tables.clear()
    made = run(*GENERATE)
    assert made.code == 0
    assert made.facts["kept"] == 7
    (warning,) = (text for text in made.facts["warnings"] if "Supabase" in text)
    assert warning.endswith("copy it later with: python -m src.main datasets push my_dataset")
    assert warning in " ".join(made.screen.split())
    log = (mirrored.root / "memory" / "dataset_builder.log").read_text(encoding="utf-8")
    assert KEY not in log + made.screen
    assert "another_one" not in log + made.screen


def test_the_mirror_is_listed_filled_read_and_emptied_by_hand(
    mirrored: Workspace, project: StubPostgrest, run: Run
) -> None:
    assert run("datasets", "mirror").facts == {"mirrored": []}
    run(*GENERATE)
    assert run("datasets", "push").facts == {"pushed": "my_dataset", "version": 1, "sent": 0, "samples": 7}
    (listed,) = run("datasets", "mirror").facts["mirrored"]
    assert (listed["name"], listed["uploaded"], listed["complete"]) == ("my_dataset", 7, True)

    other = mirrored.root.with_name("other")
    other.mkdir()
    shutil.copy(mirrored.root / ".env", other / ".env")
    assert run("datasets", "pull", "nothing", root=other).code == 1
    assert run("datasets", "pull", "my_dataset", root=other).facts["samples"] == 7
    assert run("export", "my_dataset", root=other).code == 0
    for side in ("train", "validation"):
        name = f"my_dataset_{side}.jsonl"
        assert (other / "output_datasets" / name).read_bytes() == (
            mirrored.root / "output_datasets" / name
        ).read_bytes()

    assert run("datasets", "unmirror", "my_dataset").code == 2, "nobody is there to ask"
    assert len(run("datasets", "unmirror", "my_dataset", "--yes").facts["removed"]) == 1
    assert project.rows("mirrored_samples") == []
    assert run("datasets", "push", "my_dataset").facts["sent"] == 7


def test_without_a_project_the_error_says_what_to_set(workspace: Workspace, run: Run) -> None:
    done = run("datasets", "mirror")
    assert done.code == 1
    assert "SUPABASE_URL and SUPABASE_KEY" in done.facts["fix"]


def test_half_a_project_is_refused_before_anything_is_read(workspace: Workspace, run: Run) -> None:
    (workspace.root / ".env").write_text("SUPABASE_URL=https://x.example\n", encoding="utf-8")
    done = run(*GENERATE)
    assert done.code == 1
    assert "SUPABASE_KEY is not set" in done.facts["error"]
