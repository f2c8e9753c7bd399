"""package, push, bundle and verify-bundle as a person types them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from src.core.workspace import Workspace
from src.main import main
from tests.cli.driver import dataset_with, type_into_menu
from tests.stub_hub import StubHub


@pytest.fixture
def root(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    dataset_with(workspace)
    monkeypatch.chdir(workspace.root)
    return workspace.root


@pytest.fixture
def hub(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StubHub]:
    pytest.importorskip("huggingface_hub")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    with StubHub() as server:
        (root / ".env").write_text(f"HF_TOKEN={server.token}\nHF_ENDPOINT={server.url}\n", encoding="utf-8")
        yield server


def facts(capsys: pytest.CaptureFixture[str], *line: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    found_code = main([*line, "--json"])
    out, err = capsys.readouterr()
    assert found_code == code, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_push_without_yes_shows_everything_and_sends_nothing(hub: StubHub, root: Path, capsys) -> None:
    assert main(["push", "my_dataset", "me/lighthouse", "--licence", "mit", "--format", "jsonl"]) == 0
    out, err = capsys.readouterr()
    for said in (
        f"To {hub.url}/datasets/me/lighthouse, private, in one commit",
        "data/train-00000-of-00001.jsonl",
        "license: mit",
        "| museum_faq.csv | 6 |",
        "Nothing was sent. Add --yes to send it.",
    ):
        assert said in out
    assert hub.calls == []
    assert hub.token not in out + err
    assert not list((root / "memory" / "hub").iterdir())


def test_push_with_yes_sends_it_once(hub: StubHub, capsys) -> None:
    line = ("push", "my_dataset", "me/lighthouse", "--yes", "--format", "jsonl")
    found = facts(capsys, *line)
    assert (found["sent"], found["created"], found["visibility"]) == (True, True, "private")
    assert hub.repos["me/lighthouse"].commits == ["my_dataset, version 1"]
    assert found["files"].keys() <= hub.repos["me/lighthouse"].files.keys()
    assert not facts(capsys, *line)["sent"]


def test_push_needs_a_token_only_to_send(root: Path, capsys) -> None:
    assert "HF_TOKEN" in facts(capsys, "push", "my_dataset", "me/x", "--yes", code=1)["error"]
    assert facts(capsys, "push", "my_dataset", "me/x")["endpoint"] == "https://huggingface.co"
    assert "no name of a repository" in facts(capsys, "push", "my_dataset", "me//x", code=2)["error"]


def test_a_refused_push_never_shows_the_token(hub: StubHub, root: Path, capsys) -> None:
    (root / ".env").write_text(f"HF_TOKEN=hf_WrongButSecret12345\nHF_ENDPOINT={hub.url}\n", encoding="utf-8")
    assert main(["push", "my_dataset", "me/x", "--yes"]) == 1
    said = "".join(capsys.readouterr()) + (root / "memory" / "dataset_builder.log").read_text(encoding="utf-8")
    assert "write access" in said
    assert "hf_WrongButSecret12345" not in said


def test_a_stored_dataset_is_packaged_as_the_hub_lays_it_out(root: Path, capsys) -> None:
    found = facts(capsys, "package", "my_dataset", "--to", "release", "--format", "jsonl", "--language", "en,de")
    assert found["rows"]["train"] + found["rows"]["validation"] == 7
    assert "- de\n" in (root / "release" / "README.md").read_text(encoding="utf-8")
    assert (
        "--language" in facts(capsys, "package", "my_dataset", "--to", "x", "--language", "English!", code=2)["error"]
    )
    assert "no dataset" in facts(capsys, "package", "nothing", "--to", "x", code=1)["error"]


def test_a_stored_dataset_goes_to_a_store_with_its_hashes(root: Path, capsys) -> None:
    fsspec = pytest.importorskip("fsspec")
    found = facts(capsys, "package", "my_dataset", "--to", "memory://release/bells", "--format", "jsonl")
    store = fsspec.filesystem("memory")
    assert store.exists("/release/bells/data/train-00000-of-00001.jsonl")
    assert store.cat("/release/bells/SHA256SUMS").decode().count("\n") == len(found["files"])


def test_a_bundle_is_made_and_checked_and_a_change_is_exit_1(root: Path, capsys) -> None:
    made = facts(capsys, "bundle", "my_dataset")
    good = facts(capsys, "verify-bundle", made["bundle"])
    assert facts(capsys, "bundle", "my_dataset@1", "--out", "first.zip")["manifest_sha256"] == made["manifest_sha256"]
    assert (good["ok"], good["manifest_sha256"], good["rows"]) == (True, made["manifest_sha256"], 7)
    (root / made["bundle"] / "config.json").write_text("{}", encoding="utf-8")
    bad = facts(capsys, "verify-bundle", made["bundle"], code=1)
    assert {one["path"] for one in bad["differences"]} == {"config.json"}
    assert main(["verify-bundle", made["bundle"]]) == 1
    out, err = capsys.readouterr()
    assert "config.json: has the SHA-256" in out
    assert "error: my_dataset, version 1" in err


def test_a_bundle_warns_of_private_data_and_of_rejected_texts(root: Path, capsys) -> None:
    mail = ("eleven at the foot of the tower", "eleven: ask anna.keller@potters-guild.org")
    assert main(["clean", "my_dataset", "--min-chars", "55", "--replace", *mail, "--yes"]) == 0
    assert facts(capsys, "bundle", "my_dataset")["private_data"]
    assert not (root / "output_datasets/my_dataset_bundle/rejected.jsonl").exists()
    assert main(["bundle", "my_dataset", "--with-rejected"]) == 0
    out, err = capsys.readouterr()
    assert "Private data were found and are still in the rows: EMAIL 1." in out + err
    assert "It holds the texts of" in out + err
    assert "covered rack" in (root / "output_datasets/my_dataset_bundle/rejected.jsonl").read_text(encoding="utf-8")


def test_what_is_no_bundle_is_an_error_with_a_fix(root: Path, capsys) -> None:
    assert facts(capsys, "verify-bundle", "nowhere.zip", code=1)["fix"]
    assert facts(capsys, "verify-bundle", "config.yaml", code=1)["fix"]
    assert facts(capsys, "verify-bundle", "input_files", code=1)["fix"]


def test_the_screens_ask_for_what_the_commands_need(hub: StubHub, root: Path) -> None:
    shown = type_into_menu(
        Workspace(root),
        *("10.16", "release.zip", "mit", "10.17", "nowhere", "release.zip"),
        *("10.18", "", "none", "10.19", "a b", "me/x", "none", "y"),
    )
    for said in ("7 samples in release.zip", "all as the manifest says", "every hash checked", "sent in one commit"):
        assert said in shown
    assert hub.repos["me/x"].is_private
